"""Notebooks of a learner, in every state, made from the release."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.checking.fingerprint import fingerprint

ROOT = Path(__file__).parents[2]


class Desk:
    """A learner's folder with all chapters, and what is done to them."""

    def __init__(self, folder: Path):
        self.folder = folder

    def path(self, chapter: str) -> Path:
        return self.folder / chapter / f"{chapter}.ipynb"

    def change(self, chapter: str, edit) -> None:
        notebook = json.loads(self.path(chapter).read_text(encoding="utf-8"))
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        edit(cells)
        self.path(chapter).write_text(json.dumps(notebook), encoding="utf-8")

    def write(self, chapter: str, name: str, source: str) -> None:
        """What a learner types into a cell."""
        self.change(chapter, lambda cells: cells[name].update(source=source))

    def checked(self, chapter: str, name: str, title: str, judged: str | None) -> None:
        """What a check's cell holds after it ran on the text `judged`."""
        said = f"-- {title} -------- {name}\n\nand more\n"
        mark = {"autograder": {"judged": fingerprint(judged)}} if judged else {}
        data = {"text/plain": said, "text/html": "<p>the same</p>"}
        if title == "RIGHT":
            kind = {"output_type": "display_data"}
            outputs = [{**kind, "data": data, "metadata": mark}]
        else:
            shown = {"output_type": "display_data", "data": data, "metadata": mark}
            error = {
                "output_type": "error",
                "ename": "CheckFailed",
                "evalue": said,
                "traceback": [f"{title}: {name}"],
            }
            outputs = [shown, error]
        self.change(
            chapter, lambda cells: cells[f"{name}_check"].update(outputs=outputs)
        )

    def solve(self, chapter: str, name: str) -> None:
        """A right answer, checked."""
        source = f"def {name}(*args):\n    return args"
        self.write(chapter, name, source)
        self.checked(chapter, name, "RIGHT", source)


@pytest.fixture(scope="session")
def released(tmp_path_factory) -> Path:
    """The release as a learner unpacks it."""
    folder = tmp_path_factory.mktemp("released") / "notebooks"
    for path in sorted((ROOT / "notebooks").glob("*/*.ipynb")):
        (folder / path.parent.name).mkdir(parents=True)
        shutil.copy(path, folder / path.parent.name)
    return folder


@pytest.fixture
def desk(released, tmp_path) -> Desk:
    """A learner's folder before anything is done."""
    shutil.copytree(released, tmp_path / "notebooks")
    return Desk(tmp_path / "notebooks")
