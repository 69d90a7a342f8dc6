"""The course's part of JupyterLab's own server: the start page, what Validate says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado import web

from autograder.desk.progress import NoNotebooks, find_notebooks, read_progress
from autograder.desk.standing import grade_id, read_cells
from autograder.desk.start_page import start_page
from autograder.desk.validating import counted, kinds

__all__ = ["ADDRESS", "StartPage"]

ADDRESS = "/autograder"


class StartPage(JupyterHandler):
    """Answers with the start page, made from the notebooks as they are now."""

    @web.authenticated
    async def get(self) -> None:
        """Make the page in a thread: notebooks full of figures take a moment."""
        root = Path(self.settings["server_root_dir"]).expanduser().resolve()
        self.set_header("Cache-Control", "no-store")
        try:
            page = await asyncio.to_thread(self._page, root)
        except NoNotebooks as error:
            raise web.HTTPError(404, reason="No chapter is here") from error
        await self.finish(page)

    def _page(self, root: Path) -> str:
        def link(path: Path, cell_id: str) -> str:
            inside = quote(path.relative_to(root).as_posix())
            address = url_path_join(self.base_url, "lab", "tree", inside)
            return f"{address}#cell-id={quote(cell_id)}" if cell_id else address

        folder = find_notebooks(root)
        return start_page(read_progress(folder), link)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Called by jupyter-server, which knows the extension by this name."""
    address = url_path_join(server.web_app.settings["base_url"], ADDRESS)
    handlers: list[Any] = [(f"{address}/?", StartPage)]
    server.web_app.add_handlers(".*$", [*handlers, *_validating(server)])


def _validating(server: ServerApp) -> list[Any]:
    """Where the button Validate asks; nbgrader's own, loaded later, comes second."""
    try:
        from nbgrader.server_extensions.validate_assignment import handlers as nbgrader
    except ImportError:
        return []  # the start page does without, and doctor says what is missing

    class Validate(nbgrader.ValidateAssignmentHandler):
        """Runs the notebook as nbgrader does, and counts as the course does."""

        def validate_notebook(self, path: str) -> dict[str, Any]:
            answer = super().validate_notebook(path)
            if answer["success"]:
                cells = read_cells(Path(self.root_dir, path))
                ids = {grade_id(cell) for cell in cells}
                answer["value"] = counted(answer["value"], kinds(ids))
            return answer

    address = url_path_join(server.web_app.settings["base_url"], "assignments/validate")
    return [(address, Validate)]
