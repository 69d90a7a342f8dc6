"""What enters results is imported without a library that it does not need."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from autograder.classroom.grade_class import _without

NAME = "this_is_no_module"


def test_imports_inside_find_no_such_module_and_later_ones_look_again():
    sys.modules.pop("colorsys", None)
    with _without("colorsys"), pytest.raises(ImportError):
        import_module("colorsys")

    assert import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0, 0, 0)


def test_it_is_forgotten_after_an_error_too():
    with pytest.raises(ZeroDivisionError), _without(NAME):
        raise ZeroDivisionError

    assert NAME not in sys.modules


def test_what_is_loaded_already_stays():
    with _without("sys"):
        assert sys.modules["sys"] is sys
