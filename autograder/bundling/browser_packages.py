"""Which Python packages a browser finds: Pyodide's list, and the course's own."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from autograder.authoring.errors import BuildError
from autograder.bundling.archives import zip_bytes
from autograder.limits import DOWNLOAD_SECONDS

__all__ = ["LOCK", "BrowserPackage", "browser_lock", "installed_package", "read_lock"]

LOCK = "pyodide-lock.json"
"""Pyodide's list of packages: where each is, its checksum, what it imports."""


@dataclass(frozen=True)
class BrowserPackage:
    """A wheel of pure Python that the site serves itself.

    Attributes
    ----------
    name, version : str
    file_name : str
        Of the wheel.
    content : bytes
    imports : tuple of str
        Modules whose import in a cell loads it.
    depends : tuple of str
        Other packages that are loaded before it.
    """

    name: str
    version: str
    file_name: str
    content: bytes
    imports: tuple[str, ...]
    depends: tuple[str, ...] = ()


def installed_package(
    name: str, imports: Sequence[str], depends: Sequence[str] = ()
) -> BrowserPackage:
    """An installed package, packed again as a wheel of pure Python.

    A compiled part, which is for this machine, is left out.
    """
    installed = distribution(name)
    files = {
        path.as_posix(): Path(str(installed.locate_file(path))).read_bytes()
        for path in installed.files or ()
        if ".." not in path.parts
        and "__pycache__" not in path.parts
        and path.suffix not in (".so", ".pyd")
        and path.name not in ("direct_url.json", "INSTALLER", "RECORD", "REQUESTED")
    }
    (folder,) = {path.split("/")[0] for path in files if ".dist-info/" in path}
    rows = [f"{path},," for path in [*sorted(files), f"{folder}/RECORD"]]
    files[f"{folder}/RECORD"] = ("\n".join(rows) + "\n").encode()
    file_name = f"{folder.removesuffix('.dist-info')}-py3-none-any.whl"
    content = zip_bytes(files)
    return BrowserPackage(
        name,
        installed.version,
        file_name,
        content,
        tuple(imports),
        tuple(depends),
    )


def read_lock(pyodide: Path | None) -> tuple[dict[str, Any], str]:
    """Pyodide's list, and the address from which its packages are loaded.

    Parameters
    ----------
    pyodide : Path, optional
        A folder with Pyodide; without it the list is fetched from where the
        browser will fetch Pyodide.

    Raises
    ------
    BuildError
        If it cannot be had.
    """
    from jupyterlite_pyodide_kernel.constants import PYODIDE_LOCK_DEFAULT_URL as ADDRESS

    try:
        if pyodide is not None:
            text = (pyodide / LOCK).read_text(encoding="utf-8")
        else:
            with urllib.request.urlopen(ADDRESS, timeout=DOWNLOAD_SECONDS) as answer:
                text = answer.read().decode()
        return json.loads(text), ADDRESS.rsplit("/", 1)[0]
    except (OSError, ValueError) as error:
        raise BuildError(
            f"Pyodide's list of packages cannot be read: {error}\n"
            f"Without a network, give a folder that has Pyodide: --pyodide FOLDER."
        ) from error


def browser_lock(
    lock: Mapping[str, Any],
    address: str,
    local: Mapping[str, str],
    packages: Sequence[BrowserPackage],
    folder: str,
) -> bytes:
    """A list of packages for the site.

    Parameters
    ----------
    lock : mapping
        Pyodide's own.
    address : str
        Where a package of Pyodide's is loaded from, unless the site has it.
    local : mapping of str to str
        Files of Pyodide's that the site has: paths from the list, by name.
    packages : sequence of BrowserPackage
        The course's own; they replace others of their names.
    folder : str
        Where their wheels are, from the list.
    """
    entries = {name: dict(entry) for name, entry in lock["packages"].items()}
    for entry in entries.values():
        file = entry["file_name"]
        entry["file_name"] = local.get(file, f"{address}/{file}")
    for package in packages:
        entries[package.name] = {
            "name": package.name,
            "version": package.version,
            "file_name": f"{folder}/{package.file_name}",
            "install_dir": "site",
            "sha256": hashlib.sha256(package.content).hexdigest(),
            "package_type": "package",
            "imports": list(package.imports),
            "depends": list(package.depends),
            "unvendored_tests": False,
        }
    whole = {**lock, "packages": dict(sorted(entries.items()))}
    return (json.dumps(whole, indent=1) + "\n").encode()
