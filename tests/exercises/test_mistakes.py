"""The files of mistakes: how they are read, and what all of them keep to."""

import builtins
import dis
import inspect
import io
import re
import tokenize
import tomllib
import types
from importlib import import_module
from pathlib import Path

import pytest

from autograder import exercises
from autograder.exercises import CHAPTERS, EXERCISES, find
from autograder.exercises.edited import source_of
from autograder.exercises.mistakes import NotAMistake, mistakes
from autograder.exercises.spec import AS_GIVEN

FOLDERS = (Path(exercises.__file__).parent, exercises.OWN)

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


def file_of(exercise):
    (found,) = [one for f in FOLDERS for one in f.glob(f"*/{exercise.name}.toml")]
    return found


def table_of(exercise):
    return tomllib.loads(file_of(exercise).read_text(encoding="utf-8"))


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A function that writes an exercise's two files and reads its mistakes."""
    monkeypatch.syspath_prepend(tmp_path)
    chapter = tmp_path / f"chapter_{tmp_path.name}"
    chapter.mkdir()

    def make(mistakes_file, name="doubled"):
        (chapter / f"{name}.py").write_text(
            f"def {name}(x):\n    return 2 * x\n\n\n"
            "def by_sum(x):\n    return x + x\n\n\n"
            "def tripled(x):\n    return x + x + x\n"
        )
        (chapter / f"{name}.toml").write_text(mistakes_file, encoding="utf-8")
        there = import_module(f"{chapter.name}.{name}")
        return mistakes(there.__name__, getattr(there, name))

    return make


def test_a_file_gives_mistakes_in_its_order(module):
    """An edit of the reference, one of another form, and a whole function."""
    found = module(
        '[squared]\nedit = { "2 * x" = "x * x" }\nform = "a square"\n'
        'why = """\nTwice is no power.\nMultiply."""\n'
        '[nothing]\nof = "by_sum"\nedit."x + x" = "x - x"\nform = "zero"\n'
        '[thrice]\nfunction = "tripled"\nform = "too much"\nwhy = "Twice."\n'
    )

    assert [m.name for m in found] == ["squared", "nothing", "thrice"]
    assert [m.mutant(5) for m in found] == [25, 0, 15]
    assert [m.why for m in found] == ["Twice is no power. Multiply.", "", "Twice."]
    assert [m.edit is None for m in found] == [False, False, True]


def test_a_text_can_be_that_of_another_mistake(module):
    """Of the same file by its name, of another one after the exercise's name."""
    module('[one]\nedit = { "2" = "3" }\nform = "three"\nwhy = "Two."\n', "halved")
    found = module(
        '[first]\nedit = { "2" = "4" }\nform = "four"\nwhy = { as = "halved.one" }\n'
        '[again]\nedit = { "2" = "5" }\nform = { as = "first" }\nwhy = "No."\n'
    )

    assert [(m.form, m.why) for m in found] == [("four", "Two."), ("four", "No.")]


