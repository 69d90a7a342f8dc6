"""What a check says, word for word, and how it is laid out."""

import html
import re
import signal
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from autograder import CheckFailed, check, hint
from autograder.calling.calls import Outcome
from autograder.checking.beside import Comparison, _marks, beside
from autograder.checking.cases import public_question
from autograder.checking.comparison import compare, wrong_entries
from autograder.checking.message import Message
from autograder.checking.values import format_value
from autograder.desk import checks
from autograder.exercises import EXERCISES, find
from autograder.exercises.spec import Tolerance

LR_TWICE = """\
-- VALUE MISMATCH ---------------------------------------------- momentum_step

`momentum_step` returns the wrong `theta`. `velocity` is right in all 6 cases.

These are exactly the numbers of momentum with the learning rate applied
twice. `lr` is already inside the velocity, so the velocity is added to
`theta` as it is.

Case 1 of 6: two parameters and round numbers.

I called it like this:

    momentum_step(
        theta    = [ 1. -2.],
        velocity = [ 0.5 -1. ],
        grad     = [2. 4.],
        lr       = 0.1,
        beta     = 0.5,
    )

    it returned       [ 1.005 -2.09 ]
    it should return  [ 1.05 -2.9 ]
    difference        [-0.045  0.81 ]
    wrong entries     all 2

Read: section 2, equation (3.1).
"""

IN_PLACE = """\
-- ARGUMENT CHANGED -------------------------------------------- momentum_step

`momentum_step` returns the right values, but changes its argument `velocity`
in place.

This is an update of `velocity` in place. Whoever called the function still
holds the old array and finds it changed. Write `a = a + b` instead of
`a += b`: it makes a new array.

Case 1 of 6: two parameters and round numbers.

I called it like this:

    momentum_step(
        theta    = [ 1. -2.],
        velocity = [ 0.5 -1. ],
        grad     = [2. 4.],
        lr       = 0.1,
        beta     = 0.5,
    )

Read: section 2, equation (3.1).
"""

ERROR = """\
-- CALL FAILED ------------------------------------------------- momentum_step

`momentum_step` stops with an error.

Case 1 of 6: two parameters and round numbers.

I called it like this:

    momentum_step(
        theta    = [ 1. -2.],
        velocity = [ 0.5 -1. ],
        grad     = [2. 4.],
        lr       = 0.1,
        beta     = 0.5,
    )

    line 2:  return theta + veloc, velocity
    NameError: name 'veloc' is not defined

Read: section 2, equation (3.1).
"""


MISTAKES = {m.name: m.mutant for m in find("momentum_step").misconceptions}


def message_of(function, exercise="momentum_step"):
    with pytest.raises(CheckFailed) as failed:
        check(function, exercise)
    return str(failed.value)


def from_source(source, tmp_path):
    """A function that has a file, as a notebook's cells have."""
    file = tmp_path / "answer.py"
    file.write_text(source)
    namespace = {}
    exec(compile(source, str(file), "exec"), namespace)  # noqa: S102
    return next(f for f in namespace.values() if callable(f))


def test_wrong_value_with_a_known_mistake():
    """Heading, what is right, diagnosis, call, both results, where to read."""
    assert message_of(MISTAKES["lr_twice"]) == LR_TWICE


def test_argument_changed():
    """The values are right, so only the law that is broken is told."""
    assert message_of(MISTAKES["velocity_in_place"]) == IN_PLACE


def test_error_shows_the_learners_own_line(tmp_path):
    """No traceback, and nothing of the checker's own code."""
    source = (
        "def momentum_step(theta, velocity, grad, lr, beta):\n"
        "    return theta + veloc, velocity\n"
    )

    assert message_of(from_source(source, tmp_path)) == ERROR


