"""Data made to set methods apart: on which do they differ, and why."""
