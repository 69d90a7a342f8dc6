"""A wheel of the learner's package, made by hatchling from a folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.authoring.errors import BuildError

__all__ = ["learner_wheel"]

_KEPT = (
    "name",
    "requires-python",
    "license",
    "dependencies",
    "optional-dependencies",
    "scripts",
)
_OLDEST = "315532800"
"""1980-01-01, the time that an archive says where there is none to tell."""


def learner_wheel(
    project: Mapping[str, Any], files: Mapping[str, bytes], licence: bytes
) -> tuple[str, bytes]:
    """Name and bytes of a wheel; the same files give the same bytes.

    Parameters
    ----------
    project : mapping
        The table ``project`` of the course's pyproject.toml.
    files : mapping
        Bytes of the package's files, by their paths in the wheel.
    licence : bytes
        The licence's text.

    Notes
    -----
    Its version ends in a checksum of its content, "0.1.0+b1a2c3d4e", so that an
    installer takes the course with one more chapter for another version.
    """
    try:
        from hatchling.builders.wheel import WheelBuilder
    except ImportError as error:
        raise BuildError(
            "A wheel is made by hatchling, which is not installed.\n"
            "In a checkout: make setup."
        ) from error
    kept = {key: project[key] for key in _KEPT}
    kept["version"] = f"{project['version']}+b{_checksum(kept, files)}"
    kept["description"] = f"{project['description']}: what a learner installs"
    kept["license-files"] = ["LICENSE"]
    with tempfile.TemporaryDirectory(prefix="wheel-") as temporary:
        root = Path(temporary).resolve()
        for name, content in {**files, "LICENSE": licence}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (root / "pyproject.toml").write_text(_toml(kept), encoding="utf-8")
        with _fixed_time():
            builder = WheelBuilder(str(root))
            (made,) = builder.build(directory=str(root / "made"))
        path = Path(made)
        return path.name, path.read_bytes()


def _checksum(kept: Mapping[str, Any], files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode())
    for name in sorted(files):
        digest.update(f"\n{name} {len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()[:8]


def _toml(kept: Mapping[str, Any]) -> str:
    """A pyproject.toml of nothing but the package; JSON's strings are TOML's."""
    tables = {key: value for key, value in kept.items() if isinstance(value, dict)}
    lines = [
        "[build-system]",
        'requires = ["hatchling"]',
        'build-backend = "hatchling.build"',
        "[project]",
        *(f"{k} = {json.dumps(v)}" for k, v in kept.items() if k not in tables),
    ]
    for name, table in tables.items():
        lines.append(f"[project.{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    lines += [
        "[tool.hatch.build]",
        "ignore-vcs = true",  # a checkout's .gitignore further up says nothing here
        "[tool.hatch.build.targets.wheel]",
        'packages = ["autograder"]',
    ]
    return "\n".join([*lines, ""])


@contextmanager
def _fixed_time() -> Iterator[None]:
    """Without it hatchling takes the year 2020, unless the environment says else."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _OLDEST
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
