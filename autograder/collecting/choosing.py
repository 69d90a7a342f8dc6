"""Of all notebooks that one person handed in for a chapter, the one to be graded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from autograder.collecting.owner import Owner
from autograder.collecting.reading import Reading
from autograder.collecting.spool import Member

__all__ = ["Candidate", "Choice", "choose"]

_PLAIN_ENDING = re.compile(r"\.ipynb", re.IGNORECASE)
_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A notebook of one person's for one chapter."""

    member: Member
    owner: Owner
    reading: Reading

    @property
    def _when(self) -> tuple[datetime, int]:
        time = self.owner.time
        if time is None:
            return _FIRST, self.owner.attempt
        return time if time.tzinfo else time.replace(tzinfo=UTC), self.owner.attempt

    def follows(self) -> tuple[datetime, int]:
        """Which attempt: later ones compare larger."""
        return self._when

    def preferred(self) -> tuple[bool, tuple[datetime, int], float, bool, int]:
        """The order of choice: worked on, then late, then under the right name."""
        name = PurePosixPath(self.owner.file or self.member.path).name
        stem = _PLAIN_ENDING.split(name)[0]
        usual = self.reading.chapter.casefold() == stem.casefold()
        work = self.reading.work
        return work > 0, self._when, self.member.modified, usual, work


@dataclass(frozen=True)
class Choice:
    """What is graded, what is kept beside, and why.

    Attributes
    ----------
    doubt : bool
        Two copies of one attempt were worked on, and nothing tells which is meant.
    """

    chosen: Candidate
    earlier: tuple[Candidate, ...]
    why: tuple[str, ...]
    doubt: bool = False


def choose(candidates: Sequence[Candidate]) -> Choice:
    """The latest attempt; of its copies one that was worked on.

    An untouched notebook is chosen only if there is nothing else: who hands in
    the release after the work has taken the wrong file.
    """
    ranked = sorted(candidates, key=Candidate.preferred, reverse=True)
    chosen, *others = ranked
    different = [c for c in others if c.reading.digest != chosen.reading.digest]
    why = []
    if chosen.reading.work == 0:
        why.append("untouched: it is as it was released")
    latest = max(c.follows() for c in candidates)
    if chosen.follows() < latest:
        why.append("the latest attempt is untouched, so the one before")
    elif any(c.follows() < latest for c in different):
        why.append("the latest attempt")
    copies = [c for c in different if c.follows() == chosen.follows()]
    if chosen.reading.work and any(c.reading.work == 0 for c in copies):
        why.append("an untouched copy is beside it")
    rivals = [c for c in copies if c.reading.work]
    doubt = False
    if rivals:
        names = ", ".join(sorted(_name(c) for c in rivals))
        newer = all(c.member.modified < chosen.member.modified for c in rivals)
        doubt = not newer
        why.append(
            f"the newest of {len(rivals) + 1} that were worked on; also {names}"
            if newer
            else f"{len(rivals) + 1} were worked on, look: also {names}"
        )
    if chosen.owner.late:
        why.append("late, says Canvas, which tells no time")
    if chosen.reading.note:
        why.append(chosen.reading.note)
    return Choice(chosen, tuple(different), tuple(why), doubt)


def _name(candidate: Candidate) -> str:
    return PurePosixPath(candidate.owner.file or candidate.member.path).name
