"""Every limit, said once: how much one answer, cell, notebook or page may use.

Sizes are in bytes or characters, times in seconds.  Student code can read this module.
"""

from __future__ import annotations

from dataclasses import dataclass

# --- A submission ---------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds : float
        For one cell.
    total_seconds : float
        For the whole submission, restarts included; of processor time as well.
    memory : int
        Bytes of address space of one process, and of memory of all together.
    file_size, disk : int
        Bytes of one file, and of all files together.
    processes : int
        Processes and threads beyond those that the user has already.  Does not
        bind root.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 120.0
    memory: int = 2 << 30
    file_size: int = 64 << 20
    disk: int = 256 << 20
    processes: int = 64


LIMITS = Limits()
"""What a submission gets unless somebody says otherwise."""
FULL_LIMITS = Limits(cell_seconds=120, total_seconds=1800, memory=4 << 30)
"""The same where experiments run too."""
OWN_FILE_LIMITS = Limits(cell_seconds=60, total_seconds=600, memory=8 << 30)
"""The same for a file of one's own, checked in one's own time."""

MAX_RESTARTS = 5
"""How often a notebook is run again after its process died."""
MAX_TRIALS = 2
"""How often grading is tried before a failure of ours is left to a person."""
MAX_NOTEBOOK_SHOWN = 16 << 20
"""Characters that all cells of a notebook may show; pictures in base 64."""
MAX_FILES_WRITTEN = 2_000
"""Files and folders that a notebook may have at a time."""
MAX_OPEN_FILES = 256
"""Files that one process may have open."""
MAX_SHARED_MEMORY = 1 << 20
"""Bytes in ``/dev/shm``."""
MIN_TASKS_OF_USER = 1024
"""Processes and threads that a user may have at least, where a box counts them all."""
OWN_CELLS_SECONDS = 30
"""What a learner's own cells may take together once all functions are judged."""
IDLE_SECONDS = 3
"""In which a notebook may sleep, all together, when its functions have been judged."""
MAX_EXTRA_TIME = 10
"""How many times its seconds something gets at most, where processors are scarce."""
EXTRA_TIME_STEP = 2.0
"""Seconds after which it has to have worked again, to get more."""

# --- A cell ---------------------------------------------------------------------------

MAX_CELL_TEXT = 20_000
"""Characters that one cell may print; the rest is dropped."""
MAX_CELL_PICTURES = 3_000_000
"""Characters of all pictures of one cell, in base 64."""
MAX_CELL_OUTPUTS = 50
"""Outputs of one cell that are kept."""
MAX_OUTPUTS_READ = 100
"""Outputs of one cell that are believed, whatever the student's process sends."""
MAX_OUTPUT_TEXT_READ = 30_000
"""Characters of one of them."""
NAMES_SECONDS = 10
"""Before anything runs: to see what all cells bind and need, to put files there."""
DEFINED_SECONDS = 5
"""For finding out which functions there are."""

# --- An answer: what the calls of one function give -----------------------------------

MAX_RETURNED_ITEMS = 100_000
"""Values in what one call returns; an array counts once."""
MAX_ITEMS_READ = 2_000
"""The same of what the student's process sends; no answer has a tenth of this."""
MAX_DEPTH_READ = 6
"""How deep lists in lists of it may go."""
MAX_TEXT = 2_000
"""Characters of a returned string, of an error, and of any text by default."""
MAX_TYPE_NAME = 100
"""Characters in the name of a type, or of a key."""
MAX_NAME = 60
"""Characters in the name of an argument, or of what stands for a function."""
MAX_NAMES = 20
"""Arguments that a call changed, and base classes of an error."""
MAX_LINE = 200
"""Characters of the line that raised an error."""
MAX_CALL_ACCIDENTS = 2
"""Calls of one function that may be killed before the rest is given up."""
MAX_ANSWER = 1 << 20
"""Bytes that one call may send: far more than any right answer, whichever it is."""
MAX_KEPT_SOURCE = 6_000
"""Characters of an answer that no known mistake explains."""
FORK_SECONDS = 2
"""For forking, where the user has too many processes for a moment."""
CALL_END_SECONDS = 0.5
"""What a fork may take to end when it has closed its channel."""

