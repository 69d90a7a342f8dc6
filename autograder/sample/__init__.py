"""A class that nobody handed in, to show what grading looks like."""
