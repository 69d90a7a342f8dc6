"""Questions with their cases: drawn live from the registry, or read from a file.

A `Question` is all that a check needs, and holds no kernel.  In a checkout and
in the grader it is made from the registry; in a learner's installation, which
has no registry, it is read from a recorded file.  Nothing after this module
knows the difference.
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

import numpy as np

from autograder.calling.calls import Outcome, call
from autograder.calling.inputs import Seed, materialise
from autograder.calling.packing import pack
from autograder.calling.quietness import quiet
from autograder.checking.words.phrases import sentences
from autograder.exercises import observations, words_of
from autograder.exercises.spec import Chapter, Exercise, Misconception, Tolerance
from autograder.language import ENGLISH, _, spoken

__all__ = [
    "Case",
    "NoSuchExercise",
    "Question",
    "but_for_seeds",
    "draw_question",
    "in_spoken_words",
    "names",
    "public_question",
    "public_question_in",
    "public_seed",
    "with_known_cases",
]


class NoSuchExercise(KeyError):
    """There is no exercise of that name here."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Case:
    """One call to make, and what everybody's answer to it would be.

    Attributes
    ----------
    label : str
        What this case tries: "third step of a run".
    arguments : mapping
        By name; functions and generators as data.
    expected : Outcome
        What the reference does.
    mistaken : mapping of str to Outcome
        What each misconception does, by its name.
    fixed : mapping
        What `Exercise.fixed` gives, for the observation alone.
    known : bool
        Whether a learner has seen just this case, with its answer.
    """

    label: str
    arguments: Mapping[str, Any]
    expected: Outcome
    mistaken: Mapping[str, Outcome]
    tolerance: Tolerance
    fixed: Mapping[str, Any] = field(default_factory=dict)
    known: bool = False

    @property
    def telling(self) -> bool:
        """Whether a right answer to it can only have been computed."""
        return not self.known and self.expected.error is None


@dataclass(frozen=True)
class Question:
    """One exercise as a check sees it: cases and texts, and no kernel.

    Its texts are in the language that was spoken when it was made.
    """

    name: str
    chapter: str
    points: int
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    order: tuple[str, ...]
    observe: str | None
    seconds: float
    read: str
    hints: tuple[str, ...]
    forms: Mapping[str, tuple[str, str]]
    """Of each misconception: which form it is, and why that is wrong."""
    cases: tuple[Case, ...]
    pair: Callable[[str], tuple[str, str] | None] | None = None
    """The same of two misconceptions at once, by the name of both, if they compose;
    None where there is no registry."""
    bands: tuple[tuple[float, float], ...] = ()
    measure: str | None = None
    to_mend: bool = False
    """Whether the answer begins as code with mistakes, which are to be found."""

    @property
    def measurer(self) -> Callable:
        """The function that measures how well an answer does, for `bands`."""
        assert self.measure is not None
        return getattr(observations, self.measure)

    @property
    def observer(self) -> Callable | None:
        """The function that makes an observation of a returned value."""
        return getattr(observations, self.observe) if self.observe else None


def names() -> tuple[str, ...]:
    """Names of all exercises that this installation can check."""
    if _has_registry():
        from autograder.exercises import EXERCISES

        return tuple(exercise.name for exercise in EXERCISES)
    from autograder.checking.recorded import recorded_files

    return tuple(recorded_files())


def public_question(name: str) -> Question:
    """The question with the cases that every learner sees.

    Raises
    ------
    NoSuchExercise
        If no exercise has that name.
    """
    return public_question_in(spoken(), name)


@cache
def public_question_in(_language: str, name: str) -> Question:
    """The same in one of `language.languages`, which has to be spoken now."""
    known = names()
    if name not in known:
        import difflib

        near = difflib.get_close_matches(str(name), known, n=1)
        told = _("There is no exercise called `{name}`.").format(name=name)
        advice = _("Did you mean `{name}`?").format(name=near[0]) if near else ""
        raise NoSuchExercise(sentences(told, advice))
    if _has_registry():
        from autograder.exercises import chapter_of, find

        exercise = find(name)
        public = replace(exercise, draw=exercise.rehearse or exercise.draw)
        return draw_question(public, chapter_of(name), public_seed(name))
    from autograder.checking.recorded import load_recorded, recorded_files

    return load_recorded(recorded_files()[name].read_bytes())


