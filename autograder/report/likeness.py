"""Pairs of students whose answers are alike beyond what chance and the release give.

Two things count: wrong answers that do the same, which the course can see because
it ran them, and stretches of code and words that few others have.  What many of a
class wrote says nothing about two of them, so everything weighs by its rarity:
log2((n - 1) / (k - 1)) bits for what k of n students have, so many of the others
of one who has it (after Spärck Jones 1972).  A stretch is K tokens, as in
Schleimer, Wilkerson and Aiken (2003); all are kept and not a winnowed part of
them, because a chapter's answers are short.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from autograder.submissions.bindings import parsed

__all__ = ["Handed", "Pair", "alike"]

K = 9
"""Tokens in a stretch; about a line and a half."""

MOST_HAVE, MOST = 0.1, 12
"""What more than this part of a class have, or more than so many, is common."""

_WORD = re.compile(r"\w+|[^\w\s]")
_SKIPPED = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

Token = tuple[str, int, int]
"""What it says, and its first and last line."""

Two = tuple[int, int]
"""Two students, by their places."""

Places = dict[str, tuple[set[int], set[int]]]
"""By answer: lines of the one and of the other."""


@dataclass(frozen=True)
class Handed:
    """What one student handed in of a chapter.

    Attributes
    ----------
    answers : mapping of str to str
        The source of each function, the text of each written answer.
    written : collection of str
        Which of them are text.
    wrong : mapping of str to str
        By exercise: what a wrong answer did, the same for equal ones.
    """

    student: str
    answers: Mapping[str, str]
    written: Collection[str] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two students, and what they share that few others have.

    Attributes
    ----------
    wrong : mapping of str to int
        By exercise: how many of the class gave the same wrong answer.
    wrong_bits, bits : float
        How unlikely that is, and the stretches that they share, by chance.
    lines : mapping of str to pair of frozenset of int
        By answer: the lines of each that lie in a shared stretch.
    """

    students: tuple[str, str]
    wrong: Mapping[str, int]
    wrong_bits: float
    bits: float
    lines: Mapping[str, tuple[frozenset[int], frozenset[int]]]


def alike(handed: Sequence[Handed], released: Collection[str] = ()) -> list[Pair]:
    """The pairs that share more than some pair of a class would by chance.

    One pair of m shares log2(m) bits by chance, so pairs with less are left out.
    Who shares wrong answers comes first, then who shares most.

    Parameters
    ----------
    handed : sequence of Handed
        A class; of two students nothing can be called rare.
    released : collection of str
        Sources of the released notebook's cells: what stands there is nobody's.
    """
    common = min(max(2, int(MOST_HAVE * len(handed))), MOST)
    least = math.log2(max(2, math.comb(len(handed), 2)))
    wrong_bits, wrong = _equal_wrong(handed, common)
    bits, places = _equal_stretches(handed, released, common)
    pairs = [
        Pair(
            (handed[a].student, handed[b].student),
            wrong.get((a, b), {}),
            wrong_bits.get((a, b), 0.0),
            bits.get((a, b), 0.0),
            {
                name: (frozenset(first), frozenset(second))
                for name, (first, second) in places.get((a, b), {}).items()
            },
        )
        for a, b in {**wrong_bits, **bits}
        if wrong_bits.get((a, b), 0.0) + bits.get((a, b), 0.0) >= least
    ]
    return sorted(pairs, key=lambda one: (-one.wrong_bits, -one.bits, one.students))


def _equal_wrong(
    handed: Sequence[Handed], common: int
) -> tuple[dict[Two, float], dict[Two, dict[str, int]]]:
    """By pair: bits of rare wrong answers that are equal, and how many gave each."""
    gave: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(handed):
        for exercise, did in one.wrong.items():
            gave[exercise, did].append(at)
    bits: dict[Two, float] = defaultdict(float)
    wrong: dict[Two, dict[str, int]] = defaultdict(dict)
    for (exercise, _), who in gave.items():
        if 2 <= len(who) <= common:
            for pair in combinations(who, 2):
                bits[pair] += _rarity(len(who), len(handed))
                wrong[pair][exercise] = len(who)
    return bits, wrong


def _equal_stretches(
    handed: Sequence[Handed], released: Collection[str], common: int
) -> tuple[dict[Two, float], dict[Two, Places]]:
    """By pair: bits of rare stretches, and the lines of each answer they lie in."""
    nobodys = {said for text in released for said, *_ in _stretches(_code(text))}
    nobodys |= {said for text in released for said, *_ in _stretches(_words(text))}
    having: dict[str, dict[int, list]] = defaultdict(lambda: defaultdict(list))
    for at, one in enumerate(handed):
        for name, text in one.answers.items():
            tokens = _words(text) if name in one.written else _code(text)
            for said, first, last in _stretches(tokens):
                if said not in nobodys:
                    having[said][at].append((name, first, last))
    bits: dict[Two, float] = defaultdict(float)
    places: dict[Two, Places] = defaultdict(lambda: defaultdict(lambda: (set(), set())))
    for who in having.values():
        if 2 <= len(who) <= common:
            weight = _rarity(len(who), len(handed)) / K
            for a, b in combinations(sorted(who), 2):
                bits[a, b] += weight
                for side, at in enumerate((a, b)):
                    for name, first, last in who[at]:
                        places[a, b][name][side].update(range(first, last + 1))
    return bits, places


def _rarity(k: int, n: int) -> float:
    """Bits of what k of n students have, for one who has it."""
    return math.log2((n - 1) / (k - 1))


def _stretches(tokens: Sequence[Token]) -> Iterator[Token]:
    """Every K tokens in a row, with the lines from the first to the last of them."""
    for at in range(len(tokens) - K + 1):
        part = tokens[at : at + K]
        yield " ".join(said for said, *_ in part), part[0][1], part[-1][2]


def _words(text: str) -> list[Token]:
    return [
        (found[0].lower(), line, line)
        for line, content in enumerate(text.splitlines(), 1)
        for found in _WORD.finditer(content)
    ]


def _code(source: str) -> list[Token]:
    """Tokens of a cell; names that it made itself are one, for they are soon changed.

    Comments stay: whoever copies an answer often copies them.  What is no Python
    is read as words.
    """
    tree = parsed(source)
    if tree is None:
        return _words(source)
    own, docstrings = _own_names(tree), _docstrings(tree)
    tokens = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        first, last = token.start[0], token.end[0]
        if token.type in _SKIPPED or first in docstrings:
            continue
        if token.type == tokenize.COMMENT:
            words = _WORD.findall(token.string.lower())
            tokens += [(word, first, first) for word in words]
        else:
            said = "_" if token.string in own else token.string
            tokens.append((said, first, last))
    return tokens


def _own_names(tree: ast.Module) -> set[str]:
    """Names that code gives to its values."""
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _docstrings(tree: ast.Module) -> set[int]:
    """Lines of texts that stand as statements: mostly the stub's."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
