"""What the fork server does once for all notebooks: done whole, and nothing stays."""

from __future__ import annotations

import json
import subprocess
import sys

from autograder.sandbox.run import Run

LOOKS = """
import contextlib, json, os, sys, warnings
import autograder
from autograder.sandbox.inside import rehearsal
from autograder.sandbox.inside.shell import new_shell

asked = []
autograder.check = lambda function: asked.append(float(function(1.0, 2)[0]))
shell = new_shell()
kept = shell.history_manager

def seen():
    names = {name: str(type(value)) for name, value in sorted(shell.user_ns.items())}
    return [
        names, shell.user_ns["In"], shell.user_ns["Out"],
        shell.user_ns["In"] is shell.user_ns["_ih"] is kept.input_hist_parsed,
        shell.user_ns["Out"] is shell.user_ns["_oh"] is kept.output_hist,
        shell.execution_count, shell.error, shell.user_module.__dict__ is shell.user_ns,
        sorted(shell.user_ns_hidden), sys.path, os.getcwd(), str(warnings.filters),
    ]

fresh = seen()
swallowed = []
class Suppress(contextlib.suppress):
    def __exit__(self, kind, error, trace):
        swallowed.append(repr(error) if error else None)
        return super().__exit__(kind, error, trace)
rehearsal.contextlib = type("contextlib", (), {"suppress": Suppress})
rehearsal.rehearse(shell)
now = seen()
print(json.dumps([[a, b] for a, b in zip(fresh, now) if a != b], default=str))
print(json.dumps([swallowed, asked]))
"""


def test_it_comes_to_its_end_and_leaves_a_shell_that_nobody_has_used():
    done = subprocess.run(
        [sys.executable, "-c", LOOKS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

    changed, told = map(json.loads, done.stdout.splitlines())
    swallowed, asked = told

    assert changed == []
    assert swallowed == [None]
    assert asked == [1.0]


def test_later_notebooks_find_nothing_of_it(fresh_box):
    """Nor of each other: the second one is forked after it was done."""
    for _ in range(3):
        with Run(fresh_box) as run:
            report = run.cell(1, "print(sorted(dir()), len(In), Out)")
            defined = run.defined(["rehearsed"])

        assert "rehearsed" not in report.outputs[0]["text"]
        assert report.outputs[0]["text"].endswith("2 {}\n")
        assert defined == []
