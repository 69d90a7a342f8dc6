"""The words that people read: those that a learner will search for.

Sources of prose, hints and messages; what is built from them is not read again.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

INSTEAD = {
    r"in the place of": "instead of",
    r"\bbesides?\b": "next to, compared with, in addition to, apart from",
    r"\bg(ive|ives|iving|ave|iven) out\b": "output",
    r"\bfor ever\b": "without end, never stops",
    r"\b[Ww]hich share of\b": "what fraction of",
    r"\bby heart\b": "memorise, overfit",
    r"\bquotients?\b": "ratio",
    r"\beasy to reckon with\b": "easy to calculate with",
    r"\b(comes|came) of it\b|\bwhat comes of\b": "result",
    r"\bmakes? for the\b": "head for",
    r"\bon the mean\b": "on average",
    r"\bHow many \w+ has an?\b": "how many does a … have",
}
"""Patterns, and what a learner knows the thing as."""

FOLDERS = ("exercises", "kernels", "checking", "lab", "desk", "cli")
SOURCES = sorted(
    [
        # Those with a language in their name are no English.
        *(p for p in ROOT.glob("solutions/*/*.py") if p.stem == p.parent.name),
        *(
            ROOT / name
            for name in ("README.md", "TEACHING.md", "HUB.md", "CONTRIBUTING.md")
        ),
        *(
            path
            for folder in FOLDERS
            for path in (ROOT / "autograder" / folder).rglob("*")
            if path.suffix in (".py", ".toml", ".html")
        ),
    ]
)

NAMES = re.compile(
    r"checking[./]beside\b|\bbeside\(|import Comparison, beside|\"beside\""
)
"""Code: a module and a function of this name."""


def readable(path):
    """The text without names of code."""
    return NAMES.sub("", path.read_text(encoding="utf-8"))


def test_there_is_something_to_read():
    """Nine chapters, their exercises with mistakes, and the pages at the top."""
    kinds = [path.suffix for path in SOURCES]

    assert len([path for path in SOURCES if "solutions" in path.parts]) == 9
    assert kinds.count(".toml") > 50
    assert kinds.count(".md") == 4


@pytest.mark.parametrize("pattern", INSTEAD)
def test_a_word_nobody_searches_for_is_not_used(pattern):
    """Each place with its line, and what to write instead."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(readable(path).splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert not found, f"write {INSTEAD[pattern]}:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "word",
    [
        "overfit",
        "memorise",
        "hyperparameter",
        "iterate",
        "stationary point",
        "pre-activation",
        "ratio",
        "fraction",
    ],
)
def test_a_word_to_search_for_is_there(word):
    """In some chapter's text."""
    chapters = [path for path in SOURCES if "solutions" in path.parts]

    assert any(word in path.read_text(encoding="utf-8") for path in chapters)