# --- Processes and what they say to each other ----------------------------------------

MAX_PACKET = 1 << 28
"""Bytes of values that are sent at once."""
MAX_REPLY = 1 << 23
"""Bytes of an answer unless somebody says otherwise."""
MAX_GREETING = 4096
"""Bytes with which a process says that it has started."""
MAX_CONTROL = 1 << 16
"""Bytes of a request to the fork server, which has few words."""
MAX_LAST_WORDS = 300
"""Characters of what a process said that did not start."""
MAX_FORKS = 200
"""Notebooks of one fork server: what a box keeps of each process is bounded so."""
START_SECONDS = 60
"""For starting a process, with the libraries that it loads."""
TRY_SECONDS = 30
"""For starting Python in a box, to see whether that works."""
SERVER_SECONDS = 10
"""For the fork server to fork, or to end what it forked."""
GRACE_SECONDS = 3
"""What a request may take beyond the time that the process itself keeps."""
SPARE_CPU_SECONDS = 60
"""Processor time beyond the submission's, after which the kernel kills a process."""
WATCH_SECONDS = 0.1
"""Between two looks at what a box uses in total, or at what a pool has done."""
MIN_WATCH_SECONDS = 0.01
"""The same where memory may soon be used up."""
MEMORY_RATE = 8 << 30
"""Bytes that a notebook may fill in a second, on a fast machine."""
SPARE_TASKS = 8
"""Processes and threads of ours in a notebook's account."""
ACCOUNT_END_SECONDS = 10
"""What the kernel may take to end a killed group of processes."""

# --- What is handed in ----------------------------------------------------------------

MAX_NOTEBOOK_FILE = 256 << 20
"""Bytes of a notebook's file as it was handed in, with all that its cells showed."""
MAX_NOTEBOOK = 32 << 20
"""Bytes of a notebook without that."""
MAX_CELLS = 1000
"""Cells of a notebook."""
MAX_CELL_SOURCE = 1 << 20
"""Characters of a cell's source; the rest is dropped."""
MAX_ATTACHMENTS = 8 << 20
"""Characters of all pictures that were pasted into texts, in base 64."""
MAX_BRACKETS = 2_000_000
"""Lists and objects in the file: each takes twenty times as much memory as text."""
MAX_CELL_ID = 200
"""Characters of a cell's id; a longer one is none."""
MAX_TAGS = 20
"""Tags of a cell."""
MAX_FOLDER_ENTRIES = 1000
"""Entries of a submission's folder that are looked at."""
MAX_STUDENT_NAME = 100
"""Characters in the name of a student's folder."""
MAX_STUDENT_NAME_BYTES = 220
"""The same in UTF-8: file systems keep 255, and files of ours have longer names."""
MAX_FOLDERS_DEEP = 8
"""Folders in folders of a submission that are looked into."""
MAX_COMPARED = 20
"""Notebooks of one submission that are compared with each other."""
MAX_SYNTAX_SOURCE = 20_000
"""Characters of a cell whose syntax is looked at before it runs."""
MAX_STATEMENT = 300
"""Characters before and after a name that tell whether a line binds it."""
MAX_MENTIONS = 1_000
"""Places of a name in a cell that are looked at."""
MAX_STUB = 6_000
"""Characters of a cell that may be a stub."""
MAX_LOOKED_INTO = 50
"""Cells that may hold an answer out of its place, in words or inside something."""
MAX_MODULES = 20
"""Python files handed in beside a notebook that it may import."""
MAX_MODULES_SIZE = 2 << 20
"""Bytes of all of them together."""
MAX_TIMESTAMP = 200
"""Characters of a time."""
MAX_TIMESTAMP_FILE = 1 << 16
"""Bytes of ``timestamp.txt``."""
MAX_TOKEN = 1000
"""Bytes of the file with which nbgrader's exchange marks a submission."""
MAX_FILE_NAME = 80
"""Characters of a file's name that are shown."""

# --- What is collected: archives of other systems -------------------------------------

