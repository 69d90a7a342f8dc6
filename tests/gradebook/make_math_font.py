"""Cut the font of the feedback pages from Latin Modern Math.

    python tests/gradebook/make_math_font.py latinmodern-math.otf

A page of formulas needs a font with a table of how mathematics is set, which
many Linux machines lack.  The whole font has 730 kB, these characters 52 kB.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

NAME = "Course Math"
FONTS = Path(__file__).parents[2] / "autograder/gradebook/templates/fonts"
FILE = FONTS / "course-math.woff"

LETTERS = [*range(0x1D400, 0x1D468), 0x210E]  # bold and italic
GREEK = range(0x1D6E2, 0x1D71C)  # italic
OTHERS = (
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρςστυφχψω ϑϕϵ ℝℕℤ𝔼ℙℒ𝖳 "
    "±×÷·−∓∗∘⋅√∞∂∇∑∏∫ ≤≥≠≈∼≡≪≫∝ ∈∉⊂⊆∪∩∀∃⊤⊙⊗ ←→↦⇒⇔ …⋯ ′″‴⁗ ‖⌊⌋⌈⌉⟨⟩⏞⏟ ˆ˜¯˙"
    "\N{NO-BREAK SPACE}\N{FUNCTION APPLICATION}\N{INVISIBLE SEPARATOR}"
    "\N{EN SPACE}\N{EM SPACE}\N{THIN SPACE}\N{HAIR SPACE}"
    "\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING TILDE}\N{COMBINING MACRON}"
    "\N{COMBINING OVERLINE}\N{COMBINING DOT ABOVE}\N{COMBINING RIGHT ARROW ABOVE}"
)
CHARACTERS = {*range(0x20, 0x7F), *LETTERS, *GREEK, *map(ord, OTHERS)}


def make(original: Path) -> None:
    """Write the font."""
    font = TTFont(original, recalcTimestamp=False)
    options = Options(hinting=False, desubroutinize=True, layout_features=[])
    options.drop_tables += ["FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    # Its licence asks that what is derived from it has another name.
    names = {1: NAME, 2: "Regular", 3: NAME, 4: NAME, 6: NAME.replace(" ", "")}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID > 6 and record.nameID not in {13, 14}:  # its licence
            font["name"].removeNames(nameID=record.nameID)
    top = font["CFF "].cff
    top.fontNames[0] = NAME.replace(" ", "")
    top[0].FullName = top[0].FamilyName = NAME
    font.flavor = "woff"
    font.save(FILE)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
