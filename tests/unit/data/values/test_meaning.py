"""What columns of real schemas mean, and which of them are about people or secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from alembic_vibe.data.meaning import Meaning, meaning_of, words_of

CASES = yaml.load(  # ON is a meaning here, not true
    (Path(__file__).parents[3] / "cases/data/values/meanings.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
)
MEANT = [
    (*place.split(".", 1), " ".join(rest) or "text", Meaning[name])
    for name, columns in CASES.items()
    for place, *rest in (column.split(" ", 1) for column in columns.split(", "))
]


@pytest.mark.parametrize("meaning", sorted({meaning.name for *_, meaning in MEANT}))
def test_the_name_tells_the_meaning(meaning: str) -> None:
    found = {
        f"{table}.{column} {kind}": meaning_of(table, column, kind).name
        for table, column, kind, meant in MEANT
        if meant.name == meaning
    }
    assert found == dict.fromkeys(found, meaning)


def test_there_are_a_few_hundred() -> None:
    assert len(MEANT) > 400
    assert len({meaning for *_, meaning in MEANT}) > 80


def test_what_is_about_people_and_what_is_secret_is_marked() -> None:
    people = {meaning for meaning in Meaning if meaning.personal}
    assert {Meaning.EMAIL, Meaning.PERSON_NAME, Meaning.PHONE, Meaning.IP, Meaning.BIRTH_DATE, Meaning.IBAN} <= people
    assert not people & {Meaning.STATUS, Meaning.CURRENCY, Meaning.PRODUCT, Meaning.CREATED, Meaning.OTHER}
    assert {meaning for meaning in Meaning if meaning.secret} == {
        Meaning.PASSWORD_HASH,
        Meaning.TOKEN,
        Meaning.CARD_NUMBER,
    }


def test_words_are_found_in_every_spelling() -> None:
    assert [words_of(name) for name in ("postalCode", "Postal_Code", "POSTAL_CODE", "userIDs", "IPAddress", "a2b")] == [
        "postal_code",
        "postal_code",
        "postal_code",
        "user_ids",
        "ip_address",
        "a_2_b",
    ]
