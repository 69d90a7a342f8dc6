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

from autograder.term.class_file import read_rules

TEXT = (Path(__file__).parents[2] / "TEACHING.md").read_text(encoding="utf-8")
PLACES = (
    nbgrader.apps,
    nbgrader.coursedir,
    nbgrader.exchange.default,
    nbgrader.plugins,
    nbgrader.preprocessors,
)


def test_the_page_is_one_page():
    assert len(TEXT.splitlines()) <= 160


@pytest.mark.parametrize(
    ("owner", "setting"), sorted(set(re.findall(r"\bc\.(\w+)\.(\w+)", TEXT)))
)
def test_nbgrader_knows_the_setting(owner, setting):
    kind = next(getattr(place, owner) for place in PLACES if hasattr(place, owner))

    assert setting in kind.class_trait_names(config=True)


def test_the_rules_of_a_class_are_read():
    (block,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S)

    rules = read_rules(block.encode(), ["03_momentum"])

    assert rules.late.taken_off(10.0, 86_401) == 2.0
