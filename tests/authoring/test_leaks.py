"""Answers planted in a release are found, and harmless things are not."""

from __future__ import annotations

import copy

import nbformat
import pytest

from autograder.authoring.errors import BuildError
from autograder.authoring.expressions import Searched, Telling
from autograder.authoring.leaks import find_leaks
from autograder.authoring.products import build


@pytest.fixture(scope="module")
def built(tmp_path_factory, new_course):
    course = new_course(tmp_path_factory.mktemp("course"))
    build(course.root, course=[course.chapter])
    return course


@pytest.fixture
def notebooks(built):
    return nbformat.read(built.solution, 4), nbformat.read(built.release, 4)


def _cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def _given(notebooks, cell):
    """Put the cell into both, as an author would who writes it for learners."""
    for notebook in notebooks:
        notebook.cells.append(copy.deepcopy(cell))


def test_a_release_as_built_has_no_leak(tiny, notebooks):
    assert find_leaks(tiny, *notebooks) == []


def test_the_solution_itself_leaks_everything(tiny, notebooks):
    """If nbgrader cleared nothing, every answer would be found."""
    solution, _ = notebooks

    found = {leak.answer for leak in find_leaks(tiny, solution, solution)}

    assert found == {"", "blend", "spread", "blend_why"}


@pytest.mark.parametrize(
    "line",
    [
        "    ### BEGIN SOLUTION",
        "    # weights outside are refused",
        '        raise ValueError("weight is not between 0 and 1")',
        "    return b + weight * (a - b)",
        "    return  b+weight*( a-b )",
        "    if not LIMITS[0] <= weight <= LIMITS[1]: pass",
        "    # return b + weight * (a - b)",
        "    return weight * a + (1 - weight) * b",
        "    return w * p + (1 - w) * q",
    ],
)
def test_a_line_left_in_a_stub_is_found(line, tiny, notebooks):
    """A small line of the answer too, a comment, or the kernel's own form."""
    solution, release = notebooks
    _cell(release, "blend").source += f"\n{line}"

    (leak, *_) = find_leaks(tiny, solution, release)

    assert leak.cell == [c.id for c in release.cells].index("blend") + 1
    assert leak.answer in ("blend", "")


def test_notes_left_in_a_docstring_are_found(tiny, notebooks):
    """The kernel's Notes say the formula."""
    solution, release = notebooks
    cell = _cell(release, "blend")
    cell.source = cell.source.replace(
        "    raise Not", '    "weight * a + (1 - weight) * b."\n    raise Not'
    )

    assert [leak.answer for leak in find_leaks(tiny, solution, release)] == ["blend"]


def test_an_answer_in_another_exercises_stub_is_found(tiny, notebooks):
    solution, release = notebooks
    _cell(release, "blend").source += "\n    return float(np.ptp(x))"

    assert [leak.answer for leak in find_leaks(tiny, solution, release)] == ["spread"]


@pytest.mark.parametrize(
    "text",
    [
        "Because it is a convex combination, and an interval holds every convex\n"
        "combination of its points.",
        "combination of its points.",
        "*an interval holds every CONVEX combination of its points*",
    ],
)
def test_a_model_answer_left_in_the_answers_cell_is_found(text, tiny, notebooks):
    """Word for word, one line of it, or eight of its words."""
    solution, release = notebooks
    _cell(release, "blend_why").source = text

    answers = {leak.answer for leak in find_leaks(tiny, solution, release)}
    assert answers == {"blend_why"}


@pytest.mark.parametrize(
    "source",
    [
        "As said, an interval holds every convex combination of its points.",
        "Python writes it `b + weight * (a - b)`.",
        "```python\nmean = weight * a + (1 - weight) * b\n```",
        "```\nz = w * p + (1 - w) * q\n```",
        "The line is: return b + weight*(a - b).",
    ],
)
def test_prose_that_tells_is_found(source, tiny, notebooks):
    """Even where the author wrote it for the learner."""
    _given(notebooks, nbformat.v4.new_markdown_cell(source))

    (leak,) = find_leaks(tiny, *notebooks)
    assert leak.cell == len(notebooks[1].cells)


def test_formulas_are_no_words_in_a_row(tiny, notebooks):
    """Eight signs of one formula come again in any text about the same thing."""
    solution, release = notebooks
    formula = "$a + b + c + d + e + f + g + h = i$"
    _given(notebooks, nbformat.v4.new_markdown_cell(f"It is half of {formula}."))
    _cell(solution, "blend_why").source = f"There {formula}."

    assert find_leaks(tiny, solution, release) == []


