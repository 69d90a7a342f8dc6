"""Live and recorded cases are the same thing; bytes from outside are not trusted."""

import io
import json
import warnings

import numpy as np
import pytest

from autograder.calling.calls import Foreign, Outcome, call, plain
from autograder.calling.inputs import Function, Seed
from autograder.calling.packing import BadPacket, pack, unpack
from autograder.calling.quietness import quiet
from autograder.checking.cases import draw_question, public_question
from autograder.checking.judging import judge
from autograder.checking.recorded import load_recorded, record
from autograder.exercises import EXERCISES, chapter_of
from autograder.lab.experiments import judged, only_here

every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


@every_exercise
def test_recorded_cases_judge_as_live_ones_do(exercise):
    """A learner's installation says the same of every known right and wrong answer."""
    live = public_question(exercise.name)
    recorded = load_recorded(record(live))

    answers = [m.mutant for m in exercise.misconceptions]
    for answer in (exercise.reference, *exercise.equivalents, *answers):
        outcomes = [call(answer, c.arguments, live.parameters) for c in live.cases]

        assert judge(recorded, outcomes) == judge(live, outcomes)


@every_exercise
def test_same_seed_same_cases(exercise):
    """Cases are a function of the seed, so a regrade asks the same."""
    chapter = chapter_of(exercise.name)
    one = record(draw_question(exercise, chapter, (5,)))
    again = record(draw_question(exercise, chapter, (5,)))

    assert one == again
    assert one != record(draw_question(exercise, chapter, (6,)))


@every_exercise
def test_case_shapes_are_told_apart(exercise):
    """No array is all zeros in every case, and more than one shape occurs."""
    question = public_question(exercise.name)
    for name in question.parameters:
        arrays = [c.arguments.get(name) for c in question.cases]
        arrays = [a for a in arrays if isinstance(a, np.ndarray)]
        if arrays:
            assert any(np.any(a) for a in arrays), name


