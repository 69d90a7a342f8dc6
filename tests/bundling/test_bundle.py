"""The learners' bundle: it has what a learner needs, judges alike, and is itself."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
import shutil
import zipfile

import nbformat
import pytest

from autograder.authoring.errors import BuildError
from autograder.authoring.products import build
from autograder.bundling.bundle import NAME, make_bundle
from autograder.desk.checks import CheckFailed, check
from autograder.exercises import CHAPTERS, EXERCISES

# One worker makes it and installs it, for all of these.


def names_in(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def momentum_only(root, tmp_path_factory):
    """A bundle with one chapter."""
    return make_bundle(root, ["03_momentum"], tmp_path_factory.mktemp("one"))


def test_the_archive_unpacks_into_one_folder(bundle):
    """Notebooks, a wheel, how to set it up, the tested versions, the licence."""
    notebooks = [f"notebooks/{c.name}/{c.name}.ipynb" for c in CHAPTERS]
    expected = {
        *notebooks,
        bundle.wheel.name,
        "README.md",
        "constraints.txt",
        "LICENSE",
    }

    assert set(names_in(bundle.archive)) == {f"{NAME}/{path}" for path in expected}


def test_notebooks_are_the_releases_byte_for_byte(root, bundle):
    with zipfile.ZipFile(bundle.archive) as archive:
        for path in bundle.notebooks:
            assert archive.read(f"{NAME}/{path}") == (root / path).read_bytes()


def test_the_same_course_gives_the_same_bytes(root, momentum_only, tmp_path):
    """Twice, into folders of two names; and no time of day is in them."""
    again = make_bundle(root, ["03_momentum"], tmp_path / "other place")

    assert again.archive.read_bytes() == momentum_only.archive.read_bytes()
    assert again.wheel.read_bytes() == momentum_only.wheel.read_bytes()
    for path in (again.archive, again.wheel):
        with zipfile.ZipFile(path) as archive:
            assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_another_content_has_another_version(bundle, momentum_only):
    """So that an installer replaces one with the other."""
    versions = [
        re.search(r"-(0.*?)-", b.wheel.name)[1] for b in (bundle, momentum_only)
    ]

    assert versions[0] != versions[1]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+\+b[0-9a-f]{8}", v) for v in versions)


ON_THE_WEB = "https://example.org/course/"


def test_an_older_wheel_is_not_left_beside_the_new_one(root, tmp_path):
    """Two wheels in one folder would leave one to wonder which to hand out."""
    (tmp_path / "optimising_deep_networks-0.1.0+b0123abcd-py3-none-any.whl").touch()
    keep = tmp_path / "optimising_deep_networks-0.1.0-py3-none-any.whl"
    keep.touch()

    made = make_bundle(root, ["05_adam"], tmp_path, ON_THE_WEB)

    assert set(tmp_path.iterdir()) == {keep, made.archive, made.wheel}
    says_where_it_is(made)


def says_where_it_is(made):
    """A notebook by itself knows the wheel's address, and is else the release."""
    (notebook,) = made.notebooks.values()
    where = f"{ON_THE_WEB}{made.wheel.name}".replace("+", "%2B")

    assert json.dumps(f'ADDRESS = "{where}"\n').encode() in notebook
    assert notebook.count(b"example.org") == 1


def test_what_is_no_address_is_refused(root, tmp_path):
    with pytest.raises(BuildError, match="C:/course is no address"):
        make_bundle(root, ["05_adam"], tmp_path, "C:/course")


def test_an_instructor_chooses_the_chapters(momentum_only):
    """Nothing of the others is there: no notebook, no cases, no pictures."""
    inside = names_in(momentum_only.wheel)
    recorded = {n for n in inside if n.endswith(".case")}
    (chapter,) = (c for c in CHAPTERS if c.name == "03_momentum")

    folder = "autograder/checking/recorded"
    assert recorded == {f"{folder}/{e.name}.case" for e in chapter.exercises}
    assert list(momentum_only.notebooks) == ["notebooks/03_momentum/03_momentum.ipynb"]
    assert "autograder/lab/landscapes.py" in inside
    assert "autograder/lab/deep_network.py" not in inside
    with zipfile.ZipFile(momentum_only.wheel) as wheel:
        course = json.loads(wheel.read(f"{folder}/course.json"))
    assert [c["name"] for c in course] == ["03_momentum"]


def test_an_unknown_chapter_is_named(root, tmp_path):
    with pytest.raises(BuildError, match="no chapter 3_momentum"):
        make_bundle(root, ["3_momentum"], tmp_path)


