"""Which folder of a script's is the learner's. It knows no line."""

from __future__ import annotations

import os


def folder_of(script: str) -> str:
    """Return the folder whose files are the learner's: the current one when *script* is in it, else the script's."""
    here, there = os.path.realpath(os.getcwd()), os.path.dirname(os.path.realpath(script))
    return here if there.startswith(os.path.join(here, "")) else there
