"""What observations are called and what they find, in the language that is spoken.

`autograder.exercises.observations` says it in English, which is what is compared and
recorded.
"""

from __future__ import annotations

from autograder.checking.words.phrases import in_language, pattern
from autograder.language import N_

__all__ = ["OBSERVATIONS", "in_layer", "observation"]

OBSERVATIONS = (
    N_("length of the direction"),
    N_("curvature along the direction"),
    N_("direction"),
    N_("type of the indices"),
    N_("integer"),
    N_("set of indices"),
    N_("each from 0 to n - 1 once"),
    N_("order of the indices"),
    N_("some outside 0 to n - 1: from {least} to {most}"),
    N_("some missing"),
    N_("some more than once, even inside a batch"),
    N_("some more than once"),
    N_("whole batches of neighbours, in another order"),
    N_("neighbours stay in one batch, shuffled inside it"),
    N_("random"),
    N_("far from random"),
    N_("type of the weights"),
    N_("mean of the weights"),
    N_("mean of the weights, in standard deviations"),
    N_("weights"),
    N_("many different ones"),
    N_("distribution of the weights"),
    N_("standard deviation of the weights"),
    N_("largest weight"),
    N_("weights next to each other"),
    N_("kind of biases"),
    N_("zeros"),
    N_("not all zero"),
    N_("one value only"),
    N_("the same row again and again"),
    N_("the same column again and again"),
    N_("the same numbers again and again"),
    N_("uniform"),
    N_("normal"),
    N_("normal, cut off at about two standard deviations"),
    N_("neither normal nor uniform"),
    N_("beyond the bound"),
    N_("at the bound"),
    N_("short of the bound"),
    N_("independent"),
    N_("alike"),
    N_("layer {number}"),
)
"""As `observations` has them, without a remark such as "up to its sign"."""


def observation(text: str) -> str:
    """What an observation is called, or what it found."""
    return in_language(text, OBSERVATIONS)


def in_layer(name: str) -> tuple[str, str]:
    """The layer's number in an observation's name, empty if it has none, and the rest.

    The rest is in the language that is spoken.
    """
    found = pattern("layer {number}, {rest}").fullmatch(name)
    layer, rest = (found["number"], found["rest"]) if found else ("", name)
    return layer, observation(rest.removesuffix(", give or take 12 %"))