@pytest.mark.parametrize(
    ("answer", "title", "sentence"),
    [
        (lambda *a: None, "WRONG TYPE", "returns None: is the `return` line missing?"),
        (lambda *a: a[0], "WRONG TYPE", "returns one array of shape (2,); it should"),
        (lambda *a: [a[0], a[1]], "WRONG TYPE", "returns a list of 2; it should"),
        (
            lambda *a: (1.0, a[1]),
            "SHAPE MISMATCH",
            "a single number as `theta`; it should",
        ),
        (lambda *a: (list(a[0]), a[1]), "WRONG TYPE", "`theta`: a list of 2. It"),
        (lambda *a: (a[0] + 0j, a[1] + 0j), "WRONG TYPE", "one complex array of shape"),
        (lambda *a: (a[0][:1], a[1]), "SHAPE MISMATCH", "`theta` of shape (1,); it"),
        (lambda *a: (a[0][None], a[1]), "SHAPE MISMATCH", "`theta` of shape (1, 2)"),
        (lambda *a: ("x", a[1]), "WRONG TYPE", "`theta`: a string. It should be an"),
        (lambda *a: (print, a[1]), "WRONG TYPE", "an object of type builtin_function"),
        (lambda *a: (a[0] * np.nan, a[1]), "NOT FINITE", "`theta` that is not finite"),
        (lambda *a: (a[0].astype(object), a[1]), "WRONG TYPE", "array of dtype object"),
        (lambda a: a, "CALL FAILED", "stops with an error"),
    ],
)
def test_bad_returns_have_a_message_of_their_own(answer, title, sentence):
    """Each kind of thing that is no answer is told as what it is."""
    if title in ("NOT FINITE", "SHAPE MISMATCH"):
        told = message_of(lambda *a: (answer(*a)[0], right_velocity(*a)))
    else:
        told = message_of(answer)

    assert told.startswith(f"-- {title} ")
    assert sentence in " ".join(told.split())


def right_velocity(theta, velocity, grad, lr, beta):
    return beta * velocity - lr * grad


def test_float32_is_told_apart_from_a_wrong_value():
    """An answer that only lost precision is not called wrong in value."""

    def answer(*args):
        theta, velocity = find("momentum_step").reference(*args)
        return theta.astype(np.float32), velocity

    told = message_of(answer)

    assert told.startswith("-- WRONG TYPE ")
    assert "`theta` as float32" in told


def test_global_random_state_is_a_law():
    """A right value does not excuse a reseeded global generator."""

    def answer(*args):
        np.random.seed(0)
        return find("momentum_step").reference(*args)

    assert message_of(answer).startswith("-- GLOBAL RANDOM STATE USED ")


