"""Imported by one process only, from which workers are forked, see `preloading`.

Workers end when it ends, and it ends when the process does that started it.
"""

import gc
from importlib import import_module

from autograder.sandbox.inside.resource_limits import die_with_parent

__all__: list[str] = []

die_with_parent()
import_module("autograder.classroom.workers")
import_module("autograder.classroom.pool")
import_module("autograder.exercises").CHAPTERS  # noqa: B018 -- they are made when named
gc.freeze()  # what is there stays, and stays shared
