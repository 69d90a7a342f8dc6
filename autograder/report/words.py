"""Numbers as a person writes them."""

from __future__ import annotations

__all__ = ["people", "plain_number"]


def people(n: int, one: str = "student") -> str:
    """A count in words: 1 student, 2 students."""
    return f"{n:,} {one}" if n == 1 else f"{n:,} {one}s"


def plain_number(value: float | None, none: str = "–") -> str:
    """A mark: 7.5, 12; a dash for none."""
    return none if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
