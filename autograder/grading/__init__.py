"""Grading: student code runs in a box, and the verdict is made outside it."""
