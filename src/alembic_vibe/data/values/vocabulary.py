"""Words to make names and sentences of: people and places come from mimesis, things from the lists below."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SEED = 20260101
_SIZE = 700  # of a list from mimesis
_PEOPLE = 2000


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ADJECTIVES = _split("""
    amber ancient annual blue brave bright broad calm central clean clear clever cold compact cool coral crisp
    daily deep eager early eastern easy fair fast final fine flat fresh gentle global golden grand green happy
    hidden honest ideal inner ivory keen large late light little local lucky major mellow mild modern narrow new
    noble northern open plain prime proud pure quick quiet rapid ready regular round royal shared sharp short
    silent silver simple smart smooth soft solid southern spare spring steady stone strong sunny swift tall true
    upper urban vivid warm western wide wise
""")
_NOUNS = _split("""
    anchor arch atlas badge bay beacon birch bridge brook cabin canal canyon castle cedar circle cliff coast
    compass corner cove creek crown delta dock dune elm engine falcon farm fern field forest fountain garden gate
    glacier grove harbour hill horizon island lagoon lake lantern lodge maple market meadow mill mountain oak
    ocean orchard park path peak pier pine plaza pond port prairie quarry reef ridge river road sail shore signal
    spring station stream summit terrace tower trail valley village vista wave willow wind wood yard
""")
_GOODS = _split("""
    adapter backpack basket battery bench blanket blender bottle bowl box brush cable camera candle chair charger
    clock cooler cup cushion desk drill fan filter folder frame glove hammer headset heater helmet holder hook
    jacket keyboard kettle knife ladder lamp lock mat mirror monitor mouse mug notebook organiser oven pan pen
    pillow planter plate pot printer rack router rug scale scarf screen shelf shoe sofa speaker stand stool table
    tablet tent toaster towel tray vase wallet watch whistle
""")
_MATERIALS = _split("""
    aluminium bamboo ceramic cork cotton glass leather linen maple marble oak steel walnut wool
""")
_TASKS = _split("""
    Add Approve Check Clean Collect Compare Describe Discuss Explain Finish Fix Improve Install Measure Move Order
    Paint Plan Prepare Print Publish Remove Rename Repair Replace Review Schedule Send Sort Test Translate Update
    Verify Write
""")
_ENDS = (
    "before the end of the week", "as soon as there is time", "with the team next door", "when the parts have arrived",
    "and write down what was found", "for the next release", "so that it can be used again", "as we said last month",
    "without any hurry", "together with the other one", "in the usual way", "because the old one is worn",
    "and let everybody know", "after the second delivery", "in the afternoon", "with a little more care",
)  # fmt: skip
_REMARKS = (
    "Everything was as it should be.", "It took a little longer than planned.", "Thank you for the quick answer.",
    "The second one is still missing.", "Nobody has complained so far.", "Please have another look.",
    "That is all there is to say.", "We would order it again.", "The colour is not quite the same.",
    "It works well on most days.", "The instructions could be clearer.", "This can wait until spring.",
)  # fmt: skip
_FIRMS = (
    "{a} & {b}", "{a} Group", "{a} Partners", "{a} & Sons", "{a} Logistics", "{a} {b} Ltd", "{a} Works", "{a} Foods",
    "{a} Systems", "{a} Holdings", "{a} Studio", "{a} Trading", "{a}-{b}", "{a} Consulting", "{a} Energy", "{a} Labs",
)  # fmt: skip


@cache
def listed(provider: str, field: str) -> tuple[str, ...]:
    """Return different values of a field of mimesis, such as ``person`` and ``first_name``; the same each time."""
    from mimesis import Generic
    from mimesis.locales import Locale

    made = getattr(getattr(Generic(Locale.EN, seed=f"{_SEED}/{provider}/{field}"), provider), field)
    return tuple(dict.fromkeys(str(made()) for _ in range(_SIZE)))


def _shuffled(values: Iterable[str], purpose: str) -> tuple[str, ...]:
    found = list(dict.fromkeys(values))
    Random(f"{_SEED}/{purpose}").shuffle(found)  # noqa: S311 - no secret
    return tuple(found)


def ascii_words(text: str, between: str = "-") -> str:
    """Return a text in small letters and digits: ``Walla Walla`` is ``walla-walla``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", between, plain.replace("'", "")).strip(between or None)


@cache
def people() -> tuple[str, ...]:
    """Names of nobody: first and last names by chance."""
    random = Random(_SEED)  # noqa: S311 - no secret
    first, last = listed("person", "first_name"), listed("person", "last_name")
    return tuple(dict.fromkeys(f"{random.choice(first)} {random.choice(last)}" for _ in range(_PEOPLE)))


@cache
def companies() -> tuple[str, ...]:
    """Companies that nobody has founded."""
    random, last = Random(_SEED + 1), listed("person", "last_name")  # noqa: S311 - no secret
    return tuple(
        dict.fromkeys(
            random.choice(_FIRMS).format(a=random.choice(last), b=random.choice(last)) for _ in range(_PEOPLE)
        )
    )


@cache
def titles() -> tuple[str, ...]:
    """Two words, such as ``Quiet Harbour``."""
    return _shuffled((f"{a} {n}".title() for a, n in product(_ADJECTIVES, _NOUNS)), "titles")


@cache
def things() -> tuple[str, ...]:
    """Products, such as ``Oak Desk`` and ``Smart Kettle``."""
    pairs = (*product(_MATERIALS, _GOODS), *product(_ADJECTIVES[::3], _GOODS))
    return _shuffled((f"{a} {n}".title() for a, n in pairs), "things")


@cache
def words() -> tuple[str, ...]:
    """Single words in small letters."""
    return _shuffled((*_NOUNS, *_GOODS, *_MATERIALS, *_ADJECTIVES), "words")


@cache
def sentences() -> tuple[str, ...]:
    """Single sentences."""
    random = Random(_SEED + 2)  # noqa: S311 - no secret
    pick = random.choice
    return tuple(
        dict.fromkeys(f"{pick(_TASKS)} the {pick(_ADJECTIVES)} {pick(_GOODS)} {pick(_ENDS)}." for _ in range(_PEOPLE))
    )


@cache
def paragraphs() -> tuple[str, ...]:
    """Two to four sentences."""
    random = Random(_SEED + 3)  # noqa: S311 - no secret
    pick, known = random.choice, sentences()
    return tuple(
        dict.fromkeys(
            " ".join(pick(_REMARKS if random.random() < 0.5 else known) for _ in range(random.randint(2, 4)))
            for _ in range(_PEOPLE // 2)
        )
    )


@cache
def streets() -> tuple[str, ...]:
    """A number and a street."""
    random, names = Random(_SEED + 4), listed("address", "street_name")  # noqa: S311 - no secret
    kinds = ("Street", "Road", "Avenue", "Lane", "Drive", "Court", "Way")
    return tuple(
        dict.fromkeys(f"{random.randint(1, 320)} {random.choice(names)} {random.choice(kinds)}" for _ in range(_PEOPLE))
    )


def mapped(pool: Callable[[], tuple[str, ...]], change: Callable[[str], str]) -> tuple[str, ...]:
    """Return a pool with every text changed, those that differ."""
    return tuple(dict.fromkeys(map(change, pool())))
