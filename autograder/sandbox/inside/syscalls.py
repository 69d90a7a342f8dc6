"""What a notebook's process may not ask of the kernel: a seccomp filter.

The box keeps files and the network away.  What is left has no name in a folder:
limits and priorities of other processes, memory that outlives its process,
permissions of files that cannot even be read, the kernel's rarer doors.  A
process installs the filter itself, for itself and all that it starts, for good.
What it lets through is listed in `syscall_table`, call by call, with the reason.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable, Iterator

from autograder.sandbox.inside.syscall_table import (
    ALLOWED,
    COMMANDS,
    CONTROLS,
    IOCTLS,
    LOCKS,
    LOOKED_AT,
    OPTIONS,
    REFUSED,
    WHERE_COUNTED,
    WITHOUT_EFFECT,
    listed,
)

__all__ = ["filter_program", "install_filter"]

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""By machine: its name in the kernel, and which of two numbers is its own."""

_OF_ITSELF = (
    "prlimit64",
    "sched_setparam",
    "sched_setscheduler",
    "sched_setaffinity",
    "sched_setattr",
)
"""The first argument is a process, 0 the caller."""
_NEW_NAMESPACE = 0x7E020000
_HUGE_PAGES = 0x40000  # of which the machine has few, and which no account counts
_FAMILIES = (1, 2, 10)  # not those that reach, say, the host of a virtual machine
_SOCKETS = (1, 2, 5)  # streams, datagrams, packets in order
_KIND_OF_SOCKET = 0xF
_PROTOCOLS = (0, 6, 17)

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_X32 = 0x40000000  # a second set of numbers for the same calls
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_REFUSE = _ERROR | errno.EPERM
_UNKNOWN = _ERROR | errno.ENOSYS

Step = tuple[int, int, int, int]


def filter_program(machine: str, counted: bool = False) -> bytes | None:
    """The filter for a machine, as the kernel reads it; None if there is none.

    `counted` says whether a control group counts what the process uses.
    """
    if machine not in _ARCHITECTURES:
        return None
    name, column = _ARCHITECTURES[machine]
    steps: list[Step] = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, name),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE)]
    for call, tests in _looked_at().items():
        number = listed(LOOKED_AT)[call][column]
        inner = [*tests, (_RETURN, 0, 0, _ALLOW)]
        steps += [(_EQUAL, 0, len(inner), number), *inner]
    answers = dict.fromkeys(_numbers(ALLOWED.values(), column), _ALLOW)
    answers |= dict.fromkeys(_numbers(REFUSED.values(), column), _REFUSE)
    some = _ALLOW if counted else _REFUSE
    answers |= dict.fromkeys(_numbers([WHERE_COUNTED], column), some)
    answers |= dict.fromkeys(_numbers([WITHOUT_EFFECT], column), _ERROR)
    steps += _ranges(answers)
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _numbers(lists: Iterable[str], column: int) -> Iterator[int]:
    for text in lists:
        for numbers in listed(text).values():
            if numbers[column] >= 0:
                yield numbers[column]


def _ranges(answers: dict[int, int]) -> Iterator[Step]:
    """Steps that give the answer to each number, and to all others that none is known.

    One step for a run of numbers with the same answer: the lower ones have been seen.
    """
    last = max(answers) + 1
    for number in range(last):
        now, then = (answers.get(n, _UNKNOWN) for n in (number, number + 1))
        if now != then or number + 1 == last:
            yield (_AT_LEAST, 1, 0, number + 1)
            yield (_RETURN, 0, 0, now)
    yield (_RETURN, 0, 0, _UNKNOWN)


def _looked_at() -> dict[str, list[Step]]:
    """By call: tests of its arguments, each of which refuses or lets it go on."""
    itself = {name: _one_of(0, (0,)) for name in _OF_ITSELF}
    return itself | {
        "setpriority": [*_one_of(0, (0,)), *_one_of(1, (0,))],
        # The C library uses `clone`, whose arguments can be seen, if this is missing.
        "clone3": [(_RETURN, 0, 0, _UNKNOWN)],
        "clone": _no_bit(0, _NEW_NAMESPACE),
        "mmap": _no_bit(3, _HUGE_PAGES),
        "prctl": _one_of(0, _all(CONTROLS)),
        "fcntl": [*_without_effect(1, LOCKS), *_one_of(1, _all(COMMANDS))],
        "ioctl": _one_of(1, _all(IOCTLS), errno.ENOTTY),
        "socket": [
            *_one_of(0, _FAMILIES),
            *_one_of(1, _SOCKETS, mask=_KIND_OF_SOCKET),
            *_one_of(2, _PROTOCOLS),
        ],
        "socketpair": _one_of(0, _FAMILIES[:1]),
        "setsockopt": [
            *_one_of(1, tuple(OPTIONS)),
            # One of either level's: none of those does harm on the other.
            *_one_of(2, tuple({o for options in OPTIONS.values() for o in options})),
        ],
    }


def _all(reasons: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(number for numbers in reasons.values() for number in numbers)


def _one_of(
    at: int, values: tuple[int, ...], error: int = errno.EPERM, mask: int = 0
) -> list[Step]:
    """Refuse unless an argument is one of `values`."""
    last = len(values) - 1
    return [
        _argument(at),
        *([(_AND, 0, 0, mask)] if mask else []),
        *[(_EQUAL, last - i + 1, 0, value) for i, value in enumerate(values)],
        (_RETURN, 0, 0, _ERROR | error),
    ]


def _without_effect(at: int, values: tuple[int, ...]) -> list[Step]:
    """Do nothing, and say that it was done, if an argument is one of `values`."""
    last = len(values) - 1
    return [
        _argument(at),
        *[(_EQUAL, last - i, int(i == last), value) for i, value in enumerate(values)],
        (_RETURN, 0, 0, _ERROR),
    ]


def _no_bit(at: int, bits: int) -> list[Step]:
    """Refuse if an argument has one of these bits."""
    return [_argument(at), (_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, _REFUSE)]


def _argument(at: int) -> tuple[int, int, int, int]:
    """Load an argument; all that are looked at are numbers of 32 bits."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * at)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def install_filter(counted: bool) -> None:
    """Filter this process and all that it starts, where the machine is known.

    `counted` is as in `filter_program`.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    program = filter_program(platform.machine(), counted)
    if program is None:
        return
    no_new_privileges, set_seccomp, by_filter = 38, 22, 2
    libc = ctypes.CDLL(None, use_errno=True)
    steps = ctypes.create_string_buffer(program, len(program))
    packed = _Program(len(program) // 8, ctypes.addressof(steps))
    if (
        libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0
        or libc.prctl(set_seccomp, by_filter, ctypes.byref(packed), 0, 0) != 0
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
