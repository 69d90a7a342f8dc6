"""Written answers read in a browser, by the keyboard."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from autograder.gradebook.gradebook import class_marks
from tests.attacks.harm import HARM
from tests.helpers.answers_course import CHAPTER, QUESTION, answers_course

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(os.name != "posix", reason="grading needs forks"),
    pytest.mark.timeout(600),
]

MOST = 50
"""Milliseconds from a key to the next answer."""

WORDS = (
    "The ball keeps its velocity $v_t$ and so it passes the minimum at full speed "
    "while friction $\\beta = 0.9$ takes a tenth of it in every step of the table"
).split()


def class_of_300() -> dict[str, str]:
    """Three hundred answers, some of them alike, with all harm that a text can do."""
    rng = random.Random(17)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(20, 80))) for _ in range(270)]
    texts += texts[:10] + HARM[:20]
    return {f"student{n:03}": text for n, text in enumerate(texts)} | {"idle": ""}


@pytest.fixture(scope="module")
def course(tmp_path_factory, root, release):
    folder = tmp_path_factory.mktemp("reading") / "a course"
    return answers_course(root, folder, release, class_of_300())


@pytest.fixture(scope="module")
def address(course) -> Iterator[str]:
    """Where `autograder read` says that it is."""
    command = [sys.executable, "-m", "autograder", "read", CHAPTER, QUESTION]
    with subprocess.Popen(
        [*command, "--no-browser", "--blind"],
        cwd=course.root,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        line = server.stdout.readline()
        yield line.split()[-1]
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0


def opened(tabs, address: str, n: int) -> Page:
    page = tabs.open(address)
    expect(page.locator("#place")).to_have_text(re.compile(rf"^Answer {n} of"))
    return page


def test_300_answers_by_the_keyboard(course, address, tabs):
    """Each key shows the next answer at once, and all of it is in the gradebook."""
    page = opened(tabs, address, 1)
    tabs.picture(page, "first")
    # From a key's event to the moment at which the next answer is laid out.
    usual, slow = page.evaluate(
        """async () => {
            const place = document.getElementById("place"), times = [];
            const press = (key, code) => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {key, code, bubbles: true}));
            for (let n = 0; n < 100; n++) {
                press("1", "Digit1");
                const before = place.textContent, begun = performance.now();
                press("Enter", "Enter");
                document.body.getBoundingClientRect();
                times.push(performance.now() - begun);
                if (place.textContent === before) throw new Error(before);
                await new Promise(resolve => setTimeout(resolve));
            }
            times.sort((one, other) => one - other);
            return [times[50], times[95]];
        }"""
    )
    expect(page.locator("#saved")).not_to_have_text("Saving …")
    page.wait_for_function("() => !waiting.size")

    print(f"half of the keys within {usual:.1f} ms, 95 % within {slow:.1f}")
    assert usual < MOST
    read = [m for m in class_marks(course).values() if not m.waiting and m.mark]
    assert len(read) >= 100
    assert page.evaluate("window.pwned") is None
    assert "student0" not in page.content()  # --blind


def test_nothing_is_lost_when_the_page_is_closed(address, tabs):
    """Not what was decided, and not a comment that is half written."""
    page = tabs.open(address)
    expect(page.locator("#text")).not_to_be_empty()
    here = page.locator("#place").inner_text()
    page.keyboard.press("2")
    page.keyboard.press("c")
    page.keyboard.type("Nearly: see")
    page.close()
    page = tabs.open(address)

    expect(page.locator("#place")).to_have_text(here)
    expect(page.locator("#comment")).to_have_value("Nearly: see")
    expect(page.locator("#rubric input").nth(1)).to_be_checked()
    expect(page.locator("#sum")).to_have_text("1.5 of 2")
    page.wait_for_function("() => !waiting.size")

    # A comment that is there is used again, and Enter goes on.
    page.keyboard.press("Enter")
    expect(page.locator("#place")).not_to_have_text(here)
    expect(page.locator("#used button").first).to_have_text("⇧1 Nearly: see")
    page.keyboard.press("Shift+Digit1")
    expect(page.locator("#comment")).to_have_value("Nearly: see")
    page.keyboard.press("=")
    expect(page.locator("#sum")).to_have_text("1.5 of 2")
    page.wait_for_function("() => !waiting.size")


def test_two_people_read_different_answers(address, tabs):
    """And whoever is second with the same one is told, and loses nothing."""
    one, other = tabs.context.new_page(), tabs.context.new_page()
    for page in (one, other):
        page.goto(address)
        expect(page.locator("#text")).not_to_be_empty()
        with page.expect_response("**/look"):  # what it knows of the other one
            page.evaluate("go(groups.length - 1)")

    one.keyboard.press("2")
    one.keyboard.press("Enter")
    one.wait_for_function("() => !waiting.size")
    other.keyboard.press("1")
    expect(other.locator("#theirs")).to_have_text(re.compile("has given 1.5.*you gave"))
    tabs.picture(other, "rival")
    other.get_by_role("button", name="Use mine").click()
    other.wait_for_function("() => !waiting.size")
    expect(other.locator("#sum")).to_have_text("0.5 of 2")


@pytest.mark.parametrize("width", [1200, 390])
def test_it_can_be_read_by_everybody(address, tabs, width):
    """No fault that axe knows; nothing is cut off on a narrow screen."""
    page = tabs.context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    expect(page.locator("#text")).not_to_be_empty()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    tabs.picture(page, f"reading-{width}")

    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
