"""Arguments of a case that are neither numbers nor arrays, written as data.

A case must be storable as JSON and `.npy` files.  A function among its
arguments is therefore a `Function`, a name with parameters, a random generator
is a `Seed`, and a large array that everybody has is a `Dataset`, its name.
`materialise` turns each into the real thing just before a call.  What is for
the function that a call returns, and not for the call itself, is a `Later`,
and what drives the object that it makes is a `Driven`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from autograder.language import N_

__all__ = [
    "FOREIGN",
    "HUGE_INT",
    "LONG_STR",
    "OTHER_DTYPE",
    "TOO_LARGE",
    "WRONG_CALLS",
    "CountedFunction",
    "Dataset",
    "Driven",
    "Foreign",
    "Function",
    "Later",
    "Seed",
    "WrongCall",
    "materialise",
]


class WrongCall(Exception):
    """A function argument was called with something it does not take.

    It says so in English, as one of `WRONG_CALLS`: student code runs next to it.
    """


_TOO_OFTEN = N_("`{name}` can be called {n} times here, and was called once more.")
_TOO_MANY = N_("`{name}` takes one argument and was given {n}.")
_NO_NUMBERS = N_(
    "`{name}` takes an array of numbers and was given something else ({kind})."
)
_COMPLEX = N_("`{name}` takes real numbers and was called with complex ones.")
_SHAPE = N_(
    "`{name}` takes an array of shape {shape} and was called with one of shape {given}."
)
WRONG_CALLS = (_TOO_OFTEN, _TOO_MANY, _NO_NUMBERS, _COMPLEX, _SHAPE)


@dataclass(frozen=True)
class Function:
    """A function of `autograder.lab.landscapes`, written as data.

    Parameters
    ----------
    name : str
        A factory registered there with `@named_function`.
    parameters : mapping
        Keyword arguments of the factory: numbers, strings, arrays.
    shape : tuple of int, optional
        Shape of the one argument; calls with another shape raise `WrongCall`.
    calls : int, optional
        How often a right answer calls it; None leaves that free.
    at_most : int, optional
        How often it can be called: one call more raises `WrongCall`.
    """

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    shape: tuple[int, ...] | None = None
    calls: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Seed:
    """A fresh `numpy.random.Generator`, written as the integer that seeds it."""

    entropy: int


@dataclass(frozen=True)
class Dataset:
    """An array of the digits that every installation has, written as its name.

    Parameters
    ----------
    name : str
        An attribute of `autograder.lab.datasets.Digits`: "X", "labels_val".
    """

    name: str


@dataclass(frozen=True)
class Later:
    """An argument of the function that the call returns.

    Parameters
    ----------
    value : object
        What that function is called with, as data.
    """

    value: Any


@dataclass(frozen=True)
class Driven:
    """How that which a call makes is driven, and with what.

    Parameters
    ----------
    driver : str
        One of `autograder.calling.drivers`.
    given : mapping
        What it takes, as data.
    """

    driver: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Foreign:
    """Stands for a returned object that no answer can be: only its type is kept."""

    type_name: str


TOO_LARGE = N_("a structure too large or too deep")
HUGE_INT = N_("an int beyond 64 bits")
LONG_STR = N_("a very long str")
OTHER_DTYPE = N_("an array of dtype {dtype}")
FOREIGN = (TOO_LARGE, HUGE_INT, LONG_STR, OTHER_DTYPE)
"""What a `Foreign` is called in words, where it has no type's name."""


class CountedFunction:
    """A function that counts its calls and refuses arguments of a wrong shape."""

    def __init__(
        self,
        argument: str,
        function: Callable,
        shape: tuple | None,
        at_most: int | None = None,
    ):
        self.__name__ = argument
        self.n_calls = 0
        self._function = function
        self._shape = shape
        self._at_most = at_most

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Count this call and pass it on, unless it is a wrong one."""
        self.n_calls += 1
        if self._at_most is not None and self.n_calls > self._at_most:
            raise self._wrong(_TOO_OFTEN, n=self._at_most)
        if len(args) != 1 or kwargs:
            raise self._wrong(_TOO_MANY, n=len(args) + len(kwargs))
        try:
            given = np.asarray(args[0])
        except ValueError:  # rows of different lengths
            given = np.asarray(None)
        if given.dtype.kind not in "fiubc":
            raise self._wrong(_NO_NUMBERS, kind=type(args[0]).__name__)
        if given.dtype.kind == "c":
            raise self._wrong(_COMPLEX)
        point = np.array(given, dtype=np.float64)
        if self._shape is not None and point.shape != self._shape:
            raise self._wrong(_SHAPE, shape=self._shape, given=point.shape)
        return self._function(point)

    def _wrong(self, message: str, **given: Any) -> WrongCall:
        return WrongCall(message.format(name=self.__name__, **given))


def materialise(argument: str, value: Any) -> Any:
    """A fresh real argument for `value`, which a call may spoil at will."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Function):
        from autograder.lab.landscapes import named_functions

        function = named_functions[value.name](**value.parameters)
        return CountedFunction(argument, function, value.shape, value.at_most)
    if isinstance(value, Seed):
        return np.random.default_rng(value.entropy)
    if isinstance(value, Dataset):
        return getattr(_digits(), value.name).copy()
    if isinstance(value, Later):
        return materialise(argument, value.value)
    if isinstance(value, Driven):
        return materialise(argument, dict(value.given))
    if isinstance(value, list | tuple):
        return type(value)(materialise(argument, item) for item in value)
    if isinstance(value, dict):
        return {key: materialise(argument, item) for key, item in value.items()}
    return value


@cache
def _digits() -> Any:
    """The digits, read once; whoever is given some of them gets a copy."""
    from autograder.lab.datasets import digits

    return digits()
