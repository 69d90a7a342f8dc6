"""What a file is that is no notebook, in one sentence with a way out."""

from __future__ import annotations

import io
import json
import re
import zipfile

__all__ = ["conflict_line", "what_it_is"]

AGAIN = "Hand in the notebook itself, the .ipynb file."

_HEAD = 4096

_MAGIC = (
    (b"%PDF-", "is a PDF"),
    (b"\x89PNG\r\n\x1a\n", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a document of an older Office"),
    (b"{\\rtf", "is a text document (RTF)"),
    (b"Rar!\x1a\x07", "is an archive (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "is an archive (7z)"),
    (b"\x1f\x8b", "is a compressed file (gzip)"),
    (b"BZh", "is a compressed file (bzip2)"),
    (b"\xfd7zXZ\x00", "is a compressed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "is a compressed file (zstd)"),
    (b"SQLite format 3\x00", "is a database"),
    (b"\x7fELF", "is a program"),
    (b"MZ\x90", "is a program"),
)
_PACKED = (
    ("word/", "is a Word document"),
    ("xl/", "is an Excel sheet"),
    ("ppt/", "is a PowerPoint presentation"),
    ("content.xml", "is an OpenDocument file"),
)
_LINK = re.compile(
    r"\[InternetShortcut\]|https?://\S+\s*\Z|.*<key>URL</key>", re.DOTALL
)
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |\r?$)|^={7}\r?$", re.MULTILINE)
_CODE = re.compile(
    r"^(?:import \w|from [\w.]+ import |def \w+\(|# %%|#!/.*python)", re.MULTILINE
)


def what_it_is(data: bytes) -> str | None:
    """A sentence about a file that is no notebook; None if it cannot be told."""
    if not data.strip(b"\0"):
        return (
            "The file holds nothing but zero bytes: the disk or the upload failed. "
            f"{AGAIN}"
        )
    if data.startswith(b"PK\x03\x04"):
        return f"The file {_packed(data)}, and no notebook. {AGAIN}"
    if data[257:262] == b"ustar":
        return f"The file is an archive (tar), and no notebook. {AGAIN}"
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return f"The file {what}, and no notebook. {AGAIN}"
    text = data[:_HEAD].decode(_encoding(data), "replace").lstrip("\ufeff \t\r\n")
    return _text(text)


def conflict_line(data: bytes) -> int | None:
    """Number of the first line that Git wrote into a file where it could not merge."""
    found = list(_CONFLICT.finditer(data))
    if len({m[0][:1] for m in found}) < 2:
        return None
    return data.count(b"\n", 0, found[0].start()) + 1


def _encoding(data: bytes) -> str:
    return json.detect_encoding(data[:16])


def _packed(data: bytes) -> str:
    """What a zip is: most documents of today are zips."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:1000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "is a damaged archive (zip)"
    for start, what in _PACKED:
        if any(name.startswith(start) for name in names):
            return what
    return "is an archive (zip)"


def _text(text: str) -> str | None:
    """The same of a file of letters, by how it begins."""
    low = text[:1000].lower()
    if re.match(r"(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html|head)", low):
        return (
            "The file is a web page, not the notebook that the page shows or offers. "
            "Download the notebook itself and hand in that .ipynb file."
        )
    if low.startswith("version https://git-lfs"):
        return (
            "The file is a pointer of Git LFS: the notebook is elsewhere, and "
            "`git lfs pull` fetches it. Hand in what comes."
        )
    if low.startswith(("outs:\n", "../.git/annex", ".git/annex", "/annex/objects")):
        return (
            "The file is a pointer of DVC or git-annex: the notebook is elsewhere. "
            "Fetch it, and hand in what comes."
        )
    if _LINK.match(text) and len(text) < _HEAD:
        return f"The file is a link to a page, and no notebook. {AGAIN}"
    if low.startswith(("<?xml", "<svg", "<error")):
        return f"The file is XML, and no notebook. {AGAIN}"
    if low.startswith("bplist0"):
        return f"The file is a web page that Safari kept, and no notebook. {AGAIN}"
    if not text.startswith(("{", "[")) and _CODE.search(text):
        return f"The file is Python code, and no notebook. {AGAIN}"
    return None
