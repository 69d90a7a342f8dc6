"""One chapter of the class report: marks, exercises, mistakes, what to look at."""

from __future__ import annotations

from autograder.report.charts import bins_of, histogram, stacked_bar
from autograder.report.rendering import Html, element, join, prose
from autograder.report.students import students_part, troubles_part
from autograder.report.summary import OUTCOMES, ChapterSummary, ExerciseSummary
from autograder.report.words import Style, cell, named, people, plain_number, table
from autograder.report.wrong_answers import groups_part, mistakes_part

__all__ = ["chapter_section"]


def chapter_section(chapter: ChapterSummary, style: Style) -> Html:
    """Everything about one chapter."""
    return element(
        "section",
        element("h2", f"{chapter.number} · {chapter.title}", id=chapter.name),
        _facts(chapter),
        _in_short(chapter),
        _marks(chapter),
        _exercises(chapter),
        mistakes_part(chapter, style),
        groups_part(chapter, style),
        troubles_part(chapter, style),
        None if style.anonymous else students_part(chapter, style),
    )


def _facts(chapter: ChapterSummary) -> Html:
    marks = f" of {plain_number(chapter.out_of)}"
    facts = [
        ("submissions", f"{len(chapter.graded):,}", ""),
        ("median mark", plain_number(chapter.median), marks),
        ("mean mark", plain_number(chapter.mean), marks),
        ("with all points", f"{chapter.full:,}", ""),
    ]
    if chapter.waiting:
        facts.append(("written answers to read", f"{chapter.waiting:,}", ""))
    return element(
        "dl",
        *(
            element(
                "div",
                element("dt", term),
                element("dd", value, element("small", unit) if unit else None),
            )
            for term, value, unit in facts
        ),
        class_="facts",
    )


def _in_short(chapter: ChapterSummary) -> Html | None:
    """The two things to take along, in a sentence each."""
    judged = [one for one in chapter.exercises if one.judged]
    if not judged:
        return None
    hardest = min(judged, key=lambda one: one.pass_rate)
    told: list[str] = [
        "Hardest: ",
        named(hardest.name),
        f", right for {hardest.counts['right']:,} of {hardest.judged:,}. ",
    ]
    if chapter.mistakes:
        most = chapter.mistakes[0]
        told += ["Most frequent mistake: ", prose(most.form), ", in "]
        told += [named(most.exercise), f" ({people(len(most.students))})."]
    return element("p", *told)


def _marks(chapter: ChapterSummary) -> Html | None:
    if not chapter.marks or chapter.median is None:
        return element("p", "There is no mark yet.", class_="soft")
    told = f"Students by mark, out of {plain_number(chapter.out_of)}."
    if chapter.waiting:
        told += " Written answers that wait count as 0 until they are read."
    lacking = len(chapter.graded) - len(chapter.marks)
    if lacking:
        told += f" Without a mark: {lacking}."
    rows = [
        element(
            "tr",
            element("th", f"{one.low:g} to under {one.high:g}", scope="row"),
            cell(one.count),
        )
        for one in bins_of(chapter.marks, chapter.out_of)
    ]
    return element(
        "figure",
        histogram(chapter.marks, chapter.out_of, chapter.median),
        element("figcaption", told),
        element(
            "details",
            element("summary", "The same as a table"),
            table("Students by mark", ["Marks", " Students"], rows),
        ),
    )


def _exercises(chapter: ChapterSummary) -> Html:
    key = [
        join([element("span", "", class_=f"key {one.replace(' ', '-')}"), f"{one}  "])
        for one in OUTCOMES
    ]
    return element(
        "div",
        element("h3", "Exercises"),
        table(
            join(["What became of each answer: ", *key]),
            [
                "Exercise",
                " Points",
                " Pass rate",
                "Shares",
                *(f" {one.capitalize()}" for one in OUTCOMES),
            ],
            [_exercise(one) for one in chapter.exercises],
            data_sortable="",
        ),
    )


def _exercise(exercise: ExerciseSummary) -> Html:
    rate = f"{100 * exercise.pass_rate:.0f} %" if exercise.judged else "–"
    return element(
        "tr",
        element("th", named(exercise.name), scope="row", class_="name"),
        cell(exercise.points),
        cell(rate),
        element("td", stacked_bar(exercise.counts)),
        *(cell(exercise.counts[one]) for one in OUTCOMES),
    )