@pytest.fixture
def own_course(root, tmp_path):
    """A course whose notebooks a test may change, with one chapter."""
    for name in (
        "autograder",
        "data",
        "pyproject.toml",
        "requirements.lock",
        "LICENSE",
    ):
        (tmp_path / name).symlink_to(root / name)
    shutil.copy(root / "nbgrader_config.py", tmp_path)
    for kind in ("solutions", "notebooks"):
        shutil.copytree(root / kind / "03_momentum", tmp_path / kind / "03_momentum")
    return tmp_path


def test_an_edited_release_is_refused(own_course):
    """What goes out is what the build has proved, and nothing is written else."""
    release = own_course / "notebooks" / "03_momentum" / "03_momentum.ipynb"
    release.write_text(release.read_text("utf-8") + " ", encoding="utf-8")

    with pytest.raises(BuildError, match="Run `autograder build`, then this again"):
        make_bundle(own_course, ["03_momentum"])

    assert not (own_course / "dist").exists()


def test_a_release_that_somebody_solved_is_refused(own_course):
    """A build would leave it alone, so it is no advice; what is held is named."""
    release = own_course / "notebooks" / "03_momentum" / "03_momentum.ipynb"
    unsolved = release.read_bytes()
    notebook = nbformat.read(release, 4)
    (cell,) = (c for c in notebook.cells if "def nesterov_step(" in c.source)
    cell.source = re.sub(
        "raise NotImplementedError.*", "return theta, velocity", cell.source
    )
    nbformat.write(notebook, release)

    with pytest.raises(BuildError) as refused:
        make_bundle(own_course, ["03_momentum"])

    path = "notebooks/03_momentum/03_momentum.ipynb"
    assert (
        f"hold answers, and learners would get them:\n    {path}: nesterov_step\n"
        in (str(refused.value))
    )
    assert str(refused.value).endswith(f"git checkout {path}")
    assert not (own_course / "dist").exists()
    release.rename(own_course / "my answers.ipynb")
    build(own_course, ["03_momentum"])
    assert release.read_bytes() == unsolved


def test_an_installation_is_the_bundles(learner, root):
    """The wheel passes a real installer, and nothing of a checkout is found."""
    code = (
        "import sys, autograder; print(autograder.__file__); print(*sys.path, sep='|')"
    )
    where, path = learner.run("-c", code).stdout.splitlines()

    assert where == str(learner.package / "__init__.py")
    assert str(root) not in path.split("|")


def test_it_judges_as_the_checkout_does(learner, root, tmp_path):
    """Every reference, equivalent and misconception: same verdict, same words."""
    registry = tmp_path / "author"
    for part in ("kernels", "exercises"):
        shutil.copytree(root / "autograder" / part, registry / part)
    (registry / "__init__.py").touch()
    for path in registry.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\bautograder\.(kernels|exercises)\b", r"author.\1", text)
        path.write_text(text, encoding="utf-8")
    script = root / "tests" / "helpers" / "judge_known_answers.py"

    done = learner.run(script, tmp_path)

    assert done.returncode == 0, done.stderr
    theirs, ours = json.loads(done.stdout), list(verdicts_of_the_checkout())
    assert len(ours) > 1400
    assert len({said[0] for said in ours}) == len(EXERCISES)
    for said, expected in zip(theirs, ours, strict=True):
        assert said == expected


def verdicts_of_the_checkout():
    for exercise in EXERCISES:
        right = [(f.__name__, f) for f in (exercise.reference, *exercise.equivalents)]
        wrong = [(m.name, m.mutant) for m in exercise.misconceptions]
        for name, function in (*right, *wrong):
            try:
                verdict = check(function, exercise.name).verdict
            except CheckFailed as failed:
                verdict = failed.verdict
            # A right form passes, a mistake is known as itself.
            assert verdict.passed == ((name, function) in right), (exercise.name, name)
            assert verdict.passed or name in verdict.misconceptions
            found = [verdict.code, verdict.score, list(verdict.misconceptions)]
            yield [exercise.name, name, *found, verdict.message.text()]


