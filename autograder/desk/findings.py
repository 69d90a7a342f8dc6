"""Findings about an installation, and how they are told."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Check", "Finding", "Section", "as_text", "carried_out"]

_WIDTH = 78


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    Attributes
    ----------
    what : str
        Its name.
    ok : bool
        Whether it is there and works.
    found : str
        Its version, its place, or what is wrong.
    use : str
        What it is for.
    remedy : str
        What to type or to do if it is not ok.
    needed : bool
        Whether its section is impossible without it.
    later : str
        The command that brings it, if it is missing since nobody has given that
        command yet.
    """

    what: str
    ok: bool
    found: str
    use: str
    remedy: str = ""
    needed: bool = True
    later: str = ""


Check = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Section:
    """What one kind of work needs."""

    title: str
    findings: tuple[Finding, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing is missing that is needed."""
        return not self._lacking

    @property
    def later(self) -> str:
        """The command that brings all that is missing, if there is one."""
        commands = {finding.later for finding in self._lacking}
        return commands.pop() if len(commands) == 1 else ""

    @property
    def _lacking(self) -> list[Finding]:
        return [f for f in self.findings if f.needed and not f.ok]


def as_text(heading: str, sections: Sequence[Section]) -> str:
    """The findings as text of 78 columns; what is to be typed is never broken."""
    lines = [*heading.splitlines()]
    for section in sections:
        lines += ["", section.title.upper()]
        for finding in section.findings:
            lines += _lines(finding)
    lines.append("")
    for section in sections:
        lines.append(f"{section.title.capitalize()}: {_answer(section)}.")
    return "\n".join(lines) + "\n"


def _answer(section: Section) -> str:
    if section.possible:
        return "all is there"
    if section.later:
        return f"comes with `{section.later}`; nobody needs it to learn"
    return "something is missing"


def _lines(finding: Finding) -> list[str]:
    lacking = finding.needed and not finding.later
    mark = "ok" if finding.ok else "NO" if lacking else "--"
    head = f"  {mark}  {finding.what:<15} "
    short = finding.found if len(finding.found) <= 20 else ""
    lines = [f"{head}{short:<20}  {finding.use}".rstrip()]
    margin = " " * len(head)
    if not short:
        lines += textwrap.wrap(
            finding.found,
            _WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
    if not finding.ok and finding.remedy:
        # Never wrapped: it is there to be copied.
        lines += [f"{margin}-> {line}" for line in finding.remedy.splitlines()]
    return lines


def carried_out(check: Check) -> list[Finding]:
    """What a check finds; if it breaks, that is the finding."""
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001 -- whatever is broken is what we report
        name = check.__name__.strip("_").replace("_", " ")
        kind = "" if type(error) is RuntimeError else f"{type(error).__name__}: "
        found = f"cannot be looked for: {kind}{error}"
        return [Finding(name, False, found, "", "mend what is broken above first")]
