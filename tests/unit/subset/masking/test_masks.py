"""What every mask promises: same value same mask, never the original, different values different masks."""

from __future__ import annotations

import ipaddress
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.data.model import Bound, Case, CheckRule, Domain
from alembic_vibe.subset.masking.drawing import Drawer
from alembic_vibe.subset.masking.masks import all_masks
from alembic_vibe.subset.masking.model import Shape
from alembic_vibe.subset.masking.originals import Hashes
from alembic_vibe.subset.masking.permuting import Permuter
from alembic_vibe.subset.masking.scalar import ScalarMask, Target
from alembic_vibe.subset.masking.structured import JsonMask, array_mask, composite_mask

if TYPE_CHECKING:
    from collections.abc import Mapping

DRAWER = Drawer(b"only for tests")
TEXTUAL = sorted(name for name, mask in all_masks().items() if "text" in mask.fits)
# No two that differ in case alone beyond ASCII: what these are to a server depends on its locale.
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30
)
SETS = st.lists(st.from_regex(r"[A-Za-z0-9 .@_-]{1,12}", fullmatch=True), min_size=2, max_size=12, unique=True)


def mask(name: str, kind: str = "text", *, drawer: Drawer = DRAWER, **target: object) -> ScalarMask:
    shape = Shape(kind, longest=target.pop("longest", None))  # type: ignore[arg-type]
    return ScalarMask(drawer, all_masks()[name], Target("t.c", (shape,), nullable=True, **target))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TEXTUAL)
@given(texts=st.lists(TEXTS, max_size=8))
@settings(max_examples=20, deadline=None)
def test_the_same_value_has_the_same_mask_and_never_itself(name: str, texts: list[str]) -> None:
    one, two = mask(name), mask(name)
    for text in texts:
        masked = one(text)
        assert masked == two(text)
        if any(char.isalnum() and char.isascii() for char in text):
            assert masked is not None
            assert masked.lower() != text.lower()


@pytest.mark.parametrize("longest", [1, 2, 5, 12, 21, None])
@pytest.mark.parametrize(
    "name", ["email", "phone", "person_name", "username", "text", "token", "url", "digits", "city"]
)
@given(texts=SETS)
@settings(max_examples=6, deadline=None)
def test_different_values_have_different_masks_at_every_length(
    name: str, longest: int | None, texts: list[str]
) -> None:
    texts = list({text[:longest]: None for text in texts})
    unique = mask(name, unique=True, longest=longest, wide=True)
    masked = [unique(text) for text in texts]
    assert len(set(masked) - {None}) == len([text for text in masked if text is not None])
    assert all(text is None or longest is None or len(text) <= longest for text in masked)


@given(texts=SETS)
@settings(max_examples=25, deadline=None)
def test_where_case_does_not_matter_masks_differ_by_more_than_case(texts: list[str]) -> None:
    texts = list({text.lower(): text for text in texts}.values())
    for name in ("email", "person_name", "text", "token"):
        unique = mask(name, unique=True, folded=True, longest=24)
        masked = [found.lower() for text in texts if (found := unique(text)) is not None]
        assert len(set(masked)) == len(masked)
    address = mask("email")
    assert str(address("Anna@Corp.com")).lower() == address("anna@corp.com")
    assert address("Anna@Corp.com") != address("anna@corp.com")


def test_what_is_permuted_keeps_its_form_and_is_a_bijection_without_fixed_points() -> None:
    permuter = Permuter(DRAWER, "test")
    for pool, form in (
        ([f"{n:02}" for n in range(100)], r"\d\d"),
        ([f"{a}{b}-{n}" for a in "abcdefghij" for b in "xyz" for n in range(100, 300)], r"[a-z]{2}-\d{3}"),
        ([f"+{n:015}" for n in range(500)], r"\+\d{15}"),
        (["é" + "x" * n for n in range(1, 9)], r"[à-ÿ]\w*"),
    ):
        masks = [permuter.permute(text) for text in pool]
        assert len(set(masks)) == len(pool)
        assert not any(text == masked for text, masked in zip(pool, masks, strict=True))
        assert all(re.fullmatch(form, masked) for masked in masks)
    every = [permuter.permute(str(n), "number") for n in range(1000)]
    assert len(set(every)) == 1000
    assert all(str(int(masked)) == masked for masked in every)
    long = "The quick brown fox " * 50
    assert len(permuter.permute(long)) == len(long)
    assert permuter.permute("---") == "---"


def test_addresses_are_of_documentation_ranges() -> None:
    nets = [*map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))]
    ip, network, url, mac = mask("ip", "inet"), mask("network", "cidr"), mask("url"), mask("mac", "macaddr")
    for n in range(300):
        for original in (f"10.0.{n}.1", f"10.0.{n}.1/16", f"fe80::{n:x}", f"fe80::{n:x}/64"):
            found = ipaddress.ip_interface(ip(original) or "")
            assert any(found.ip in net for net in nets)
        for original in (f"10.{n % 256}.0.0/16", f"10.0.{n % 256}.0/24", f"2a00:{n:x}::/32"):
            subnet = ipaddress.ip_network(network(original) or "")  # refuses bits to the right of the mask
            assert any(subnet.version == net.version and subnet.subnet_of(net) for net in nets)  # type: ignore[arg-type]
        assert re.fullmatch(r"https://www\.example\.(com|org|net)/\w+", url(f"https://corp.com/{n}") or "")
        assert int((mac(f"08:00:2b:01:02:{n % 256:02x}") or "")[:2], 16) == 2
    assert all(re.fullmatch(r"\+1\d{3}55501\d\d", mask("phone")(f"+49{n}") or "") for n in range(99))
    assert all(re.fullmatch(r"\S+@example\.(com|org|net)", mask("email")(f"a{n}@b.de") or "") for n in range(99))


