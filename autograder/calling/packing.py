"""Cases and outcomes as bytes: JSON beside `.npy`, never pickle.

Layout: the length of the JSON part in eight bytes, the JSON part, then the
`.npy` parts one after another, whose lengths the JSON part gives.  `unpack`
trusts nothing: it refuses what is too large, badly formed, or would unpickle.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from autograder.calling.calls import ErrorNote, Foreign, Outcome
from autograder.calling.inputs import Dataset, Driven, Function, Later, Seed
from autograder.limits import MAX_PACKET

__all__ = ["BadPacket", "pack", "unpack"]

_KINDS = "fiubc"
"""Of numbers in arrays: floats, integers, booleans and complex ones."""
_LENGTH = slice(8, 10)
"""Where an `.npy` says how long its header is, which follows."""
_KNOWN_HEADERS = 256
"""Headers that are kept: cases of one exercise have a few."""
_USUAL_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(<f8|<i8|\|b1)', "
    rb"'fortran_order': (True|False), "
    rb"'shape': \((\d{1,9}, ?|\d{1,9}(?:, \d{1,9})+|)\), \} *\n",
    re.DOTALL,
)
"""As `_header` writes those of plain numbers."""
_UNSEEN = {n: value for n, value in vars(Outcome()).items() if n != "returned"}
"""What an outcome says of a call that does nothing but return, and leaves out."""


class BadPacket(ValueError):
    """Bytes that are not a packed value."""


def pack(value: Any) -> bytes:
    """Bytes of a tree of plain values, arrays, functions, seeds and outcomes."""
    arrays: list[bytes] = []
    skeleton = _to_json(value, arrays)
    head = json.dumps({"sizes": [len(a) for a in arrays], "value": skeleton})
    encoded = head.encode()
    return b"".join([len(encoded).to_bytes(8, "big"), encoded, *arrays])


def unpack(data: bytes, max_bytes: int = MAX_PACKET) -> Any:
    """The value that `pack` made bytes of.

    Raises
    ------
    BadPacket
        If the bytes are anything else, or more than `max_bytes`.
    """
    if len(data) > max_bytes:
        raise BadPacket(f"{len(data)} bytes are more than the {max_bytes} allowed")
    try:
        length = int.from_bytes(data[:8], "big")
        head = json.loads(data[8 : 8 + length].decode())
        sizes, position = head["sizes"], 8 + length
        parts: list[bytes | None] = []
        for size in sizes:
            if type(size) is not int or size < 0 or position + size > len(data):
                raise BadPacket("a part is longer than the packet")
            parts.append(data[position : position + size])
            position += size
        if position != len(data):
            raise BadPacket("bytes are left over")
        return _from_json(head["value"], parts)
    except BadPacket:
        raise
    except Exception as error:  # whatever the readers of JSON and `.npy` raise
        raise BadPacket(f"not a packet: {error}") from error


def _to_json(value: Any, arrays: list[bytes]) -> Any:
    fields: dict[str, Any]
    if isinstance(value, np.ndarray):
        arrays.append(_written(value))
        return {"~": "array", "at": len(arrays) - 1}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, complex):
        return {"~": "complex", "parts": [value.real, value.imag]}
    if isinstance(value, list):
        return [_to_json(item, arrays) for item in value]
    if isinstance(value, tuple):
        return {"~": "tuple", "items": [_to_json(item, arrays) for item in value]}
    if isinstance(value, dict):
        return {
            "~": "dict",
            "items": [[key, _to_json(item, arrays)] for key, item in value.items()],
        }
    if isinstance(value, Function):
        fields = {
            "name": value.name,
            "parameters": dict(value.parameters),
            "shape": value.shape,
            "calls": value.calls,
            "at_most": value.at_most,
        }
        return {"~": "function", "fields": _to_json(fields, arrays)}
    if isinstance(value, Seed):
        return {"~": "seed", "entropy": value.entropy}
    if isinstance(value, Dataset):
        return {"~": "dataset", "name": value.name}
    if isinstance(value, Later):
        return {"~": "later", "value": _to_json(value.value, arrays)}
    if isinstance(value, Driven):
        fields = {"driver": value.driver, "given": dict(value.given)}
        return {"~": "driven", "fields": _to_json(fields, arrays)}
    if isinstance(value, Foreign):
        return {"~": "foreign", "type_name": value.type_name}
    if isinstance(value, ErrorNote):
        return {"~": "error", "fields": _to_json(asdict(value), arrays)}
    if isinstance(value, Outcome):
        fields = {"returned": value.returned}
        for name, unseen in _UNSEEN.items():
            there = getattr(value, name)
            if there != unseen:
                fields[name] = dict(there) if isinstance(there, Mapping) else there
        return {"~": "outcome", "fields": _to_json(fields, arrays)}
    raise TypeError(f"cannot pack a {type(value).__name__}")


def _from_json(value: Any, parts: list[bytes | None]) -> Any:
    if isinstance(value, list):
        return [_from_json(item, parts) for item in value]
    if not isinstance(value, dict):
        return value
    match value["~"]:
        case "array":
            # Each part once: a small packet could name a large one many times.
            part, parts[value["at"]] = parts[value["at"]], None
            return _read_array(part)
        case "complex":
            return complex(*value["parts"])
        case "tuple":
            return tuple(_from_json(item, parts) for item in value["items"])
        case "dict":
            return {str(k): _from_json(item, parts) for k, item in value["items"]}
        case "function":
            return Function(**_from_json(value["fields"], parts))
        case "seed":
            return Seed(value["entropy"])
        case "dataset":
            return Dataset(str(value["name"])[:200])
        case "later":
            return Later(_from_json(value["value"], parts))
        case "driven":
            return Driven(**_from_json(value["fields"], parts))
        case "foreign":
            return Foreign(str(value["type_name"])[:200])
        case "error":
            return _checked_error(_from_json(value["fields"], parts))
        case "outcome":
            return _checked_outcome(_from_json(value["fields"], parts))
    raise BadPacket("an unknown kind of value")


def _checked_error(fields: dict[str, Any]) -> ErrorNote:
    note = ErrorNote(**fields)
    ok = (
        isinstance(note.kinds, tuple)
        and len(note.kinds) > 0
        and all(isinstance(kind, str) for kind in note.kinds)
        and isinstance(note.text, str)
        and isinstance(note.line, str)
        and (note.line_number is None or type(note.line_number) is int)
    )
    if not ok:
        raise BadPacket("an error note of the wrong kind")
    return note


def _checked_outcome(fields: dict[str, Any]) -> Outcome:
    outcome = Outcome(**fields)
    ok = (
        (outcome.error is None or isinstance(outcome.error, ErrorNote))
        and isinstance(outcome.changed, tuple)
        and all(isinstance(name, str) for name in outcome.changed)
        and isinstance(outcome.calls, dict)
        and all(type(n) is int for n in outcome.calls.values())
        and type(outcome.global_random) is bool
        and isinstance(outcome.drew, tuple)
        and all(isinstance(name, str) for name in outcome.drew)
        and (outcome.observed is None or isinstance(outcome.observed, dict))
    )
    if not ok:
        raise BadPacket("an outcome of the wrong kind")
    return outcome


def _written(array: np.ndarray) -> bytes:
    """An array as `.npy`."""
    if type(array) is not np.ndarray or array.dtype.kind not in _KINDS:
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, array, allow_pickle=False)
        return buffer.getvalue()
    by_column = array.flags.f_contiguous and not array.flags.c_contiguous
    header = _header(array.dtype.str, by_column, array.shape)
    return header + array.tobytes("F" if by_column else "C")


@lru_cache(_KNOWN_HEADERS)
def _header(dtype: str, by_column: bool, shape: tuple[int, ...]) -> bytes:
    """How the `.npy` of such an array begins: to write it costs more than the rest."""
    told = {"descr": dtype, "fortran_order": by_column, "shape": shape}
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, told)
    return buffer.getvalue()


def _read_array(part: bytes | None) -> np.ndarray:
    """Read one `.npy` part after checking its header against its size."""
    if part is None:
        raise BadPacket("a part is used twice")
    start = _LENGTH.stop + int.from_bytes(part[_LENGTH], "little")
    shape, by_column, dtype = _read_header(part[:start])
    if math.prod(shape) * dtype.itemsize != len(part) - start:
        raise BadPacket("an array whose header does not fit its size")
    order: Literal["F", "C"] = "F" if by_column else "C"
    return np.ndarray(shape, dtype, part, start, order=order).copy(order)


@lru_cache(_KNOWN_HEADERS)
def _read_header(header: bytes) -> tuple[tuple[int, ...], bool, np.dtype]:
    usual = _USUAL_HEADER.fullmatch(header)
    if usual is not None:  # NumPy has each one compiled by Python
        dtype, by_column, shape = usual.groups()
        sizes = tuple(map(int, shape.replace(b",", b" ").split()))
        return sizes, by_column == b"True", np.dtype(dtype.decode())
    buffer = io.BytesIO(header)
    if np.lib.format.read_magic(buffer) != (1, 0):
        raise BadPacket("an array in another version of the format")
    shape, by_column, dtype = np.lib.format.read_array_header_1_0(
        buffer, max_header_size=4096
    )
    if dtype.kind not in _KINDS or dtype.hasobject:
        raise BadPacket(f"an array of dtype {dtype}")
    return shape, by_column, dtype
