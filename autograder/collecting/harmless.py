"""Files that programs leave beside what people hand in."""

from __future__ import annotations

import re

__all__ = ["is_harmless"]

_NAMES = frozenset(
    {
        ".ds_store",
        ".git",
        ".gitattributes",
        ".gitignore",
        ".gitkeep",
        ".idea",
        ".ipynb_checkpoints",
        ".ipython",
        ".jupyter",
        ".jupyter_ystore.db",
        ".localized",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".temporaryitems",
        ".virtual_documents",
        ".vscode",
        "@eadir",
        "#recycle",
        "$recycle.bin",
        "__macosx",
        "__pycache__",
        "desktop.ini",
        "ehthumbs.db",
        "icon\r",
        "lost+found",
        "system volume information",
        "thumbs.db",
    }
)
_PATTERN = re.compile(
    r"\._.*"  # what macOS keeps beside a file on other systems
    r"|~\$.*|\.~lock\..*#"  # an open document of Office
    r"|\.fuse_hidden.*|\.nfs[0-9a-f]+|\.trash.*|\.spotlight-.*|\.fseventsd"
    r"|.*\.py[co]|.*~|\..*\.sw[a-p]",
    re.IGNORECASE | re.DOTALL,
)


def is_harmless(path: str) -> bool:
    """Whether a program made this path, or a folder that it is in."""
    parts = path.split("/")
    return any(p.casefold() in _NAMES or _PATTERN.fullmatch(p) for p in parts if p)
