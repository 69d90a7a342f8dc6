"""Answers that are judged by how well they do: points by bands of a measure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.calling.calls import Outcome
from autograder.checking.cases import Case, Question
from autograder.checking.comparison import not_finite
from autograder.checking.finding import Finding
from autograder.language import N_, _

__all__ = ["least_measure", "score_by_bands", "told_measure", "too_little"]


def too_little(question: Question, case: Case, got: Outcome) -> Finding | None:
    """What keeps an answer of the right kind and shape from the last band."""
    if not np.isfinite(got.returned).all():
        part = question.returns[0]
        return Finding(
            "wrong-values",
            N_("NOT FINITE"),
            not_finite(part),
            given={"result": part},
        )
    reached = _measured(question, case, got)
    if reached >= question.bands[-1][0]:
        return None
    rungs = [
        _("{percent} % earn {points}").format(
            percent=f"{100 * limit:g}", points=f"{share * question.points:g}"
        )
        for limit, share in question.bands
    ]
    return Finding(
        "wrong-values",
        N_("NOT ENOUGH"),
        N_("`{name}` gives {measure}. Of {points} points, {rungs}."),
        given={
            "measure": told_measure(question, reached),
            "points": question.points,
            "rungs": _(", ").join(rungs),
        },
    )


def score_by_bands(
    question: Question,
    pairs: Sequence[tuple[Case, Outcome]],
    wrong: Sequence[Finding | None],
    law_broken: bool,
) -> float:
    """Points of the band that the worst case reaches; half if a law is broken."""
    if any(finding and finding.title != "NOT ENOUGH" for finding in wrong):
        return 0.0
    least = least_measure(question, pairs)
    share = max((s for limit, s in question.bands if least >= limit), default=0.0)
    return round(question.points * share * (0.5 if law_broken else 1.0), 2)


def least_measure(question: Question, pairs: Sequence[tuple[Case, Outcome]]) -> float:
    """The measure of the worst case."""
    return min(_measured(question, case, got) for case, got in pairs)


_MEASURES = {
    "right_labels": N_("{percent} % right labels"),
    "of_the_way_down": N_("{percent} % of the way down"),
}


def told_measure(question: Question, reached: float) -> str:
    """The measure in words: 96.4 % right labels.  No rounding lifts it into a band."""
    name, shown = str(question.measure), round(100 * reached, 1)
    if any(reached < limit <= shown / 100 for limit, _ in question.bands):
        shown = int(1000 * reached + 1e-9) / 10
    words = _MEASURES.get(name, "{percent} % " + name.replace("_", " "))
    return _(words).format(percent=f"{shown:g}")


def _measured(question: Question, case: Case, got: Outcome) -> float:
    return question.measurer(got.returned, {**case.arguments, **case.fixed})
