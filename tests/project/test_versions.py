"""pyproject.toml, requirements.lock and environment.yml name the same versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import autograder

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.findall(r"^([a-z0-9-]+)==(\S+)(.*(?:\n    .*)*)", LOCK, flags=re.M)
LOCKED = {name: version for name, version, _ in PINS}
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def wanted(*groups: str) -> dict[str, Requirement]:
    """What pyproject.toml asks for: dependencies and the groups, by name."""
    lines = list(PROJECT["project"]["dependencies"])
    lines += PROJECT["project"]["optional-dependencies"]["lab"]
    for group in groups:
        for line in PROJECT["dependency-groups"][group]:
            if isinstance(line, dict):
                lines += PROJECT["dependency-groups"][line["include-group"]]
            else:
                lines.append(line)
    requirements = map(Requirement, lines)
    return {canonicalize_name(r.name): r for r in requirements}


def conda_pins() -> dict[str, str]:
    """Versions in environment.yml, by name."""
    (from_pypi,) = (d["pip"] for d in ENVIRONMENT["dependencies"] if type(d) is dict)
    assert from_pypi[-1] == "--editable .[lab]"
    pins = map(Requirement, from_pypi[:-1])
    return {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}


def test_the_lock_has_all_that_is_asked_for():
    """Each direct dependency is locked, in a version that pyproject.toml allows."""
    for name, requirement in wanted("grade", "dev", "hub").items():
        assert requirement.specifier.contains(LOCKED[name]), name


def test_every_pin_has_a_hash():
    """What is installed is what was locked, byte for byte."""
    assert len(PINS) > 100
    for name, _, rest in PINS:
        assert "--hash=sha256:" in rest, name


def test_every_python_gets_one_version():
    """Python 3.11 and 3.14 compute with the same NumPy."""
    names = [name for name, _, _ in PINS]

    assert sorted(names) == sorted(set(names))


def test_what_is_installed_is_called_as_the_package_says():
    """A name that no other package has; what is imported is `autograder`."""
    assert PROJECT["project"]["name"] == autograder.DISTRIBUTION != "autograder"


def test_a_check_needs_nothing_that_a_machine_for_notebooks_pins():
    """Where others choose the versions of Jupyter's parts, none is replaced."""
    names = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}

    assert names == {"numpy", "matplotlib"}


def test_the_build_backend_is_locked():
    """The editable installation is built by a version that the lock knows."""
    (backend,) = PROJECT["build-system"]["requires"]

    assert str(wanted("dev")["hatchling"]) == backend


def test_conda_gets_the_locked_versions():
    """environment.yml has the learner's and the grader's packages as locked."""
    assert conda_pins() == {name: LOCKED[name] for name in wanted("grade")}


def test_conda_gets_a_python_that_the_course_runs_on():
    """The range of Pythons is said once and repeated."""
    (python,) = (
        line.removeprefix("python ")
        for line in ENVIRONMENT["dependencies"]
        if str(line).startswith("python ")
    )

    assert python == PROJECT["project"]["requires-python"]


@pytest.mark.parametrize("name", ["requirements.lock", "environment.yml"])
def test_pins_name_no_place_to_get_them_from(name):
    """Where packages come from is the installing machine's choice."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in text
    assert "index" not in text


def test_ci_runs_on_every_python_that_the_course_allows():
    """The workflow's matrices are the range of pyproject.toml, on every system."""
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    allowed = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    versions = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}.0" in allowed]

    for job in ("everything", "learner"):
        assert jobs[job]["strategy"]["matrix"]["python"] == versions
