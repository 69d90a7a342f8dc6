"""A chapter's whole way on a real JupyterHub, with the files and lines of HUB.md.

Two accounts of this machine are made for it, and removed again: root alone can.
The instructor works in a terminal, the learner in Chromium.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from autograder.bundling import bundle
from autograder.exercises import CHAPTERS, find
from tests.browser.test_learner import CHAPTER, PATIENCE, RIGHT, WRONG, Notebook

pwd = pytest.importorskip("pwd", reason="accounts are those of a Unix")

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes accounts"),
    pytest.mark.needs("chromium", "configurable-http-proxy", "passwd"),
    pytest.mark.timeout(600),
]

ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "HUB.md").read_text(encoding="utf-8")
ANSWER = "gd_step"
CORE = sum(not exercise.bonus for exercise in CHAPTERS[0].exercises)


# --- Accounts ------------------------------------------------------------------


@dataclass
class Account:
    """A user of this machine."""

    name: str
    home: Path
    password: str
    environment: dict[str, str]

    def start(self, line: str, folder: Path) -> subprocess.Popen:
        """Give a command as in a terminal of this account, for its eyes alone."""
        user = pwd.getpwnam(self.name)
        return subprocess.Popen(
            shlex.split(line),
            cwd=folder,
            env=self.environment | {"HOME": str(self.home), "USER": self.name},
            user=user.pw_uid,
            group=user.pw_gid,
            extra_groups=[],
            umask=0o077,
            stdout=PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def said(command: subprocess.Popen) -> str:
    """What a command says when it has done what it was asked for."""
    told, _ = command.communicate(timeout=PATIENCE)
    assert command.returncode == 0, told
    return told


@contextlib.contextmanager
def account(role: str, folder: Path) -> Iterator[Account]:
    """An account of this run of the tests, for as long as it takes."""
    path = f"{folder / 'learner' / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    environment = {
        "LANG": "C.UTF-8",
        "PATH": path,
        # The libraries are root's: what is compiled of them is kept next to them.
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    name, home = f"{role}-{os.getpid()}", folder / f"home of {role}"
    made = Account(name, home, secrets.token_hex(), environment)
    options = ["--create-home", "--home-dir", str(home), "--shell", "/bin/bash"]
    subprocess.run(["useradd", *options, name], check=True)
    try:
        home.chmod(0o700)
        login = f"{name}:{made.password}"
        subprocess.run(["chpasswd"], input=login, text=True, check=True)
        yield made
    finally:
        end_all_of(pwd.getpwnam(name).pw_uid)
        subprocess.run(["userdel", name], check=True)


def end_all_of(uid: int) -> None:
    """What a user still runs: their server, and kernels that outlive it."""
    while theirs := [one for one in psutil.process_iter() if runs_as(one, uid)]:
        for process in theirs:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(0.05)


def runs_as(process: psutil.Process, uid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        ended = process.status() == psutil.STATUS_ZOMBIE
        return not ended and process.uids().real == uid
    return False


# --- The hub -------------------------------------------------------------------


@dataclass
class Hub:
    """A hub that runs, and who is on it."""

    address: str
    exchange: Path
    course: Path
    instructor: Account
    learner: Account

    def teach(self, line: str) -> subprocess.Popen:
        """Give a command of HUB.md in the instructor's terminal."""
        assert f"\n{line}\n" in TOLD
        words = re.sub(
            r'make grade ARGS="(.*)"', r"python -m autograder grade \1", line
        )
        return self.instructor.start(words, self.course)


@pytest.fixture(scope="module")
def hub(program, tmp_path_factory) -> Iterator[Hub]:
    """A hub that is set up as HUB.md tells; nobody has been there yet."""
    # Folders that pytest gives are shut to others.
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    folder.chmod(0o755)
    with contextlib.ExitStack() as stack:
        # Of thousands of files: whoever comes next need not wait for it.
        stack.callback(threading.Thread(target=shutil.rmtree, args=[folder]).start)
        instructor = stack.enter_context(account("instructor", folder))
        learner = stack.enter_context(account("learner", folder))
        install(folder / "learner", learner, tmp_path_factory.mktemp("dist"))
        (folder / "bytecode").mkdir()
        (folder / "bytecode").chmod(0o1777)
        (exchange,) = re.findall(r"^install .*", placed(TOLD, folder), flags=re.M)
        subprocess.run(shlex.split(exchange), check=True)
        course = instructor.home / "course"
        copy_course(course)
        for name, text in files_told(folder).items():
            # The hub's and the instructor's have no path in HUB.md.
            place = course if name.startswith("nbgrader") else folder
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
        subprocess.run(["chown", "-R", f"{instructor.name}:", course], check=True)
        instructor.environment["PYTHONPATH"] = str(course)
        proxy, people = program("configurable-http-proxy"), (instructor, learner)
        address = stack.enter_context(serving(folder, proxy, people))
        yield Hub(address, folder / "exchange", course, instructor, learner)


