"""Whether a function can leave anything behind that a later call or cell would notice.

What leaves nothing is called in the notebook's own process, since a fork takes longer
than most calls.  Who deceives this harms only their own notebook: a cell could do the
same.
"""

from __future__ import annotations

import builtins
import dis
import re
import types
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

__all__ = ["is_stateless"]

_MODULES = frozenset(
    "autograder cmath copy functools itertools math numpy operator".split()
)
"""What is in them changes nothing but what it is given, but for `_SETTINGS`."""
_SETTINGS = frozenset("set_printoptions setbufsize seterr seterrcall".split())
"""Of NumPy, for all that follows."""
_REACHING_FAR = frozenset(
    "__import__ breakpoint compile delattr eval exec exit globals input locals open "
    "quit setattr vars".split()
)
"""Built in, and good for changing anything."""
_VALUES = (
    type(None),
    type(...),
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    np.generic,
    np.dtype,
    np.ufunc,
)
_DESCRIPTORS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_SETTING = frozenset(
    number
    for name, number in dis.opmap.items()
    if re.match("(STORE|DELETE|IMPORT)_(?!FAST|SUBSCR|SLICE)", name)
)
"""Instructions that may set more than a local variable or an item."""
_NOTES = frozenset("__annotations__ __annotations_cache__".split())


def is_stateless(function: Any) -> bool:
    """Whether nothing that it reaches, as far as its code shows, keeps a state.

    Parameters
    ----------
    function : object
        A function or a class of Python.  Of anything else it is not known, so False.
    """
    kinds = types.FunctionType, type
    return isinstance(function, kinds) and _changes_nothing(function, set())


def _changes_nothing(value: Any, seen: set[int]) -> bool:
    """The same of a value that code can reach by a name."""
    if isinstance(value, _VALUES) or id(value) in seen:
        return True
    seen.add(id(value))
    if isinstance(value, types.ModuleType):
        return value.__name__.partition(".")[0] in _MODULES
    if isinstance(value, tuple | frozenset):
        return all(_changes_nothing(item, seen) for item in value)
    if isinstance(value, staticmethod | classmethod):
        return _changes_nothing(value.__func__, seen)
    if isinstance(value, property):
        parts = value.fget, value.fset, value.fdel
        return all(_changes_nothing(part, seen) for part in parts)
    if _is_from_a_library(value):
        return True
    if isinstance(value, types.FunctionType):
        return _is_pure(value, seen)
    return isinstance(value, type) and _is_plain(value, seen)


def _is_from_a_library(value: Any) -> bool:
    if not callable(value):
        return False
    module = getattr(value, "__module__", None)
    known = isinstance(module, str) and module.partition(".")[0] in _MODULES
    kept = getattr(value, "__self__", None)  # a generator's method draws from it
    return known and (kept is None or isinstance(kept, types.ModuleType | type))


def _is_plain(kind: type, seen: set[int]) -> bool:
    """A class with nothing in it but methods and constants."""
    inside = (
        value
        for name, value in vars(kind).items()
        if name not in _NOTES and not isinstance(value, _DESCRIPTORS)
    )
    return (
        type(kind) is type
        and all(_changes_nothing(value, seen) for value in inside)
        and all(
            base is object or _changes_nothing(base, seen) for base in kind.__bases__
        )
    )


def _is_pure(function: types.FunctionType, seen: set[int]) -> bool:
    code = function.__code__
    reached = [
        *(function.__defaults__ or ()),
        *(function.__kwdefaults__ or {}).values(),
    ]
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            reached += [] if name == "__class__" else [cell.cell_contents]
        except ValueError:  # it is empty still
            return False
    if vars(function) or not all(_changes_nothing(value, seen) for value in reached):
        return False
    return all(
        _only_reads(part, function, seen) or _keeps_nothing(part, function, seen)
        for part in _codes(code)
    )


def _only_reads(
    code: types.CodeType, function: types.FunctionType, seen: set[int]
) -> bool:
    """Whether it sets nothing but local variables, and all its names are harmless.

    So it is with most; what each instruction does takes much longer to find out.
    """
    if not _SETTING.isdisjoint(code.co_code[::2]):
        return False
    found = set(seen)
    harmless = all(
        name not in _SETTINGS and _is_harmless_name(name, function, found)
        for name in code.co_names  # of attributes too, which may be called as globals
    )
    if harmless:
        seen |= found
    return harmless


def _keeps_nothing(
    code: types.CodeType, function: types.FunctionType, seen: set[int]
) -> bool:
    instructions = list(dis.get_instructions(code))
    return all(
        _is_harmless(instructions, at, function, seen)
        for at in range(len(instructions))
    )


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A function's code, and that of the functions that are made in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _is_harmless(
    instructions: Sequence[dis.Instruction],
    at: int,
    function: types.FunctionType,
    seen: set[int],
) -> bool:
    instruction = instructions[at]
    match instruction.opname:
        case "LOAD_GLOBAL" | "LOAD_NAME":
            return _is_harmless_name(instruction.argval, function, seen)
        case "STORE_GLOBAL" | "DELETE_GLOBAL" | "IMPORT_STAR":
            return False
        case "STORE_DEREF" | "DELETE_DEREF":
            return instruction.argval not in function.__code__.co_freevars
        case "STORE_ATTR" | "DELETE_ATTR":
            # Of what it was given or has made, and keeps under a name of its own.
            return "LOAD_FAST" in _owner(instructions, at)
        case "IMPORT_NAME":
            return instruction.argval.partition(".")[0] in _MODULES
        case "LOAD_ATTR" | "LOAD_METHOD":
            return instruction.argval not in _SETTINGS
    return True


def _owner(instructions: Sequence[dis.Instruction], at: int) -> str:
    """What loaded the object of which an attribute is set."""
    before = instructions[at - 1].opname
    if before != "SWAP":
        return before
    # As in `self.t += 1`: what was copied, to be read first and set later.
    copied_and_read = "COPY", "LOAD_ATTR", instructions[at].argval
    for i in range(at - 2, 0, -1):
        copy, read = instructions[i : i + 2]
        if (copy.opname, read.opname, read.argval) == copied_and_read:
            return instructions[i - 1].opname
    return before


def _is_harmless_name(name: str, function: types.FunctionType, seen: set[int]) -> bool:
    if name in function.__globals__:
        return _changes_nothing(function.__globals__[name], seen)
    return name not in _REACHING_FAR or not hasattr(builtins, name)