EDIT = 'edit = { "2" = "3" }\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f'[a]\n{EDIT}form = "f"\nwhen = "w"\n', "a: when: unknown; there are edit"),
        (f'[a]\n{EDIT}why = "w"\n', "a: there is no form"),
        ('[a]\nform = "f"\n', "a: there has to be an edit or a function"),
        (f'[a]\n{EDIT}function = "by_sum"\nform = "f"\n', "a: there has to be an edit"),
        ('[a]\nfunction = "by_sum"\nof = "x"\nform = "f"\n', "a: of belongs to an"),
        ('[a]\nfunction = "gone"\nform = "f"\n', "a: gone is no function"),
        (f'[a]\n{EDIT}of = "gone"\nform = "f"\n', "a: gone is no function"),
        ('["a b"]\nform = "f"\n', "a b: a mistake's name is an identifier"),
        ('a = "b"\n', "a: a mistake is a table"),
        ('[a]\nedit = {}\nform = "f"\n', "a: an edit is a table of texts"),
        ('[a]\nedit = { "2" = 3 }\nform = "f"\n', "a: an edit is a table of texts"),
        ('[a]\nedit = { "2" = "2" }\nform = "f"\n', "a: an edit is a table of texts"),
        ('[a]\nedit = { "x" = "y" }\nform = "f"\n', "a: 'x' stands 2 times, not once"),
        (f"[a]\n{EDIT}form = 3\n", "a: form is a text"),
        (f'[a]\n{EDIT}form = {{ as = "b" }}\n', "a: doubled.b says no form itself"),
        (f'[a]\n{EDIT}form = {{ as = "c.b" }}\n', "a: c is no other exercise"),
        ("[a\n", "Expected"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(module, text, told):
    """With the file, the mistake, and what about it."""
    with pytest.raises(NotAMistake, match=rf"doubled\.toml: {re.escape(told)}"):
        _ = [mistake.mutant for mistake in module(text)]


@every_exercise
def test_exercise_is_found_by_its_name(exercise):
    """A module and a file of mistakes named as the function, in its chapter's."""
    path = file_of(exercise).with_suffix(".py")
    module = import_module(f"autograder.exercises.{path.parent.name}.{path.stem}")

    assert getattr(module, exercise.name.upper()) is exercise
    assert exercise in import_module(module.__package__).CHAPTER.exercises


@every_exercise
def test_file_has_the_mistakes_in_their_order(exercise):
    """Where a message has to choose, or a sample class, the first ones come first."""
    names = [m.name for m in exercise.misconceptions if m.name != AS_GIVEN]
    assert names == list(table_of(exercise))


def bounds(source):
    """Where tokens begin and end; blanks at the start of a line are none."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        found |= {starts[row - 1] + at for row, at in (token.start, token.end)}
    return found


@every_exercise
def test_edits_cut_no_word(exercise):
    """Every key begins and ends where a token does, blanks before it aside."""
    for mistake in exercise.misconceptions:
        if mistake.edit is None:
            continue
        source = source_of(mistake.edit.of)
        allowed = bounds(source)
        for start, end, _ in mistake.edit.spans:
            key = source[start:end]
            first = start + len(key) - len(key.lstrip(" "))
            assert {first, end} <= allowed, (mistake.name, key)


def looked_up(code):
    """Names that code looks up outside itself, in functions inside it too."""
    found = {i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}
    inside = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return found.union(*map(looked_up, inside))


@every_exercise
def test_edits_name_only_what_is_there(exercise):
    """A NameError would be a mistake of whoever wrote the edit."""
    for mistake in exercise.misconceptions:
        mutant = mistake.mutant
        methods = vars(mutant).values() if isinstance(mutant, type) else [mutant]
        for method in filter(inspect.isfunction, methods):
            there = {*method.__globals__, *vars(builtins)}

            assert looked_up(method.__code__) <= there, mistake.name


@every_exercise
def test_edited_functions_are_right_ones(exercise):
    """The reference, a right form, or what stands in for the reference."""
    right = {exercise.reference, exercise.stand_in, *exercise.equivalents}

    assert {m.edit.of for m in exercise.misconceptions if m.edit} <= right


def test_nearly_all_mistakes_are_edits():
    """A whole wrong function is for where no edit says it well."""
    known = [m for exercise in EXERCISES for m in exercise.misconceptions]

    assert sum(m.edit is not None for m in known) >= 0.95 * len(known)


def test_no_text_stands_twice():
    """What is said of two mistakes stands with one of them."""
    seen = {}
    for exercise in EXERCISES:
        for name, entry in table_of(exercise).items():
            for key in ("form", "why"):
                text = entry.get(key, "")
                if isinstance(text, str) and len(text) > 40:
                    text = " ".join(text.split())
                    there = f"{exercise.name}.{name}"
                    assert text not in seen, f"{there} and {seen[text]}: {text}"
                    seen[text] = there


def test_there_is_no_file_of_mistakes_without_an_exercise():
    """Nor a chapter's folder that the registry does not know."""
    files = {path.stem for folder in FOLDERS for path in folder.rglob("*.toml")}
    folders = [path for folder in FOLDERS for path in folder.glob("*/__init__.py")]

    assert files == {exercise.name for exercise in EXERCISES}
    assert len(folders) == len(CHAPTERS)
    assert find("momentum_step").name in files