def test_an_address_in_an_unclassified_column_is_no_ones_either() -> None:
    class Lower:
        name, columns, cases = "lower", ("c",), ()
        holds = staticmethod(lambda row: row["c"] == row["c"].lower())

    found = mask("text", rules=[("c", Lower)])("anna@corp.com")
    assert re.fullmatch(r"\S+@example\.(com|org|net)", found or "")


def test_without_the_key_there_is_no_telling() -> None:
    one, other = mask("email"), mask("email", drawer=Drawer(b"another key"))
    assert one("anna@corp.com") != other("anna@corp.com")
    assert "only for tests" not in repr(vars(one)) + repr(DRAWER)


def test_a_narrow_mask_is_given_away_once() -> None:
    taken: dict[int, int] = {}
    unique = mask("phone", unique=True, wide=True, longest=12, taken=taken)
    masks = [unique(f"+4915{n:08}") for n in range(3000)]
    assert len(set(masks)) == 3000
    again = mask("phone", unique=True, wide=True, longest=12, taken=taken)
    assert [again(f"+4915{n:08}") for n in range(3000)] == masks


def test_numbers_stay_between_the_bounds_of_a_check_so_that_none_becomes_null() -> None:
    low, high = Bound(Decimal(-180)), Bound(Decimal(180))

    def holds(row: Mapping[str, Any]) -> bool | None:
        return bool(low.value <= row["longitude"] <= high.value)

    case = Case({"longitude": Domain(low=low, high=high)})
    rule = CheckRule("c", ("longitude",), "", (case,), holds=holds)
    masked = [mask("number", "number", rules=[("longitude", rule)])(f"{n}.{n}") for n in range(101, 180)]
    assert None not in masked
    assert all(-180 <= Decimal(text or "NaN") <= 180 for text in masked)
    assert len({*masked}) > 60


def test_json_keeps_its_structure_and_no_text_of_it() -> None:
    def leaf(name: str, text: str) -> str | None:
        return mask(name if name in all_masks() else "text", "number" if name == "number" else "text")(text)

    masked = JsonMask(leaf, {"mail": "email", "salary": "number", "kind": "keep"}.get)
    source = (
        '{"mail": "anna@corp.com", "kind": "x", "salary": 5000.50, "n": 12, "big": 4915123456, "user_id": 491512345678,'
        ' "a": [true, null, "words of hers", {"b": ""}], "a": 1, "anna@corp.com": "10.1.2.3"}'
    )
    found = masked(source) or ""
    assert '"kind": "x"' in found
    assert '"n": 12,' in found
    assert '"user_id": 491512345678' in found
    assert found.count('"a": ') == 2
    assert '{"b": ""}' in found
    for original in ("anna", "corp", "words", "hers", "10.1.2.3", "5000.50", '"big": 4915123456'):
        assert original not in found
    assert str(mask("email")("anna@corp.com")) in found.replace("\\", "")
    assert masked("{broken") == "{}"
    assert masked("[" * 100_000) == "{}"


@given(
    st.lists(st.none() | st.sampled_from(["", "NULL", "null", 'q"uo\\te', "a,b", "{x}", " ", "(p)", "é", "\n"]) | TEXTS)
)
@settings(max_examples=60, deadline=None)
def test_arrays_and_composites_are_read_and_written_like_the_server_does(items: list[str | None]) -> None:
    seen: list[str] = []

    def element(text: str) -> str:
        seen.append(text)
        return text

    quoted = ["NULL" if item is None else '"' + re.sub(r'(["\\])', r"\\\1", item) + '"' for item in items]
    array = "{" + ",".join(quoted) + "}"
    once = array_mask(element)(array) or ""
    assert seen == [item for item in items if item is not None]
    assert array_mask(element)(once) == once
    if items:
        seen.clear()
        quoted = ["" if item is None else '"' + re.sub(r'(["\\])', r"\1\1", item) + '"' for item in items]
        row = "(" + ",".join(quoted) + ")"
        once = composite_mask([element] * len(items))(row) or ""
        if row != "()":
            assert seen == [item for item in items if item is not None]
            assert composite_mask([element] * len(items))(once) == once
    assert (array_mask(element)("[0:1]={a,b}") or "").startswith("[0:1]=")


def test_hashes_hold_what_was_added() -> None:
    hashes = Hashes()
    for n in range(250_000):
        hashes.add(str(n))
    assert all(str(n) in hashes for n in range(0, 250_000, 999))
    assert not any(f"x{n}" in hashes for n in range(1000))
