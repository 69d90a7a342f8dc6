"""The same evidence for functions in a file, in a process of their own.

What stands in the file is run there again, so that a function can be called
with changes in it and nothing of that reaches the process that judges.
"""

from __future__ import annotations

import contextlib
import io
import json
import linecache
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.checking.verdict import Statement
from autograder.limits import EVIDENCE_SECONDS, FILE_EVIDENCE_SECONDS

__all__ = ["answer", "places_in_file"]

_START = "from autograder.diagnosis.in_file import answer; answer()"


def places_in_file(
    sources: Sequence[str], names: Sequence[str], folder: Path, module: str
) -> dict[str, list[Statement]]:
    """What small changes of the functions called `names` prove, by name.

    Parameters
    ----------
    sources : sequence of str
        The file's cells that are run, in order.
    names : sequence of str
        Exercises that the file does not answer rightly.
    folder : Path
        Where the file lies.
    module : str
        What ``__name__`` is; a notebook's if empty.
    """
    with tempfile.TemporaryDirectory(prefix="evidence-") as temporary:
        found = Path(temporary) / "found.json"
        asked = {
            "sources": list(sources),
            "names": list(names),
            "module": module or "__main__",
            "folder": str(folder),
            "found": str(found),
        }
        try:
            subprocess.run(
                [sys.executable, "-c", _START],
                input=json.dumps(asked).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=FILE_EVIDENCE_SECONDS,
                check=False,
            )
            tree = json.loads(found.read_text(encoding="utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError):
            return {}
    return {name: [Statement(**one) for one in told] for name, told in tree.items()}


def answer() -> None:
    """Answer one such question, which stands on the standard input."""
    asked: Mapping[str, Any] = json.loads(sys.stdin.buffer.read())
    sys.path.insert(0, asked["folder"])
    space: dict[str, Any] = {"__name__": asked["module"]}
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        for number, source in enumerate(asked["sources"], start=1):
            file = f"<cell {number}>"
            lines = source.splitlines(keepends=True)
            linecache.cache[file] = len(source), None, lines, file
            with contextlib.suppress(Exception, SystemExit):
                exec(compile(source, file, "exec"), space)  # noqa: S102
        found = {name: _told(name, space) for name in asked["names"]}
    Path(asked["found"]).write_text(json.dumps(found), encoding="utf-8")


def _told(name: str, space: Mapping[str, Any]) -> list[dict[str, Any]]:
    from autograder.calling.calls import call
    from autograder.checking.cases import public_question
    from autograder.diagnosis.place import places

    function = space.get(name)
    if not callable(function):
        return []
    question = public_question(name)
    try:
        outcomes = [
            call(function, case.arguments, question.parameters)
            for case in question.cases
        ]
        told = places(question, outcomes, function, EVIDENCE_SECONDS)
    except Exception:  # noqa: BLE001
        return []
    return [asdict(statement) for statement in told]
