"""`python -m autograder` is the command line."""

import sys

try:
    from autograder.cli import main
except ImportError:
    # Not even the command line can be read: say what is missing, without it.
    from autograder.desk.doctor import diagnose, report

    print(report(diagnose()))
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)  # as a shell reports it

main(prog_name="autograder")
