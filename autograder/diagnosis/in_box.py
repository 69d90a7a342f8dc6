"""The same evidence where student code runs in a box: of the public cases alone.

What goes in is what every learner has: the public question with its known
mistakes, and the bank; and the language to speak.  What comes out is somebody's
claim, as all that does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cache

import numpy as np

from autograder.calling.calls import call
from autograder.calling.packing import pack, unpack
from autograder.checking.cases import public_question
from autograder.checking.recorded import load_recorded, record
from autograder.diagnosis.bank import entries_of, give, record_bank, recorded_bank
from autograder.diagnosis.place import places
from autograder.language import speaking, spoken
from autograder.limits import BOX_EVIDENCE_SECONDS

__all__ = ["answer", "packed"]


def packed(name: str) -> bytes:
    """All that is needed to look at an answer to the exercise called `name`."""
    return _packed(name, spoken())


@cache
def _packed(name: str, language: str) -> bytes:
    question, bank = record(public_question(name)), record_bank(entries_of(name))
    parts = [np.frombuffer(part, np.uint8) for part in (question, bank)]
    return pack([language, *parts])


def answer(function: Callable, data: bytes) -> bytes:
    """What `places` finds, packed; this runs in the box."""
    language, question_data, bank = unpack(data)
    with speaking(language):
        question = load_recorded(question_data.tobytes())
        give(question.name, recorded_bank(bank.tobytes()))
        outcomes = [
            call(function, c.arguments, question.parameters) for c in question.cases
        ]
        found = places(question, outcomes, function, BOX_EVIDENCE_SECONDS / 2)
    return pack({"told": [asdict(statement) for statement in found]})
