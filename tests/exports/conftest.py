"""Here a course is only folders, and its class's results are made by hand."""

from tests.helpers.class_results import course, result

__all__ = ["course", "result"]
