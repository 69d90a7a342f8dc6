"""What is in force in a class, in words: for `autograder class`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograder.term.rules import LATEST, Rules

__all__ = ["in_force"]


def in_force(
    rules: Rules,
    chapters: Collection[str],
    due: Mapping[str, datetime | None],
    policy: str,
    known: Collection[str],
) -> Iterator[str]:
    """Lines that say what holds now, from whichever place it comes.

    Parameters
    ----------
    rules : Rules
    chapters : collection of str
        All that are released.
    due : mapping
        The gradebook's due dates by chapter, which count where the file has none.
    policy : str
        nbgrader's own setting for late work.
    known : collection of str
        All students who have handed in or are on the roster.
    """
    zone = rules.zone or "none: a time has to name its own"
    yield f"Time zone: {zone}."
    if rules.late is not None:
        yield f"Late work: {rules.late}."
    else:
        yield f"Late work: {policy} (nbgrader's settings)."
    counts = "the latest" if rules.attempt == LATEST else f'"{rules.attempt}"'
    yield f"Of several attempts counts: {counts}."
    yield f"Roster: {rules.roster or 'none'}."
    for name, members in rules.groups.items():
        yield f"Group {name}: {', '.join(members)}."
    yield _total(rules)
    yield ""
    for chapter in chapters:
        told = _due(rules, chapter, due.get(chapter))
        yield f"{chapter}: {told}{_more(rules, chapter)}"
    for student, own in (rules.extensions or {}).items():
        for chapter, end in own.items():
            yield f"  {student}, {chapter}: {_shown(end, rules)} instead"
    strangers = _strangers(rules, known)
    if strangers:
        yield ""
        yield (
            "Named here, and nobody has handed in under that name or is on the roster: "
            f"{', '.join(strangers)}."
        )


def _total(rules: Rules) -> str:
    told = ["Total: the mean of the chapters' percentages"]
    if rules.weights:
        told.append("by weight")
    if rules.drop_lowest:
        told.append(f"without the {rules.drop_lowest} lowest")
    if rules.bonus_cap is not None:
        told.append(f"further work on top, up to {100 + rules.bonus_cap:g} %")
    return f"{', '.join(told)}."


def _due(rules: Rules, chapter: str, due: datetime | None) -> str:
    if rules.due is not None:
        own = rules.due.get(chapter)
        return "no due date" if own is None else f"due {_shown(own, rules)}"
    if due is None:
        return "no due date"
    return f"due {_shown(due, rules)} (from the gradebook)"


def _more(rules: Rules, chapter: str) -> str:
    weight = rules.weights.get(chapter, 1)
    return f", weight {weight:g}" if rules.weights else ""


def _strangers(rules: Rules, known: Collection[str]) -> list[str]:
    named = Counter(rules.extensions or {})
    named.update(one for members in rules.groups.values() for one in members)
    return sorted(set(named) - set(known))


def _shown(time: datetime, rules: Rules) -> str:
    zone = ZoneInfo(rules.zone) if rules.zone else UTC
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M} ({rules.zone or 'UTC'})"
