"""What a process that runs student code finds around itself, and leaves behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from autograder.lab.drawing.showing import WORDS_ONLY

__all__ = ["clean_environment", "end_marked", "remove_folder"]

_MARK = "AUTOGRADER_BOX"
_THREADS = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")


def clean_environment(scratch: Path, pictures: bool, mark: str = "") -> dict[str, str]:
    """A clean environment, with a home where the process may write."""
    places = {}
    for variable, name in {
        "HOME": "home",
        "USERPROFILE": "home",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
        "TMPDIR": "tmp",
        "TEMP": "tmp",
        "TMP": "tmp",
    }.items():
        (scratch / name).mkdir(exist_ok=True)
        places[variable] = str(scratch / name)
    for cache in _font_caches():
        shutil.copy(cache, scratch / "matplotlib")
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    inline = "module://matplotlib_inline.backend_inline"
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",  # the same order of sets in every run
        "MPLBACKEND": inline if pictures else "Agg",
        **{f"{library}_NUM_THREADS": "1" for library in _THREADS},
        **places,
        **kept,
        **({} if pictures else {WORDS_ONLY: "1"}),
        **({_MARK: mark} if mark else {}),
    }


@lru_cache(maxsize=1)
def _font_caches() -> Sequence[Path]:
    """Matplotlib's list of fonts, which takes seconds to make anew."""
    try:
        import matplotlib
    except ImportError:
        return ()
    folder = Path(matplotlib.get_cachedir())
    found = tuple(folder.glob("fontlist-*.json"))
    if not found:
        import matplotlib.font_manager  # makes the list

        found = tuple(folder.glob("fontlist-*.json"))
    return found


def end_marked(mark: str) -> None:
    """Kill what has left the process group; it still has the box's environment."""
    proc = Path("/proc")
    if not proc.is_dir():
        return
    needle = f"{_MARK}={mark}".encode()
    for _ in range(100):
        alive = False
        for entry in proc.iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if needle in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
                    alive = True
        if not alive:
            return
        time.sleep(0.01)


def remove_folder(folder: Path) -> None:
    """Remove a folder, however deep, whose permissions student code may have changed.

    No process may be left that changes it.
    """
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
        if os.name == "nt":
            _open_up(folder)
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _empty(folder)
            folder.rmdir()


def _open_up(folder: Path) -> None:
    # Files that cannot be written to resist on Windows only.
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)


def _empty(folder: Path) -> None:
    """Remove all in a folder, going down and up one step at a time.

    Neither recursion nor a path is long enough for every depth.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    here, way = os.open(folder, flags), list[str]()
    try:
        left = [_remove_files(here)]
        while left[-1] or way:
            down = bool(left[-1])
            name = left[-1].pop() if down else ".."
            if down:
                os.chmod(name, 0o700, dir_fd=here)
            there = os.open(name, flags, dir_fd=here)
            os.close(here)
            here = there
            if down:
                way.append(name)
                left.append(_remove_files(here))
            else:
                left.pop()
                os.rmdir(way.pop(), dir_fd=here)
    finally:
        os.close(here)


def _remove_files(descriptor: int) -> list[str]:
    """Remove files and empty folders; the names of the folders that are left."""
    folders = []
    with os.scandir(descriptor) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name, dir_fd=descriptor)
                continue
            try:
                os.rmdir(entry.name, dir_fd=descriptor)
            except OSError:
                folders.append(entry.name)
    return folders
