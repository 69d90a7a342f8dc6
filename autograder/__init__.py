"""A hands-on course on optimising deep networks, with checks that name the mistake.

A notebook needs two names: `check` judges a function that the learner wrote,
`hint` gives the next hint for an exercise.
"""

from autograder.checking.checks import CheckFailed, check, hint

__all__ = ["CheckFailed", "check", "hint"]
__version__ = "0.1.0"
