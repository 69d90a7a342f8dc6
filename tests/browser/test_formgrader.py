"""An instructor's way through the formgrader, in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.classroom.grade_class import grade_class
from autograder.course import Course, load_course, load_secret
from autograder.exercises import CHAPTERS
from autograder.gradebook.formgrader import PAGE
from autograder.sample.sample_class import SampleStudent, make_sample_class
from autograder.writing import write_whole
from tests.attacks.harm import ATTACHMENTS, HARM

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.timeout(600),
]

ROOT = Path(__file__).parents[2]
CHAPTER = "03_momentum"
POINTS = sum(
    exercise.points
    for chapter in CHAPTERS
    if chapter.name == CHAPTER
    for exercise in chapter.exercises
)
"""Of its functions; its written answer has two more."""
EARLIER = "00_gradient_descent"
WRITTEN = "momentum_why"
TOKEN = "for-tests"
MOST = 120_000
"""Bytes of a feedback page, with the font of its formulas."""
PATIENCE = 180
"""Seconds: for machines that do much else."""

expect.set_options(timeout=PATIENCE * 1000)


# --- A course and its server ---------------------------------------------------


@dataclass
class Desk:
    """Where an instructor sits."""

    course: Course
    address: str
    right: SampleStudent
    mistaken: SampleStudent


def make_course(folder: Path) -> Course:
    """The checkout's course, of which one chapter is released."""
    for name in ("solutions", f"notebooks/{EARLIER}"):
        shutil.copytree(
            ROOT / name,
            folder / name,
            ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"),
        )
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return load_course(folder)


def hand_in(course: Course, student: str, data: bytes) -> None:
    write_whole(course.submitted / student / CHAPTER / f"{CHAPTER}.ipynb", data)


