"""A bundle's catalogue of exercises has the words of its chapters, and no others."""

from __future__ import annotations

import gettext
import io

from babel.messages.catalog import Catalog

from autograder.bundling import exercise_catalogues as module
from autograder.exercises import CHAPTERS


def test_hints_of_other_chapters_stay_at_home(monkeypatch):
    """Those of several, and what is said of all exercises, come along."""
    kept = Catalog(locale="zh_CN", fuzzy=False)
    for message, folders in (
        ("mine", ("momentum",)),
        ("another's", ("adam",)),
        ("ours", ("adam", "momentum")),
    ):
        places = [(f"autograder/exercises/{f}/x.toml", None) for f in folders]
        kept.add(message, "译", locations=places)
    kept.add("everybody's", "译", locations=[("autograder/exercises/pairs.py", None)])
    monkeypatch.setattr(module, "kept_catalogue", lambda language, room: kept)
    monkeypatch.setattr(module, "translations_of", lambda: ["zh_CN"])
    chosen = [chapter for chapter in CHAPTERS if chapter.name == "03_momentum"]

    ((path, binary),) = module.exercise_catalogues(chosen).items()

    said = gettext.GNUTranslations(io.BytesIO(binary))
    assert path == "autograder/locale/zh_CN/exercises.mo"
    assert [said.gettext(m) for m in ("mine", "ours", "everybody's")] == ["译"] * 3
    assert said.gettext("another's") == "another's"
