"""The button Validate counts core functions, and calls further work no fault."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from nbgrader.server_extensions.validate_assignment import handlers as nbgrader
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from tornado.web import Application

from autograder.desk import server
from autograder.desk.standing import grade_id, read_cells
from autograder.desk.validating import counted, kinds
from autograder.exercises import chapter_of

ASKED = {"a": "core", "b": "core", "c": "further", "d": "further"}


def failed(*names, unwritten=()):
    return {
        "failed": [
            {
                "source": f"check({name})",
                "raw_error": f"-- {'NOT WRITTEN YET' * (name in unwritten)} --- {name}",
            }
            for name in names
        ]
    }


@pytest.mark.parametrize(
    ("results", "told", "rest"),
    [
        (
            failed("a", "c", unwritten="c"),
            "1 of 2 core functions right, 1 further right, "
            "1 further not begun, which is no fault.\n\ncheck(a)",
            [],
        ),
        (
            failed("a", "b", "c", "d", unwritten="abcd"),
            "0 of 2 core functions right, "
            "2 further not begun, which is no fault.\n\ncheck(a)",
            ["check(b)"],
        ),
        (
            failed("c", "d", unwritten="d"),
            "2 of 2 core functions right, "
            "1 further not begun, which is no fault.\n\ncheck(c)",
            [],
        ),
    ],
)
def test_core_is_counted_apart_from_further_work(results, told, rest):
    """A further function that somebody has begun is told like any other."""
    found = counted(results, ASKED)["failed"]

    assert found[0]["source"] == told
    assert [cell["source"] for cell in found[1:]] == rest


def test_a_chapter_passes_without_further_work():
    assert counted(failed("c", "d", unwritten="cd"), ASKED) == {}


def test_code_to_be_mended_that_nobody_has_touched_is_not_begun():
    results = failed("b", "c")
    results["failed"][1]["raw_error"] = "-- NOT MENDED YET ---------------------- c"

    (cell,) = counted(results, ASKED)["failed"]

    assert cell["source"].startswith("1 of 2 core functions right, 1 further right, 1 ")


def test_what_is_no_check_s_stays_as_it_is():
    """A cell of another kind that failed, and cells that were changed."""
    assert counted({"changed": [1]}, ASKED) == {"changed": [1]}
    odd = {"failed": [{"source": "x = 1", "raw_error": "-- NOT WRITTEN YET ---"}]}

    (cell,) = counted(odd, ASKED)["failed"]

    assert cell["source"].startswith("2 of 2 core functions right, 2 further right.")
    assert cell["source"].endswith("\n\nx = 1")


def test_a_notebook_s_own_checks_are_counted(root):
    path = root / "notebooks" / "03_momentum" / "03_momentum.ipynb"

    found = kinds({grade_id(cell) for cell in read_cells(path)})

    exercises = chapter_of("momentum_step").exercises
    assert found == {e.name: "further" if e.bonus else "core" for e in exercises}
    assert set(found.values()) == {"core", "further"}


def test_the_button_is_answered_by_the_course():
    """Extensions are loaded by the alphabet, and the first one answers."""
    app = Application(base_url="/x/")
    extensions = {
        "autograder.desk.server": server._load_jupyter_server_extension,
        "nbgrader.server_extensions.validate_assignment": lambda it: (
            nbgrader.load_jupyter_server_extension(it)
        ),
    }
    log = SimpleNamespace(info=lambda _: None)
    loading = SimpleNamespace(web_app=app, root_dir=".", log=log)
    for name in sorted(extensions):
        extensions[name](loading)
    connection = SimpleNamespace(set_close_callback=lambda _: None)
    line = RequestStartLine("POST", "/x/assignments/validate", "HTTP/1.1")
    asked = HTTPServerRequest(
        start_line=line, connection=connection, headers=HTTPHeaders(Host="localhost")
    )

    answers = app.find_handler(asked).handler_class

    assert issubclass(answers, nbgrader.ValidateAssignmentHandler)
    assert answers is not nbgrader.ValidateAssignmentHandler


def test_of_another_courses_notebook_nothing_is_counted():
    """On a hub one environment serves several courses."""
    results = failed("a", "their_function")

    assert counted(results, {}) == results