def released() -> bytes:
    return (ROOT / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb").read_bytes()


def harmful_notebook(right: bytes) -> bytes:
    """A right notebook with everything in it that could make a page do something."""
    notebook = json.loads(right)
    harmful = "\n\n".join(HARM)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == WRITTEN:
            cell["source"] = harmful
            cell["attachments"] = ATTACHMENTS
    program = """
from IPython.display import SVG, HTML, Javascript, Latex, Markdown, display
harm = "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
print(harm)
svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned=1'>{harm}</svg>"
display(HTML(harm), SVG(svg), Javascript("window.pwned = 1"), Markdown(harm))
display(Latex(harm), {"text/html": harm, "text/plain": harm}, raw=False)
display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True)
display({"text/html": harm, "text/plain": harm}, raw=True)
display({"text/vnd.mermaid": harm, "text/plain": "\\x1b]8;;x:1\\x07"}, raw=True)
raise ValueError(harm)
"""
    more = [("markdown", text) for text in HARM] + [("code", program)]
    for number, (kind, source) in enumerate(more):
        cell = {"cell_type": kind, "id": f"harm{number}", "source": source}
        cell["metadata"] = {"tags": ["</script><script>window.pwned = 1</script>"]}
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        else:
            cell["attachments"] = ATTACHMENTS
        notebook["cells"].append(cell)
    return json.dumps(notebook).encode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    """The course with three submissions, and the formgrader's server for it."""
    course = make_course(tmp_path_factory.mktemp("instructor") / "a course")
    chapter = course.chapter(CHAPTER)
    students = make_sample_class(released(), chapter)
    right = next(student for student in students if student.what == "all right")
    mistaken = next(s for s in students if s.what.startswith("mistaken"))
    for student in (right, mistaken):
        hand_in(course, student.name, student.data)
    hand_in(course, "mallory", harmful_notebook(right.data))
    load_secret(course)
    with served(course, tmp_path_factory.mktemp("log") / "server.txt") as address:
        yield Desk(course, address, right, mistaken)


@contextlib.contextmanager
def served(course: Course, log: Path) -> Iterator[str]:
    """`autograder formgrader`, until the tests are done."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--no-browser"]
    options += ["--ServerApp.ip=127.0.0.1", "--ServerApp.allow_root=True"]
    command = [sys.executable, "-m", "autograder", "formgrader", *options]
    environment = os.environ | {"JUPYTER_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)}
    with log.open("w") as file:
        server = subprocess.Popen(
            command, cwd=course.root, env=environment, stdout=file, stderr=file
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(f"{address}/api"):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture
def asked(tabs) -> set[str]:
    """The machines that any page of `tabs` asked for something."""
    machines: set[str] = set()
    tabs.context.on("request", lambda request: machines.add(_machine(request.url)))
    return machines


def _machine(url: str) -> str:
    return url if url.startswith("file:") else "/".join(url.split("/")[:3])


# --- What an instructor does --------------------------------------------------


def log_in(page, desk: Desk) -> None:
    page.goto(f"{desk.address}{PAGE}?token={TOKEN}")
    expect(page.locator("#main-table tr .name a").first).to_be_visible()


def row(page, name: str):
    """The row of an assignment or of a student."""
    return page.locator("#main-table tr").filter(
        has=page.locator("td", has_text=re.compile(f"^{re.escape(name)}$"))
    )


def press(page, button) -> str:
    """Press a button that starts work; what the formgrader says when it is done."""
    button.click()
    dialog = page.locator(".modal.in")
    expect(dialog.locator(".modal-footer button")).to_be_visible()
    said = dialog.locator(".modal-body > div > p, .modal-body > p").first.inner_text()
    log = dialog.locator(".modal-body").inner_text()
    assert dialog.get_attribute("id") == "success-modal", log
    dialog.locator(".modal-footer button").click()
    expect(page.locator(".modal")).to_have_count(0)
    return said


def open_submissions(page, desk: Desk) -> None:
    page.goto(f"{desk.address}/formgrader/manage_submissions/{CHAPTER}")
    expect(page.locator("#main-table .student-id").first).not_to_be_empty()


def open_submission(page, desk: Desk, student: str) -> None:
    """From the list of submissions, with names shown, to one of them."""
    page.goto(f"{desk.address}/formgrader/gradebook/{CHAPTER}/{CHAPTER}")
    expect(page.locator("#main-table .name a").first).to_be_attached()
    page.get_by_role("button", name="Show All Names").click()
    page.get_by_role("link", name=student, exact=True).click()
    wait_for_form(page)


def wait_for_form(page) -> None:
    """Until nbgrader's script has filled in the scores and scrolled to its place."""
    page.wait_for_function(
        "() => window.formgrader && formgrader.loaded && MathJax.loaded"
        " && formgrader.grades.loaded && formgrader.comments.loaded"
        " && !$(':animated').length"
    )


def marks_by_command(desk: Desk, folder: Path) -> dict[str, float]:
    """What `autograder grade` gives for the same submissions and secret."""
    course = make_course(folder)
    shutil.copytree(ROOT / "notebooks" / CHAPTER, course.root / "notebooks" / CHAPTER)
    shutil.copytree(desk.course.submitted, course.submitted)
    shutil.copy(desk.course.grading / "secret", course.grading / "secret")
    result = grade_class(load_course(course.root), CHAPTER, jobs=1)
    return {one.student: one.mark for one in result.graded}


# --- The tests ----------------------------------------------------------------


def test_release_grade_comment_regrade(desk, tabs, asked, tmp_path):
    """Everything an instructor does with one chapter, by the formgrader's buttons."""
    page, right, mistaken = tabs.context.new_page(), desk.right.name, desk.mistaken.name
    log_in(page, desk)

    # Release: the button writes what `autograder build` writes.
    own = desk.course.root / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    own.unlink(missing_ok=True)
    tabs.picture(page, "assignments")
    said = press(page, row(page, CHAPTER).locator(".assign a"))
    assert said.startswith("Successfully created the student version")
    expect(row(page, CHAPTER).locator(".preview a")).to_be_visible()
    assert own.read_bytes() == released()

    # Autograde: the same marks as on the command line.
    open_submissions(page, desk)
    tabs.picture(page, "submissions")
    expected = marks_by_command(desk, tmp_path / "by command")
    for student in (right, mistaken):
        said = press(page, row(page, student).locator(".autograde a"))
        assert said.startswith("Successfully autograded")
        expect(row(page, student).locator(".status")).to_have_text(
            "needs manual grading"
        )
        score = row(page, student).locator(".score").inner_text().split("/")
        assert float(score[0]) == pytest.approx(expected[student])
    assert expected[mistaken] < expected[right] == POINTS
    tabs.picture(page, "autograded")

    # The submission: what was found, and formulas.
    open_submission(page, desk, mistaken)
    mistake = page.locator(".output_html", has_text="These are exactly").first
    expect(mistake).to_be_visible()
    mistake.scroll_into_view_if_needed()
    tabs.picture(page, "mistake")
    assert page.locator("math").count() > 100
    expect(page.locator("mtext", has_text="(3.1)").first).to_be_visible()

    # By hand: a score and a comment, saved as they are left.
    open_submission(page, desk, right)
    score, comment = page.locator(f"#{WRITTEN}"), page.locator(f"#{WRITTEN}-comment")
    cell = page.locator(".nbgrader_cell", has=score)
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.ok):
        score.fill("1.5")
        score.press("Tab")
    expect(cell.locator(".score-saved")).to_be_visible()
    with page.expect_response(lambda r: "/api/comment/" in r.url and r.ok):
        comment.fill("Nearly: $\\frac{v}{1 - \\beta}$ is the limit; see <b>3.3</b>.")
        page.keyboard.press("Escape")
    expect(cell.locator(".comment-saved")).to_be_visible()
    tabs.picture(page, "by-hand")
    page.reload()
    wait_for_form(page)
    expect(score).to_have_value("1.5")
    expect(comment).to_have_value(re.compile("^Nearly: "))
    expect(score).not_to_have_class(re.compile("needs_manual_grade"))

    # The notebook itself, one click away and without another password.
    page.locator(".live-notebook .name-hidden").first.evaluate("toggle_name(true)")
    with page.context.expect_page() as opened:
        page.locator(".live-notebook a.name-shown").click()
    live = opened.value
    live.wait_for_load_state("domcontentloaded")
    assert "/login" not in live.url
    assert live.url.endswith(f"/autograded/{right}/{CHAPTER}/{CHAPTER}.ipynb")
    live.close()

    # Feedback: read without a server and without a network.
    open_submissions(page, desk)
    expect(row(page, right).locator(".score")).to_have_text(
        f"{POINTS + 1.5} / {POINTS + 2}"
    )
    expect(row(page, right).locator(".status")).to_have_text("graded")
    said = press(page, row(page, right).locator(".generate-feedback a"))
    assert said.startswith("Successfully generated feedback")
    read_feedback(tabs, page, desk)

    # Graded again: what a person gave stays.
    open_submissions(page, desk)
    press(page, row(page, right).locator(".autograde a"))
    expect(row(page, right).locator(".score")).to_have_text(
        f"{POINTS + 1.5} / {POINTS + 2}"
    )
    open_submission(page, desk, right)
    expect(score).to_have_value("1.5")
    expect(comment).to_have_value(re.compile("^Nearly: "))
    score.scroll_into_view_if_needed()
    tabs.picture(page, "regraded")

    # On the command line: nothing of that is lost there, and the report says it.
    command = [sys.executable, "-m", "autograder"]
    for words in (["grade", f"--chapter={CHAPTER}"], ["report"]):
        done = subprocess.run(
            [*command, *words],
            cwd=desk.course.root,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        # 3: graded, and what cannot be read in the sample class waits.
        assert done.returncode in (0, 3), done.stdout + done.stderr
    page.goto((desk.course.root / done.stdout.strip()).as_uri())
    page.locator("summary", has_text="one by one").click()
    marks = page.get_by_role("row").filter(has=page.get_by_role("link", name=right))
    expect(marks.locator("td").first).to_have_text(f"{POINTS + 1.5}")
    marks.scroll_into_view_if_needed()
    tabs.picture(page, "report")

    assert {address for address in asked if "file:" not in address} == {desk.address}


def read_feedback(tabs, page, desk: Desk) -> None:
    file = desk.course.feedback / desk.right.name / CHAPTER / f"{CHAPTER}.html"
    page.context.set_offline(True)
    page.goto(file.as_uri())
    expect(page.locator(".summary")).to_contain_text(
        f"{POINTS + 1.5} of {POINTS + 2} points"
    )
    comment = page.locator(".comment", has_text="Nearly")
    expect(comment.locator("math mfrac")).to_be_visible()
    expect(comment).to_contain_text("see <b>3.3</b>")
    page.locator("summary", has_text="The question").click()
    expect(page.locator("details math").first).to_be_visible()
    assert file.stat().st_size < MOST
    tabs.picture(page, "feedback")
    comment.scroll_into_view_if_needed()
    tabs.picture(page, "feedback-comment")
    page.context.set_offline(False)


def test_nothing_of_a_students_runs(desk, tabs, asked):
    """Neither the formgrader nor the feedback page runs what a notebook holds."""
    page = tabs.context.new_page()
    own = desk.course.root / "notebooks" / CHAPTER / f"{CHAPTER}.ipynb"
    write_whole(own, released())
    log_in(page, desk)
    open_submissions(page, desk)
    press(page, row(page, "mallory").locator(".autograde a"))
    press(page, row(page, "mallory").locator(".generate-feedback a"))
    feedback = desk.course.feedback / "mallory" / CHAPTER / f"{CHAPTER}.html"

    def shows_harm_and_runs_none() -> None:
        expect(page.get_by_text("window.pwned").first).to_be_attached()
        page.wait_for_load_state("load")
        for event in ("mouseover", "click"):
            page.evaluate(
                """event => document.querySelectorAll(
                    ".rendered_html *, .cell *").forEach(
                    e => e.tagName != "A" && e.dispatchEvent(new Event(event)))""",
                event,
            )
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("window.length") == 0  # no frame in it
        links = page.evaluate("[...document.links].map(link => link.href)")
        assert not [a for a in links if not re.match(r"https?:|mailto:|file:", a)]

    open_submission(page, desk, "mallory")
    shows_harm_and_runs_none()
    page.locator(f"#{WRITTEN}").scroll_into_view_if_needed()
    tabs.picture(page, "harm-in-formgrader")
    page.goto(feedback.as_uri())
    shows_harm_and_runs_none()
    page.get_by_text("window.pwned").first.scroll_into_view_if_needed()
    tabs.picture(page, "harm-in-feedback")

    own = ("file:", "data:")
    assert {a for a in asked if not a.startswith(own)} == {desk.address}


def test_from_jupyterlabs_menu(desk, tabs, asked):
    """The formgrader is also a tab of JupyterLab."""
    page = tabs.context.new_page()
    page.goto(f"{desk.address}/lab?token={TOKEN}")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    frame = page.frame_locator("iframe[src*=formgrader]")
    expect(frame.get_by_role("link", name=EARLIER, exact=True)).to_be_visible()
    tabs.picture(page, "jupyterlab")
    assert asked == {desk.address}
    # Whoever builds the course's site has JupyterLite's kernel beside JupyterLab,
    # which offers it to JupyterLab too, where it cannot be loaded.
    others = [said for said in tabs.complaints if "@jupyterlite/services" not in said]
    tabs.complaints[:] = others
