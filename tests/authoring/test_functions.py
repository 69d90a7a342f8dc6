"""Defaults of an exercise's function beside the registry's."""

import ast

import pytest

from autograder.authoring.functions import signature_text


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ("2**0.5", 2**0.5),
        ("-1.5", -1.5),
        ("1 / 3", 1 / 3),
        ("1e-8", 1e-8),
        ("None", None),
        ("(1, 2)", (1, 2)),
    ],
)
def test_a_default_is_compared_by_its_value(default, value):
    """An author may write arithmetic where the registry holds a number."""

    def reference(x, gain=value): ...

    (written,) = ast.parse(f"def reference(x, gain={default}): ...").body

    assert signature_text(written) == signature_text(reference)


def test_another_default_is_seen():
    """In value, and where it is more than arithmetic."""

    def reference(x, gain=2**0.5): ...

    for default in ("2", "3**0.5", "np.sqrt(2)", "[].append(1)"):
        (written,) = ast.parse(f"def reference(x, gain={default}): ...").body
        assert signature_text(written) != signature_text(reference)
