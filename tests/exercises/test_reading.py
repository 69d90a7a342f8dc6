"""Where an exercise says to read there is something to read."""

import re
from pathlib import Path

import pytest

from autograder.exercises import EXERCISES, chapter_of

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def source_of(exercise):
    name = chapter_of(exercise.name).name
    path = SOLUTIONS / name / f"{name}.py"
    if not path.is_file():
        pytest.skip(f"{name} has no text yet")
    return path.read_text(encoding="utf-8")


def section(source, number):
    """The text from a section's heading to the next section's."""
    found = re.search(
        rf"^# ## {number} · .*?(?=^# ## \d+ · |\Z)", source, re.MULTILINE | re.DOTALL
    )
    return found[0] if found else ""


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_read_points_to_a_section_and_an_equation_of_the_chapter(exercise):
    """The section is there and holds the exercise; the equation is in the chapter."""
    number = re.search(r"section (\d+)", exercise.read)
    tags = re.findall(r"\((\d+\.\d+)\)", exercise.read)
    source = source_of(exercise)

    assert number, exercise.read
    assert f'exercise="{exercise.name}"' in section(source, number[1])
    for tag in tags:
        assert f"\\tag{{{tag}}}" in source, f"no equation ({tag})"
        assert tag.split(".")[0] == str(chapter_of(exercise.name).number)


def test_section_ends_where_the_next_one_begins():
    """The heading of a subsection does not end it."""
    source = "# ## 1 · One\n# ### Use it\n# x\n# ## 2 · Two\n# y\n"

    assert section(source, 1) == "# ## 1 · One\n# ### Use it\n# x\n"
    assert section(source, 2) == "# ## 2 · Two\n# y\n"
    assert section(source, 3) == ""
