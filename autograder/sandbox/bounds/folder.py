"""Starts a command with a folder that the kernel keeps from growing.

Over the folder lies a file system in memory, which only that command sees and which
ends with it.  Run as a script, before a box is entered: in a box it may not be mounted.
Where this user may have no namespace, or it cannot be mounted, the command starts all
the same, and what is written is looked at.
"""

import ctypes
import json
import os
import struct
import sys

__all__ = ["bounded_command", "main"]

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_NO_SUID, _NO_DEVICES = 2, 4
_NOT_SHARED = (1 << 18) | (1 << 14)  # all mounts, private
_CAPABILITIES_3 = 0x20080522


def bounded_command(
    argv: list[str], folder: str, size: int, files: int, user: int | None
) -> list[str]:
    """The command line that starts `argv` so.

    Parameters
    ----------
    argv : list of str
    folder : str
    size, files : int
        Bytes, and files and folders, that it takes.
    user : int or None
        Whom it belongs to; by default whoever starts it.
    """
    told = json.dumps([folder, size, files, user])
    return [sys.executable, "-I", "-S", __file__, told, *argv]


def main() -> None:
    """Bound the folder and become the command."""
    folder, size, files, user = json.loads(sys.argv[1])
    # Where memory ends all the same, the kernel picks a box and never the grader.
    _write("/proc/self/oom_score_adj", "1000")
    _bound(folder, size, files, os.getuid() if user is None else user)
    os.execv(sys.argv[2], sys.argv[2:])


def _bound(folder: str, size: int, files: int, user: int) -> None:
    libc = ctypes.CDLL(None)
    own, group, root = os.getuid(), os.getgid(), os.getuid() == 0
    if libc.unshare(_NEW_MOUNTS if root else _NEW_MOUNTS | _NEW_USER) != 0:
        return
    if not root:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{own} {own} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
    owner = f"uid={user},gid={user if root else group}"
    options = f"size={size},nr_inodes={files},mode=0711,{owner}"
    if libc.mount(None, b"/", None, _NOT_SHARED, None) == 0:
        name, flags = b"tmpfs", _NO_SUID | _NO_DEVICES
        libc.mount(name, folder.encode(), name, flags, options.encode())
    if not root:  # what the namespace gave, the command must not have
        libc.capset(struct.pack("Ii", _CAPABILITIES_3, 0), bytes(24))


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        pass  # it is tried; what came of it is asked afterwards


if __name__ == "__main__":
    main()