def public_seed(name: str) -> tuple[int, ...]:
    """Seed of the cases that every learner sees, fixed by the exercise's name."""
    return (zlib.crc32(name.encode()),)


def draw_question(
    exercise: Exercise, chapter: Chapter, seed: tuple[int, ...]
) -> Question:
    """Draw the cases of `exercise` and answer each with every known kernel."""
    rng = np.random.default_rng(seed)
    right = exercise.stand_in or exercise.reference
    draws = list(exercise.draw(rng))
    with quiet():
        expected = [call(right, given, exercise.parameters) for _label, given in draws]
    tolerance = exercise.tolerance
    cases = [
        Case(
            label=label,
            arguments=arguments,
            expected=outcome,
            mistaken=_Mistaken(exercise, arguments),
            tolerance=tolerance(arguments) if callable(tolerance) else tolerance,
            fixed=exercise.fixed(arguments) if exercise.fixed else {},
        )
        for (label, arguments), outcome in zip(draws, expected, strict=True)
    ]
    question = Question(
        name=exercise.name,
        chapter=chapter.name,
        points=exercise.points,
        parameters=exercise.parameters,
        returns=exercise.returns,
        order=exercise.order or exercise.returns,
        observe=exercise.observe.__name__ if exercise.observe else None,
        seconds=exercise.seconds,
        read=exercise.read,
        hints=exercise.hints,
        forms={m.name: (m.form, m.why) for m in exercise.misconceptions},
        cases=tuple(cases),
        # Calls of a measured answer take long; of code to mend a pair would tell all.
        pair=None if exercise.bands or exercise.broken else partial(words_of, exercise),
        bands=exercise.bands,
        measure=exercise.measure.__name__ if exercise.measure else None,
        to_mend=bool(exercise.broken),
    )
    return in_spoken_words(question)


def in_spoken_words(question: Question) -> Question:
    """`question`, whose texts are English, in the language that is spoken."""
    if spoken() == ENGLISH:
        return question
    return replace(
        question,
        read=_(question.read),
        hints=tuple(map(_, question.hints)),
        forms={name: (_(form), _(why)) for name, (form, why) in question.forms.items()},
        cases=tuple(replace(case, label=_(case.label)) for case in question.cases),
    )


def with_known_cases(question: Question) -> Question:
    """`question` with those cases marked that are among the public ones."""
    public = _public_cases(question.name)
    known = (but_for_seeds(case.arguments) in public for case in question.cases)
    pairs = zip(question.cases, known, strict=True)
    return replace(question, cases=tuple(replace(c, known=k) for c, k in pairs))


@cache
def _public_cases(name: str) -> frozenset[bytes]:
    return frozenset(but_for_seeds(c.arguments) for c in public_question(name).cases)


def but_for_seeds(arguments: Mapping[str, Any]) -> bytes:
    """What two cases have in common that differ in their generators alone."""
    return pack(
        {
            name: Seed(0) if isinstance(value, Seed) else value
            for name, value in arguments.items()
        }
    )


class _Mistaken(Mapping[str, Outcome]):
    """What each misconception does, found when asked for: most answers are right.

    Two at once are found by their name as well, and are not counted.
    """

    def __init__(self, exercise: Exercise, arguments: Mapping[str, Any]):
        self._exercise = exercise
        self._singles = {m.name: m for m in exercise.misconceptions}
        self._arguments = arguments
        self._known: dict[str, Outcome] = {}
        self._glances: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Outcome:
        if name not in self._known:
            mistake = self._find(name)
            if mistake is None:
                raise KeyError(name)
            parameters = self._exercise.parameters
            self._known[name] = call(mistake.mutant, self._arguments, parameters)
        return self._known[name]

    def at_a_glance(self, name: str) -> Any:
        """What it returns, and nothing of how it behaves: for a look at very many."""
        if name not in self._glances:
            mistake = self._find(name)
            if mistake is None:
                raise KeyError(name)
            given = {n: materialise(n, value) for n, value in self._arguments.items()}
            self._glances[name] = mistake.mutant(**given)
        return self._glances[name]

    def _find(self, name: str) -> Misconception | None:
        if name in self._singles:
            return self._singles[name]
        from autograder.exercises import find_mistake

        return find_mistake(self._exercise, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._singles)

    def __len__(self) -> int:
        return len(self._singles)


def _has_registry() -> bool:
    return importlib.util.find_spec("autograder.kernels") is not None
