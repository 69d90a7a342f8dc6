"""What works but hardly gets a processor has more time; what sleeps has not."""

from __future__ import annotations

import time

import pytest

from autograder.limits import EXTRA_TIME_STEP, MAX_EXTRA_TIME, WATCH_SECONDS
from autograder.sandbox.inside import extra_time
from autograder.sandbox.inside.extra_time import ExtraTime, Idling


class Clocks:
    """Two clocks that stand still until they are told to go on."""

    def __init__(self):
        self.wall = 100.0
        self.processor = 7.0

    def go(self, wall, processor):
        self.wall += wall
        self.processor += processor


@pytest.fixture
def clocks(monkeypatch):
    made = Clocks()
    monkeypatch.setattr(extra_time.time, "monotonic", lambda: made.wall)
    return made


def patient(clocks, seconds=2.0):
    return ExtraTime(lambda: clocks.processor, seconds)


def test_who_gets_half_a_processor_has_twice_the_time(clocks):
    later = patient(clocks)
    clocks.go(2.0, 1.0)
    assert later() == clocks.wall + 1.0
    clocks.go(1.0, 0.5)
    assert later() == clocks.wall + 0.5
    clocks.go(1.0, 0.5)
    assert later() is None


def test_who_works_alone_has_no_more_time(clocks):
    later = patient(clocks)
    clocks.go(2.0, 2.0)

    assert later() is None


def test_who_sleeps_has_no_more_time(clocks):
    later = patient(clocks)
    clocks.go(2.0, 0.01)

    assert later() is None


def test_nobody_has_time_for_ever(clocks):
    later = patient(clocks)
    for _ in range(1000):
        clocks.go(0.5, 0.05)
        if later() is None:
            break

    assert clocks.wall - 100.0 == MAX_EXTRA_TIME * 2.0


def test_what_it_did_before_does_not_count(clocks):
    """Busy for its time, asleep after it: a moment later that is seen."""
    later = patient(clocks, 60.0)
    clocks.go(60.0, 40.0)
    assert later() == clocks.wall + EXTRA_TIME_STEP
    clocks.go(EXTRA_TIME_STEP, 0.01)

    assert later() is None


def test_who_sleeps_most_of_the_time_has_no_more_where_waiting_is_seen(clocks):
    """An eighth of a processor on a machine that has others to give."""
    seen = [0.0]
    later = ExtraTime(lambda: clocks.processor, 60.0, busy=lambda: seen[0])
    clocks.go(60.0, 7.5)
    assert later() is not None
    clocks.go(EXTRA_TIME_STEP, EXTRA_TIME_STEP / 8)
    seen[0] += EXTRA_TIME_STEP / 8

    assert later() is None


def test_who_waits_for_a_processor_has_more_time_where_waiting_is_seen(clocks):
    """It has an eighth of one, and is ready to use it all the time."""
    seen = [0.0]
    later = ExtraTime(lambda: clocks.processor, 60.0, busy=lambda: seen[0])
    clocks.go(60.0, 7.5)
    for _ in range(20):
        assert later() is not None
        clocks.go(EXTRA_TIME_STEP, EXTRA_TIME_STEP / 8)
        seen[0] += EXTRA_TIME_STEP


def test_nothing_has_time_beyond_the_end_of_the_notebook(clocks):
    """However busy it is."""
    later = ExtraTime(lambda: clocks.processor, 60.0, end=clocks.wall + 61.0)
    clocks.go(60.0, 30.0)
    assert later() == clocks.wall + 1.0
    clocks.go(1.0, 1.0)

    assert later() is None


def idling(clocks, seconds, deadline, then=lambda: None):
    """Looks from now on at what has to end at `deadline`."""
    counted = Idling(seconds)
    end = clocks.wall + deadline
    assert counted.first(end) == min(end, clocks.wall + WATCH_SECONDS)
    return counted, counted.later(end, lambda: clocks.processor, then)


def test_who_sleeps_too_long_in_all_is_ended(clocks):
    """What it works in between takes nothing off, and gives nothing back."""
    counted, look = idling(clocks, 1.2, deadline=60.0)
    for work in (0.0, 0.5, 0.4, 0.1):
        clocks.go(0.5, work)
        later = look()
        assert later is not None
        assert clocks.wall < later <= clocks.wall + WATCH_SECONDS
    clocks.go(0.5, 0.0)

    assert look() is None
    assert counted.left < 0


def test_who_works_is_asked_at_its_deadline_and_no_sooner(clocks):
    asked = []

    def then():
        asked.append(clocks.wall)
        return clocks.wall + 1.0 if len(asked) == 1 else None

    counted, look = idling(clocks, 1.0, 2.0, then)
    while look() is not None:
        clocks.go(0.5, 0.4)

    assert asked == [102.0, 103.0]
    assert counted.left == 1.0


def test_an_endless_loop_ends_and_so_does_a_sleep():
    """On real clocks, in one process."""
    began = time.process_time()
    later = ExtraTime(time.process_time, 0.2)
    while later() is not None:
        pass
    assert time.process_time() - began >= 0.2
    later = ExtraTime(lambda: 0.0, 0.1)
    time.sleep(0.2)
    assert later() is None
