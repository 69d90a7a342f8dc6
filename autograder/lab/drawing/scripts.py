"""Text in figures in whatever script it is written: fonts, and places to break it."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from matplotlib import font_manager
from matplotlib.axis import Axis
from matplotlib.text import Text

from autograder.language import _

__all__ = ["find_letters", "pieces"]

FIRST = "DejaVu Sans"
"""It ships with Matplotlib, so that pictures are alike everywhere."""

OTHERS = (
    ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei"),
    ("PingFang SC", "Hiragino Sans GB", "Heiti TC", "SimHei"),
    ("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
    ("Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Noto Sans CJK KR"),
    ("Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans", "Arial Unicode MS"),
    ("Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Hebrew", "Noto Sans Arabic"),
)
"""Fonts that systems bring for what the first one has no letters for."""

_said: list[str] = []
"""A letter that no font has, once that is said."""

_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf", "Po"}
_BOLD = 600


def find_letters(figure) -> None:
    """Let each text that needs one use another font where the first lacks a letter.

    A letter that no font has is said once, with what to install.
    """
    for text in _texts(figure):
        lacking = [one for one in text.get_text() if not _has(FIRST, one)]
        if lacking:
            names, bold = _others()
            text.set_fontfamily([FIRST, *names])
            if not bold:  # Matplotlib would say so under each figure
                text.set_fontweight("normal")
            nowhere = (c for c in lacking if not any(_has(name, c) for name in names))
            if letter := next(nowhere, ""):
                _say_once(letter)


def _texts(artist) -> Iterator[Text]:
    """Texts in a figure; as yet an axis need not have all of its ticks."""
    if isinstance(artist, Text):
        yield artist
    elif isinstance(artist, Axis):  # its `get_children` would make the others
        yield from (artist.label, artist.offsetText)
        for tick in (*artist.majorTicks, *artist.minorTicks):
            yield from (tick.label1, tick.label2)
    else:
        for child in artist.get_children():
            yield from _texts(child)


def pieces(text: str) -> list[str]:
    """A text cut wherever a line may end: after spaces, and between wide letters.

    No piece begins with closing punctuation, and none but the last ends with
    opening punctuation: what of Unicode's Annex 14 shows in a title.
    """
    found = [""]
    for before, letter in zip(" " + text, text, strict=False):
        wide = any(
            unicodedata.east_asian_width(one) in "WF" for one in (before, letter)
        )
        closing = unicodedata.category(letter) in _CLOSING
        opening = unicodedata.category(before) in _OPENING
        if (before == " " or wide) and letter != " " and not (closing or opening):
            found.append("")
        found[-1] += letter
    return [piece for piece in found if piece]


@cache
def _has(name: str, letter: str) -> bool:
    font = font_manager.get_font(font_manager.findfont(name))
    return letter.isspace() or font.get_char_index(ord(letter)) != 0


@cache
def _others() -> tuple[list[str], bool]:
    """Further fonts that are here, and whether all of them have a bold form."""
    weights = _weights()
    if not weights:  # Matplotlib keeps its list: some may have come since
        _find_new_fonts()
        weights = _weights()
    return list(weights), all(max(found) >= _BOLD for found in weights.values())


def _weights() -> dict[str, list[int]]:
    """Of each further font that Matplotlib knows, its weights; in our order."""
    found: dict[str, list[int]] = {name: [] for row in OTHERS for name in row}
    for font in font_manager.fontManager.ttflist:
        weight = font.weight  # a number, or a word for one
        if isinstance(weight, str):
            weight = font_manager.weight_dict.get(weight, 400)
        if font.name in found:
            found[font.name].append(weight)
    return {name: weights for name, weights in found.items() if weights}


def _find_new_fonts() -> None:
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in set(font_manager.findSystemFonts()) - known:
        with suppress(OSError, RuntimeError):  # a file that is no font that it can read
            font_manager.fontManager.addfont(path)


def _say_once(letter: str) -> None:
    """Say what is missing; Matplotlib would warn of each letter, in each figure."""
    if _said:
        return
    _said.append(letter)
    warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
    told = _(
        "This computer has no font with the letters of this figure, such as {letter}. "
        "On Linux or in Colab install one, `apt-get install -y fonts-noto-cjk`, then "
        "restart the kernel."
    )
    print(told.format(letter=letter))
