"""What Git asks before a commit is what `make test` lints, with the same tools."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS = [hook for repo in CONFIG["repos"] for hook in repo["hooks"]]


def test_hooks_are_the_linters_of_make_test():
    """The same commands with the same options, in the same order; only pytest waits."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(r"^test:.*?(?=^\w)", makefile, flags=re.M | re.S)[0]
    commands = re.findall(r"\$\(COURSE\) (-m .*?)(?: \|\| \\)?$", recipe, flags=re.M)
    *linters, tests = commands

    assert tests.startswith("-m pytest")
    assert [hook["entry"] for hook in HOOKS] == [
        f".venv/bin/python {c}" for c in linters
    ]


def test_hooks_fetch_nothing():
    """They are local, and run on the whole course rather than on a list of files."""
    assert {repo["repo"] for repo in CONFIG["repos"]} == {"local"}
    assert {hook["language"] for hook in HOOKS} == {"system"}
    assert not any(hook["pass_filenames"] for hook in HOOKS)
