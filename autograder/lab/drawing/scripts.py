"""Text in figures in whatever script it is written: fonts, and places to break it."""

from __future__ import annotations

import unicodedata
from functools import cache

from matplotlib import font_manager
from matplotlib.text import Text

__all__ = ["find_letters", "pieces"]

FIRST = "DejaVu Sans"
"""It ships with Matplotlib, so that pictures are alike everywhere."""

OTHERS = (
    ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB"),
    ("Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    ("Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Noto Sans CJK KR"),
    ("Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans", "Arial Unicode MS"),
    ("Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Hebrew", "Noto Sans Arabic"),
)
"""Fonts that systems bring for what the first one has no letters for."""

_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf", "Po"}
_BOLD = 600


def find_letters(figure) -> None:
    """Let each text that needs one use another font where the first lacks a letter."""
    for text in figure.findobj(Text):
        if not all(map(_is_in_first, text.get_text())):
            names, bold = _others()
            text.set_fontfamily([FIRST, *names])
            if not bold:  # Matplotlib would say so under each figure
                text.set_fontweight("normal")


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
def _is_in_first(letter: str) -> bool:
    font = font_manager.get_font(font_manager.findfont(FIRST))
    return letter.isspace() or font.get_char_index(ord(letter)) != 0


@cache
def _others() -> tuple[list[str], bool]:
    """Further fonts that are here, and whether all of them have a bold form."""
    weights: dict[str, list[int]] = {}
    for font in font_manager.fontManager.ttflist:
        weight = font.weight  # a number, or a word for one
        if isinstance(weight, str):
            weight = font_manager.weight_dict.get(weight, 400)
        weights.setdefault(font.name, []).append(weight)
    names = [name for row in OTHERS for name in row if name in weights]
    return names, all(max(weights[name]) >= _BOLD for name in names)
