"""The door of the traced process: ``python -P -m grader.tracing.child FOLDER real|virtual FILE ARGS…``."""

from __future__ import annotations

import signal
import sys

if __name__ == "__main__":
    # Until the program begins, Ctrl-C ends the process without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

    from grader.tracing.child.script import main

    main(*sys.argv[1:])
