"""What TEACHING.md tells to write into nbgrader_config_local.py does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import nbgrader.apps
import nbgrader.coursedir
import nbgrader.exchange.default
import nbgrader.plugins
import nbgrader.preprocessors
import pytest
from traitlets.config import Config

TEXT = (Path(__file__).parents[2] / "TEACHING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
PLACES = (
    nbgrader.apps,
    nbgrader.coursedir,
    nbgrader.exchange.default,
    nbgrader.plugins,
    nbgrader.preprocessors,
)


def config():
    """The settings of all blocks together."""
    found = Config()
    for block in BLOCKS:
        exec(block, {"c": found})  # noqa: S102 -- it is the document's own
    return found


def test_the_page_is_one_page():
    assert len(TEXT.splitlines()) <= 160
    assert len(BLOCKS) == 1


@pytest.mark.parametrize(
    ("owner", "setting"), sorted(set(re.findall(r"\bc\.(\w+)\.(\w+)", TEXT)))
)
def test_nbgrader_knows_the_setting(owner, setting):
    kind = next(getattr(place, owner) for place in PLACES if hasattr(place, owner))

    assert setting in kind.class_trait_names(config=True)


def test_what_comes_late_gets_nothing():
    """The penalty for a minute is all that was earned."""
    plugin = nbgrader.plugins.LateSubmissionPlugin(config=config())

    assert plugin.late_submission_penalty("ada", 7.5, 60.0) == 7.5
