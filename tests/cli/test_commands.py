"""The command line: a module a command, and nothing read before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import click
import pytest
from click.testing import CliRunner

from autograder import cli, exercises
from autograder.cli import main, module_of, show_errors
from autograder.exercises.mistakes import NotAMistake

COMMANDS = main.list_commands(click.Context(main))


def test_every_module_is_a_command_and_no_other_is_listed():
    """But for those whose name begins with a line: what commands share."""
    modules = {module.name for module in iter_modules(cli.__path__)}

    named = {module_of(command) for command in COMMANDS}
    assert named == {name for name in modules if not name.startswith("_")}
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_what_its_module_is_called(name):
    """It is the one public name there, and its help begins with a sentence."""
    own = module_of(name)
    module = import_module(f"autograder.cli.{own}")
    command = getattr(module, own)

    assert module.__all__ == [own]
    assert command.name == name
    assert command.get_short_help_str(1000).endswith(".")


def test_the_list_of_commands_needs_nothing_that_a_command_needs():
    """No array, no notebook, no exercise is read to say what there is."""
    code = (
        "import json, sys\n"
        "from click.testing import CliRunner\n"
        "from autograder.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {*json.loads(done.stdout)}

    assert not loaded & {"numpy", "nbformat", "nbgrader", "traitlets", "rich", "jinja2"}
    ours = {name.split(".")[1] for name in loaded if name.startswith("autograder.")}
    assert not ours & {"checking", "exercises", "grading", "kernels", "report"}


def test_a_command_that_is_not_there_is_an_error_of_use():
    done = CliRunner().invoke(main, ["grad"])

    assert done.exit_code == 2
    assert "No such command 'grad'" in done.output


def test_only_errors_that_are_expected_are_shown_without_a_traceback():
    with (
        pytest.raises(click.ClickException, match="what to do"),
        show_errors(KeyError, ValueError),
    ):
        raise ValueError("what to do")
    with pytest.raises(OSError, match="ours"), show_errors(KeyError, ValueError):
        raise OSError("ours")


def test_build_tells_which_mistake_is_none(monkeypatch):
    """An author hears of it before a learner's answer meets it, without a traceback."""
    exercise = exercises.EXERCISES[0]

    def slip():
        raise NotAMistake("gd_step.toml: uphill: '- lr' stands 0 times, not once")

    wrong = replace(exercise.misconceptions[0], make=slip)
    broken = replace(exercise, misconceptions=(wrong,))
    monkeypatch.setattr(exercises, "EXERCISES", (broken,))

    done = CliRunner().invoke(main, ["build", "--check"])

    assert done.exit_code == 1
    assert done.output == (
        "Error: gd_step.toml: uphill: '- lr' stands 0 times, not once\n"
    )
