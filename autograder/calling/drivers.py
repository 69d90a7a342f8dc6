"""What is done with what an answer makes: called again, or driven for a while.

This runs next to student code and holds no answer: it calls, and tells what it
sees, each thing under a name such as ``params["b"] after update 2``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.language import N_

__all__ = [
    "HOW",
    "NO_ANSWER",
    "NO_ANSWERS",
    "SEEN",
    "WHEN",
    "NoAnswer",
    "called_again",
    "drive",
]

NO_ANSWER = "NoAnswer"
"""Base class, in an `ErrorNote`, of a return that cannot be called or used."""

HOW = {
    "updates": N_("then update(params, grads), once for each of the grads"),
    "layer": N_("then, one after another,"),
    "training": N_("with an optimizer that watches, and"),
}
"""By driver: what it does, as a message says it."""

WHEN = (
    N_("update {number}"),
    N_("no call"),
    N_("call {number}"),
    N_("training"),
    N_("epoch {number}"),
    N_("the first epoch"),
)
"""What is driven: something is seen after it."""

_SAME, _OTHERS = N_("the same again"), N_("others")

SEEN = (
    N_("number of updates"),
    N_("mean of {what}"),
    N_("batches"),
    _SAME,
    _OTHERS,
)
"""What is seen then, where it is no name or value of code."""

_NO_FUNCTION = N_(
    "`{name}` returns an object of type {kind}; it should return a function."
)
_FUNCTION_OF_NONE = N_(
    "`{name}` returns a function that returns None: is its `return` line missing?"
)
_NONE = N_("`{name}` returns None: is the `return` line missing?")
_NO_METHOD = N_(
    "`{name}` returns an object of type {kind}; it should have a method `{method}`."
)
NO_ANSWERS = (_NO_FUNCTION, _FUNCTION_OF_NONE, _NONE, _NO_METHOD)
"""What a `NoAnswer` may say; it leaves out the function's name."""


class NoAnswer(Exception):
    """Something else came back than what was to be called or driven."""

    def __init__(self, what: str, message: str, **given: str):
        super().__init__(message.removeprefix("`{name}` ").format(**given))
        self.what = what


def called_again(returned: Any, arguments: list[Any]) -> Any:
    """What the returned function returns."""
    if not callable(_something(returned)):
        kind = type(returned).__name__
        raise NoAnswer(kind, _NO_FUNCTION, kind=kind)
    found = returned(*arguments)
    if found is None:
        raise NoAnswer("a function of None", _FUNCTION_OF_NONE)
    return found


def drive(name: str, answer: Callable, given: Mapping[str, Any]) -> dict[str, Any]:
    """Drive what `answer` makes as the driver `name` does; what is seen, by name."""
    return _DRIVERS[name](answer, **given)


def _something(returned: Any) -> Any:
    if returned is None:
        raise NoAnswer("None", _NONE)
    return returned


def _object(made: Any, method: str) -> Any:
    """An object of a learner's class; sets and dicts have a method `update` too."""
    kind = type(_something(made))
    if kind.__module__.partition(".")[0] in ("builtins", "numpy"):
        raise NoAnswer(kind.__name__, _NO_METHOD, kind=kind.__name__, method=method)
    return made


def _updates(
    answer: Callable,
    params: Mapping[str, np.ndarray],
    grads: list[dict[str, np.ndarray]],
) -> dict[str, Any]:
    """An optimiser's parameters after each update; each has the keys of its grads."""
    optimiser = _object(answer(), "update")
    state: dict[str, Any] = {key: value.copy() for key, value in params.items()}
    seen = {}
    for number, of_each in enumerate(grads, 1):
        now = {key: state[key] for key in of_each}
        optimiser.update(now, of_each)
        for key in state:
            if key in of_each:
                state[key] = now.get(key)
                seen[f'params["{key}"] after update {number}'] = _copied(state[key])
    return seen


def _layer(
    answer: Callable, state: Mapping[str, np.ndarray], inputs: list[dict[str, Any]]
) -> dict[str, Any]:
    """What a layer returns and holds after each call, from a given state.

    It is looked at as it was made, too.
    """
    layer = _object(answer(), "forward")
    seen = {
        f"{name} after no call": _copied(getattr(layer, name, None)) for name in state
    }
    for name, value in state.items():
        setattr(layer, name, value.copy())
    kept = ("running_mean", "running_var"), ("dgamma", "dbeta")
    for number, one in enumerate(inputs, 1):
        backward = "dout" in one
        out = (layer.backward if backward else layer.forward)(*one.values())
        after = f"after call {number}"
        seen[f"{'dx' if backward else 'out'} {after}"] = _copied(out)
        for name in kept[backward]:
            seen[f"{name} {after}"] = _copied(getattr(layer, name, None))
    return seen


class _Watching:
    """An optimiser that notes what it is given, and shrinks parameters by `factor`."""

    def __init__(self, factor: float):
        self.factor = factor
        self.grads: list[dict[str, Any]] = []

    def update(self, params: dict[str, Any], grads: dict[str, Any]) -> None:
        """Note the gradients and put new parameters in the old ones' place."""
        self.grads.append({key: _copied(value) for key, value in grads.items()})
        for key in params:
            params[key] = self.factor * params[key]


def _training(
    answer: Callable, params: Mapping[str, np.ndarray], factor: float, sizes: list[int]
) -> dict[str, Any]:
    """The losses of a training loop, and what its optimiser was given.

    `sizes` are those of one epoch's batches: weighted by them, the gradients
    of an epoch have a mean that no order of the examples changes.
    """
    optimizer = _Watching(factor)
    params = {key: value.copy() for key, value in params.items()}
    losses = answer(params=params, optimizer=optimizer)
    seen = {"losses after training": _copied(_something(losses))}
    seen["number of updates after training"] = len(optimizer.grads)
    n = len(sizes)
    first, second = optimizer.grads[:n], optimizer.grads[n : 2 * n]
    for key in params:
        parts: list[Any] = [one.get(key) for one in first]
        whole = all(np.shape(part) == np.shape(params[key]) for part in parts)
        told = f'mean of grads["{key}"] after epoch 1'
        weighed = zip(sizes, parts, strict=False)
        mean = sum((s * p for s, p in weighed), 0.0) / sum(sizes) if whole else None
        seen[told] = mean
    same = len(second) == n > 1 and all(map(_alike, first, second))
    seen["batches after the first epoch"] = _SAME if same else _OTHERS
    for key, value in params.items():
        seen[f'params["{key}"] after training'] = _copied(value)
    return seen


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(key in other and np.array_equal(one[key], other[key]) for key in one)


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


_DRIVERS: dict[str, Callable[..., dict[str, Any]]] = {
    "layer": _layer,
    "training": _training,
    "updates": _updates,
}
