"""What one exercise is: data about one function that a learner writes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autograder.exercises.edited import Edit


__all__ = [
    "AS_GIVEN",
    "Chapter",
    "Draw",
    "Exercise",
    "Misconception",
    "Tolerance",
    "Written",
]

AS_GIVEN = "as_given"
"""The mistake that code to be mended is, as long as nobody has mended anything."""

Draw = tuple[str, dict[str, Any]]
"""One case before it is answered: what it tries, and the arguments by name."""


@dataclass(frozen=True)
class Tolerance:
    """How far an entry may be from the reference's, and why that far.

    An entry passes when its distance is at most
    ``rtol * abs(expected) + floor * max(abs(expected)) + atol``.  Where that
    allows for more than rounding, `alike` takes the place of `atol` when a
    result is compared with a known mistake's: only the same numbers are named.
    """

    rtol: float = 1e-9
    floor: float = 1e-12
    atol: float = 0.0
    reason: str = "float64 rounding of a few operations, in any order"
    alike: float | None = None

    @property
    def for_mistakes(self) -> Tolerance:
        """How far a result may be from a known mistake's to be named as that.

        At least by rounding in proportion to the largest: a mistake may make large
        numbers of what the tolerance of right ones was derived for.
        """
        if self.alike is None:
            return self
        rtol, floor = max(self.rtol, Tolerance.rtol), max(self.floor, Tolerance.rtol)
        return replace(self, atol=self.alike, rtol=rtol, floor=floor)


@dataclass(frozen=True)
class Misconception:
    """A mistake that learners make, as a runnable wrong kernel.

    Parameters
    ----------
    name : str
        The wrong thing, as an identifier: ``no_bias_correction``.
    make : callable
        Gives the wrong kernel, which has the reference's parameters.
    form : str
        Completes "These are exactly the numbers of …" (values differ) or
        "This is …" (values right, a law broken), without a full stop.
    why : str
        Whole sentences: why that is wrong and what to do instead.  Empty where
        a law is broken and the judge's own words say all there is to say.
    edit : Edit, optional
        How `mutant` differs from a right function; None for one that is wrong
        as a whole.
    """

    name: str
    make: Callable[[], Callable]
    form: str
    why: str
    edit: Edit | None = None

    @cached_property
    def mutant(self) -> Callable:
        """The wrong kernel, made when it is first needed: there are very many."""
        return self.make()


@dataclass(frozen=True)
class Exercise:
    """Everything about one function that a learner writes.

    Parameters
    ----------
    name : str
        Name of the function and of its grade id.
    points : int
        What a right answer earns.
    reference : callable
        The kernel; its signature and docstring become the stub's.
    returns : tuple of str
        Names of what comes back, in order; one name for a single value.
    draw : callable
        ``draw(rng)`` yields the cases, the smallest first, as `Draw`.
    misconceptions : tuple of Misconception
        Wrong forms; each must fail and be named.
    equivalents : tuple of callable
        Other right forms; each must pass.
    hints : tuple of str
        A ladder: asks first, tells last.
    read : str
        Where the chapter explains it: "section 2, equation (3.2)".
    lines : int
        About how many lines a right answer has.
    level : int
        Difficulty from 1 to 3.
    bonus : bool
        Further work: judged like the rest, not part of the core.
    warm_up : bool
        A line or two that only write an equation as code: a step on the way to
        what the chapter builds, told so above it.
    tolerance : Tolerance or callable
        Or a function from a case's arguments to its `Tolerance`.
    order : tuple of str
        `returns` in the order in which they are computed, so that a message
        points to the first one that goes wrong; as in `returns` when empty.
        What is not named here is not judged and may be anything.
    observe : callable, optional
        One of `autograder.exercises.observations`.  ``observe(returned,
        arguments)`` gives what is compared, a dict of arrays, where the value
        itself is not fixed (a sign, a random draw).  Called only when kinds
        and shapes are right.
    fixed : callable, optional
        ``fixed(arguments)`` gives numbers by name that the definition of a
        random answer fixes (its standard deviation, its bound), or that a
        learner's process must not know (the right labels).  `observe` finds
        them among its arguments; no call is given them.
    bands : tuple of (float, float)
        For an answer that is judged by how well it does: a least measure and
        the share of the points that it earns, in rising order, up to 1.  Then
        any answer that reaches the last band is right, whatever its values,
        and only their kinds and shapes are compared with the reference's.
        The prover leaves such an exercise out: a mutant that does as well is
        no hole.
    measure : callable, optional
        One of `autograder.exercises.observations` that gives the number for
        `bands`, with the parameters of `observe`.  Its name completes a
        sentence: "gives 96.4 % right labels".  `observe` then serves to tell
        one misconception from another.
    stand_in : callable, optional
        Called instead of the reference when cases are drawn, where that
        takes long and only the kinds and shapes of an answer are compared.
    rehearse : callable, optional
        Draws the cases that every learner sees, where `draw` needs what only
        a grader has.
    own_data, draw_own : str, callable, optional
        The name of a file that an instructor may put into the folder for grading, and
        ``draw_own(path)``, which gives what draws from it in place of `draw`.
    broken : tuple of str
        Misconceptions that the released code has all at once: it is there to be
        mended.  A check then names a mistake only when it is the last.
    seconds : float
        Time for one call, before it counts as too slow.
    harmless : mapping of str to str
        Mutants of the reference that pass, as the prover prints them, each
        with the reason why it is a right form too.
    """

    name: str
    points: int
    reference: Callable
    returns: tuple[str, ...]
    draw: Callable[[np.random.Generator], Iterable[Draw]]
    misconceptions: tuple[Misconception, ...]
    equivalents: tuple[Callable, ...]
    hints: tuple[str, ...]
    read: str
    lines: int
    level: int
    bonus: bool = False
    warm_up: bool = False
    tolerance: Tolerance | Callable[[Mapping[str, Any]], Tolerance] = field(
        default_factory=Tolerance
    )
    order: tuple[str, ...] = ()
    observe: Callable[[Any, Mapping[str, Any]], dict[str, Any]] | None = None
    fixed: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    bands: tuple[tuple[float, float], ...] = ()
    measure: Callable[[Any, Mapping[str, Any]], float] | None = None
    stand_in: Callable | None = None
    rehearse: Callable[[np.random.Generator], Iterable[Draw]] | None = None
    own_data: str = ""
    draw_own: (
        Callable[[Path], Callable[[np.random.Generator], Iterable[Draw]]] | None
    ) = None
    broken: tuple[str, ...] = ()
    seconds: float = 5.0
    harmless: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What its heading calls it."""
        return "Warm-up" if self.warm_up else "Exercise"

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the function's parameters, in order."""
        return tuple(inspect.signature(self.reference).parameters)


@dataclass(frozen=True)
class Written:
    """A question answered in words and graded by a person."""

    name: str
    points: int


@dataclass(frozen=True)
class Chapter:
    """One chapter: its folder name, its title and what it asks."""

    name: str
    title: str
    minutes: int
    exercises: tuple[Exercise, ...]
    written: tuple[Written, ...] = ()

    @property
    def number(self) -> int:
        """Number of the chapter, the start of its folder name."""
        return int(self.name.split("_")[0])
