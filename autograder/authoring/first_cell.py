"""The first code of every notebook: it finds the course, or says what to type.

The function's text becomes the cell, so it leans on nothing but Python itself.
"""

from __future__ import annotations

import inspect

from autograder.language import N_, _

__all__ = ["ADDRESS", "START", "find_course", "first_cell"]

START = "start"
"""The tag of the cell."""

ADDRESS = 'ADDRESS = ""'
"""Its line that says where on the web the package is; a bundle may fill it in."""

_TITLE = N_("Start here: find the course, or say what to type")


def find_course(address: str) -> None:
    """Load the course's package; if it is not here, stop and say what to type."""
    import os
    import site
    import sys
    from glob import glob
    from importlib import invalidate_caches, metadata, util

    class NotReady(ImportError):
        def _render_traceback_(self) -> list[str]:
            return str(self).splitlines()

    def version(name: str) -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return ""

    def stop(*lines: str) -> None:
        raise NotReady("\n".join(lines))

    invalidate_caches()
    if site.ENABLE_USER_SITE:  # pip may just have made it
        site.addsitedir(site.getusersitepackages())
    try:
        import autograder  # before NumPy, for which it sets the number of threads

        lacking = "" if hasattr(autograder, "check") else "autograder"
    except ImportError as error:
        lacking = (error.name or "autograder").split(".")[0]
    other = version("autograder")
    if not lacking and not other:
        return

    if sys.platform == "emscripten":
        stop(
            f"Your browser could not load the package {lacking}: a network that "
            "blocks cdn.jsdelivr.net, or none. Allow that address, or ask for the "
            "course as files; then reload this page."
        )
    here = os.getcwd()
    kaggle = "KAGGLE_KERNEL_RUN_TYPE" in os.environ
    places = (".", "..", "../..", "/kaggle/input/*", "/kaggle/input/*/*")
    wheel = "optimising_deep_networks-*.whl"
    found = [path for place in places for path in glob(f"{place}/{wheel}")]
    source = os.path.abspath(max(found, key=os.path.getmtime)) if found else address
    install, uninstall = "%pip install", "%pip uninstall --yes"
    if not util.find_spec("pip"):
        with_uv = f'--python "{sys.executable}"'
        install, uninstall = (
            f"!uv pip install {with_uv}",
            f"!uv pip uninstall {with_uv}",
        )
    ours = lacking in ("", "autograder")
    if ours and not source:
        where = f"into the folder {here}"
        if "google.colab" in sys.modules:
            where = "into Files, at the left edge of this page"
        elif kaggle:
            where = "into Add Input, Upload"
        what = f"(autograder {other} is another package.) " if other else ""
        stop(
            f"The course is not installed here. {what}Put the file {wheel} that came "
            f"with this notebook {where}, then run this cell again."
        )
    then = "run this cell again"
    if not ours:
        why, typed = f"{lacking} is not installed here.", [f"{install} {lacking}"]
    elif other:
        why = f"autograder {other} is another package, in the way of the course's."
        again = version("optimising-deep-networks") and "--force-reinstall --no-deps "
        typed = [
            f"{uninstall} autograder",
            f'{install} {again}"{source}"',
        ]
        then = "restart the kernel and " + then
    else:
        why, typed = "The course is not installed here.", [f'{install} "{source}"']
    if kaggle and source == address:
        why += " Switch Internet on in the notebook's settings."
    stop(f"{why} Type this into a new cell, run it, then {then}:", "", *typed)


def first_cell() -> str:
    """Source of the cell."""
    return (
        f"# @title {_(_TITLE)}\n{ADDRESS}\n\n\n{inspect.getsource(find_course)}\n\n"
        "find_course(ADDRESS)"
    )