def test_error_is_expected_in_the_words_of_the_class():
    """Calling a function argument with a wrong shape is named as that."""
    told = message_of(lambda t, v, grad_fn, lr, b: grad_fn(t[:1]), "nesterov_step")

    assert (
        "`grad_fn` takes an array of shape (2,) and was called with one of shape"
        in (" ".join(told.split()))
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_no_line_is_wider_than_78_columns(exercise):
    """Every message about every known mistake fits."""
    for mistake in exercise.misconceptions:
        for line in message_of(mistake.mutant, exercise.name).splitlines():
            assert len(line) <= 78, line


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_html_has_the_same_words(exercise):
    """HTML and text are one content."""
    for mistake in exercise.misconceptions:
        with pytest.raises(CheckFailed) as failed:
            check(mistake.mutant, exercise.name)
        message = failed.value.verdict.message
        page = re.sub(r"</?(code|b)\b[^>]*>", "", message.html())
        shown = html.unescape(re.sub(r"<[^>]*>", " ", page))

        words = re.sub(r"[-`^]+", "", message.text()).split()
        assert set(words) <= set(re.sub(r"[-`]+", "", shown).split())


def test_html_escapes_what_a_learner_returns():
    """No markup of a learner's reaches the page."""
    rows = Comparison((("k", "<i>"), ("<u>", "v")), (("<s>", "<q>"),), ((0, 0, 2),))
    message = Message("T", "f", ("a <b> `x<y`", ["<script>"], rows))

    for tag in ("<script>", "<b>", "<i>", "<u>", "<s>", "<q>"):
        assert tag not in message.html()
    assert "&lt;i</b>&gt;" in message.html()
    assert "<code>x&lt;y</code>" in message.html()


def test_render_traceback_is_the_text_outside_a_notebook():
    """`nbgrader validate` and a terminal show the message and no traceback."""
    with pytest.raises(CheckFailed) as failed:
        check(MISTAKES["lr_twice"], "momentum_step")

    assert "\n".join(failed.value._render_traceback_()) == LR_TWICE.rstrip("\n")


def test_a_notebook_shows_the_message_once(monkeypatch):
    """A kernel renders an error twice; the learner reads it once, as HTML."""
    shown = []
    monkeypatch.setattr(checks, "_in_a_notebook", lambda: True)
    monkeypatch.setattr(checks, "_display", lambda message, *_: shown.append(message))
    with pytest.raises(CheckFailed) as failed:
        check(MISTAKES["lr_twice"], "momentum_step")

    lines = [failed.value._render_traceback_() for _ in range(2)]

    assert shown == [failed.value.verdict.message]
    assert lines == [["VALUE MISMATCH: momentum_step"]] * 2


def test_digits_are_added_until_two_values_differ():
    """A difference in the tenth digit is shown, not hidden by rounding."""
    rows = dict(beside(np.array([1.0]), np.array([1.0000000001])).values)

    assert rows["it returned"] != rows["it should return"]


def test_large_arrays_name_their_first_difference():
    """A hundred numbers are not printed, the first wrong one is."""
    right = np.arange(100.0).reshape(4, 25) + 1
    wrong = right.copy()
    wrong[2, 3] = -1

    assert beside(wrong, right, wrong != right).lines(74) == [
        "first wrong entry  at [2, 3]",
        "it returned        -1.0",
        "it should return   54.0",
        "difference         -55.0",
        "wrong entries      1 of 100, at [2, 3]",
    ]


def test_small_matrices_stand_side_by_side_with_carets_below_what_is_wrong():
    right = np.arange(1.0, 7).reshape(2, 3)
    wrong = right.copy()
    wrong[[0, 1, 1], [1, 0, 2]] = [2.5, -4, 6.1]

    told = beside(wrong, right, wrong != right)

    assert told.lines(74) == [
        "it returned         it should return  difference",
        "[[ 1.   2.5  3. ]   [[1. 2. 3.]       [[ 0.   0.5  0. ]",
        "        ^^^",
        " [-4.   5.   6.1]]   [4. 5. 6.]]       [-8.   0.   0.1]]",
        "  ^^^        ^^^",
        "",
        "wrong entries  3 of 6, at [0, 1], [1, 0] and [1, 2]",
    ]
    marked = re.findall(r"<b [^>]*underline[^>]*>([^<]*)</b>", told.html())
    assert marked == ["2.5", "-4.", "6.1"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([True], "the only one"),
        ([True, True], "all 2"),
        ([True] + [False] * 5, "1 of 6, at [0]"),
        ([True] * 5 + [False], "5 of 6, all but [5]"),
        ([True, False] * 5, "5 of 10"),
    ],
)
def test_wrong_entries_are_told_in_words(wrong, told):
    """Whoever does not see the marks hears how many entries are wrong, and which."""
    wrong = np.array(wrong)
    right = np.arange(wrong.size) / 8

    assert dict(beside(right + wrong, right, wrong).notes)["wrong entries"] == told


def test_matrices_that_do_not_fit_side_by_side_stand_below_each_other():
    right = np.arange(8.0).reshape(2, 4) / 7
    lines = beside(right + 1, right, np.full(right.shape, True)).lines(60)

    assert max(map(len, lines)) <= 60
    assert [line[:16].strip() for line in lines if line[:1].strip()] == [
        "it returned",
        "it should return",
        "difference",
        "wrong entries",
    ]


def test_an_entry_within_the_tolerance_is_not_marked():
    """What is marked is what the verdict rests on."""
    right = np.array([1.0, 2.0, np.nan, np.inf, 1e6])
    got = np.array([1.0 + 1e-12, 2.1, np.nan, -np.inf, np.nan])
    finding = compare(Outcome(right), Outcome(got), ("x",), (), Tolerance(), None, {})

    assert wrong_entries(finding, Tolerance()).tolist() == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("text", ["[1.+0.j 2. -1.j]", "[[1. 2.] ..."])
