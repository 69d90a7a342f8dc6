"""Model answers go into a bundle for studying alone, and into no other."""

from __future__ import annotations

import json
from zipfile import ZipFile

import pytest

from autograder.authoring.errors import BuildError
from autograder.bundling.bundle import NAME, make_bundle
from autograder.bundling.model_answers import (
    MODELS,
    model_answers,
    recorded_models,
    with_model_cells,
)
from autograder.desk.alone.model_answers import FILE
from autograder.desk.standing import grade_id
from autograder.exercises import CHAPTERS


def test_every_written_question_has_a_model_answer(root):
    """Of the solution, without the points that its author writes below it."""
    models = model_answers(root, CHAPTERS)

    assert set(models) == {w.name for chapter in CHAPTERS for w in chapter.written}
    for model, points in models.values():
        assert len(model) > 200
        assert "\n- [" not in model
        assert all(point.endswith(".") for point in points)
    recorded = json.loads(recorded_models(models))
    assert recorded == {name: list(pair) for name, pair in models.items()}
    assert MODELS.endswith(FILE.name)


def test_a_cell_below_each_answer_shows_it(root):
    """The rest of the notebook is the release's."""
    for chapter in CHAPTERS:
        path = root / "notebooks" / chapter.name / f"{chapter.name}.ipynb"
        released = json.loads(path.read_bytes())
        names = [written.name for written in chapter.written]
        models = {name: ("A model.", ["A point."]) for name in names}

        content = json.loads(with_model_cells(path.read_bytes(), models))

        added = [f"{name}_model" for name in names]
        rest = [cell for cell in content["cells"] if cell["id"] not in added]
        assert rest == released["cells"]
        for name in names:
            ids = [grade_id(cell) for cell in content["cells"]]
            below = content["cells"][ids.index(name) + 1]
            assert "".join(below["source"]).endswith(f'\nmodel_answer("{name}")')


def test_a_bundle_has_them_only_for_studying_alone(bundle, root, tmp_path):
    """What an instructor hands out has neither file nor cell.

    In another language, the notebook stands in the place of the English one, and its
    model answer and what the modules say come along.
    """
    chosen = ["03_momentum"]
    alone = make_bundle(root, chosen, tmp_path, alone=True, language="zh_CN")
    for made, there in ((bundle, False), (alone, True)):
        with ZipFile(made.wheel) as wheel, ZipFile(made.archive) as archive:
            assert (MODELS in wheel.namelist()) == there
            notebook = archive.read(f"{NAME}/notebooks/03_momentum/03_momentum.ipynb")
            assert (b"model_answer(" in notebook) == there
            assert ("第 3 章 · 动量".encode() in notebook) == there
            assert (b'"language": "zh_CN"' in notebook) == there
            models = json.loads(wheel.read(MODELS)) if there else {}
            folder = "autograder/locale/zh_CN"
            said = {n for n in wheel.namelist() if n.startswith(folder)}
            assert {f"{folder}/{room}.mo" for room in ("checking", "lab")} <= said
            assert not {f"{folder}/{room}.mo" for room in ("authoring", "term")} & said
    assert "第 3 行" in models["momentum_why"][0]


def test_a_language_that_the_course_does_not_speak_is_refused(root, tmp_path):
    with pytest.raises(BuildError, match="does not speak xx; it speaks en"):
        make_bundle(root, output=tmp_path, language="xx")
