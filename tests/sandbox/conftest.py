"""What tests of the sandbox share."""

from __future__ import annotations

import sys

import pytest

from autograder.sandbox.boxes import NoBox
from autograder.sandbox.forks import close_fork_servers
from autograder.sandbox.options import DEFAULT_OPTIONS, RunOptions


@pytest.fixture
def fresh_box() -> RunOptions:
    """The box that is chosen here, whose fork server has yet to be started."""
    if sys.platform != "linux":
        pytest.skip("needs a box")
    try:
        options = DEFAULT_OPTIONS.with_box_chosen()
    except NoBox as reason:
        pytest.skip(str(reason))
    close_fork_servers()
    return options