def test_marks_are_left_out_where_entries_cannot_be_told_apart(text):
    assert _marks(text, np.array([True, False])) == ()


def test_values_are_formatted_as_a_person_reads_them():
    """Floats have four digits, lists are cut."""
    assert format_value(0.123456) == "0.1235"
    assert format_value([1, 2, 3, 4, 5, 6, 7, 8]) == "[1, 2, 3, 4, 5, 6, … 2 more]"
    assert format_value("saddle") == "'saddle'"


def test_hints_climb_one_rung_a_call(monkeypatch):
    """Asking first, telling last, and the last one stays."""
    monkeypatch.setattr(checks, "_rungs_climbed", {})
    ladder = find("momentum_step").hints

    shown = [repr(hint("momentum_step")) for _ in range(len(ladder) + 1)]

    for rung, text in zip(ladder, shown, strict=False):
        assert rung[:30] in text
    assert shown[-1] == shown[-2]
    assert "last hint" in shown[-1]


def test_hints_that_are_code_are_shown_as_code(monkeypatch):
    """No full stop to copy by mistake, and no tick: a hint judges nothing."""
    monkeypatch.setattr(checks, "_rungs_climbed", {})
    asking, *_, telling = (hint("gd_step") for _ in find("gd_step").hints)

    assert "\n    return theta - lr * grad\n" in repr(telling)
    assert ">return theta - lr * grad</pre>" in telling._repr_html_()
    assert "<pre" not in asking._repr_html_()
    assert "✓" not in asking._repr_html_()


@pytest.mark.parametrize(
    "prose",
    ["`m = beta * m`, then `return m`.", "Subtract `a`.", "Subtract it.", "a; b"],
)
def test_hints_in_words_stay_words(prose):
    """Also those that begin and end with code."""
    assert checks._only_code(prose) == []


def test_code_in_words_is_code_in_both_forms(monkeypatch):
    """Backquotes in text, with no line break inside; a code element in HTML."""
    monkeypatch.setattr(checks, "_rungs_climbed", {})
    *_, telling = (hint("momentum_step") for _ in find("momentum_step").hints)

    code = "velocity = beta * velocity - lr * grad"
    assert f"`{code}`, then\n" in repr(telling)
    assert f"<code>{code}</code>, then " in telling._repr_html_()


def test_code_too_long_for_a_line_does_not_spoil_the_next():
    """Backquotes are paired from the left, however long the code between them."""
    long, short = " + ".join(["theta"] * 12), "a + b + c + d"

    text = Message("T", "f", (f"`{long}` and after that `{short}`.",)).text()

    assert f"`{short}`." in text
    assert max(len(line) for line in text.splitlines()) <= 78


def test_right_is_not_the_result_of_its_cell(monkeypatch):
    """nbgrader warns of a result that it cannot read as a number of points."""
    shown = []
    monkeypatch.setattr(checks, "_display", lambda message, *_: shown.append(message))
    passed = check(find("momentum_step").reference)

    assert DisplayFormatter().format(passed) == ({}, {})
    assert shown == [passed.verdict.message]


def test_unknown_names_suggest_the_nearest():
    """A misspelt exercise is answered with the right spelling."""
    with pytest.raises(KeyError, match="Did you mean `momentum_step`"):
        check(lambda: None, "momentum_stp")


def test_check_takes_a_function():
    """Passing the result of a call instead of the function is told so."""
    with pytest.raises(TypeError, match="takes a function"):
        check(3.0)


def test_check_wants_to_know_the_exercise():
    """A lambda has no name that could tell."""
    with pytest.raises(TypeError, match="Name it"):
        check(lambda *a: None)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on Windows")
