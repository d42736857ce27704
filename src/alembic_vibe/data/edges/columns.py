"""The edges of single columns: NULL and not, choices, the ends of what a type or a constraint takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.edges.model import Refusal
from alembic_vibe.data.edges.scales import scale_of
from alembic_vibe.data.edges.shape import DOCUMENTS, TEXTS, WHOLE, likely
from alembic_vibe.data.edges.walking import Walk

if TYPE_CHECKING:
    from alembic_vibe.data.edges.bench import Bench, Change
    from alembic_vibe.data.edges.shape import Shape

_ODD_TEXTS = ("no such value", "", " ", "?", "Ä ö", "no-such-value", "UPPER", "lower", "#", "a@b", "0", "x\ny")
_SHORTENED = 40  # letters that are left out of a text, at most
_DOCUMENTS = (("an empty object", "{}"), ("an array", "[]"), ("a text", '"text"'), ("a number", "1"), ("null", "null"))


def column_cases(bench: Bench) -> None:
    """Add the cases of every column of a table."""
    for shape in bench.shapes.values():
        if shape.column.generated:
            _generated(bench, shape)
            continue
        _null(bench, shape)
        if shape.column.identity == "a":
            _always(bench, shape)
        if shape.name not in bench.references:
            _values(bench, shape)
        elif _is_checked(bench, shape):
            _reference(bench, shape)


def _generated(bench: Bench, shape: Shape) -> None:
    values = likely(bench.facts, bench.table, shape)[:1]
    _without_overriding(bench, shape, values[0] if values else "1", f"{shape.name} given, though it is computed")


def _always(bench: Bench, shape: Shape) -> None:
    _without_overriding(bench, shape, "1000002", f"{shape.name} given, though it is numbered always")


def _without_overriding(bench: Bench, shape: Shape, value: str, name: str) -> None:
    change: Change = {shape.name: value}
    answer = bench.trial.ask([[bench.insert(change, overriding=False)]])[0]
    refusal = bench.refusal(answer)
    if refusal is not None and refusal.sqlstate == "428C9":
        bench.reject(name, change, Refusal("428C9", column=shape.name), aspect="given")


def _null(bench: Bench, shape: Shape) -> None:
    change: Change = {shape.name: None}
    if shape.name in bench.row({}) or shape.column.default is not None or shape.column.not_null:
        answer = bench.ask([change])[0]
        if answer.accepted:
            if not shape.column.not_null:
                bench.accept(f"{shape.name} NULL", change)
            return
        refusal = bench.refusal(answer)
        if refusal is not None:
            bench.reject(f"{shape.name} NULL", change, refusal, aspect="null")
        if not shape.column.not_null and (completed := bench.complete(change, lambda said: said.accepted)):
            bench.accept(f"{shape.name} NULL", completed)


def _values(bench: Bench, shape: Shape) -> None:
    before = len(bench.accepted)
    _choices(bench, shape)
    if shape.base in DOCUMENTS and not shape.is_array:
        for word, text in _DOCUMENTS if shape.near.strings or shape.near.numbers else _DOCUMENTS[:1]:
            _one(bench, shape, text, f"{shape.name} {word}", aspect="document")
    if shape.kind == "r":
        _one(bench, shape, "empty", f"{shape.name} empty", aspect="empty")
        _one(bench, shape, "(,)", f"{shape.name} without ends", aspect="endless")
    if not shape.counts or shape.near.numbers or shape.near.bounds:
        value = bench.row({}).get(shape.name) or bench.full.get(shape.name)
        if shape.is_array and (value is None or value == "{}"):
            value = next(iter(likely(bench.facts, bench.table, shape)), None)
        scale = scale_of(shape, value, _shortest(bench, shape, value))
        if scale is not None and not _is_choice(shape):
            Walk(bench, shape, scale).run()
    _beyond_type(bench, shape)
    if shape.base in TEXTS and not shape.is_array and _is_checked(bench, shape):
        _odd_texts(bench, shape)
    given = bench.full.get(shape.name)
    if len(bench.accepted) == before and shape.name not in bench.minimal and given is not None:
        completed = bench.complete({shape.name: given}, lambda said: said.accepted)
        if completed is not None:
            bench.accept(f"{shape.name} given", completed)


def _shortest(bench: Bench, shape: Shape, value: str | None) -> str:
    """Leave letters out of a text as long as it is taken."""
    if shape.base not in TEXTS or shape.is_array or not value or not (shape.near.patterns or shape.near.likes):
        return ""
    for _ in range(_SHORTENED):
        fewer = list(dict.fromkeys(value[:at] + value[at + 1 :] for at in range(len(value))))
        taken = (
            text for text, said in zip(fewer, bench.ask([{shape.name: t} for t in fewer]), strict=True) if said.accepted
        )
        found = next(taken, None)
        if not found:
            break
        value = found
    return value


def _is_checked(bench: Bench, shape: Shape) -> bool:
    """Whether a constraint says more about a column than its type."""
    fact = bench.facts.types.get(shape.column.type)
    domain = fact is not None and fact.typtype == "d"
    return domain or any(c.kind == "c" and shape.name in c.columns for c in bench.table.constraints)


def _reference(bench: Bench, shape: Shape) -> None:
    """Keep a value that the domain of a reference refuses: it never comes to looking for the other row."""
    scale = scale_of(shape, bench.row({}).get(shape.name) or bench.full.get(shape.name))
    texts = [text for place in scale.places for text in scale.texts(place)[:1]] if scale is not None else []
    texts += _ODD_TEXTS if shape.base in TEXTS else ()
    for text, answer in zip(texts, bench.ask([{shape.name: text} for text in texts]), strict=True):
        refusal = bench.refusal(answer)
        if refusal is not None and refusal.sqlstate == "23514" and bench.constraint(refusal.constraint) is None:
            shown = repr(text) if len(text) <= 30 else f"{len(text)} characters"
            bench.reject(f"{shape.name} = {shown}", {shape.name: text}, refusal, aspect="domain")
            return


def _one(bench: Bench, shape: Shape, text: str, name: str, *, aspect: str) -> None:
    """Try one value: keep it on whichever side it is."""
    change: Change = {shape.name: text}
    answer = bench.ask([change])[0]
    if answer.accepted:
        bench.accept(name, change)
        return
    refusal = bench.refusal(answer)
    if refusal is not None and (refusal.constraint or refusal.sqlstate == "22P02"):
        bench.reject(name, change, refusal, aspect=aspect)


# Choices


def _choices(bench: Bench, shape: Shape) -> None:
    if shape.is_array:
        return
    if shape.base == "bool":
        choices: list[str] = ["true", "false"]
    elif shape.kind == "e":
        choices = list(shape.labels)
    else:
        choices = _mentioned_choices(shape)
    for text in choices:
        completed = bench.complete({shape.name: text}, lambda said: said.accepted)
        if completed is not None:
            bench.accept(f"{shape.name} = {_quoted(shape, text)}", completed)
        if shape.kind != "e" and shape.base != "bool":
            continue
        answer = bench.ask([{shape.name: text}])[0]
        refusal = bench.refusal(answer)
        if refusal is not None and refusal.constraint:
            name = f"{shape.name} = {_quoted(shape, text)} without what belongs to it"
            bench.reject(name, {shape.name: text}, refusal, aspect="choice")
    if shape.kind == "e":
        _one(bench, shape, "no such value", f"{shape.name} = 'no such value'", aspect="label")


def _quoted(shape: Shape, text: str) -> str:
    return text if shape.base == "bool" or shape.base in WHOLE else f"'{text}'"


def _is_choice(shape: Shape) -> bool:
    return shape.kind == "e" or (shape.base in TEXTS and bool(_mentioned_choices(shape)))


def _mentioned_choices(shape: Shape) -> list[str]:
    """Texts that a constraint over this column alone lists, and that go in."""
    if shape.base not in TEXTS or shape.mentions.patterns or len(shape.mentions.strings) < 2:
        return []
    return list(dict.fromkeys(shape.mentions.strings))


def _odd_texts(bench: Bench, shape: Shape) -> None:
    """Texts of another form than the constraints ask for; the first one that each constraint refuses is kept."""
    value = bench.row({}).get(shape.name) or bench.full.get(shape.name) or ""
    texts = [*_ODD_TEXTS, value.upper(), value.lower(), value + " ", value + "\n", value + "!"]
    if shape.length is not None:
        texts = [text for text in texts if len(text) <= shape.length]
    texts = [text for text in dict.fromkeys(texts) if text != value]
    for text, answer in zip(texts, bench.ask([{shape.name: text} for text in texts]), strict=True):
        refusal = bench.refusal(answer)
        if refusal is not None and refusal.constraint:
            shown = text.replace("\n", "\\n")
            bench.reject(f"{shape.name} = '{shown}'", {shape.name: text}, refusal, aspect="form")


def _beyond_type(bench: Bench, shape: Shape) -> None:
    """The first value that the type itself does not hold."""
    texts: list[tuple[str, str]] = []
    if shape.is_array or shape.kind != "b":
        return
    if shape.base in WHOLE and not shape.counts:
        texts = [(str(2 ** WHOLE[shape.base]), f"{shape.name} greater than its type holds")]
    elif shape.precision is not None:
        precision, scale = shape.precision
        texts = [("1" + "0" * (precision - scale), f"{shape.name} greater than its type holds")]
    elif shape.length is not None:
        texts = [("x" * (shape.length + 1), f"{shape.name} longer than its type holds")]
    for text, name in texts:
        answer = bench.ask([{shape.name: text}])[0]
        if answer.state in {"22001", "22003"}:
            bench.reject(name, {shape.name: text}, Refusal(answer.state, column=shape.name), aspect="type")
