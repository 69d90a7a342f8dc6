"""What a notebook's process may not ask of the kernel: a seccomp filter.

The box keeps files and the network away.  What is left has no name in a folder:
limits and priorities of other processes, memory that outlives its process,
permissions of files that cannot even be read, the kernel's rarer doors.  A
process installs the filter itself, for itself and all that it starts, for good.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

__all__ = ["filter_program", "install_filter"]

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""By machine: its name in the kernel, and the column below."""

_NONE = -1

_REFUSED = {
    # Memory and messages that no process owns, and keys that outlive them.
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgctl": (71, 187),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "semget": (64, 190),
    "semctl": (66, 191),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # Other processes.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "ioprio_set": (251, 30),
    # New namespaces, in which a process is root, and what root does there.
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265),
    # Where holes in the kernel were found most often.
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
}

_WITHOUT_EFFECT = {
    # Landlock lets whoever owns a file change these, wherever the file lies.
    # They seem to work, since copying a file in one's own folder needs them.
    "chmod": (90, _NONE),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, _NONE),
    "fchown": (93, 55),
    "lchown": (94, _NONE),
    "fchownat": (260, 54),
    "utime": (132, _NONE),
    "utimes": (235, _NONE),
    "futimesat": (261, _NONE),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
}

_OF_ITSELF = {
    # The first argument is a process, 0 the caller.
    "prlimit64": (302, 261),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
}
_SETPRIORITY = (141, 140)
_CLONE, _CLONE3 = (56, 220), (435, 435)
_PRCTL = (157, 167)
_SOCKET = (41, 198)

_NEW_NAMESPACE = 0x7E020000
_PR_SET_DUMPABLE = 4  # who is not dumpable hides what it has open
_UNIX, _INET, _INET6 = 1, 2, 10  # the rest, as to the host of a virtual machine, is not

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_X32 = 0x40000000  # a second set of numbers for the same calls
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16


def filter_program(machine: str) -> bytes | None:
    """The filter for a machine, as the kernel reads it; None if there is none."""
    if machine not in _ARCHITECTURES:
        return None
    name, column = _ARCHITECTURES[machine]
    refuse = _ERROR | errno.EPERM
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, name),
        (_RETURN, 0, 0, refuse),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, refuse)]

    def answer(numbers: tuple[int, int], what: int) -> None:
        steps.extend([(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, what)])

    def look(numbers: tuple[int, int], *tests: tuple[int, int, int, int]) -> None:
        """Refuse a call unless every test of its arguments lets it go on."""
        inner = [*tests, (_RETURN, 0, 0, _ALLOW)]
        steps.extend([(_EQUAL, 0, len(inner), numbers[column]), *inner])

    for numbers in _REFUSED.values():
        answer(numbers, refuse)
    for numbers in _WITHOUT_EFFECT.values():
        if numbers[column] != _NONE:
            answer(numbers, _ERROR)
    # The C library uses `clone`, whose arguments can be seen, if this is missing.
    answer(_CLONE3, _ERROR | errno.ENOSYS)
    for numbers in _OF_ITSELF.values():
        look(numbers, *_must_be(0, 0, refuse))
    look(_SETPRIORITY, *_must_be(0, 0, refuse), *_must_be(1, 0, refuse))
    look(
        _CLONE, _argument(0), (_ANY_BIT, 0, 1, _NEW_NAMESPACE), (_RETURN, 0, 0, refuse)
    )
    look(
        _PRCTL, _argument(0), (_EQUAL, 0, 1, _PR_SET_DUMPABLE), (_RETURN, 0, 0, refuse)
    )
    families = [(_EQUAL, 3 - i, 0, f) for i, f in enumerate((_UNIX, _INET, _INET6))]
    look(_SOCKET, _argument(0), *families, (_RETURN, 0, 0, refuse))
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _argument(at: int) -> tuple[int, int, int, int]:
    """Load an argument; all that are looked at are numbers of 32 bits."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * at)


def _must_be(at: int, value: int, refuse: int) -> tuple[tuple[int, int, int, int], ...]:
    return _argument(at), (_EQUAL, 1, 0, value), (_RETURN, 0, 0, refuse)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def install_filter() -> None:
    """Filter this process and all that it starts, where the machine is known.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    program = filter_program(platform.machine())
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
