"""Cells of a notebook that somebody handed in: what of each is kept."""

from __future__ import annotations

import json

from autograder.submissions.notebook import parse_notebook


def test_pasted_pictures_are_kept_as_long_as_they_are_not_too_large(monkeypatch):
    """A page holds them all; half a character in a name breaks nothing."""
    monkeypatch.setattr("autograder.submissions.notebook.MAX_ATTACHMENTS", 10)
    texts = [
        {
            "cell_type": "markdown",
            "id": f"t{i}",
            "metadata": {},
            "source": "x",
            "attachments": {"a\ud800.png": {"image/png": "A" * size}},
        }
        for i, size in enumerate((6, 8, 4, 1))
    ]
    data = json.dumps({"cells": texts, "nbformat": 4, "metadata": {}}).encode()

    kept = [cell.attachments for cell in parse_notebook(data)]

    assert [list(one) for one in kept] == [["a?.png"], [], ["a?.png"], []]
    json.dumps([dict(one) for one in kept], ensure_ascii=False).encode()