def test_the_command_line_judges_a_file(learner, tmp_path):
    """Right, wrong and unknown, with the exit codes that an editor reads."""
    right = "def gd_step(theta, grad, lr):\n    return theta - lr * grad\n"
    files = {
        "right.py": right,
        "wrong.py": right.replace("-", "+"),
        "other.py": "x = 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    done = {
        name: learner.run("-m", "autograder", "check", name, cwd=tmp_path)
        for name in files
    }

    assert {name: d.returncode for name, d in done.items()} == {
        "right.py": 0,
        "wrong.py": 1,
        "other.py": 2,
    }
    assert "1 of 1 right" in done["right.py"].stdout
    assert "VALUE MISMATCH" in done["wrong.py"].stdout


def test_the_author_s_commands_say_that_they_are_not_here(learner):
    """Not listed, and no traceback for who tries one all the same."""
    shown = learner.run("-m", "autograder", "-h").stdout

    assert re.findall(r"^  ([a-z]+) +[A-Z]", shown, flags=re.M) == [
        "check",
        "doctor",
        "lab",
        "progress",
    ]
    for command in ("grade", "build", "prove", "bundle", "chapters"):
        done = learner.run("-m", "autograder", command)
        assert done.returncode == 1
        assert "not part of a learner's installation" in done.stderr
        assert "Traceback" not in done.stderr


def test_hints_and_progress_work(learner):
    """What a notebook calls beside `check`."""
    code = "from autograder import hint; print(hint('adam_step'))"
    assert "HINT 1 OF" in learner.run("-c", code).stdout

    done = learner.run("-m", "autograder", "progress", learner.notebooks)
    assert done.returncode == 0, done.stderr
    assert "Momentum" in done.stdout


def test_the_button_validate_works(learner, tmp_path):
    """nbgrader runs the notebook with the learner's Python; one answer is right."""
    path = learner.notebooks / "03_momentum" / "03_momentum.ipynb"
    notebook = nbformat.read(path, 4)
    kept = ("setup", "momentum_step", "momentum_step_check", "nesterov_step_check")
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.id in kept or "setup" in cell.metadata.get("tags", ())
    ]
    for cell in notebook.cells:
        if cell.id == "momentum_step":
            line = "velocity = beta * velocity - lr * grad"
            cell.source = re.sub(
                r"raise NotImplementedError.*",
                f"{line}; return theta + velocity, velocity",
                cell.source,
            )
    wrong = nbformat.v4.new_code_cell("def nesterov_step(*_):\n    return 1, 2\n")
    notebook.cells.insert(-1, wrong)
    nbformat.write(notebook, tmp_path / "mine.ipynb")

    done = learner.run("-m", "nbgrader", "validate", "mine.ipynb", cwd=tmp_path)

    assert "VALIDATION FAILED ON 1 CELL" in done.stdout, done.stdout + done.stderr
    assert "nesterov_step" in done.stdout
    assert "check(momentum_step)" not in done.stdout


def test_the_instructions_name_what_is_there(bundle):
    """The wheel by its name, a chapter to begin with, an exercise of it."""
    with zipfile.ZipFile(bundle.archive) as archive:
        text = archive.read(f"{NAME}/README.md").decode()
        pins = archive.read(f"{NAME}/constraints.txt").decode()

    assert text.count(bundle.wheel.name) == 3
    assert "`notebooks/00_gradient_descent/00_gradient_descent.ipynb`" in text
    assert 'hint("gd_step")' in text
    assert re.search(r"^numpy==\d", pins, flags=re.M)
    assert "--hash" not in pins
    assert "jupyterhub" not in pins  # a server's is that of its hub


def test_the_wheel_s_record_is_right(bundle):
    """Every file is listed with its checksum, as the format asks."""
    with zipfile.ZipFile(bundle.wheel) as wheel:
        (record,) = (n for n in wheel.namelist() if n.endswith("/RECORD"))
        lines = wheel.read(record).decode().splitlines()
        listed = dict(line.rsplit(",", 2)[:2] for line in lines)
        for name in wheel.namelist():
            if name != record:
                digest = hashlib.sha256(wheel.read(name)).digest()
                told = listed[name].removeprefix("sha256=") + "="
                assert digest == base64.urlsafe_b64decode(told)


def test_whatever_a_notebook_imports_is_there(learner, bundle):
    """Every import of every cell works in the learner's Python."""
    imports = {
        ast.unparse(node)
        for content in bundle.notebooks.values()
        for cell in json.loads(content)["cells"]
        if cell["cell_type"] == "code"
        for node in ast.walk(ast.parse("".join(cell["source"])))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert sum("autograder" in line for line in imports) > 9

    done = learner.run("-c", "\n".join(sorted(imports)))

    assert done.returncode == 0, done.stderr
