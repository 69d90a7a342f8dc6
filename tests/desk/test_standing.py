"""What a saved notebook tells of each exercise, and nothing more."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder.desk import standing
from autograder.desk.outline import outline
from autograder.desk.standing import NotANotebook, State, read_cells, standings

CHAPTER, NAME = "03_momentum", "momentum_step"
ANSWER = "def momentum_step(theta, velocity, grad, lr, beta):\n    return 1, 2"
TASKS = next(chapter.tasks for chapter in outline() if chapter.name == CHAPTER)


def state(desk, name=NAME) -> State:
    found = standings(read_cells(desk.path(CHAPTER)), TASKS)
    return next(s.state for s in found if s.task.name == name)


def test_everything_is_open_in_the_release(desk):
    found = standings(read_cells(desk.path(CHAPTER)), TASKS)

    assert {s.state for s in found} == {State.OPEN}
    assert all(s.found and s.cell_id for s in found)


def test_written_and_not_checked(desk):
    desk.write(CHAPTER, NAME, ANSWER)

    assert state(desk) is State.UNCHECKED


def test_a_stub_with_more_words_is_still_open(desk):
    """A comment is no answer, as long as the stub's own line is there."""
    released = read_cells(desk.path(CHAPTER))
    stub = "".join(next(c["source"] for c in released if c["id"] == NAME))
    desk.write(CHAPTER, NAME, stub + "\n    # velocity first")

    assert state(desk) is State.OPEN


def test_right(desk):
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)

    assert state(desk) is State.RIGHT


def test_right_and_changed_since(desk):
    """An edit after the check takes the tick away, until the next check."""
    desk.write(CHAPTER, NAME, ANSWER + "  # or not")
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)

    assert state(desk) is State.CHANGED


def test_blank_ends_of_lines_change_nothing(desk):
    desk.write(CHAPTER, NAME, ANSWER.replace("\n", "  \n") + "\n\n")
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)

    assert state(desk) is State.RIGHT


def test_magics_are_judged_in_their_translation(desk):
    """IPython runs, and the check sees, another text than the cell's."""
    from IPython.core.inputtransformer2 import TransformerManager

    source = f"{ANSWER}\n\n%timeit momentum_step(1, 2, 3, 4, 5)"
    judged = TransformerManager().transform_cell(source)
    assert "%timeit" not in judged
    desk.write(CHAPTER, NAME, source)
    desk.checked(CHAPTER, NAME, "RIGHT", judged)

    assert state(desk) is State.RIGHT


def test_a_check_that_cannot_tell_the_text_is_believed(desk):
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "RIGHT", None)

    assert state(desk) is State.RIGHT


@pytest.mark.parametrize("title", ["VALUE MISMATCH", "CALL FAILED", "TOO SLOW"])
def test_wrong(desk, title):
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, title, ANSWER)

    assert state(desk) is State.WRONG


def test_wrong_is_known_from_the_error_alone(desk):
    """Some editors keep no displayed HTML."""
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "VALUE MISMATCH", ANSWER)
    desk.change(CHAPTER, lambda cells: cells[f"{NAME}_check"]["outputs"].pop(0))

    assert state(desk) is State.WRONG


def test_run_all_on_the_release_leaves_it_open(desk):
    desk.checked(CHAPTER, NAME, "NOT WRITTEN YET", "whatever")

    assert state(desk) is State.OPEN


def test_written_after_the_check_said_not_written(desk):
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "NOT WRITTEN YET", "whatever")

    assert state(desk) is State.UNCHECKED


def test_a_right_check_beside_an_untouched_stub_counts_for_nothing(desk):
    """The function stood in another cell; the cell that is graded is empty."""
    desk.checked(CHAPTER, NAME, "RIGHT", None)

    assert state(desk) is State.OPEN


def test_another_exercises_message_is_not_this_ones(desk):
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)

    def swap(cells):
        output = cells[f"{NAME}_check"]["outputs"][0]
        output["data"]["text/plain"] = "-- RIGHT ------- nesterov_step\n"

    desk.change(CHAPTER, swap)

    assert state(desk) is State.UNCHECKED


def test_a_written_answer(desk):
    desk.write(CHAPTER, "momentum_why", "Because.")
    assert state(desk, "momentum_why") is State.ANSWERED
    desk.write(CHAPTER, "momentum_why", " \n")
    assert state(desk, "momentum_why") is State.OPEN


def test_the_first_of_copied_cells_counts(desk):
    """As for a grader."""
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)
    cells = read_cells(desk.path(CHAPTER))
    copied = json.loads(json.dumps(cells))
    for cell in copied:
        cell.pop("outputs", None)
    found = standings([*cells, *copied], TASKS)

    assert found[0].state is State.RIGHT


def test_lost_cells_are_told(desk):
    cells = [c for c in read_cells(desk.path(CHAPTER)) if c["id"] != NAME]
    found = standings(cells, TASKS)

    assert [s.task.name for s in found if not s.found] == [NAME]


def test_checksum_is_nbgraders(released):
    """Untouched cells are told by the mark that nbgrader itself left."""
    for path in released.glob("*/*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            given = cell.metadata.get("nbgrader")
            if given:
                ours = standing._checksum(cell, cell.source, given)
                assert ours == compute_checksum(cell) == given["checksum"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged, line 1"),
        (b'{"cells": [\n', "damaged, line 2"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[]", "holds no cells"),
        (b'{"cells": {}}', "holds no cells"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_file_says_why(tmp_path, content, said):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)

    with pytest.raises(NotANotebook, match=said):
        read_cells(path)


@pytest.mark.parametrize("odd", [None, 3, "text", [], {"a": 1}, [None, 4]])
@pytest.mark.parametrize("key", ["metadata", "source", "outputs", "id", "cell_type"])
def test_odd_cells_stop_nothing(desk, key, odd):
    """Whatever stands where something else belongs, there is an answer."""
    desk.write(CHAPTER, NAME, ANSWER)
    desk.checked(CHAPTER, NAME, "RIGHT", ANSWER)

    def spoil(cells):
        for cell in cells.values():
            cell[key] = odd

    desk.change(CHAPTER, spoil)
    found = standings(read_cells(desk.path(CHAPTER)), TASKS)

    assert len(found) == len(TASKS)


def test_a_file_is_read_again_when_it_changed(desk):
    assert state(desk) is State.OPEN
    desk.write(CHAPTER, NAME, ANSWER)
    assert state(desk) is State.UNCHECKED
