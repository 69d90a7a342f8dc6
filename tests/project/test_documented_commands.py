"""Commands that the documents name are there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from autograder.cli import main

ROOT = Path(__file__).parents[2]
NAMES = (
    "README.md",
    "TEACHING.md",
    "HUB.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    ".github/pull_request_template.md",
)
TEXTS = [ROOT / name for name in NAMES if (ROOT / name).exists()]
TARGETS = set(
    re.findall(
        r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M
    )
)


def code_in(text: str) -> list[str]:
    """Lines of fenced blocks, and the spans between backticks."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, flags=re.M | re.S)
    rest = re.sub(r"^```[^\n]*\n.*?^```", "", text, flags=re.M | re.S)
    spans = re.findall(r"`([^`\n]+)`", rest)
    return [line.strip() for block in blocks for line in block.splitlines()] + spans


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_make_commands_exist(path):
    """Every `make X` in a document is a target of the Makefile."""
    named = {
        word
        for line in code_in(path.read_text(encoding="utf-8"))
        for word in re.findall(r"(?:^|[\s;&$])make ([a-z]+)\b", line)
    }

    assert named <= TARGETS


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_autograder_commands_exist(path):
    """Every `autograder X` in a document is a command, with the options shown."""
    for line in code_in(path.read_text(encoding="utf-8")):
        called = re.search(r"(?:^|[\s/])autograder ([a-z]+)\b(.*)", line)
        if called is None:
            continue
        name, rest = called.groups()
        command = main.get_command(click.Context(main), name)
        assert command is not None, line
        known = {option for p in command.params for option in p.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known | {"--help"}, line


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_nbgrader_commands_exist(path):
    """Every `nbgrader X` in a document is one of nbgrader's commands."""
    from nbgrader.apps import NbGraderApp

    named = {
        word
        for line in code_in(path.read_text(encoding="utf-8"))
        for word in re.findall(r"^nbgrader ([a-z_]+)\b", line)
    }

    assert named <= set(NbGraderApp.subcommands)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_files_exist(path):
    """Every file or picture that a document links to is there."""
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    links += re.findall(r'(?:src|href)="(?!https?:|#)([^"#]+)"', text)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_code_is_found_in_blocks_and_spans():
    """The reader of documents sees both forms, and nothing else."""
    text = "Run `make lab` or\n```sh\nmake grade  # a class\n```\nand make do.\n"

    assert code_in(text) == ["make grade  # a class", "make lab"]
