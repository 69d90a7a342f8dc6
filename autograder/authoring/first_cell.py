"""The first code of every notebook: it finds the course, or says what to type.

The function's text becomes the cell, so it leans on nothing but Python itself.
"""

from __future__ import annotations

import ast
import inspect

from autograder.language import ENGLISH, N_, _, spoken

__all__ = ["ADDRESS", "SAID", "START", "find_course", "first_cell", "texts_of"]

START = "start"
"""The tag of the cell."""

ADDRESS = 'ADDRESS = ""'
"""Its line that says where on the web the package is; a bundle may fill it in."""

_TITLE = N_("Start here: find the course, or say what to type")

SAID = (
    N_(
        "Your browser could not load the package {lacking}: a network that blocks "
        "cdn.jsdelivr.net, or none. Allow that address, or ask for the course as "
        "files; then reload this page."
    ),
    N_("into the folder {here}"),
    N_("into Files, at the left edge of this page"),
    N_("into Add Input, Upload"),
    N_("(autograder {other} is another package.) "),
    N_(
        "The course is not installed here. {what}Put the file {wheel} that came with "
        "this notebook {where}, then run this cell again."
    ),
    N_("run this cell again"),
    N_("{lacking} is not installed here."),
    N_("autograder {other} is another package, in the way of the course's."),
    N_("restart the kernel and "),
    N_("The course is not installed here."),
    N_(" Switch Internet on in the notebook's settings."),
    N_("{why} Type this into a new cell, run it, then {then}:"),
)
"""What the function below says: its own texts are replaced, for it has no catalogue."""


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
    """Source of the cell, in the language that is spoken."""
    source = inspect.getsource(find_course)
    if spoken() != ENGLISH:
        source = _translated(source)
    return f"# @title {_(_TITLE)}\n{ADDRESS}\n\n\n{source}\n\nfind_course(ADDRESS)"


def texts_of(source: str) -> dict[str, ast.expr]:
    """The texts of a function, with names in braces where it fills them in."""
    found: dict[str, ast.expr] = {}
    inside: set[ast.expr] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            inside |= set(node.values)
            found[_template(node.values)] = node
        elif isinstance(node, ast.Constant) and node not in inside:
            found[str(node.value)] = node
    return found


def _template(parts: list[ast.expr]) -> str:
    return "".join(
        str(part.value)
        if isinstance(part, ast.Constant)
        else f"{{{ast.unparse(part.value)}}}"
        for part in parts
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


def _translated(source: str) -> str:
    texts = texts_of(source)
    lines = source.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    for said in sorted(SAID, key=lambda text: texts[text].lineno, reverse=True):
        node = texts[said]
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        own = _(said).replace('"', '\\"')
        prefix = "f" if "{" in own else ""
        source = f'{source[:start]}{prefix}"{own}"{source[end:]}'
    return source
