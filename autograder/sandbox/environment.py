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

import autograder
from autograder.lab.drawing import WORDS_ONLY

__all__ = ["clean_environment", "end_marked"]

_MARK = "AUTOGRADER_BOX"
_FONT_LISTS = "fontlist-*.json"


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
        **autograder.ONE_THREAD,
        **places,
        **kept,
        **({} if pictures else {WORDS_ONLY: "1"}),
        **({_MARK: mark} if mark else {}),
    }


@lru_cache(maxsize=1)
def _font_caches() -> Sequence[Path]:
    """Matplotlib's list of fonts, which takes seconds to make anew."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    usual = Path(os.environ.get("MPLCONFIGDIR") or cache / "matplotlib")
    found = tuple(usual.glob(_FONT_LISTS))
    if not found:  # Matplotlib, which takes long to load, makes it and knows where
        with contextlib.suppress(ImportError):
            import matplotlib.font_manager

            found = tuple(Path(matplotlib.get_cachedir()).glob(_FONT_LISTS))
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
