"""Time as PostgreSQL reckons it: intervals with months, and a present that is not one moment.

The manual, "Date/Time Types" and "Date/Time Functions and Operators": an interval keeps months, days and time apart;
for comparisons a month has 30 days. Sessions are taken to run in UTC, as those that write generated data do.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.data.model import LATEST, NOW, UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_DAYS_PER_MONTH = 30


class Months(NamedTuple):
    """An interval with months in it; one without is a ``timedelta``."""

    months: int
    rest: timedelta

    def reckoned(self) -> timedelta:
        """Return the length that comparisons take it for."""
        return timedelta(days=_DAYS_PER_MONTH * self.months) + self.rest


class Span(NamedTuple):
    """A value that is somewhere between two others: the present, a rounded quotient."""

    early: Value
    late: Value


PRESENT = Span(NOW, LATEST)
PRESENT_DATE = Span(NOW.date(), LATEST.date())
PRESENT_LOCAL = Span(NOW.replace(tzinfo=None), LATEST.replace(tzinfo=None))


def compare(test: Callable[[Value, Value], bool], one: Value, other: Value) -> bool:
    """Compare where either side may be a span; raises ``UndecidedError`` where its ends do not agree."""
    ones = one if one.__class__ is Span else (one,)
    others = other if other.__class__ is Span else (other,)
    if test in {operator.eq, operator.ne}:
        low, high = min(others), max(others)
        if max(ones) < low or min(ones) > high:
            return test is operator.ne
        raise UndecidedError
    answers = {test(a, b) for a in ones for b in others}
    if len(answers) == 1:
        return answers.pop()
    raise UndecidedError


def spread(function: Callable[[Value, Value], Value], one: Value, other: Value) -> Value:
    """Apply a function that is monotonous in both arguments where either may be a span."""
    ones = one if one.__class__ is Span else (one,)
    others = other if other.__class__ is Span else (other,)
    results = [function(a, b) for a in ones for b in others]
    return Span(min(results), max(results))


def add(moment: Value, interval: Value) -> Value:
    """Add an interval to a date (which makes it a timestamp), a timestamp, a time or another interval."""
    if isinstance(interval, Months):
        if isinstance(moment, timedelta):
            return Months(interval.months, interval.rest + moment)
        if isinstance(moment, Months):
            return Months(interval.months + moment.months, interval.rest + moment.rest)
        return as_timestamp(_add_months(moment, interval.months)) + interval.rest
    if isinstance(moment, Months):
        return Months(moment.months, moment.rest + interval)
    if isinstance(moment, timedelta):
        return moment + interval
    if isinstance(moment, time):
        whole = datetime.combine(date(2000, 1, 2), moment) + interval
        return whole.time()
    return as_timestamp(moment) + interval


def negative(interval: Value) -> Value:
    """Return an interval the other way round."""
    return Months(-interval.months, -interval.rest) if isinstance(interval, Months) else -interval


def times(interval: Value, factor: Value) -> Value:
    """Multiply an interval by a whole number."""
    if factor != int(factor):
        raise UndecidedError
    if isinstance(interval, Months):
        return Months(interval.months * int(factor), interval.rest * int(factor))
    return interval * int(factor)


def subtract(one: Value, other: Value) -> Value:
    """Subtract moments (an interval comes out) or intervals, never dates (see ``days_between``)."""
    if isinstance(one, time) and isinstance(other, time):
        day = date(2000, 1, 1)
        return datetime.combine(day, one) - datetime.combine(day, other)
    if isinstance(other, (timedelta, Months)):
        return add(one, negative(other))
    return as_timestamp(one) - as_timestamp(other)


def reckoned(interval: Value) -> timedelta:
    """Return an interval as comparisons see it."""
    return interval.reckoned() if isinstance(interval, Months) else interval


def as_timestamp(moment: Value) -> Value:
    """Return a date as the moment it begins."""
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)


def as_timestamptz(moment: Value) -> Value:
    """Return a date or timestamp as one with a time zone."""
    moment = as_timestamp(moment)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def as_local(moment: Value) -> Value:
    """Return a moment as the timestamp that a clock in UTC shows."""
    moment = as_timestamp(moment)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo is not None else moment


def as_date(moment: Value) -> Value:
    """Return the day of a moment."""
    return as_local(moment).date() if isinstance(moment, datetime) else moment


def _add_months(moment: Value, months: int) -> Value:
    whole = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(whole, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
