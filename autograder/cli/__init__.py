"""The command line, a module a command, each read when it is asked for.

`autograder NAME` is the command `NAME` of the module ``autograder.cli.NAME``; a word
of Python's has a line behind it there: ``class_``.
A learner's installation has some of these modules and says so of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from pkgutil import iter_modules

import click

import autograder

__all__ = ["FAILED", "PASSED", "main", "module_of", "show_errors"]

PASSED, FAILED = 0, 1
"""Exit codes: everything is right, or something is not."""


class _Commands(click.Group):
    """The commands whose modules are here."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in iter_modules(__path__))
        return sorted(name.rstrip("_") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        here = self.list_commands(ctx)
        if cmd_name in here:
            name = module_of(cmd_name)
            return getattr(import_module(f"{__name__}.{name}"), name)
        if find_spec("autograder.kernels") is None:
            raise click.ClickException(
                f"`autograder {cmd_name}` is not part of a learner's installation, "
                f"which has {', '.join(here)}.\n"
                "Other commands need the course itself, which whoever teaches it has."
            )
        return None


def module_of(command: str) -> str:
    """The name of a command's module, and of the command within it."""
    return f"{command}_" if iskeyword(command) else command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="autograder")
def main() -> None:
    """A course on optimising deep networks, with checks that name the mistake."""


@contextmanager
def show_errors(*kinds: type[Exception]) -> Iterator[None]:
    """End the command with the text of an error of these kinds, and no traceback."""
    try:
        yield
    except kinds as error:
        raise click.ClickException(str(error)) from error
