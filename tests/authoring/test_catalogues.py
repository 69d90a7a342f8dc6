"""Catalogues are what the source says, and their translations fit the messages."""

from __future__ import annotations

import ast
import gettext
import io
import re
from pathlib import Path
from string import Formatter
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from hatchling.builders.wheel import WheelBuilder

from autograder.authoring.errors import BuildError
from autograder.authoring.translations import built, catalogues
from autograder.authoring.translations.built import build_catalogues
from autograder.cli.build import build
from autograder.language import _, ngettext, speaking

ROOT = Path(__file__).parents[2]
LANGUAGES = catalogues.translations_of()
TRANSLATED = sorted({*catalogues.ROOMS} - {"exercises"})
"""Rooms that speak a language whole; exercises do so a chapter at a time."""
MARKED = ("calling", "checking", "diagnosis")
"""Rooms that say nothing but messages of a catalogue."""

CODE = re.compile(r"`[^`]*`")
PART = re.compile(r"\{\w+\}")


def messages(language, room):
    """The translated messages: all forms of each, and of its translation."""
    for message in catalogues.kept_catalogue(language, room):
        ids, strings = (
            (one,) if isinstance(one, str) else tuple(one)
            for one in (message.id, message.string)
        )
        if any(ids) and any(strings):
            yield ids, strings


def is_well_formed(text):
    """Whether its named parts can be given."""
    try:
        return bool(list(Formatter().parse(text)))
    except ValueError:
        return False


@pytest.mark.parametrize("room", TRANSLATED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language, room):
    assert catalogues.untranslated(language, room) == []