@pytest.mark.parametrize(
    "source",
    [
        "print(b + weight * (a - b))",
        "for weight in (0, 1):\n    c = [b + weight * (a - b)]",
        "y = w * p + (1 - w) * q",
        "x = 1  # weight * a + (1 - weight) * b",
        "%timeit b + weight * (a - b)",
    ],
)
def test_given_code_that_tells_is_found(source, tiny, notebooks):
    """Its arithmetic, with other names too, wherever it stands in a line."""
    _given(notebooks, nbformat.v4.new_code_cell(source))

    (leak,) = find_leaks(tiny, *notebooks)
    assert leak.answer == "blend"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("markdown", "$$ y = wa + (1 - w)b $$ is the mean of equation (5.1)."),
        ("markdown", "Call `blend(a, b, weight)`; an interval holds its points."),
        ("code", "y = blend(a, b, 1 - weight)"),
        ("code", 'raise ValueError("weight is not between 0 and 1")'),
        ("code", "d = b * weight - (a - b)"),
        ("code", "b + weight * (a - b2)"),
        ("code", "b + weight * (a - b)[0]"),
        ("code", "c = p * q - r * s"),
        ("code", "width = float(np.ptp(x))"),
    ],
)
def test_given_text_may_share_small_things(kind, source, tiny, notebooks):
    """A formula, a call, a line that many programs have: no answer is in them."""
    new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    _given(notebooks, new[kind](source))

    assert find_leaks(tiny, *notebooks) == []


def test_a_line_that_is_given_beside_the_answer_is_no_leak(tiny, notebooks):
    """What stands in the cell outside the solution is the learner's to see."""
    solution, release = notebooks
    given = "def f(x):\n    return float(np.ptp(x))\n\n\n"
    for notebook in notebooks:
        _cell(notebook, "spread").source = given + _cell(notebook, "spread").source

    assert find_leaks(tiny, solution, release) == []


@pytest.mark.parametrize(
    "plant",
    [
        lambda r: r.cells[0].metadata.update(old="b + weight * (a - b)"),
        lambda r: r.metadata.update(old=["return float(np.ptp(x))"]),
        lambda r: r.cells[1].outputs.append(
            nbformat.v4.new_output("stream", text="fine\n")
        ),
        lambda r: r.cells[0].update(
            attachments={"a.txt": {"text/plain": "### END SOLUTION"}}
        ),
    ],
    ids=["metadata", "notebook metadata", "output", "attachment"],
)
def test_what_is_not_seen_is_searched_as_well(plant, tiny, notebooks):
    """Metadata, outputs and attachments are part of the file."""
    solution, release = notebooks
    plant(release)

    assert len(find_leaks(tiny, solution, release)) == 1


@pytest.mark.parametrize("name", ["spread", "blend_why"])
def test_without_an_answer_nothing_is_proved(name, tiny, notebooks):
    """A solution notebook that lost an answer would let every release pass."""
    solution, release = notebooks
    solution.cells.remove(_cell(solution, name))

    with pytest.raises(BuildError, match=f"no answer to {name}"):
        find_leaks(tiny, solution, release)


def test_a_solution_without_marks_proves_nothing(tiny, notebooks):
    solution, release = notebooks
    cell = _cell(solution, "spread")
    cell.source = cell.source.replace("    ### END SOLUTION", "")

    with pytest.raises(BuildError, match="no answer to spread"):
        find_leaks(tiny, solution, release)


@pytest.mark.parametrize(
    ("answer", "given", "tells"),
    [
        ("return theta - lr * grad", "theta = theta - lr * grad", True),
        ("return theta - lr * grad", "x = x - rate * slope", False),
        (
            "velocity = beta * velocity - lr * grad\nreturn theta + velocity",
            "v = mu * v - eta * g",
            True,
        ),
        (
            "velocity = beta * velocity - lr * grad\nreturn theta + velocity",
            "det = a * d - b * c",
            False,
        ),
        (
            "k = np.sqrt(kappa)\nreturn ((k - 1) / (k + 1)) ** 2",
            "rate = (kappa - 1) / (kappa + 1)",
            False,
        ),
        (
            "h = np.linalg.eigvalsh(X.T @ X / len(X))\n"
            "if h[0] <= 1e-14 * h[-1]:\n    return np.inf\nreturn h[-1] / h[0]",
            "H = X.T @ X / len(X)",
            False,
        ),
        (
            "h = np.linalg.eigvalsh(X.T @ X / len(X))\nreturn h[-1] / h[0]",
            "h = np.linalg.eigvalsh(X.T @ X / len(X))",
            True,
        ),
        (
            "path = [theta]\nfor _ in range(n):\n"
            "    path.append(path[-1] - lr * f(path[-1]))\nreturn np.array(path)",
            "path.append(path[-1] - lr * f(path[-1]))",
            True,
        ),
        ("return np.zeros(len(x))", "y = np.zeros(len(x))", False),
        ("return rng.permutation(n)", "order = rng.permutation(n)", False),
    ],
)
def test_how_much_of_an_answer_tells(answer, given, tells):
    """Three operations, or all of a smaller answer; more under other names."""
    telling = Telling(answer)

    assert bool(telling.found_in(Searched("code", given))) is tells
