"""Data made to set methods apart, and what is recorded of runs on them and others."""
