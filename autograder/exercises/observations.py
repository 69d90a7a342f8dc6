"""What is compared where an answer is not one fixed value.

These hold no answers, so a learner's installation has them too.
"""

__all__: list[str] = []
