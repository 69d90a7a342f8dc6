"""Functions from a learner's own notebooks of earlier chapters."""

from __future__ import annotations

import pytest

from autograder import check
from autograder.desk.mine import NotLoaded, mine

ADAM = "05_adam"
MOMENTS = """def update_moments(m, v, grad, beta1=0.9, beta2=0.999):
    return beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2"""
STEP = """print("a cell says what it likes")
root = np.sqrt

def adam_step(theta, m, v, t, grad, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = update_moments(m, v, grad, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (root(v_hat) + eps), m, v"""


@pytest.fixture
def written(desk, monkeypatch):
    """Chapter 05 with two functions, seen from the folder of chapter 08."""
    desk.write(ADAM, "update_moments", MOMENTS)
    desk.write(ADAM, "adam_step", STEP)
    monkeypatch.chdir(desk.folder / "08_classification")
    return desk


def test_a_function_comes_with_what_it_needs(written, capsys):
    """Another exercise, an import, a plain value; nothing else of its cell runs."""
    adam_step = mine("05", "adam_step")

    assert repr(check(adam_step)).startswith("-- RIGHT ")
    assert (
        capsys.readouterr().out == "Yours, from 05_adam.ipynb, and right: adam_step.\n"
    )


def test_several_come_in_their_order(written):
    update, step = mine(ADAM, "update_moments", "adam_step")

    assert (update.__name__, step.__name__) == ("update_moments", "adam_step")


def test_code_can_be_put_into_this_notebook(written, capsys):
    """Without a notebook it is printed; it is complete."""
    mine("05", "adam_step", paste=True)

    code = capsys.readouterr().out.partition("\n")[2]
    names = {}
    exec(code, names)  # noqa: S102 -- what mine printed
    assert "likes" not in code
    check(names["adam_step"])


def test_an_answer_that_hangs_on_another_notebook_is_told(written):
    """In grading that notebook is not there."""
    names = {"np": __import__("numpy"), "adam_step": mine("05", "adam_step")}
    exec(  # noqa: S102 -- as a notebook would
        "def velocity_weights(beta, n_steps):\n"
        "    adam_step\n    return beta ** np.arange(n_steps)[::-1]",
        names,
    )

    assert "It calls `adam_step` from another notebook" in " ".join(
        repr(check(names["velocity_weights"])).split()
    )


@pytest.mark.parametrize(
    ("change", "asked", "told"),
    [
        (None, ("55", "adam_step"), "There is no chapter '55'. There are 00_grad"),
        (None, ("05", "adam"), "Chapter 05_adam asks for no 'adam'. It asks for upd"),
        (None, ("05", "adamw_step"), "`adamw_step` (exercise 5.7) is not written yet"),
        (("lr * m_hat", "m_hat"), ("05", "adam_step"), "is not right yet in 05_adam"),
        (("np.sqrt", "squareroot"), ("05", "adam_step"), "cannot be loaded: NameErr"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change, asked, told, written):
    if change:
        written.write(ADAM, "adam_step", STEP.replace(*change))

    with pytest.raises(NotLoaded) as raised:
        mine(*asked)

    assert told in str(raised.value)
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_a_notebook_that_is_not_there_is_named(written):
    """With the place where it is looked for."""
    written.path(ADAM).unlink()

    with pytest.raises(NotLoaded, match=r"05_adam\.ipynb is not here\. Looked for"):
        mine("05", "adam_step")

    written.path(ADAM).write_text("{", encoding="utf-8")
    with pytest.raises(NotLoaded, match=r"05_adam\.ipynb cannot be read"):
        mine("05", "adam_step")