def placed(text: str, folder: Path) -> str:
    """The same with the paths of HUB.md in a folder of its own."""
    for place in ("/opt/learner", "/srv/exchange"):
        text = text.replace(place, str(folder / Path(place).name))
    return text


def files_told(folder: Path) -> dict[str, str]:
    """The files that HUB.md shows, by their names."""
    block = re.compile(r"`([^`\n]+)`:?\n\n```(?:py|json)\n(.*?)^```", re.M | re.S)
    files = dict(block.findall(placed(TOLD, folder)))
    assert len(files) == 5, list(files)
    return files


def copy_course(folder: Path) -> None:
    """What an instructor's clone has, as far as one chapter asks for it."""
    not_these = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("autograder", "data", f"notebooks/{CHAPTER}", f"solutions/{CHAPTER}"):
        shutil.copytree(ROOT / name, folder / name, ignore=not_these)
    shutil.copy(ROOT / "nbgrader_config.py", folder)


def install(place: Path, learner: Account, dist: Path) -> None:
    """The bundle's wheel and a hub in `place`; what grading needs comes along.

    An instructor's libraries are in a `.venv` of the course; to make one more here
    would show nothing.
    """
    uv = [sys.executable, "-m", "uv"]
    pip = [*uv, "pip", "install", "--quiet", "--python", place]
    project, lock = ROOT / "pyproject.toml", ROOT / "requirements.lock"
    libraries = ["--requirements", project, "--extra", "lab", "--constraint", lock]
    for group in ("hub", "grade"):
        libraries += ["--group", f"{project}:{group}"]
    python = python_for(learner)
    subprocess.run([*uv, "venv", "--quiet", "--python", python, place], check=True)
    with subprocess.Popen([*pip, *libraries], stderr=PIPE, text=True) as installing:
        wheel = learners_wheel(dist)  # at the same time: each takes some seconds
        _, why = installing.communicate()
    if installing.returncode:
        lacking(f"cannot install a hub: {why}")
    subprocess.run([*pip, "--no-deps", wheel], check=True)


def learners_wheel(dist: Path) -> Path:
    """Of one chapter, without what tests/bundling tests and what takes most time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle, "build", lambda *_, **__: [])
        patch.setattr(bundle, "find_code_leaks", lambda *_: [])
        return bundle.make_bundle(ROOT, [CHAPTER], dist).wheel


def python_for(learner: Account) -> str:
    """A Python that others may run; root's own may lie where nobody else gets to."""
    asks = shlex.quote("import sys; raise SystemExit(sys.version_info < (3, 11))")
    system = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    for python in filter(None, (os.path.realpath(sys.executable), system)):
        with contextlib.suppress(PermissionError):
            with learner.start(f"{python} -c {asks}", learner.home) as command:
                command.communicate(timeout=PATIENCE)
            if command.returncode == 0:
                return python
    return lacking("no Python from 3.11 on that every account may run")


def lacking(why: str):
    """There is no test then, and a failure where everything is required."""
    if os.environ.get("AUTOGRADER_REQUIRE_ALL") == "1":
        pytest.fail(why)
    pytest.skip(why)


