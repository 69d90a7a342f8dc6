"""The class report: readable, harmless, and rightly counted."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.classroom.class_result import Row, Trouble
from autograder.exercises import chapter_of, find
from autograder.grading.behaviour import RIGHT, Unexplained
from autograder.report.charts import bins_of, histogram
from autograder.report.class_report import write_report
from benchmarks.synthetic import empty_course, synthetic_class


class Reader(HTMLParser):
    """A page as a tree of texts: articles, tables, tags with their attributes."""

    VOID = ("meta", "br", "hr", "img", "link")

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.articles, self.rows = [], [], [], []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "article":
            self.articles.append("")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open or "script" in self.open:
            return
        self.text += data
        if "article" in self.open:
            self.articles[-1] += data + "|"
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def page_of(result, anonymous=False):
    return write_report(result, anonymous)[0].read_text(encoding="utf-8")


def table(paths, name):
    (path,) = [p for p in paths if p.name == name]
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    """A class of 1,000, what is known of it, and its report."""
    course = empty_course(tmp_path_factory.mktemp("class"))
    result, known = synthetic_class(course, 1000)
    return known, write_report(result)


def test_a_thousand_students_mistakes_are_named_in_the_right_numbers(thousand):
    """On the page and in the files: which mistake, how often, and why it is one."""
    known, paths = thousand
    articles = Reader(paths[0].read_text(encoding="utf-8")).articles
    told = {}
    for article in articles:
        count, of, *words = article.split("|")
        told[" ".join(words)] = (int(count), of)

    for (exercise, name), times in (+known.mistakes).items():
        mistake = next(m for m in find(exercise).misconceptions if m.name == name)
        form = mistake.form.replace("`", " ").split()
        (found,) = [
            (counted, words)
            for words, counted in told.items()
            if f" {name} " in words.replace("|", " ") and f" {exercise} " in words
        ]
        assert found[0] == (times, "of 1,000 students"), name
        assert " ".join(form[1:]) in " ".join(found[1].split())
        why = " ".join(mistake.why.replace("`", " ").split())
        assert why in " ".join(found[1].split())
    listed = {
        (row["exercise"], row["mistake"]): int(row["students"])
        for row in table(paths, "mistakes.csv")
    }
    assert listed == dict(+known.mistakes)


def test_a_thousand_students_pass_rates_are_right(thousand):
    known, paths = thousand
    rows = Reader(paths[0].read_text(encoding="utf-8")).rows
    told = {r[0].split()[-1]: r[2] for r in rows if len(r) == 9 and "%" in r[2]}

    assert told == {name: f"{times / 10:.0f} %" for name, times in known.passed.items()}
    in_file = {r["exercise"]: r["pass_rate"] for r in table(paths, "exercises.csv")}
    assert in_file == {n: f"{times / 1000:.4f}" for n, times in known.passed.items()}


def test_groups_of_a_thousand_are_listed(thousand):
    known, paths = thousand
    listed = {
        (row["exercise"], row["behaviour"]): int(row["students"])
        for row in table(paths, "unexplained.csv")
    }

    assert listed == dict(+known.groups)
    answers = table(paths, "answers.csv")
    n_answers = 1000 * len(chapter_of("momentum_step").exercises)
    assert len(answers) == n_answers - sum(known.passed.values())


def test_a_page_for_three_thousand_is_no_larger_than_a_picture(tmp_path):
    """Long lists are cut on the page and say so; the files have everything."""
    result, _ = synthetic_class(empty_course(tmp_path), 3000)
    paths = write_report(result)
    page = paths[0].read_text(encoding="utf-8")

    assert len(page) < 1_000_000
    assert "The other 2,600 are in marks.csv." in page
    assert "and 400 more in the files" in page  # of 500 who made the commonest one
    answers = table(paths, "answers.csv")
    made = [(row["exercise"], row["mistakes"]) for row in answers]
    assert made.count(("momentum_step", "climbs")) == 500


def test_three_students_are_a_class_too(result):
    page = page_of(replace(result, graded=result.graded[:3]))

    assert "3 students, 3 submissions" in page
    assert "ada" in page


def test_a_class_without_mistakes_or_marks_has_a_page(result):
    nobody = replace(result, graded=(), problems=())
    unmarked = replace(result, graded=(result.graded[2],), problems=())

    assert "0 students, 0 submissions" in page_of(nobody)
    assert "There is no mark yet." in page_of(unmarked)
    right = page_of(replace(result, graded=result.graded[:1], problems=()))
    assert "No answer had the numbers of a known mistake." in right


EVIL = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"


def hostile(result):
    """A class in which every text of a student tries to be something else."""
    found = Unexplained("b0", f"{EVIL}\n</pre>", f"-- X --\n\n{EVIL}\x1b[2J\n")
    row = Row(
        f"boris {EVIL}",
        "03_momentum",
        "momentum_step",
        "wrong-values",
        0.0,
        2,
        (),
        found,
    )
    formula = '=HYPERLINK("http://x")'
    one = replace(
        result.graded[1],
        student=f"boris {EVIL}",
        rows=(row, *result.graded[1].rows[1:]),
        problem=formula,
    )
    problems = (
        Trouble(f"The folder {EVIL} has a name that no student can have."),
        Trouble(formula + EVIL, f"boris {EVIL}", "03_momentum"),
        *result.problems[1:],
    )
    return replace(result, graded=(*result.graded, one), problems=problems)


def test_what_students_write_stays_text(result):
    page = page_of(hostile(result))
    reader = Reader(page)

    assert [tag for tag, _ in reader.tags if tag in ("script", "img")] == ["script"]
    assert not [a for _, a in reader.tags if any(k.startswith("on") for k in a)]
    assert "\x1b" not in page
    assert EVIL in reader.text


def test_no_cell_of_a_file_is_a_formula(result):
    for path in write_report(hostile(result))[1:]:
        text = path.read_text(encoding="utf-8")
        for row in csv.reader(io.StringIO(text)):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@")], path


def test_the_page_needs_nothing_else(result):
    """No address to load from, and a policy that would forbid it."""
    page = page_of(hostile(result))
    tags = Reader(page).tags
    loaded = [
        v for _, a in tags for k, v in a.items() if k in ("src", "srcset", "xlink")
    ]
    linked = [a["href"] for tag, a in tags if "href" in a]

    assert loaded == []
    assert [href for href in linked if "//" in href] == []
    policy = next(a["content"] for tag, a in tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        text = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "url(" not in page
    assert "@import" not in page


def test_without_names_nothing_of_a_student_is_left(result):
    """No name, nothing that a student wrote, and no file that has it."""
    result = hostile(result)
    paths = write_report(result, anonymous=True)
    everything = "".join(path.read_text(encoding="utf-8") for path in paths)

    for graded in result.graded:
        assert not re.search(rf"\b{re.escape(graded.student)}\b", everything)
    assert "boris" not in everything
    assert "owned" not in everything
    assert "HYPERLINK" not in everything
    assert "The notebook file is empty" not in everything
    assert "A step uphill" in everything
    assert "The submission could not be read" in everything
    assert {path.parent.name for path in paths} == {"report-anonymous"}


def test_a_box_that_was_not_there_is_said_first(result):
    graded = tuple(replace(one, box="none") for one in result.graded)
    page = page_of(replace(result, graded=graded))

    assert "5 submissions graded without a box" in Reader(page).text
    assert "without a box" not in page_of(result)


def test_what_passes_in_public_is_told_as_such(result):
    row = replace(
        result.graded[1].rows[0],
        misconceptions=(),
        unexplained=Unexplained(RIGHT, "def momentum_step(): ...", "-- RIGHT --"),
    )
    one = replace(result.graded[1], rows=(row, *result.graded[1].rows[1:]))
    page = page_of(replace(result, graded=(one,)))

    assert "Right in every public case and wrong in fresh ones" in page
    assert "def momentum_step(): ..." in page


WRITTEN = '''# mine
def momentum_step(theta):
    """Text of the stub.

    More of it.
    """
    return theta
'''


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (WRITTEN, "# mine\ndef momentum_step(theta):\n    return theta"),
        (WRITTEN[:-18], None),  # the docstring is all there is
        (WRITTEN + "  x = (", None),  # no Python
        ("def f(): 'one line'; return 1", None),
        ("def f():\n    'doc'; return 1", None),
        ("(" * 3000, None),
        ("x = '\\d'\0", "x = '\\d'"),
    ],
)
def test_the_stubs_text_is_not_shown_again(result, source, shown):
    """Of a kept answer the page shows what the student wrote; whatever that is."""
    row = replace(
        result.graded[1].rows[0],
        misconceptions=(),
        unexplained=Unexplained("b0", source, "-- X --\n\nwrong"),
    )
    one = replace(result.graded[1], rows=(row, *result.graded[1].rows[1:]))
    page = page_of(replace(result, graded=(one,)))

    text = Reader(page).text
    assert (source if shown is None else shown).strip() in text
    assert ("Text of the stub" in text) == (shown is None and "stub" in source)


def test_feedback_pages_are_linked_where_they_are(result):
    page = result.course.feedback / "ada" / "03_momentum" / "03_momentum.html"
    with_page = replace(result.graded[0], page=page)
    report = page_of(replace(result, graded=(with_page,)))

    assert 'href="../feedback/ada/03_momentum/03_momentum.html"' in report


def test_the_report_repeats_byte_for_byte(result):
    first = {path: path.read_bytes() for path in write_report(result)}

    assert {path: path.read_bytes() for path in write_report(result)} == first


def test_several_chapters_have_an_overview(result):
    row = Row("ada", "05_adam", "adam_step", "passed", 3.0, 3, ())
    adam = replace(result.graded[0], chapter="05_adam", rows=(row,), mark=3.0)
    page = page_of(replace(result, graded=(*result.graded, adam)))

    assert 'href="#05_adam"' in page
    assert 'id="05_adam"' in page
    assert page.index("3 · Momentum") < page.index("5 · Adam")


@pytest.mark.parametrize(
    ("marks", "out_of", "counts"),
    [
        ([0, 0.5, 1, 3, 3], 3, [2, 1, 0, 2]),
        ([7.5], 7.5, [0, 0, 0, 0, 0, 0, 0, 1]),
        ([0.999999999, 2], 2, [0, 1, 1]),  # sums of hundredths
        ([], 2, [0, 0, 0]),
        ([5], 3, [0, 0, 0, 0, 0, 1]),  # extra credit
    ],
)
def test_marks_fall_into_bins_of_one(marks, out_of, counts):
    bins = bins_of(marks, out_of)

    assert [one.count for one in bins] == counts
    assert all(one.high - one.low == 1 for one in bins)


@pytest.mark.parametrize(
    ("out_of", "width"), [(13, 1), (30, 2), (100, 5), (200, 10), (1000, 50)]
)
def test_bins_have_a_round_width_and_are_few(out_of, width):
    bins = bins_of([out_of], out_of)

    assert bins[0].high == width
    assert len(bins) <= 24
    assert (bins[-1].low, bins[-1].count) == (out_of, 1)


def test_a_histogram_says_in_words_what_it_shows():
    words = Reader(histogram([1.0, 2.0, 2.5, 9.0], 9, 2.25)).tags[0][1]["aria-label"]

    assert words == (
        "Histogram of 4 marks out of 9: lowest 1, median 2.25, highest 9. "
        "The highest bar: 2 from 2 to under 3."
    )
