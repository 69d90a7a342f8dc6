"""What the README says of the course is what the course says of itself."""

import re
from pathlib import Path

from click.testing import CliRunner

from autograder.cli import main
from autograder.exercises import own_packages

ROOT = Path(__file__).parents[2]


def test_table_of_chapters_is_the_commands():
    """`autograder chapters` prints the README's table, word for word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = re.search(r"<!-- chapters -->\n(.*?)<!-- /chapters -->", readme, re.S)

    rows = CliRunner().invoke(main, ["chapters"]).output.splitlines(keepends=True)
    own = [f"_{name}` |" for name in own_packages()]
    rows = [row for row in rows if not any(name in row for name in own)]
    assert table.group(1) == "".join(rows)