@pytest.mark.parametrize("room", TRANSLATED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_nobody_says(language, room):
    kept, said = (
        {str(message.id) for message in catalogue}
        for catalogue in (
            catalogues.kept_catalogue(language, room),
            catalogues.up_to_date(language, room),
        )
    )

    assert kept == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_parts_and_the_code_of_its_message(language):
    """No name that nobody gives, and code as it is typed."""
    for room in catalogues.ROOMS:
        for ids, strings in messages(language, room):
            parts = {part for one in ids for part in PART.findall(one)}
            code = {part for one in ids for part in CODE.findall(one)}
            for string in strings:
                assert set(PART.findall(string)) <= parts, string
                assert set(CODE.findall(string)) == code, string
                assert is_well_formed(string) or not is_well_formed(ids[0]), string
            assert set(PART.findall(strings[-1])) == parts, strings


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_has_one_translation_in_all_rooms(language):
    """The rooms are asked one after another, whoever speaks."""
    found = {}
    for room in catalogues.ROOMS:
        for ids, strings in messages(language, room):
            assert found.setdefault(ids, strings) == strings


def test_the_program_reads_what_the_translator_wrote():
    assert [_("difference"), ngettext("once", "{n} times", 3)] == [
        "difference",
        "{n} times",
    ]
    with speaking("zh_CN"):
        assert _("difference") == "差"
        assert ngettext("once", "{n} times", 3) == "{n} 次"
        assert _("Nobody says this.") == "Nobody says this."
        assert _("") == ""


def test_an_installation_has_what_the_program_reads(tmp_path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    with ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if n.startswith("autograder/locale/")]

    assert "autograder/locale/zh_CN/checking.mo" in names
    assert all(name.endswith(".mo") for name in names)


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What the one room of a course says; its catalogues are to be in `tmp_path`."""
    locale = tmp_path / "autograder" / "locale"
    locale.mkdir(parents=True)
    for module in (built, catalogues):
        monkeypatch.setattr(module, "CATALOGUES", locale)
        monkeypatch.setattr(module, "PACKAGE", locale.parent)
    monkeypatch.setattr(catalogues, "ROOMS", ("desk",))
    monkeypatch.setattr(catalogues, "translations_of", lambda: _folders(locale))
    monkeypatch.setattr(built, "translations_of", lambda: _folders(locale))
    said = [("a.py", 1, "`a` of {b}"), ("a.py", 2, ("{n} day", "{n} days"))]
    monkeypatch.setattr(catalogues, "_messages", lambda room: tuple(said))
    return said


@pytest.fixture
def begun(said, tmp_path):
    """The folder of a language that the build has filled, with nothing translated."""
    folder = tmp_path / "autograder" / "locale" / "zh_CN"
    folder.mkdir()
    build_catalogues(tmp_path)
    return folder


def _folders(locale):
    return sorted(path.name for path in locale.iterdir())


def translated(path, **strings):
    """Write translations into a catalogue, each by a word of its message."""
    text = path.read_text(encoding="utf-8")
    for word, string in strings.items():
        text, n = re.subn(
            rf'(msgid "[^"]*{word}[^"]*"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? )""',
            rf'\1"{string}"',
            text,
        )
        assert n == 1
    path.write_text(text, encoding="utf-8")


def test_a_new_language_is_a_folder(said, tmp_path):
    """The build fills it, with a heading in which there is no time and no gap."""
    folder = tmp_path / "autograder" / "locale" / "zh_CN"
    folder.mkdir()

    named = build_catalogues(tmp_path, check=True)
    assert [str(one) for one in named] == [
        "autograder/locale/zh_CN/desk.po: new",
        "autograder/locale/zh_CN/desk.mo: new",
    ]
    assert list(folder.iterdir()) == []
    assert build_catalogues(tmp_path) == named
    assert build_catalogues(tmp_path, check=True) == []

    text = (folder / "desk.po").read_text(encoding="utf-8")
    assert 'msgid "`a` of {b}"' in text
    assert not re.search(r"\d{4}-\d\d|PROJECT|EMAIL|ADDRESS", text)
    assert catalogues.lacking("zh_CN") == (
        "zh_CN: 2 messages have no translation and stay English: 2 in desk.po."
    )


def test_what_is_translated_stays_and_what_is_said_no_more_goes(said, begun, tmp_path):
    translated(begun / "desk.po", of="{b} 的 `a`", day="{n} 天")
    (compiled,) = build_catalogues(tmp_path)
    assert str(compiled) == "autograder/locale/zh_CN/desk.mo: changed"
    assert compiled.hint == "It is not what desk.po says."

    said[1:] = [("a.py", 2, "new")]
    catalogue, program = build_catalogues(tmp_path, check=True)
    assert catalogue.hint == "+ new\n- {n} day"
    assert program.path.name == "desk.mo"
    build_catalogues(tmp_path)

    text = (begun / "desk.po").read_text(encoding="utf-8")
    assert 'msgstr "{b} 的 `a`"' in text
    assert "天" not in text
    assert catalogues.untranslated("zh_CN", "desk") == ["new"]


def test_what_has_no_translation_stays_english(said, tmp_path):
    """The program's file leaves it out, of several forms as well."""
    binary = catalogues.compiled(catalogues.up_to_date("zh_CN", "desk"))
    read = gettext.GNUTranslations(io.BytesIO(binary))

    assert read.gettext("`a` of {b}") == "`a` of {b}"
    assert read.ngettext("{n} day", "{n} days", 2) == "{n} days"


def test_a_guess_is_no_translation(begun, tmp_path):
    """What an editor marks as fuzzy stays so, and is not shown."""
    path = begun / "desk.po"
    translated(path, of="{b} 的 `a`", day="{n} 天")
    text = path.read_text(encoding="utf-8").replace("#, python", "#, fuzzy, python", 1)
    path.write_text(text, encoding="utf-8")
    build_catalogues(tmp_path)

    assert catalogues.untranslated("zh_CN", "desk") == ["`a` of {b}"]
    assert "#, fuzzy" in path.read_text(encoding="utf-8")
    read = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert read.gettext("`a` of {b}") == "`a` of {b}"
    assert read.ngettext("{n} day", "{n} days", 2) == "{n} 天"


def test_a_slip_in_a_catalogue_is_named_with_its_line(begun, tmp_path):
    path = begun / "desk.po"
    path.write_text(path.read_text(encoding="utf-8") + "\nmsgtsr x\n", encoding="utf-8")

    with pytest.raises(BuildError, match=r"desk.po, line \d+: "):
        build_catalogues(tmp_path, check=True)


def test_what_nothing_makes_is_left_over(begun, tmp_path):
    (begun / "dsek.po").touch()

    assert [str(one) for one in build_catalogues(tmp_path, check=True)] == [
        "autograder/locale/zh_CN/dsek.po: left over"
    ]


def test_a_folder_that_is_no_language_is_said(said, tmp_path):
    (tmp_path / "autograder" / "locale" / "chinese").mkdir()

    with pytest.raises(BuildError, match="Name the folder as in de, pt_BR, zh_CN"):
        build_catalogues(tmp_path)


def test_another_course_has_no_catalogues(tmp_path):
    assert build_catalogues(tmp_path) == []


def test_the_command_names_what_is_not_up_to_date(said, begun, tmp_path, monkeypatch):
    """And what to do; what is not translated is said, and no error."""
    monkeypatch.setattr("autograder.authoring.products.build", lambda *a, **k: [])
    monkeypatch.chdir(tmp_path)

    fine = CliRunner().invoke(build, ["--check"])
    said.append(("b.py", 1, "new"))
    stale = CliRunner().invoke(build, ["--check"])

    assert fine.exit_code == 0
    assert "zh_CN: 2 messages have no translation" in fine.output
    assert stale.exit_code == 1
    assert "autograder/locale/zh_CN/desk.po: changed\n+ new\n" in stale.output
    assert "Run `autograder build` and commit what it writes." in stale.output


ENGLISH = re.compile(r"[A-Za-z]{2,},? [a-z]+,? [a-z]{2,}")
"""Three words in a row."""

NOT_SAID = re.compile(
    r"[<;]| after |\[.$|^a function of None$|^wrong-values wrong-shape|^, give or take"
    r"|^(standard deviation|distribution) of$"
)
"""Markup, what is seen of a driven answer, codes, parts of an observation's name."""

FOR_PROGRAMMERS = {"BadPacket", "TypeError"}


def unmarked(source):
    """Texts of some words that are in no call of `_` and its like."""
    tree = ast.parse(source)
    marked = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(node.value)  # a docstring
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"_", "N_", "ngettext", *FOR_PROGRAMMERS}:
                marked |= set(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in marked:
            text = node.value
            if isinstance(text, str) and ENGLISH.search(text):
                yield text


def test_a_sentence_that_is_not_marked_is_found():
    found = unmarked(
        '"""Not this one."""\ntold = f"It is {n} times too large."\n_("Nor is this.")'
    )

    assert list(found) == [" times too large."]


@pytest.mark.parametrize("room", MARKED)
def test_all_that_is_said_is_marked(room):
    """No sentence of these rooms is in the source without its mark."""
    found = [
        f"{path.name}: {text}"
        for path in sorted((ROOT / "autograder" / room).rglob("*.py"))
        for text in unmarked(path.read_text(encoding="utf-8"))
        if not NOT_SAID.search(text)
    ]

    assert found == []
