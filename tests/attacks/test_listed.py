"""Every attack and accident of the table: what stock nbgrader suffers, here in vain.

Each starts from an unsolved notebook, which has to stay at 0, or from an honest
one, which has to keep full marks.  After each the course is untouched, no process
is left, this process has not grown, and the next students' marks are right.
"""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from autograder.checking.cases import public_question
from tests.attacks.attack_rows import ROWS, returned_as_float32
from tests.attacks.attacking import (
    ASKED,
    QUICK,
    Attack,
    fingerprint,
    little_memory,
    nothing_left,
    told,
)


@pytest.fixture
def untouched(course, grade, make_notebook):
    """Afterwards nothing has changed, and whoever comes next gets what is due."""
    before = fingerprint(course.root)
    with little_memory():
        yield
    nothing_left()
    assert fingerprint(course.root) == before
    *answered, idle = ASKED
    after = grade(make_notebook().solve(*answered), "next")
    codes = {verdict.exercise: verdict.code for verdict in after.verdicts}
    assert codes == dict.fromkeys(answered, "passed") | {idle: "not-written"}
    assert after.notes == ()


@pytest.mark.parametrize("attack", ROWS, ids=lambda attack: attack.id)
def test_a_listed_attack_gains_nothing(
    attack, grade, untouched, course, make_notebook, root
):
    attack.check(grade(attack.notebook(make_notebook(), course.root, root)))


def test_35_answers_by_heart(grade, untouched, notebook):
    """A table of all public cases is right in at most one fresh case."""
    for name in ASKED:
        question = public_question(name)
        table = {
            repr([*case.arguments.values()]): repr(case.expected.returned)
            for case in question.cases
        }
        notebook.fill(
            name,
            f"from numpy import array, float64\nTABLE_{name} = {table!r}\n"
            f"def {name}(*args):\n    return eval(TABLE_{name}[repr([*args])])",
        )

    result = grade(notebook)

    assert {verdict.code for verdict in result.verdicts} == {"raised"}
    assert result.score == 0


def test_63_no_way_to_the_network(grade, untouched, notebook):
    """Neither to this machine nor, as a packet, to another."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(0.2)
        notebook.insert(
            "setup",
            "import socket, urllib.request\n"
            "try: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', "
            f"('127.0.0.1', {port}))\nexcept OSError as error: print(error)\n"
            f"urllib.request.urlopen('http://127.0.0.1:{port}/?leak')",
        )
        result = grade(notebook)

        with pytest.raises(TimeoutError):
            server.accept()
    assert result.score == 0
    assert result.outputs["own-1"][-1]["ename"] in ("URLError", "PermissionError")


HOSTILE = r"""
import struct, json
def npy(header, data=b''):
    header = header.encode()
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header + data
def packet(value, *parts):
    head = json.dumps({'sizes': [len(p) for p in parts], 'value': value}).encode()
    return struct.pack('>Q', len(head)) + head + b''.join(parts)
def shaped(shape, dtype='<f8', data=bytes(8)):
    start = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}}}"
    return npy(start, data)
ARRAY = {'~': 'array', 'at': 0}
HOSTILE = {
    'enormous': packet(ARRAY, shaped('(10000000000000,)')),
    'objects': packet(ARRAY, shaped('(1,)', '|O', b'\x80\x04cos\nsystem\n.')),
    'long header': packet(ARRAY, npy(' ' * 20000)),
    'no dictionary': packet(ARRAY, npy("{'descr':")),
    'no number': packet(ARRAY, shaped((2**70, 0), data=b'')),
    'negative': packet(ARRAY, shaped('(-1, -1)')),
    'not a number': packet({'~': 'complex', 'parts': [10**400, 0]}),
    'deep': struct.pack('>Q', 200000) + b'[' * 100000 + b']' * 100000,
    'one array many times':
        packet([ARRAY] * 9000, shaped((12500,), data=bytes(100000))),
    'nothing': b'',
}
"""


KINDS = (
    "enormous|objects|long header|no dictionary|no number|negative|not a number|deep|"
    "one array many times|nothing"
).split("|")


@pytest.mark.parametrize("kind", KINDS)
def test_69_hostile_arrays(grade, untouched, notebook, kind, course, root):
    """Sent by a fork to its parent first, then by the notebook to the grader."""
    attack = Attack(
        69,
        kind,
        HOSTILE + "import autograder.sandbox.inside.forked_calls as module\n"
        f"module.pack = lambda value: HOSTILE[{kind!r}]",
        spoil=lambda n: n.insert(
            "nesterov_step_text",
            "import autograder.sandbox.inside.student_process as module\n"
            f"module.pack = lambda value: HOSTILE[{kind!r}]",
        ),
        codes="any",
    )

    attack.check(grade(attack.notebook(notebook, course.root, root)))


def test_76_single_precision(grade, untouched, notebook):
    """Right numbers of too few digits: it is said what is wrong with them."""
    notebook.solve()
    returned_as_float32(notebook)

    result = grade(notebook)

    assert {verdict.code for verdict in result.verdicts} == {"wrong-type"}
    assert "as float32. The arguments are float64" in told(result)


def test_59_two_hundred_daemons(grade, untouched, solved):
    """They may cost the notebook that starts them; they cost nobody else."""
    solved.insert(
        "setup",
        next(a for a in ROWS if a.row == 59).cell.replace("20", "200"),
    )

    result = grade(solved)

    assert not result.needs_person
    nothing_left()


def test_the_budget_ends_what_sleeps(grade, untouched, solved):
    """Row 57 once more: many slow cells that an answer needs end together."""
    needed = [f"K{number}" for number in range(30)]
    for name in needed:
        solved.insert("setup", f"import time\ntime.sleep(60)\n{name} = 1")
    step = solved["momentum_step"]["source"]
    solved.fill("momentum_step", f"{', '.join(needed)}\n{step}")

    result = grade(solved, limits=replace(QUICK, cell_seconds=0.3, total_seconds=2.0))

    assert {verdict.code for verdict in result.verdicts} == {"timed-out"}
    assert "used up its time" in " ".join(result.verdicts[0].message.text().split())