MAX_MEMBER = 256 << 20
"""Bytes of one file: pictures in a notebook's outputs are many."""
MAX_NESTED_ARCHIVES = 3
"""Archives in archives."""
MAX_MEMBERS = 50_000
"""Files in an archive that a teacher gives."""
MAX_INNER_MEMBERS = 2_000
"""Files in an archive that one person handed in."""
MAX_UNPACKED = 2 << 30
"""Bytes of all files in a teacher's archive, or more where that itself is large."""
MAX_INNER_UNPACKED = 512 << 20
"""The same of one person's."""
MAX_CLASS_METADATA = 64 << 20
"""Bytes of what Gradescope says of all submissions of a class."""
MAX_MEMBER_TEXT = 1 << 20
"""Bytes of a text beside what was handed in, such as Blackboard's."""
MAX_RATIO = 50
"""A class's notebooks become ten times smaller; a bomb a thousand times."""

# --- A page, and a message ------------------------------------------------------------

# Parsing Markdown may take quadratic time: what is longer is shown as it is.
MAX_RENDERED_CELL = 20_000
"""Characters of a cell that is rendered."""
MAX_RENDERED_PAGE = 300_000
"""Characters of all cells of a page that are rendered."""
MAX_RENDERING_EFFORT = 5e8
"""Square of characters, of all cells of a notebook that a browser renders."""
MAX_NAME_SHOWN = 40
"""Characters of a name in a table."""
MAX_ENVIRONMENTS = 50
"""LaTeX environments in a cell."""
MAX_FORMULA = 2_000
"""Characters of a formula."""
MAX_OPENINGS = 200
"""Groups of a formula: the converter's calls are nested as deep, and a stack ends."""
MAX_REPORT_TEXT = 20_000
"""Characters of one text in the class report."""
MAX_DESCRIPTION = 300
"""Characters of a value that a message says in words."""

# --- An end on request ----------------------------------------------------------------

END_SECONDS = 1
"""For a process that is told to end, before it is killed."""

# --- Other systems and tools ----------------------------------------------------------

MAX_ROSTER = 64 << 20
"""Bytes of a class list as Canvas or Moodle exports it."""
MAX_METADATA = 8 << 20
"""Bytes of what Gradescope says of a submission."""
MAX_FAILURE = 300
"""Characters of why a cluster gave no result."""
MAX_VERSION = 80
"""Characters of the version that a worker says it has."""
CONNECT_SECONDS = 20
"""For reaching a cluster's scheduler, and for a first worker."""
GRADEBOOK_SECONDS = 30
"""For waiting while another process writes to an SQLite file."""
DOWNLOAD_SECONDS = 30
"""For an answer of the server that has the browser's packages."""
DOCTOR_SECONDS = 120
"""For a look at installed packages, each of which is imported."""
MUTANT_SECONDS = 10
"""For one changed kernel in all cases of its exercise."""

# --- Evidence: what is found out of a wrong answer, beside its verdict ----------------

EVIDENCE_SECONDS = 0.25
"""For trials of what else an answer could have done."""
MAX_CHANGES_TRIED = 6_000
"""Trials of one answer, each of them a call in one case."""
BOX_EVIDENCE_SECONDS = 5
"""For the same in another process: how much is tried decides there, not the machine."""
MAX_STATEMENTS = 4
"""Statements about one answer that are believed, whatever the box sends."""
MAX_HOOKS = 20_000
"""Expressions that one trial evaluates before it is given up."""
MAX_WHOLE = 1 << 40
"""Whole numbers beyond which a trial is given up: a power of such a one has no end."""
MAX_GROWTH = 3
"""How many times as many numbers a trial may ask for as the answer itself does."""
MIN_GROWTH = 100
"""And how many more."""
MAX_SEARCHED = 4_096
"""Entries of a value that is noted, and put into other forms."""
MAX_NOTED = 64
"""Values of one expression that are noted in one call: those of a loop are many."""
MAX_HELPERS = 8
"""Functions of the learner's own that are looked into, the answer among them."""
MAX_BANK_ENTRIES = 160
"""Values of one exercise that right answers pass through."""
MAX_BANK_EVALUATIONS = 24
"""How often one of them may come in one call."""
MAX_BANK_SIZE = 256
"""Entries of an array among them."""