def test_a_loop_without_end_is_too_slow(monkeypatch):
    """It is stopped and told as such, even if it catches the first stop."""

    def stubborn_at_first(*args):
        try:
            while True:
                sum(range(1000))
        except BaseException:  # noqa: BLE001
            while True:
                sum(range(1000))

    question = replace(public_question("momentum_step"), seconds=0.1)
    monkeypatch.setattr(checks, "public_question", lambda name: question)

    told = message_of(stubborn_at_first)

    assert told.startswith("-- TOO SLOW ")
    assert "`momentum_step` has not returned after 0.1 seconds." in told


@pytest.mark.parametrize("name", ["classify_critical_point", "violates_convexity"])
def test_answers_in_words_are_not_called_numbers(name):
    """A string or a truth value is an answer."""
    told = " ".join(message_of(find(name).misconceptions[0].mutant, name).split())

    assert "exactly the numbers" not in told
    assert "Exactly these answers come from" in told


def test_an_array_of_many_axes_is_cut_as_well():
    """240 numbers in axes of six and fewer are more than a message has room for."""
    shown = format_value(np.arange(240.0).reshape(4, 6, 2, 5))

    assert len(re.findall(r"\d+\.", shown)) <= 20
    assert "..." in shown


def test_what_rounding_leaves_is_no_difference():
    """An entry that is right has the difference 0, and no exponent spoils the rest."""
    right = np.array([[0.25, 0.5], [0.75, 1.0]])
    got = right + np.array([[0, 1e-17], [0.125, 2e-16]])
    wrong = np.array([[False, False], [True, False]])

    rows = dict(beside(got, right, wrong).values)

    assert rows["difference"].split() == ["[[0.", "0.", "]", "[0.125", "0.", "]]"]


def test_digits_are_added_for_an_entry_that_is_wrong():
    """A sign of zero, or a right entry's last digit, is not what is to be seen."""
    right = np.array([0.0, 1.0])
    got = np.array([-0.0, 1.0000001])

    rows = dict(beside(got, right, np.array([False, True])).values)

    assert "1.0000001" in rows["it returned"]


def test_the_smallest_of_the_wrong_cases_is_shown():
    def dense_forward(X, weights, biases, activation):
        return [
            H + len(X)
            for H in find("dense_forward").reference(X, weights, biases, activation)
        ]

    question = public_question("dense_forward")
    with pytest.raises(CheckFailed) as failed:
        check(dense_forward)

    sizes = [
        sum(np.size(a) for a in (c.arguments["X"], *c.arguments["weights"]))
        for c in question.cases
    ]
    at = int(np.argmin(sizes)) + 1
    assert f"Case {at} of {len(question.cases)}" in failed.value.verdict.message.text()


def test_round_numbers_are_shown_rather_than_fewer_long_ones():
    """What a person follows by hand; the case of one example has two decimals."""

    def ridge_descent(X, y, lr, penalty, n_steps):
        right = find("ridge_descent").reference
        theta, losses = right(X, y, lr, penalty, n_steps)
        return theta + 1, losses

    question = public_question("ridge_descent")
    numbers = [np.size(c.arguments["X"]) for c in question.cases]
    assert np.argmin(numbers) > 0
    with pytest.raises(CheckFailed) as failed:
        check(ridge_descent)

    assert "Case 1 of 4: three examples" in failed.value.verdict.message.text()


def test_a_section_to_read_is_a_link_where_the_notebook_has_it():
    message = Message("A", "b", ("Read: section 2, equation (2.1).",))

    page = message.html(["1 · See it fail", "2 · Batches"])

    assert '<a href="#2-·-Batches">section 2</a>, equation (2.1).' in page
    assert "<a " not in message.html(["1 · See it fail"])
    assert "<a " not in message.html()


def test_headings_are_those_of_the_saved_notebook(tmp_path):
    file = tmp_path / "a.ipynb"
    cell = nbformat.v4.new_markdown_cell('## 2 · "Batches"\n\nText.\n\n### Use it')
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), file)

    assert checks._headings(file) == ['2 · "Batches"']
    assert checks._headings(tmp_path / "b.ipynb") == []
