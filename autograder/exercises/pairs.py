"""Two known mistakes of one exercise, made at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations

from autograder.exercises.edited import NotAnEdit, both
from autograder.exercises.spec import AS_GIVEN, Exercise, Misconception
from autograder.language import N_, _

__all__ = ["MEND", "broken_form", "find_mistake", "pairs_of", "words_of"]


MEND = N_("# There are mistakes in this code. Find them, and mend it.")
"""The first line of a released cell in which a learner finds mistakes."""

_BOTH = N_("two mistakes at once: {one}, and {other}")


def find_mistake(exercise: Exercise, name: str) -> Misconception | None:
    """The misconception called `name`, or the two; None if there is none."""
    known = {mistake.name: mistake for mistake in exercise.misconceptions}
    one, plus, other = name.partition("+")
    if not plus:
        return known.get(name)
    if one not in known or other not in known:
        return None
    return _pair(known[one], known[other])


def words_of(exercise: Exercise, name: str) -> tuple[str, str] | None:
    """Form and why of what `find_mistake` finds, in the language that is spoken."""
    mistake = find_mistake(exercise, name)
    if mistake is None:
        return None
    one, plus, other = name.partition("+")
    if not plus:
        return _(mistake.form), _(mistake.why)
    known = {mistake.name: mistake for mistake in exercise.misconceptions}
    first, second = known[one], known[other]
    whys = _("{one} {other}").format(one=_(first.why), other=_(second.why))
    return _(_BOTH).format(one=_(first.form), other=_(second.form)), whys.strip()


def pairs_of(exercise: Exercise) -> Mapping[str, Misconception]:
    """Every two misconceptions whose edits compose, as one called ``one+other``."""
    made = (
        _pair(one, other) for one, other in combinations(exercise.misconceptions, 2)
    )
    return {pair.name: pair for pair in made if pair is not None}


def broken_form(exercise: Exercise) -> Callable:
    """The reference with all the mistakes at once that a learner is to mend."""
    given = find_mistake(exercise, AS_GIVEN)
    assert given is not None
    return given.mutant


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
    form = _BOTH.format(one=one.form, other=other.form)
    why = f"{one.why} {other.why}".strip()
    return Misconception(f"{one.name}+{other.name}", lambda: mutant, form, why, edit)
