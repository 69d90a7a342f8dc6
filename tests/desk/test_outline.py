"""The outline is the registry's, and survives being written to a bundle."""

from __future__ import annotations

import importlib.util
import json

import pytest

from autograder.desk import outline as module
from autograder.desk.outline import outline, record_outline
from autograder.exercises import CHAPTERS


def test_outline_is_the_registrys():
    assert [c.name for c in outline()] == [c.name for c in CHAPTERS]
    for ours, theirs in zip(outline(), CHAPTERS, strict=True):
        named = [*theirs.exercises, *theirs.written]
        assert [t.name for t in ours.tasks] == [task.name for task in named]
        assert (ours.title, ours.minutes) == (theirs.title, theirs.minutes)


@pytest.fixture
def learners(tmp_path, monkeypatch):
    """An installation without a registry, with these files beside its cases."""
    monkeypatch.setattr(module.resources, "files", lambda _: tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    outline.cache_clear()
    (tmp_path / "recorded").mkdir()
    yield tmp_path / "recorded"
    outline.cache_clear()


def test_a_bundle_has_the_chapters_that_were_chosen(learners):
    full = tuple(module._outline_of(chapter) for chapter in CHAPTERS)
    (learners / module.OUTLINE).write_bytes(record_outline(CHAPTERS[3:5]))

    assert outline() == full[3:5]


def test_an_installation_without_an_outline_has_no_chapters(learners):
    assert outline() == ()


def test_outline_holds_no_answer():
    """Names, titles and numbers; no hint and no misconception."""
    keys = {
        key
        for chapter in json.loads(record_outline(CHAPTERS))
        for thing in (chapter, *chapter["tasks"])
        for key in thing
    }

    assert keys == {"name", "title", "number", "minutes", "tasks", "kind", "label"}
