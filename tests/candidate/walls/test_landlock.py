"""What a process may still read after it has been restricted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("only Linux has it", allow_module_level=True)

from grader.candidate.walls import landlock

_PROGRAM = """
import json, os, sys
from grader.candidate.walls import kernel, landlock

def attempt(action, path):
    try:
        action(path)
    except PermissionError:
        return "closed"
    return "open"

def read(path):
    with open(path): pass

root = sys.argv[1]
kernel.no_new_privileges()
landlock.restrict([f"{root}/shown"], [root], [], [], tcp=False)
print(json.dumps({
    "read shown": attempt(read, f"{root}/shown/file"),
    "read listed": attempt(read, f"{root}/secret/file"),
    "list listed": attempt(os.listdir, root),
    "list below": attempt(os.listdir, f"{root}/secret"),
    "read elsewhere": attempt(read, "/etc/hostname"),
    "list elsewhere": attempt(os.listdir, "/etc"),
}))
"""


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
def test_a_folder_may_be_listed_and_its_files_not_read(tmp_path: Path) -> None:
    """Python finds modules by listing folders: it can, where one of the files in them is closed."""
    for name in ("shown", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert json.loads(done.stdout) == {
        "read shown": "open",
        "read listed": "closed",
        "list listed": "open",
        "list below": "open",
        "read elsewhere": "closed",
        "list elsewhere": "closed",
    }