@contextlib.contextmanager
def serving(folder: Path, proxy: str, people: tuple[Account, ...]) -> Iterator[str]:
    """The hub's address, and it runs."""
    with contextlib.ExitStack() as stack:
        free = [stack.enter_context(socket.socket()) for _ in range(3)]
        for one in free:
            one.bind(("127.0.0.1", 0))
        outside, inside, routes = (
            f"http://127.0.0.1:{one.getsockname()[1]}" for one in free
        )
    ours = {
        "JupyterHub.bind_url": outside,
        "JupyterHub.hub_bind_url": inside,
        "JupyterHub.db_url": "sqlite:///:memory:",
        "JupyterHub.cleanup_servers": False,  # they end with their accounts
        "ConfigurableHTTPProxy.api_url": routes,
        "ConfigurableHTTPProxy.command": [proxy],
        "Authenticator.allowed_users": {one.name for one in people},
        "Spawner.environment": {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")},
        # For the test, which asks JupyterLab whether it is ready.
        "Spawner.args": ["--LabApp.expose_app_in_browser=True"],
    }
    config = folder / "jupyterhub_config.py"
    lines = [f"c.{name} = {value!r}\n" for name, value in ours.items()]
    config.write_text(config.read_text() + "".join(lines))
    own = folder / "hub"
    own.mkdir(mode=0o700)
    log = own / "log.txt"
    with log.open("w") as file:
        process = subprocess.Popen(
            [folder / "learner" / "bin" / "jupyterhub", "--config", config],
            cwd=own,
            env={"HOME": str(own), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdout=file,
            stderr=file,
        )
    try:
        until = time.monotonic() + PATIENCE
        while not answers(f"{outside}/hub/health"):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield outside
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


# --- What is done there --------------------------------------------------------


def log_in(page: Page, who: Account) -> None:
    """With name and password; a server is started, and JupyterLab opens."""
    page.get_by_label("Username").fill(who.name)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")


def listed(page: Page, state: str) -> Locator:
    """The chapter in a part of the assignment list: released, fetched, submitted."""
    rows = page.locator(f"#{state}_assignments_list > .list_item")
    return rows.filter(has_text=CHAPTER)


def test_a_chapter_goes_out_comes_in_and_its_feedback_finds_back(hub, tabs):
    """Released, fetched, validated, handed in twice, collected, graded, read."""
    release = hub.teach(f"nbgrader release_assignment {CHAPTER}")
    page = tabs.open(hub.address)
    log_in(page, hub.learner)
    assert "Released as: deep-networks" in said(release)

    page.get_by_role("menuitem", name="Nbgrader").click()
    expect(page.get_by_role("menuitem", name="Formgrader")).to_have_count(0)
    page.get_by_role("menuitem", name="Assignment List").click()
    expect(listed(page, "released")).to_contain_text("deep-networks")
    tabs.picture(page, "released")
    listed(page, "released").get_by_role("button", name="Fetch").click()
    fetched = listed(page, "fetched")
    fetched.locator(".assignment-notebooks-link").click()
    tabs.picture(page, "fetched")
    fetched.locator(".nested_list_item a").click()
    answer(page, WRONG)
    tabs.picture(page, "answered")

    page.get_by_role("tab", name="Assignments").click()
    attempts = listed(page, "submitted").locator(".nested_list_item")
    fetched.get_by_role("button", name="Submit").click()
    expect(attempts).to_have_count(1)
    first = hub.teach(f"nbgrader collect --update {CHAPTER}")
    fetched.locator(".assignment-notebooks-link").click()
    fetched.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"0 of {CORE} core functions right, ")
    expect(dialog).to_contain_text(" further not begun, which is no fault")
    mistake = next(m for m in find(ANSWER).misconceptions if m.name == "climbs")
    words = f"These are exactly the numbers of {mistake.form}".split()
    expect(dialog).to_contain_text(" ".join(words))
    tabs.picture(page, "validated")
    dialog.get_by_role("button").last.click()

    page.get_by_role("tab", name=f"{CHAPTER}.ipynb").click()
    answer(page, RIGHT)
    page.get_by_role("tab", name="Assignments").click()
    said(first)
    place = hub.course / "grading" / "submitted" / hub.learner.name / CHAPTER
    handed_in = place / f"{CHAPTER}.ipynb"
    assert source(handed_in) == WRONG
    fetched.get_by_role("button", name="Submit").click()
    expect(attempts).to_have_count(2)
    tabs.picture(page, "submitted")
    said(hub.teach(f"nbgrader collect --update {CHAPTER}"))
    assert source(handed_in) == RIGHT
    said(hub.teach(f'make grade ARGS="--chapter {CHAPTER}"'))
    said(hub.teach(f"nbgrader release_feedback {CHAPTER}"))

    listed(page, "submitted").get_by_role("button", name="Fetch Feedback").click()
    link = attempts.get_by_text("(view feedback)")
    expect(link).to_have_count(1)
    expect(attempts.last).to_contain_text("(view feedback)")
    link.click()
    file = page.locator(".jp-DirListing-item", has_text=f"{CHAPTER}.html")
    tabs.picture(page, "feedback-is-there")
    file.dblclick()
    feedback = page.frame_locator(".jp-HTMLViewer iframe")
    points = find(ANSWER).points
    expect(feedback.locator(".summary")).to_contain_text(f"{points} of ")
    expect(feedback.locator("body")).to_contain_text(f"{ANSWER} is right in all")
    tabs.picture(page, "feedback")

    start = tabs.open(f"{hub.address}/user/{hub.learner.name}/autograder")
    expect(start.get_by_role("heading", level=1)).to_contain_text("by hand")
    tabs.picture(start, "start-page")
    # What came in is the instructor's to see, and the course's folder to move.
    own = hub.exchange / "deep-networks"
    for line, why in (
        (f"ls {own / 'inbound'}", "Permission denied"),
        (f"mv {own} {own}-taken", "not permitted"),
    ):
        told, _ = hub.learner.start(line, hub.learner.home).communicate()
        assert why in told


def answer(page: Page, text: str) -> None:
    """Write the function into the notebook that opens or comes to the front; save."""
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context?.path.endsWith('.ipynb')"
    )
    notebook = Notebook(page)
    notebook.write(ANSWER, text)
    notebook.save()


def source(path: Path) -> str:
    """The code of the function in a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next("".join(cell["source"]) for cell in cells if cell["id"] == ANSWER)
