"""Kinds of file: what is no notebook is called what it is; what is one is read."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from autograder.limits import MAX_NOTEBOOK, MAX_NOTEBOOK_FILE
from autograder.submissions.notebook import Problem, parse_notebook, slim
from autograder.submissions.outputs import without_outputs


def zipped(*names):
    """A zip of empty files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return file.getvalue()


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
CONFLICT = b"""{"cells": [
<<<<<<< HEAD
 {"cell_type": "code", "source": "x = 1"}
=======
 {"cell_type": "code", "source": "x = 2"}
>>>>>>> theirs
], "nbformat": 4}
"""
KINDS = {
    "a web page": (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"),
    "a page without a type": (b"\n <html lang=en><p>x", "a web page"),
    "a page in UTF-16": ("<!doctype html><p>".encode("utf-16"), "a web page"),
    "a page after a comment": (b"<!-- saved from url --><html>", "a web page"),
    "a pointer of Git LFS": (LFS, "a pointer of Git LFS"),
    "a pointer of DVC": (b"outs:\n- md5: 22a1\n  path: x.ipynb\n", "DVC"),
    "a merge conflict": (CONFLICT, "a Git merge conflict, from line 2 on"),
    "a conflict in Windows' lines": (CONFLICT.replace(b"\n", b"\r\n"), "from line 2"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "is a PDF"),
    "a Word document": (zipped("[Content_Types].xml", "word/document.xml"), "a Word"),
    "an Excel sheet": (zipped("xl/workbook.xml"), "an Excel sheet"),
    "OpenDocument": (zipped("mimetype", "content.xml"), "an OpenDocument file"),
    "a zip": (zipped("03_momentum.ipynb"), "an archive (zip)"),
    "half a zip": (zipped("03_momentum.ipynb")[:20], "damaged archive (zip)"),
    "an old Word document": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00",
        "older Office",
    ),
    "RTF": (b"{\\rtf1\\ansi", "a text document"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "a picture"),
    "gzip": (b"\x1f\x8b\x08\x00", "compressed"),
    "a tar": (b"x".ljust(257, b"\0") + b"ustar\x0000", "archive (tar)"),
    "zero bytes": (bytes(4096), "nothing but zero bytes"),
    "a shortcut": (b"[InternetShortcut]\r\nURL=https://x.example/", "a link"),
    "an address": (b"https://colab.research.google.com/drive/1a2b\n", "a link"),
    "Google's link": (b'{"url": "https://docs.google.com/x", "doc_id": "1"}', "Google"),
    "a server's answer": (b'{"message": "404: Not Found"}', "a server answers"),
    "Python": (b"import numpy as np\n\ndef f():\n    pass\n", "Python code"),
    "jupytext": (b"# ---\n# jupyter:\n# ---\n\n# %%\nx = 1\n", "Python code"),
    "cut off": (b'{"cells": [{"cell_type": "code", "source": "x', "cut off"),
}


@pytest.mark.parametrize(("data", "says"), KINDS.values(), ids=KINDS)
def test_a_file_is_called_what_it_is(data, says):
    """One sentence: what it is, and what to hand in."""
    with pytest.raises(Problem) as problem:
        parse_notebook(data)

    sentence = str(problem.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_notebook_is_read_in_every_unicode(solved, encoding):
    """PowerShell writes UTF-16, editors a byte order mark."""
    text = solved.fill("why", "Schön, schöner.").data.decode("ascii")
    text = json.dumps(json.loads(text), ensure_ascii=False)

    assert parse_notebook(text.encode(encoding)) == parse_notebook(solved.data)


def test_a_notebook_in_the_letters_of_old_windows_is_read(solved):
    tree = solved.fill("why", "Größer als 5 €").tree

    cells = parse_notebook(json.dumps(tree, ensure_ascii=False).encode("cp1252"))

    assert "Größer als 5 €" in {cell.source for cell in cells}


def test_a_mark_before_the_first_word_of_a_cell_is_no_part_of_it(solved):
    source = solved["momentum_step"]["source"]
    solved.fill("momentum_step", "\ufeff" + source)

    assert source in {cell.source for cell in parse_notebook(solved.data)}


def shown(notebook, output):
    """The notebook's bytes with an output in its first code cell."""
    cell = next(cell for cell in notebook.cells if cell["cell_type"] == "code")
    cell["outputs"] = [output]
    return notebook.data


OUTPUTS = {
    "a picture": {"data": {"image/png": "A" * (35 << 20)}},
    "lines": {"name": "stdout", "text": ['a line "of" text\n'] * 1_700_000},
    "a plot": {"data": {"plotly": {"z": [[1.25, [2.5]] for _ in range(2_500_000)]}}},
}


@pytest.mark.parametrize("output", OUTPUTS.values(), ids=OUTPUTS)
def test_what_cells_showed_costs_nobody_a_mark(solved, output):
    """Whatever its size, it is left out before anything is measured."""
    plain = parse_notebook(solved.data)
    data = shown(solved, output)
    assert len(data) > 30 << 20

    less = slim(data)

    assert len(less) <= MAX_NOTEBOOK
    assert parse_notebook(less) == parse_notebook(data) == plain


DAMAGED = {
    "bytes that are no text": b"\xff\xfe",
    "a backslash too much": b"\\x",
    "a number of 5,000 digits": b'", "n": ' + b"1" * 5000 + b', "more": "',
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_in_a_small_output_costs_nobody_a_mark(solved, damage):
    """And what stands in the cells is what was written, letters of any kind too."""
    solved.fill("momentum_step", "# η größer\n" + solved["momentum_step"]["source"])
    plain = parse_notebook(solved.data)
    data = shown(solved, {"name": "stdout", "text": "DAMAGED HERE"})
    assert data.count(b"DAMAGED HERE") == 1

    assert parse_notebook(data.replace(b"DAMAGED HERE", damage)) == plain


def test_the_state_of_sliders_costs_nobody_a_mark(solved):
    plain = parse_notebook(solved.data)
    solved.tree["metadata"]["widgets"] = {"state": ["x" * 40] * (1 << 20)}

    assert parse_notebook(slim(solved.data)) == plain


def test_a_notebook_of_usual_size_stays_what_it_is(solved):
    """To the byte: its cases are drawn from that."""
    data = shown(solved, {"data": {"image/png": "A" * (8 << 20)}})

    assert slim(data) is data


def test_what_is_large_without_outputs_is_too_large(solved):
    solved.insert("setup", "x" * MAX_NOTEBOOK)

    with pytest.raises(Problem, match="more than 32 MB without its outputs"):
        slim(solved.data)
    with pytest.raises(Problem, match="more than 256 MB"):
        slim(b" " * (MAX_NOTEBOOK_FILE + 1))


SAME = [
    b'{"a": {"cells": [{"outputs": [1]}]}}',
    b'{"cells": {"outputs": [1]}}',
    b'{"cells": [[{"outputs": [1]}]]}',
    b'{"cells": [{"metadata": {"outputs": [1]}}]}',
    b'{"cells": [{"source": "\\"outputs\\": [1]"}]}',
    b'{"cells": [{"outputs": 3}]}',
    b'{"cells": [{"outputs": [1, "}]',
    b"]]]]",
    b"",
]


@pytest.mark.parametrize("data", SAME)
def test_nothing_else_is_left_out(data):
    assert without_outputs(data) == data
