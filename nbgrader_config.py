"""nbgrader's settings for this course; `autograder build` reads them too."""

from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821 -- nbgrader gives it to this file

root = Path(__file__).resolve().parent

# --- Course -----------------------------------------------------------------

c.CourseDirectory.course_id = "autograder"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
# Or PostgreSQL, "postgresql+psycopg://USER@HOST/NAME": `pip install "psycopg[binary]"`.
# nbgrader's own commands open the gradebook and do not make its folder, which
# holds marks: it is its owner's alone.
(root / "grading").mkdir(mode=0o700, exist_ok=True)
c.CourseDirectory.db_url = f"sqlite:///{root / 'grading' / 'gradebook.db'}"
# The default is a folder that most machines lack, and nbgrader warns of it.
c.Exchange.root = str(root / "grading" / "exchange")

# --- Release ----------------------------------------------------------------

c.ClearSolutions.code_stub = {
    "python": 'raise NotImplementedError("not written yet")',
}
# nbgrader's own, in its order, and after its stubs the code that is to be mended.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "autograder.authoring.broken.GiveCodeToMend",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# A chapter's text form lies beside its solution notebook and is no part of it.
c.CourseDirectory.ignore = [
    "*.py",
    "*.pyc",
    "__pycache__",
    ".ipynb_checkpoints",
    "feedback",
]

# --- Grading ----------------------------------------------------------------

# Student code runs in a process of its own and is judged outside of it, whether
# `autograder grade`, `nbgrader autograde` or the formgrader's button asks.
c.Autograde.pre_convert_hook = "autograder.gradebook.nbgrader_stages.prepare"
c.Autograde.exporter_class = "autograder.gradebook.nbgrader_stages.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
c.Autograde.autograde_preprocessors = [
    "autograder.gradebook.nbgrader_stages.Examine",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.gradebook.nbgrader_stages.SaveGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Late work: as grading/class.toml says, and without a rule there as nbgrader does.
c.AssignLatePenalties.plugin_class = "autograder.gradebook.late.ClassPenalties"
c.GenerateFeedback.exporter_class = "autograder.gradebook.feedback.FeedbackExporter"

# --- Formgrader -------------------------------------------------------------

# Formulas need no program from the web, and nothing of a student's runs in the
# page that shows it.  Feedback pages have the same from their exporter.
templates = [
    str(Path(find_spec(package).origin).parent / folder)
    for package, folder in {
        "autograder": "gradebook/templates",
        "nbgrader": "server_extensions/formgrader/templates",
    }.items()
]
c.HTMLExporter.template_name = "course_formgrade"
c.HTMLExporter.extra_template_basedirs = templates
c.HTMLExporter.extra_template_paths = templates
c.HTMLExporter.filters = {
    "markdown2html": "autograder.gradebook.formulas.markdown_to_html",
    "highlight_code": "autograder.gradebook.filters.highlight_code",
    "strip_files_prefix": "autograder.gradebook.filters.strip_files_prefix",
}

# --- Your own settings ------------------------------------------------------

# Write them into nbgrader_config_local.py beside this file, in the same form.  It
# is read last, by nbgrader's own commands too; git ignores it, so that an upgrade
# of the course has no conflict with it.
load_subconfig("nbgrader_config_local.py", path=str(root))  # noqa: F821
