"""Late work by the rules of the class: nbgrader's plugin, and words for the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nbgrader.plugins import LateSubmissionPlugin

from autograder.course import Course, NotACourse, load_course, nbgrader_settings
from autograder.language import N_, _, ngettext
from autograder.term.class_file import load_rules
from autograder.term.rules import Rules, span

__all__ = ["ClassPenalties", "refuse_two_late_rules", "told_times"]

PLUGIN = f"{__name__}.ClassPenalties"


class ClassPenalties(LateSubmissionPlugin):
    """Takes off what `class.toml` says; without a rule there, what nbgrader would."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off; None for none."""
        late = self._rules.late
        if late is None:
            return super().late_submission_penalty(
                student_id, score, total_seconds_late
            )
        return late.taken_off(score, total_seconds_late) or None

    @cached_property
    def _rules(self) -> Rules:
        known = getattr(self.parent, "class_rules", None)
        return known or load_rules(load_course(Path.cwd()))


def refuse_two_late_rules(course: Course, rules: Rules) -> None:
    """Refuse to grade where nbgrader's settings and `class.toml` both have a rule.

    Raises
    ------
    NotACourse
        With both, and what to do.
    """
    if rules.late is None:
        return
    settings = nbgrader_settings(course.root)
    plugin = settings.AssignLatePenalties.get("plugin_class", "")
    policy = settings.LateSubmissionPlugin.get("penalty_method", "none")
    other = "" if plugin == PLUGIN else f"AssignLatePenalties.plugin_class = {plugin!r}"
    if policy != "none":
        other = f"LateSubmissionPlugin.penalty_method = {policy!r}"
    if other:
        raise NotACourse(
            f"grading/class.toml has a table [late], and nbgrader's settings have "
            f"c.{other}. Leave one of the two: [late] needs "
            f"c.AssignLatePenalties.plugin_class = {PLUGIN!r}, as in "
            "nbgrader_config.py, and no penalty_method."
        )


def told_times(entry: Any, rules: Rules) -> str:
    """When something was handed in and was due, and what that costs; may be empty.

    Parameters
    ----------
    entry : SubmittedNotebook
        Of nbgrader's gradebook, with its penalty.
    rules : Rules
    """
    if not rules.there:
        return ""
    assignment = entry.assignment
    told = []
    if assignment.timestamp is not None:
        handed_in = _shown(assignment.timestamp, rules)
        told.append(_("Handed in {time}.").format(time=handed_in))
    if assignment.duedate is not None:
        more = span(assignment.extension) if assignment.extension else ""
        due = _("Due {time}, {span} more.") if more else _("Due {time}.")
        told.append(due.format(time=_shown(assignment.duedate, rules), span=more))
    seconds = assignment.total_seconds_late
    if seconds > 0:
        late = span(timedelta(seconds=seconds))
        words = _("Late by {span}: {taken}.")
        told.append(words.format(span=late, taken=_taken(entry, rules)))
    return " ".join(told)


def _taken(entry: Any, rules: Rules) -> str:
    lost, late = entry.late_submission_penalty or 0.0, rules.late
    seconds = entry.assignment.total_seconds_late
    if late is not None and late.days(seconds) == 0:
        return _("up to {span} is not late").format(span=span(late.grace))
    if not lost:
        return _("nothing is taken off")
    # Of a part of a point there are many.
    taken = ngettext(
        "{n} point taken off", "{n} points taken off", 1 if lost == 1 else 2
    )
    taken = taken.format(n=f"{lost:g}")
    if late is None:
        return taken
    return _("{taken} ({rule})").format(taken=taken, rule=late)


def _shown(time: datetime, rules: Rules) -> str:
    """A time of the gradebook's, which are in UTC, as the class writes it."""
    zone = ZoneInfo(rules.zone or "UTC")
    there = time.replace(tzinfo=UTC).astimezone(zone)
    return _("{day} {month} {year}, {time} ({zone})").format(
        day=there.day,
        month=_(_MONTHS[there.month - 1]),
        year=there.year,
        time=f"{there:%H:%M}",
        zone=zone.key,
    )


_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November")),
    N_("December"),
)
