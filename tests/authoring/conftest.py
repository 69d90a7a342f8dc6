"""Here a course is the tiny one, and a learner has what the real bundle holds."""

from tests.helpers.tiny_course import (
    bundle,
    course,
    learner,
    new_course,
    tiny,
    tiny_text,
)

__all__ = ["bundle", "course", "learner", "new_course", "tiny", "tiny_text"]
