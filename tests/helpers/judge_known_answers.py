"""Judge every known right and wrong answer of the course, in this installation.

    python judge_known_answers.py FOLDER

In FOLDER lie the registry and the kernels as a package called `author`, so that
an installation without them can be given their functions and nothing else.
Prints a JSON list: the exercise, the function, what `check` says of it.
"""

from __future__ import annotations

import json
import sys

from autograder import CheckFailed, check


def main(folder: str) -> None:
    """Check every function of the registry in FOLDER."""
    sys.path.append(folder)
    from author.exercises import EXERCISES

    said = []
    for exercise in EXERCISES:
        mutants = [(m.name, m.mutant) for m in exercise.misconceptions]
        right = [(f.__name__, f) for f in (exercise.reference, *exercise.equivalents)]
        for name, function in (*right, *mutants):
            try:
                verdict = check(function, exercise.name).verdict
            except CheckFailed as failed:
                verdict = failed.verdict
            found = [verdict.code, verdict.score, list(verdict.misconceptions)]
            said.append([exercise.name, name, *found, verdict.message.text()])
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
