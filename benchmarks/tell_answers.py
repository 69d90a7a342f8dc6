"""What is told of many wrong answers: for a person who reads and counts.

    python -m benchmarks.tell_answers FOLDER [--only TEXT] [--untold]

FOLDER holds `answers.py` with WRONG, WHY and KIND, by name, and `replays/` with a
file for each answer, which defines a function of the course.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import linecache
import statistics
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from autograder.calling.calls import call
from autograder.checking.cases import names, public_question
from autograder.checking.judging import judge
from autograder.diagnosis.place import places
from autograder.diagnosis.telling import seconds_left, tell

Answer = tuple[str, str, str, str, str]
"""Name, exercise, source, kind, why."""


def answers(folder: Path) -> Iterator[Answer]:
    """All wrong answers in a folder."""
    spec = importlib.util.spec_from_file_location("answers", folder / "answers.py")
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for key, (exercise, source) in module.WRONG.items():
        yield key, exercise, source, module.KIND[key], module.WHY[key]
    known = set(names())
    for path in sorted((folder / "replays").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        found = [
            node.name
            for node in ast.parse(source).body
            if isinstance(node, ast.FunctionDef) and node.name in known
        ]
        for exercise in found[-1:]:
            yield path.stem, exercise, source, "replay", ""


def function_of(key: str, exercise: str, source: str) -> Any:
    """The answer as a function whose source can be asked for."""
    file = f"<{key}>"
    linecache.cache[file] = len(source), None, source.splitlines(True), file
    space: dict[str, Any] = {}
    exec(compile(source, file, "exec"), space)  # noqa: S102
    return space[exercise]


def main() -> None:
    """Print what is told of each answer, and how many are told anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--untold", action="store_true", help="Print these alone.")
    parser.add_argument("--messages", action="store_true", help="Print whole messages.")
    given = parser.parse_args()
    counts: dict[str, dict[str, int]] = {}
    seconds = []
    for key, exercise, source, kind, why in answers(given.folder):
        question = public_question(exercise)
        if given.only not in f"{exercise}__{key}" or question.bands:
            continue
        function = function_of(key, exercise, source)
        start = time.process_time()
        outcomes = [
            call(function, case.arguments, question.parameters)
            for case in question.cases
        ]
        plain = judge(question, outcomes)
        left = seconds_left(time.process_time() - start)
        seen = partial(places, question, outcomes, function, left)
        verdict = tell(plain, question, outcomes, seen)
        seconds.append(time.process_time() - start)
        assert (plain.code, plain.score) == (verdict.code, verdict.score)
        kinds = [s.kind for s in verdict.told]
        what = _counted(verdict.code, kinds)
        row = counts.setdefault(kind, {})
        row[what] = row.get(what, 0) + 1
        if given.untold and what not in ("nothing", "right so far"):
            continue
        print(f"== {kind} {key} ({exercise}): {what}, {1e3 * seconds[-1]:.0f} ms")
        print(f"   WHY {why}")
        if given.messages:
            print(verdict.message.text())
        else:
            for statement in verdict.told:
                print(f"   [{statement.kind}] {statement.text}")
    for kind, row in counts.items():
        total = sum(row.values())
        print(kind, total, dict(sorted(row.items())))
    if seconds:
        print(
            f"median {1e3 * statistics.median(seconds):.0f} ms, "
            f"worst {1e3 * max(seconds):.0f} ms"
        )


def _counted(code: str, kinds: list[str]) -> str:
    if code == "passed":
        return "passed"
    if kinds.count("place") > 1 or {"place", "mistake"} <= set(kinds):
        return "two"
    for kind in ("mistake", "place", "mistake-in-part", "relation"):
        if kind in kinds:
            return kind
    return "right so far" if kinds else "nothing"


if __name__ == "__main__":
    main()
