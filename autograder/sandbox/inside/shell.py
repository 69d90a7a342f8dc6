"""IPython's shell without a kernel: runs cells and keeps what they show.

Only the process in which student code runs imports this module.
"""

from __future__ import annotations

import base64
import contextlib
import io
import linecache
import re
import sys
import traceback
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.limits import (
    MAX_CELL_OUTPUTS,
    MAX_CELL_PICTURES,
    MAX_CELL_TEXT,
    MAX_LINE,
)
from autograder.sandbox.inside.cell_names import names_in

__all__ = ["Shell", "new_shell"]


_EMBEDDED = re.compile(r'<img [^>]*src="data:image/png;base64,([A-Za-z0-9+/=]+)"')
"""How the course's figures show themselves, with their words beside them."""


_MAYBE_SPECIAL = re.compile(
    r"\?|^[ \t]*[%!,;/>.]|=\s*[%!]|In \[|\A\s|^[ \t]+$", re.MULTILINE
)
"""What IPython may read as more than Python: magic, help, prompts, an indented cell."""


class _Record:
    """What one cell shows, in order, up to a limit."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._text_left = MAX_CELL_TEXT
        self._pictures_left = MAX_CELL_PICTURES

    def write(self, stream: str, text: str) -> None:
        if self._text_left <= 0 or len(self.entries) >= MAX_CELL_OUTPUTS:
            return
        text = text[: self._text_left]
        self._text_left -= len(text)
        if self._text_left <= 0:
            text += "\n… the rest of this output is cut off\n"
        last = self.entries[-1] if self.entries else {}
        if last.get("kind") == "stream" and last["name"] == stream:
            last["text"] += text
        else:
            self.entries.append({"kind": "stream", "name": stream, "text": text})

    def show(self, bundle: Any, result: bool) -> None:
        if len(self.entries) >= MAX_CELL_OUTPUTS or not isinstance(bundle, dict):
            return
        plain = str(bundle.get("text/plain", ""))[: max(self._text_left, 0)]
        picture = _picture(bundle)
        if len(picture) > self._pictures_left:
            picture = ""
        self._text_left -= len(plain)
        self._pictures_left -= len(picture)
        if plain or picture:
            entry = {"plain": plain, "png": picture, "result": result}
            self.entries.append({"kind": "data", **entry})


def _picture(bundle: dict[str, Any]) -> str:
    """The picture in a display bundle, in base 64; empty if there is none."""
    picture, html = bundle.get("image/png"), bundle.get("text/html")
    if isinstance(picture, bytes):
        return base64.b64encode(picture).decode()
    if isinstance(picture, str):
        return picture
    embedded = _EMBEDDED.search(html) if isinstance(html, str) else None
    return embedded.group(1) if embedded else ""


class _Stream(io.TextIOBase):
    """A standard stream that writes into the record of the current cell."""

    encoding = "utf-8"

    def __init__(self, shell: Shell, name: str):
        self._shell = shell
        self.name = f"<{name}>"
        self._name = name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() takes a str, not {type(text).__name__}")
        self._shell.record.write(self._name, text)
        return len(text)


class _DisplayHook(DisplayHook):
    """Keeps a cell's last value."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        assert self.shell is not None
        self.shell.record.show(format_dict, result=True)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _DisplayPublisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:  # type: ignore[override]
        self.shell.record.show(data, result=False)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.record.entries.clear()


class Shell(InteractiveShell):
    """Runs cells one by one; the record of the last one is in `record`."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)

    def __init__(self, **options: Any):
        self.record = _Record()
        self.error: dict[str, Any] | None = None
        super().__init__(**options)

    def run(self, source: str, number: int) -> dict[str, Any]:
        """Run one cell; what it showed, and its error or None."""
        self.record = _Record()
        self.error = None
        self.execution_count = number
        with (
            contextlib.redirect_stdout(_Stream(self, "stdout")),
            contextlib.redirect_stderr(_Stream(self, "stderr")),
        ):
            self.run_cell(source, store_history=True)
        return {"outputs": self.record.entries, "error": self.error}

    def transform_cell(self, raw_cell: str) -> str:
        """Python from IPython; what can be nothing but Python is left as it is."""
        several_lines = "\n" in raw_cell.strip()
        if several_lines and not _MAYBE_SPECIAL.search(raw_cell):
            return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"
        return super().transform_cell(raw_cell)

    def should_run_async(self, raw_cell: str, **more: Any) -> bool:
        """Whether a cell awaits something; IPython compiles it to find out."""
        maybe = "await" in raw_cell or "async" in raw_cell
        return maybe and super().should_run_async(raw_cell, **more)

    def enable_gui(self, gui: Any = None) -> None:
        """What `%matplotlib inline` asks for; there is no event loop here."""

    def ask_exit(self) -> None:
        """What `exit` and `quit` call; a cell ends, its notebook does not."""
        raise SystemExit

    def _tee(self, channel: str) -> Any:
        """IPython would keep a second copy of all output, without a limit."""
        return contextlib.nullcontext()

    def showtraceback(self, exc_tuple: Any = None, *_: Any, **__: Any) -> None:
        """Keep the error and the learner's own line instead of a traceback."""
        raised = exc_tuple[1] if exc_tuple else sys.exc_info()[1]
        if raised is None:
            return
        number, line = None, ""
        for frame, at in traceback.walk_tb(raised.__traceback__):
            if frame.f_globals is self.user_ns:
                number = at
                line = linecache.getline(frame.f_code.co_filename, at)
        if isinstance(raised, SyntaxError):
            number, line = raised.lineno, raised.text or ""
        text = raised.msg if isinstance(raised, SyntaxError) else str(raised)
        self.error = {
            "kind": type(raised).__name__,
            "text": str(text)[:MAX_CELL_TEXT],
            "line_number": number,
            "line": line.strip()[:MAX_LINE],
        }

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """The same for a cell that is not Python."""
        self.showtraceback()

    def names(self, source: str) -> tuple[list[str], list[str]]:
        """Names that a cell binds, and names that it needs from elsewhere."""
        try:
            found = names_in(source) or names_in(self.transform_cell(source))
        except (RecursionError, MemoryError):
            found = None
        return found or ([], [])


def new_shell() -> Shell:
    """The one shell of this process, with no history and no profile of its own."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    return Shell.instance(config=config)
