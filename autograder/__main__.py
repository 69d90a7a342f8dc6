"""`python -m autograder` is the command line, and so is the command `autograder`."""

import sys

__all__ = ["main"]

_NOT_NEEDED = "rfc3987_syntax"
"""With this jsonschema, which nbformat imports, checks addresses with letters of other
alphabets.  Nothing here has any, and its grammar takes long to load."""


def main() -> int:
    """Run the command line; where not even that can be read, say what is missing."""
    try:
        from autograder.cli import main as command
    except ImportError:
        from autograder.desk.doctor import diagnose, report

        print(report(diagnose()))
        return 1
    sys.modules.setdefault(_NOT_NEEDED, None)  # type: ignore[arg-type]
    try:
        command(prog_name="autograder")
    except KeyboardInterrupt:
        return 130  # as a shell reports it
    return 0


if __name__ == "__main__":
    sys.exit(main())
