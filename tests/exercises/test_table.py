"""Every exercise of the registry against its own known right and wrong answers."""

import inspect
import re

import numpy as np
import pytest

from autograder.authoring.prover import mutants_of, prove
from autograder.checking.cases import draw_question, public_question, public_seed
from autograder.checking.judging import is_right, verdict
from autograder.checking.laws import WHY_A_LAW
from autograder.desk.checks import CheckFailed, check
from autograder.exercises import CHAPTERS, EXERCISES, chapter_of

SEEDS = [(1,), (2,), (3,)]

CODE = re.compile(r"\w[(\[_]\w|np\.|return \w+ [-+*/]|[=@*]")
"""What no sentence has: a call, an index, a name in two parts, an operator."""

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def questions(exercise):
    """The public cases, and fresh ones as the grader draws them.

    Of an exercise whose answers train for a while, only one fresh draw.
    """
    chapter = chapter_of(exercise.name)
    seeds = SEEDS[:1] if exercise.bands else SEEDS
    fresh = [draw_question(exercise, chapter, seed) for seed in seeds]
    return [public_question(exercise.name), *fresh]


def told_as(mistake, named):
    """What to do about a misconception that is not told as itself."""
    others = [name for name in named if name != mistake.name]
    if not others:
        return (
            f"{mistake.name} is not told by its numbers: it needs a case that shows it"
        )
    return (
        f"{mistake.name} and {', '.join(others)} give the same in every case: "
        "drop one, or add a case in which they differ"
    )


def one_line(text):
    return " ".join(text.split())


@every_exercise
def test_reference_passes(exercise):
    """The reference is right in the public cases and in fresh ones."""
    for question in questions(exercise):
        found = verdict(exercise.reference, question)

        assert found.passed, found.message.text()
        assert found.score == exercise.points


@every_exercise
def test_every_equivalent_passes(exercise):
    """Other right forms are right too, and there are some."""
    assert exercise.equivalents
    for question in questions(exercise):
        for form in exercise.equivalents:
            found = verdict(form, question)

            assert found.passed, f"{form.__name__}:\n{found.message.text()}"
        assert is_right(exercise.equivalents[0], question)


@every_exercise
def test_every_misconception_is_named(exercise):
    """A known wrong answer fails, and the message says which mistake it is."""
    for mistake in exercise.misconceptions:
        with pytest.raises(CheckFailed) as failed:
            check(mistake.mutant, exercise.name)

        named = failed.value.verdict.misconceptions
        assert named == (mistake.name,), told_as(mistake, named)
        assert mistake.form in one_line(str(failed.value))
        why = mistake.why or WHY_A_LAW[failed.value.verdict.code]
        assert one_line(why) in one_line(str(failed.value))


@every_exercise
def test_every_misconception_is_named_in_fresh_cases(exercise):
    """What is named in the public cases is named in the grader's cases too."""
    for question in questions(exercise):
        for mistake in exercise.misconceptions:
            found = verdict(mistake.mutant, question)

            named = found.misconceptions
            assert named == (mistake.name,), told_as(mistake, named)
            assert found.score < exercise.points
            assert not is_right(mistake.mutant, question)
            assert mistake.why or found.code in WHY_A_LAW


@every_exercise
def test_there_are_enough_misconceptions(exercise):
    """At least four for each exercise, under names that are all different."""
    names = [mistake.name for mistake in exercise.misconceptions]

    assert len(names) >= 4
    assert len(set(names)) == len(names)


def test_there_are_six_misconceptions_on_average():
    """In every chapter."""
    for chapter in CHAPTERS:
        counts = [len(e.misconceptions) for e in chapter.exercises]

        assert np.mean(counts) >= 6, chapter.name


@every_exercise
def test_stub_is_not_written_yet(exercise):
    """The stub of the release is told apart from a wrong answer, and earns nothing."""

    def stub(*args, **kwargs):
        raise NotImplementedError("not written yet")

    found = verdict(stub, public_question(exercise.name))

    assert (found.code, found.score) == ("not-written", 0.0)


@every_exercise
def test_returning_none_is_named(exercise):
    """A forgotten `return` is told as such, and earns nothing."""
    found = verdict(lambda *args, **kwargs: None, public_question(exercise.name))

    assert (found.code, found.score) == ("wrong-type", 0.0)
    assert "returns None" in found.message.text()


@pytest.mark.parametrize(
    "exercise", [e for e in EXERCISES if not e.bands], ids=lambda e: e.name
)
def test_prover_finds_no_hole(exercise):
    """Every small change of the reference is refused, but for the listed right ones.

    Where an answer is judged by how well it does, a change that does as well is
    right, so nothing is to be proved.
    """
    chapter = chapter_of(exercise.name)

    proof = prove(exercise, chapter, public_seed(exercise.name))

    assert proof.n_mutants >= 10
    assert proof.survivors == ()
    assert proof.stale == ()


def test_prover_reports_a_survivor():
    """With cases too weak to see a mistake, the prover says which one passes."""
    from dataclasses import replace

    from autograder.exercises import find

    weak = replace(
        find("momentum_step"),
        draw=lambda rng: [
            (
                "no momentum and no velocity",
                {
                    "theta": np.ones(2),
                    "velocity": np.zeros(2),
                    "grad": np.ones(2),
                    "lr": 0.1,
                    "beta": 0.0,
                },
            )
        ],
    )

    proof = prove(weak, chapter_of("momentum_step"), (0,))

    assert any("velocity" in change for change in proof.survivors)


def test_mutants_are_different_functions():
    """Each mutant is one change, described once."""
    from autograder.kernels.momentum import momentum_step

    mutants = list(mutants_of(momentum_step))

    assert len({m.change for m in mutants}) == len(mutants)
    old = "velocity = beta * velocity - lr * grad"
    assert {
        f"{old} -> velocity = beta * velocity + lr * grad",
        f"{old} -> velocity = lr * grad",
        f"{old} -> velocity[...] = beta * velocity - lr * grad",
        f"{old} -> nothing",
    } <= {mutant.change for mutant in mutants}


@every_exercise
def test_mutants_take_the_references_parameters(exercise):
    """A wrong or other right form has the signature that learners are given."""
    wanted = inspect.signature(exercise.reference)
    forms = [m.mutant for m in exercise.misconceptions] + list(exercise.equivalents)
    for form in forms:
        assert list(inspect.signature(form).parameters) == list(wanted.parameters)


@every_exercise
def test_case_sizes_are_readable(exercise):
    """The first case is one that a person can follow."""
    first = public_question(exercise.name).cases[0]
    sizes = [v.size for v in first.arguments.values() if isinstance(v, np.ndarray)]

    assert max(sizes, default=0) <= 16


@every_exercise
def test_texts_are_whole(exercise):
    """Hints climb three rungs or more, and every text ends as a sentence does."""
    assert len(exercise.hints) >= 3
    assert exercise.read
    assert 1 <= exercise.level <= 3
    assert exercise.lines >= 1
    for mistake in exercise.misconceptions:
        assert not mistake.form.endswith(".")
        assert not mistake.why or mistake.why.endswith((".", "?"))
    for hint in exercise.hints:
        assert hint.endswith((".", "?", "`", ":"))


@every_exercise
def test_code_in_hints_stands_in_backquotes(exercise):
    """So that it is told from words, in text and in HTML."""
    for hint in exercise.hints:
        outside = " ".join(hint.split("`")[::2])

        assert hint.count("`") % 2 == 0
        assert not CODE.search(outside), outside


def test_names_are_unique():
    """One function name, one exercise."""
    names = [exercise.name for exercise in EXERCISES]

    assert len(set(names)) == len(names)
