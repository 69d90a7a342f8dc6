"""What learners get: notebooks and a wheel with recorded cases, and no answer."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import autograder
from autograder.authoring.errors import BuildError
from autograder.authoring.first_cell import ADDRESS
from autograder.authoring.products import answered, build, chapters_named
from autograder.bundling.archives import zip_bytes
from autograder.bundling.code_leaks import find_code_leaks
from autograder.bundling.exercise_catalogues import exercise_catalogues
from autograder.bundling.learner_modules import learner_files
from autograder.bundling.learner_wheel import learner_wheel
from autograder.bundling.model_answers import (
    MODELS,
    model_answers,
    recorded_models,
    with_model_cells,
)
from autograder.bundling.translated import in_language, refuse_unspoken
from autograder.checking.cases import public_question
from autograder.checking.recorded import RECORDED, record
from autograder.course import frozen_releases
from autograder.desk.outline import OUTLINE, record_outline
from autograder.diagnosis.bank import BANKS, made_bank, record_bank
from autograder.exercises.spec import Chapter, Exercise
from autograder.language import ENGLISH, speaking
from autograder.writing import write_whole

__all__ = ["NAME", "Bundle", "make_bundle"]

NAME = autograder.DISTRIBUTION
"""Of the archive, and of the one folder in it."""

_ADDRESS = re.compile(r"https?://[^\s\"'\\]+")
_DATA = "tool.hatch.build.targets.wheel.force-include"


@dataclass(frozen=True)
class Bundle:
    """What `make_bundle` made.

    Attributes
    ----------
    archive, wheel : Path
        The files that it wrote.
    chapters : tuple of Chapter
        What is in them.
    notebooks : mapping of str to bytes
        The released notebooks, by path; with the address, where one is given.
    """

    archive: Path
    wheel: Path
    chapters: tuple[Chapter, ...]
    notebooks: Mapping[str, bytes]


def make_bundle(
    root: Path,
    chapters: Sequence[str] | None = None,
    output: Path = Path("dist"),
    address: str = "",
    alone: bool = False,
    language: str = ENGLISH,
) -> Bundle:
    """Write the learners' archive and the wheel that is in it.

    Parameters
    ----------
    root : Path
        The course's folder.
    chapters : sequence of str, optional
        Names of the chapters that go in; all that are released by default.
    output : Path
        Folder for the two files, from `root`.
    address : str, optional
        Where on the web the wheel will lie, or the folder that it will lie in: a
        notebook that finds no wheel says it.
    alone : bool
        For somebody whose words nobody reads: model answers of the written
        questions come along, each with a cell that shows it.
    language : str
        Of the notebooks; a chapter that is not translated goes in in English.

    Raises
    ------
    BuildError
        If a chapter is unknown, a release is not what its source makes, or
        something of an answer would go with it.  Nothing is written then.
    """
    if address and not _ADDRESS.fullmatch(address):
        raise BuildError(f"{address} is no address: it begins with https://.")
    refuse_unspoken(language)
    chosen = chapters_named(chapters)
    notebooks = _notebooks(root, chosen, language)
    models = model_answers(root, chosen, language) if alone else {}
    if alone:
        notebooks = {
            p: with_model_cells(given, models) for p, given in notebooks.items()
        }
    code = [cell for content in notebooks.values() for cell in _code_cells(content)]
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    package = {
        **learner_files(root / "autograder", code),
        **_data(root, settings),
        **_recorded(chosen),
        **exercise_catalogues(chosen),
        **({MODELS: recorded_models(models)} if alone else {}),
    }
    leaks = find_code_leaks(root, package)
    if leaks:
        raise BuildError(
            "The learners' package gives answers away:\n"
            + "\n".join(f"    {leak}" for leak in leaks)
            + "\nWrite that in another form, or keep it out of autograder/lab."
        )
    licence = (root / "LICENSE").read_bytes()
    name, wheel = learner_wheel(settings["project"], package, licence)
    if address:
        at = address if address.endswith(".whl") else f"{address.rstrip('/')}/{name}"
        # A plus sign in an address is a space for some servers.
        at = at.replace("+", "%2B")
        notebooks = {p: _with_address(given, at) for p, given in notebooks.items()}
    archive = zip_bytes(
        {
            f"{NAME}/{path}": content
            for path, content in {
                **notebooks,
                name: wheel,
                "README.md": _readme(chosen, name).encode(),
                "constraints.txt": _constraints(root).encode(),
                "LICENSE": licence,
            }.items()
        }
    )
    folder = root / output
    for old in folder.glob(f"{name.partition('-')[0]}-*+b*.whl"):
        if old.name != name:
            old.unlink()  # of the last time; two would leave one to wonder
    write_whole(folder / name, wheel, if_changed=True)
    write_whole(folder / f"{NAME}.zip", archive, if_changed=True)
    return Bundle(folder / f"{NAME}.zip", folder / name, tuple(chosen), notebooks)


def _notebooks(
    root: Path, chapters: Sequence[Chapter], language: str
) -> dict[str, bytes]:
    """The releases as they are, once it is sure that they are what is built.

    A chapter that the class has frozen goes out as it was frozen last.
    """
    stale = build(root, [chapter.name for chapter in chapters], check=True)
    paths = {f"notebooks/{c.name}/{c.name}.ipynb": c for c in chapters}
    if stale:
        _refuse_answers({path: answered(root, c) for path, c in paths.items()})
        raise BuildError(
            "These are not what their sources make:\n"
            + "\n".join(f"    {difference}" for difference in stale)
            + "\nRun `autograder build`, then this again."
        )
    frozen = frozen_releases(root / "grading")
    newest = {name: own[max(own)] for name, own in frozen.items()}
    given = {
        path: newest.get(chapter.name) or (root / path).read_bytes()
        for path, chapter in paths.items()
    }
    return given | in_language(language, root, list(paths.values()), frozen)


def _with_address(notebook: bytes, address: str) -> bytes:
    """The notebook whose first cell knows where on the web the package is."""
    variable = ADDRESS.partition(" = ")[0]
    before, after = (
        json.dumps(f"{line}\n")
        for line in (ADDRESS, f"{variable} = {json.dumps(address)}")
    )
    text = notebook.decode()
    assert text.count(before) == 1
    return text.replace(before, after).encode()


def _refuse_answers(found: Mapping[str, Sequence[str]]) -> None:
    """Say so if a release is solved: a build leaves such a one as it is."""
    solved = {path: names for path, names in found.items() if names}
    if solved:
        raise BuildError(
            "These hold answers, and learners would get them:\n"
            + "\n".join(f"    {p}: {', '.join(names)}" for p, names in solved.items())
            + "\nTo keep the answers, move these files out of notebooks/ and run "
            "`autograder build`,\nthen this again. To give them up:\n"
            f"    git checkout {' '.join(solved)}"
        )


def _code_cells(notebook: bytes) -> Iterator[str]:
    for cell in json.loads(notebook)["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _data(root: Path, settings: Mapping) -> dict[str, bytes]:
    """The data files of the package, but for those that grading measures with."""
    table = settings
    for key in _DATA.split("."):
        table = table[key]
    return {
        inside: (root / path).read_bytes()
        for path, inside in table.items()
        if "held_out" not in path
    }


def _recorded(chapters: Sequence[Chapter]) -> dict[str, bytes]:
    folder = f"autograder/checking/{RECORDED}"
    with speaking(ENGLISH):  # and told in the learner's
        files = {
            f"{folder}/{exercise.name}.case": record(public_question(exercise.name))
            for chapter in chapters
            for exercise in chapter.exercises
        }
    banks = {
        f"autograder/diagnosis/{BANKS}/{exercise.name}.bank": _bank(exercise)
        for chapter in chapters
        for exercise in chapter.exercises
    }
    return {**files, **banks, f"{folder}/{OUTLINE}": record_outline(chapters)}


def _bank(exercise: Exercise) -> bytes:
    """What right answers pass through: numbers, and the names that text has too."""
    forms = (exercise.reference, *exercise.equivalents)
    return record_bank(made_bank(public_question(exercise.name), forms))


def _readme(chapters: Sequence[Chapter], wheel: str) -> str:
    template = resources.files(__package__) / "templates" / "bundle.md"
    first = chapters[0]
    lines = ["| chapter | about | minutes |", "|---|---|---|"]
    lines += [f"| `{c.name}` | {c.title} | {c.minutes} |" for c in chapters]
    return template.read_text(encoding="utf-8").format(
        chapters="\n".join(lines),
        wheel=wheel,
        first=f"notebooks/{first.name}/{first.name}.ipynb",
        exercise=first.exercises[0].name,
    )


def _constraints(root: Path) -> str:
    """The locked versions; with hashes pip would ask for the wheel's as well.

    JupyterHub's is not among them: a server has to have that of its hub.
    """
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return "".join(
        line.removesuffix(" \\") + "\n"
        for line in lines
        if line and not line.startswith((" ", "#", "jupyterhub=="))
    )
