"""Two known mistakes of one exercise, made at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations

from autograder.exercises.edited import NotAnEdit, both
from autograder.exercises.spec import Exercise, Misconception

__all__ = ["find_mistake", "pairs_of"]


def find_mistake(exercise: Exercise, name: str) -> Misconception | None:
    """The misconception called `name`, or the two; None if there is none."""
    known = {mistake.name: mistake for mistake in exercise.misconceptions}
    one, plus, other = name.partition("+")
    if not plus:
        return known.get(name)
    if one not in known or other not in known:
        return None
    return _pair(known[one], known[other])


def pairs_of(exercise: Exercise) -> Mapping[str, Misconception]:
    """Every two misconceptions whose edits compose, as one called ``one+other``."""
    made = (
        _pair(one, other) for one, other in combinations(exercise.misconceptions, 2)
    )
    return {pair.name: pair for pair in made if pair is not None}


@cache
def _pair(one: Misconception, other: Misconception) -> Misconception | None:
    """Both at once; None where one is no edit, or the two edits do not compose."""
    if one.edit is None or other.edit is None:
        return None
    try:
        edit = both(one.edit, other.edit)
        mutant = edit.made(f"{one.name}_and_{other.name}")
    except NotAnEdit:
        return None
    return Misconception(
        f"{one.name}+{other.name}",
        mutant,
        f"two mistakes at once: {one.form}, and {other.form}",
        f"{one.why} {other.why}".strip(),
        edit,
    )
