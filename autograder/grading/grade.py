"""From the bytes of one submission to its result: a pure function."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.checking.cases import Question, draw_question, with_known_cases
from autograder.checking.message import Message
from autograder.checking.verdict import Verdict
from autograder.exercises.spec import Chapter, Exercise
from autograder.grading.examiner import examine
from autograder.grading.result import (
    NOT_OPENED,
    OTHER_CHAPTER,
    OTHER_RELEASE,
    OWN_FAILURE,
    UNREADABLE,
    Result,
    verdict_without,
)
from autograder.grading.words import (
    NOTHING_THERE,
    OTHER_NOTEBOOK,
    PROBLEMS,
    said_again,
)
from autograder.language import N_, _, speaking
from autograder.limits import MAX_TRIALS
from autograder.sandbox.box import BoxFailed
from autograder.sandbox.options import DEFAULT_OPTIONS, RunOptions
from autograder.submissions.belonging import chapter_of_notebook
from autograder.submissions.graft import Grafted, graft
from autograder.submissions.notebook import Problem, parse_notebook
from autograder.submissions.released_cells import checked_name
from autograder.submissions.releases import language_in, release_of, with_points
from autograder.submissions.submission import Doubt, Submission

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = [
    "case_seed",
    "drawing",
    "grade_submission",
    "grafted_submission",
    "own_failure",
]

log = logging.getLogger(__name__)


def grade_submission(
    submission: Submission,
    course: Course,
    secret: bytes,
    options: RunOptions = DEFAULT_OPTIONS,
) -> Result:
    """Grade one submission, in the language of its notebook.

    The result depends on nothing but the arguments.  What goes wrong with a
    submission is in its result and never an exception.

    Parameters
    ----------
    submission : Submission
        The notebook's bytes, the student and the chapter.
    course : Course
    secret : bytes
        What makes the cases of this course unknown before.
    options : RunOptions
        How its code is run.

    Raises
    ------
    NoBox
        If that box does not work here.
    """
    language = language_in(submission.data)
    with speaking(language):
        result = _graded(submission, course, secret, options.with_box_chosen())
    return replace(result, language=language)


def _graded(
    submission: Submission, course: Course, secret: bytes, options: RunOptions
) -> Result:
    released = release_of(submission.data, course, submission.chapter)
    chapter = with_points(course.chapter(submission.chapter), released.data)
    digest = hashlib.sha256(submission.data).hexdigest() if submission.data else ""
    grafted, problem = grafted_submission(submission, course)
    if problem is not None:
        opened = problem.code != NOT_OPENED
        title = N_("NOT READABLE") if opened else N_("NOT JUDGED")
        said = said_again(problem.text, PROBLEMS)
        return Result(
            submission.student,
            submission.chapter,
            digest,
            _all(grafted, chapter, problem.code, title, said),
            problem.text,
            submission.notes,
        )
    notes = *submission.notes, released.note
    of = secret, course.name, submission.student, chapter
    end = time.monotonic() + options.bounds.total_seconds
    for _trial in range(MAX_TRIALS):
        try:
            found = examine(
                grafted.notebook,
                chapter,
                drawing(*of, digest, course.grading),
                options.within(end - time.monotonic()),
                submission.modules,
                drawing(*of, f"{digest}, again", course.grading),
                submission.ran,
            )
        except BoxFailed as failure:
            reason = str(failure)
        except Exception as failure:
            log.exception("%s, %s", submission.student, submission.chapter)
            reason = f"{type(failure).__name__}: {failure}"
        else:
            return Result(
                submission.student,
                submission.chapter,
                digest,
                tuple(_of_this_release(v, grafted) for v in found.verdicts),
                None,
                tuple(n for n in (*notes, *grafted.notes, *found.notes) if n),
                found.outputs,
                found.unexplained,
                found.box,
                found.account,
                ran=found.ran,
                notebook=grafted.notebook,
            )
        if time.monotonic() >= end:
            break  # whoever makes us fail has no more time than others
    return own_failure(submission, course, reason)


def grafted_submission(
    submission: Submission, course: Course
) -> tuple[Grafted, Doubt | None]:
    """The notebook that is graded and shown, and why it is empty if it is."""
    release = release_of(submission.data, course, submission.chapter).data
    code = submission.code or UNREADABLE
    told = submission.problem or NOTHING_THERE
    if submission.data is not None:
        try:
            cells = parse_notebook(submission.data)
        except Problem as problem:
            code, told = UNREADABLE, str(problem)
        else:
            other = chapter_of_notebook(cells, course.chapter(submission.chapter))
            if other is None:
                return graft(release, cells), None
            code, told = (
                OTHER_CHAPTER,
                OTHER_NOTEBOOK.format(
                    other=other.name,
                    asked=submission.chapter,
                    chapter=submission.chapter,
                ),
            )
    return graft(release, ()), Doubt(code, told)


def _of_this_release(verdict: Verdict, grafted: Grafted) -> Verdict:
    """No zero for what may be there under the name of another release."""
    name, unknown = verdict.exercise, grafted.other_release.get(verdict.exercise)
    if unknown is None or verdict.code not in ("not-written", "not-defined"):
        return verdict
    told = _(
        "`{name}` is not in this notebook, which has answers that this release does "
        "not know: {unknown}. It may come from an older release. A person looks at it."
    ).format(name=name, unknown=unknown)
    message = Message(N_("ANOTHER RELEASE"), name, (told,))
    return replace(verdict, code=OTHER_RELEASE, message=message)


def own_failure(submission: Submission, course: Course, reason: str) -> Result:
    """The result of a submission that we failed to grade."""
    release = release_of(submission.data, course, submission.chapter).data
    chapter = with_points(course.chapter(submission.chapter), release)
    grafted, language = graft(release, ()), language_in(submission.data)
    with speaking(language):
        told = _(
            "This could not be graded, for a reason of ours. A person will look at it."
        )
    return Result(
        submission.student,
        submission.chapter,
        hashlib.sha256(submission.data or b"").hexdigest(),
        _all(grafted, chapter, OWN_FAILURE, N_("NOT JUDGED"), told),
        f"Grading failed, not the submission: {reason}",
        submission.notes,
        language=language,
    )


def _all(
    grafted: Grafted, chapter: Chapter, code: str, title: str, told: str
) -> tuple[Verdict, ...]:
    """The same verdict on every function of a chapter."""
    exercises = {exercise.name: exercise for exercise in chapter.exercises}
    names = [n for n in map(checked_name, grafted.notebook["cells"]) if n in exercises]
    return tuple(
        verdict_without(exercises[name], chapter, code, title, told) for name in names
    )


def drawing(
    secret: bytes,
    course: str,
    student: str,
    chapter: Chapter,
    digest: str = "",
    grading: Path | None = None,
) -> Callable[[Exercise], Question]:
    """What draws a student's questions for the notebook of that digest.

    An instructor's own data are in the folder `grading`, if there are any.
    """

    def draw(exercise: Exercise) -> Question:
        own = grading / exercise.own_data if grading and exercise.own_data else None
        if own is not None and exercise.draw_own is not None and own.is_file():
            exercise = replace(exercise, draw=exercise.draw_own(own))
        seed = case_seed(secret, course, student, exercise.name, digest)
        return with_known_cases(draw_question(exercise, chapter, seed))

    return draw


def case_seed(
    secret: bytes, course: str, student: str, exercise: str, digest: str = ""
) -> tuple[int, ...]:
    """Seed of the cases with which a student's function is judged.

    Without the secret nobody can know it before, and with it every regrade of
    the same notebook draws the same cases.  Another notebook gets others: what
    feedback told of the first one's cases is no answer to them.
    """
    fields = [field.encode() for field in (course, student, exercise, digest)]
    text = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    words = hmac.new(secret, text, hashlib.sha256).digest()
    return tuple(int.from_bytes(words[i : i + 4], "big") for i in range(0, 32, 4))