VALUES = [
    None,
    True,
    3,
    -0.0,
    float("inf"),
    2 + 1j,
    "text",
    [1, (2.5, None)],
    {"W1": 1.5},
    Function("quadratic", {"curvature": 1.0}, shape=(2,), calls=1),
    Seed(3),
    Foreign("matrix"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_is_packed_comes_back(value):
    """Every kind of value survives the way through bytes."""
    assert unpack(pack(value)) == value


def test_arrays_come_back_exactly():
    """Bit for bit, with shape and dtype, in outcomes too."""
    array = np.array([[1.5, np.nan], [-0.0, np.inf]])

    back = unpack(pack(Outcome(returned=(array, array.T), changed=("theta",))))

    assert back.changed == ("theta",)
    assert back.returned[0].tobytes() == array.tobytes()
    assert np.array_equal(back.returned[1], array.T, equal_nan=True)


ARRAYS = {
    "of one number": np.array(2.5),
    "empty": np.zeros((3, 0, 2)),
    "by column": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "turned": np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1),
    "every second, backwards": np.arange(20.0).reshape(4, 5)[::2, ::-1],
    "the same number again": np.broadcast_to(1.5, (2, 3)),
    "of another byte order": np.arange(3, dtype=">f8"),
    "of yes and no": np.array([True, False]),
    "complex": np.array([1 + 2j]),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array_is_written_as_numpy_writes_it(array):
    """And read as NumPy reads it: the learner's own, to be changed at will."""
    buffer = io.BytesIO()
    np.save(buffer, array)

    assert pack(array) == packet(ARRAY, buffer.getvalue())

    back, same = unpack(pack(array)), np.load(io.BytesIO(buffer.getvalue()))
    assert back.tobytes("A") == same.tobytes("A")
    assert (back.dtype, back.shape) == (same.dtype, same.shape)
    assert back.flags.f_contiguous == same.flags.f_contiguous
    assert back.flags.writeable
    assert back.flags.owndata


def packet(value, *parts):
    head = json.dumps({"sizes": [len(p) for p in parts], "value": value}).encode()
    return len(head).to_bytes(8, "big") + head + b"".join(parts)


def npy(header, blanks=0):
    text = repr(header).encode() + b" " * blanks
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def object_array():
    buffer = io.BytesIO()
    np.save(buffer, np.array([print], dtype=object), allow_pickle=True)
    return buffer.getvalue()


ARRAY = {"~": "array", "at": 0}
HOSTILE = {
    "nothing": b"",
    "garbage": b"\xff" * 40,
    "length beyond the end": (1 << 60).to_bytes(8, "big") + b"{}",
    "not an object": packet([])[:8] + b"[]",
    "size negative": packet({"~": "array", "at": 0}).replace(b"[]", b"[-1]"),
    "bytes left over": packet(1) + b"x",
    "unknown tag": packet({"~": "os.system"}),
    "no tag": packet({"a": 1}),
    "part missing": packet({"~": "array", "at": 3}),
    "huge shape": packet(
        ARRAY, npy({"descr": "<f8", "fortran_order": False, "shape": (10**13,)})
    ),
    "negative shape": packet(
        ARRAY, npy({"descr": "<f8", "fortran_order": False, "shape": (-1,)})
    ),
    "two negative shapes": packet(
        ARRAY,
        npy({"descr": "<f8", "fortran_order": False, "shape": (-1, -1)}) + bytes(8),
    ),
    "no header": packet(ARRAY, b"\x93NUMPY\x01\x00"),
    "a long header": packet(
        ARRAY,
        npy({"descr": "<f8", "fortran_order": False, "shape": (0,)}, blanks=5000),
    ),
    "of another version": packet(
        ARRAY,
        npy({"descr": "<f8", "fortran_order": False, "shape": (0,)}).replace(
            b"NUMPY\x01", b"NUMPY\x02"
        ),
    ),
    "pickle": packet(ARRAY, object_array()),
    "structured dtype": packet(
        ARRAY, npy({"descr": [("a", "<f8")], "fortran_order": False, "shape": (0,)})
    ),
    "outcome of wrong kinds": packet(
        {"~": "outcome", "fields": {"~": "dict", "items": [["changed", "x"]]}}
    ),
    "outcome with unknown field": packet(
        {"~": "outcome", "fields": {"~": "dict", "items": [["score", 100]]}}
    ),
    "error note of wrong kinds": packet(
        {"~": "error", "fields": {"~": "dict", "items": [["kinds", 1], ["text", 2]]}}
    ),
    "deep nesting": b"\0" * 6 + (30000).to_bytes(2, "big") + b"[" * 30000,
    "huge integer": packet(1).replace(b'"value": 1', b'"value": ' + b"9" * 5000),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_refused(data):
    """Whatever a box sends, the reader answers with one kind of error."""
    with pytest.raises(BadPacket):
        unpack(data)


def test_too_many_bytes_are_refused_unread():
    """The limit is checked before anything is parsed."""
    with pytest.raises(BadPacket, match="more than"):
        unpack(pack(np.zeros(1000)), max_bytes=100)


class Lazy:
    def __array__(self, dtype=None, copy=None):
        return np.zeros(2)


class Subclass(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Lazy(),
        np.zeros(2).view(Subclass),
        np.ma.masked_array([1.0]),
        np.array([print], dtype=object),
        np.array(["a"]),
        {1: 2.0},
        10**30,
        "x" * 10_000,
        [[[[[[1]]]]]],
        [0] * 200_000,
    ],
    ids=lambda v: type(v).__name__,
)
def test_only_plain_values_are_answers(value):
    """Objects with behaviour of their own are replaced by the name of their type."""
    kept = plain(value)
    text = repr(kept)

    assert "Foreign" in text


def test_numpy_scalars_are_numbers():
    """A float64 scalar is as good an answer as a float."""
    assert plain(np.float64(0.5)) == 0.5
    assert type(plain(np.float64(0.5))) is float
    assert plain(np.int64(3)) == 3
    assert plain(np.bool_(True)) is True


def test_a_call_gets_fresh_arguments_each_time():
    """What one call spoils, the next one does not see, and it is reported."""
    arguments = {"theta": np.ones(2), "parts": [np.zeros(2)], "rng": Seed(1)}

    def spoil(theta, parts, rng):
        theta += 1
        parts[0][0] = 5
        rng.random()

    first = call(spoil, arguments)

    assert first.changed == ("theta", "parts")
    assert call(spoil, arguments) == first
    assert arguments["theta"].tolist() == [1, 1]


def test_a_call_survives_sys_exit_and_warnings(capsys):
    """`exit()` in a function is an error like any other, and nothing is printed."""

    def leave(theta):
        print("text")
        np.log(theta * 0)
        raise SystemExit

    outcome = call(leave, {"theta": np.ones(1)})

    assert outcome.error.kind == "SystemExit"
    assert capsys.readouterr() == ("", "")


def test_many_calls_are_as_quiet_as_one(capsys):
    """Also after one of them, and nothing stays quiet when all are done."""

    def speak(theta):
        print("said")
        warnings.warn("warned", stacklevel=1)
        return np.log(-theta)

    before = list(warnings.filters), np.geterr()
    with warnings.catch_warnings(), quiet():
        first = call(speak, {"theta": np.ones(1)})
        second = call(speak, {"theta": np.ones(1)})
        print("said between")
    assert np.isnan(first.returned).all()
    assert np.isnan(second.returned).all()
    assert capsys.readouterr() == ("", "")

    assert (list(warnings.filters), np.geterr()) == before
    print("said after")
    assert capsys.readouterr().out == "said after\n"
    with pytest.raises(RuntimeError, match="experiments"), judged():
        only_here("train")
    only_here("train")


def test_parameters_may_be_renamed():
    """Arguments go by position, so a learner's own names are right too."""
    arguments = {"theta": 1.0, "lr": 2.0}

    outcome = call(lambda w, eta: w - eta, arguments, ("theta", "lr", "eps"))

    assert outcome.returned == -1.0


def test_parameters_in_another_order_get_what_their_names_say():
    """A message shows the call by name, and so it is made where names say more."""
    arguments = {"theta": 1.0, "lr": 2.0}

    outcome = call(lambda lr, theta: theta - lr, arguments, ("theta", "lr", "eps"))

    assert outcome.returned == -1.0


def test_a_tuple_with_names_is_a_tuple():
    """NumPy's linear algebra returns such, and so may a learner."""
    eigh = call(np.linalg.eigh, {"a": np.diag([1.0, 2.0])}).returned

    assert type(eigh) is tuple
    assert eigh[0].tolist() == [1.0, 2.0]
