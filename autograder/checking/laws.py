"""Why the laws are laws, besides right values: said once, for every mistake.

A known mistake that breaks a law and has more to say about it says that instead.
"""

from __future__ import annotations

__all__ = ["WHY_A_LAW"]

WHY_A_LAW = {
    "argument-changed": (
        "Whoever called the function still holds the old array and finds it changed. "
        "Write `a = a + b` instead of `a += b`: it makes a new array."
    ),
    "global-random": (
        "`np.random.seed` and the functions of `np.random` belong to a generator that "
        "the whole program shares. Use the methods of `rng`."
    ),
}
"""By code of the verdict."""
