"""At the level FULL a candidate has its own files, its own memory to write to, and nobody else's anything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.judge.candidates import Candidates
from grader.judge.isolation.level import Level
from grader.judge.isolation.talk import RaisedError, Talk

pytestmark = pytest.mark.usefixtures("full")
Start = Callable[[str], Talk]


@pytest.fixture(scope="module")
def candidates() -> Iterator[Candidates]:
    """Return candidates that must not see a part of the grader's package."""
    with contextlib.closing(Candidates(Level.FULL, hidden=[Path(grader.__file__).parent / "reports"])) as made:
        yield made


def ask(talk: Talk, function: str = "f", *args: Any) -> Any:
    """Return what a function of the candidate returns, or the name of what it raises."""
    try:
        return talk.call(function, *args)
    except RaisedError as error:
        return str(error)


# -- what it sees --------------------------------------------------------------------------------------------------


def test_its_environment_is_empty(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the judge's variables is there, and those that are say nothing."""
    monkeypatch.setenv("ONEDELAY_SECRET", "x")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)  # Dask sets it; where it is set it is handed on
    names = ask(start("def f(): return sorted(os.environ)"))
    assert set(names) <= {"HOME", "LANG", "LC_CTYPE", "MALLOC_ARENA_MAX", "PATH", "PWD"}


def test_it_sees_its_own_file_only(start: Start, tmp_path: Path) -> None:
    """Neither the files beside it nor another submission's, wherever it looks for them."""
    (tmp_path / "beside.py").write_text("x = 1\n", "utf-8")
    start("x = 1")  # another submission, at the same time
    talk = start("def f(folder): return [*os.listdir('/submission'), *os.listdir('/spool'), os.path.exists(folder)]")
    assert ask(talk, "f", str(tmp_path)) == ["submission1.py", False]


def test_a_whole_folder_is_seen_when_it_was_given(candidates: Candidates, tmp_path: Path) -> None:
    """Modules beside the file can be imported; a link in the folder leads nowhere, and nothing of it is changed."""
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "__init__.py").write_text("value = 41\n", "utf-8")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    path = tmp_path / "whole.py"
    path.write_text("import os, part\ndef f(): return [part.value + 1, *sorted(os.listdir('/submission'))]\n", "utf-8")
    candidates.take_whole(tmp_path)
    talk = Talk(candidates, path)
    assert ask(talk) == [42, "part", "whole.py"]
    talk.end()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["link.py", "part", "whole.py"]


def test_tests_and_solutions_are_not_there(start: Start) -> None:
    """Of the grader's folder its package is shown, and of that not what was hidden."""
    package = Path(grader.__file__).parent
    talk = start("def f(folder): return os.listdir(folder)")
    assert "candidate" in ask(talk, "f", str(package))
    assert ask(talk, "f", str(package / "reports")) == []
    beside = ask(talk, "f", str(package.parent))
    assert "solutions" not in beside
    assert "exercises" not in beside
    assert "tests" not in beside


def test_it_sees_no_other_process(start: Start) -> None:
    """Not even the one that watches over it."""
    start("x = 1")
    talk = start("def f(): return [n for n in os.listdir('/proc') if n.isdigit() and int(n) != os.getpid()]")
    assert ask(talk) in ([], "builtins.FileNotFoundError: [Errno 2] No such file or directory: '/proc'")


@pytest.mark.parametrize("folder", ["/", "/usr", "/etc", "/dev", "/submission", "/exercise", "/var/tmp", "/root"])
def test_the_system_is_read_only(start: Start, folder: str) -> None:
    """Nothing can be written where it is not its own."""
    said = ask(start("def f(folder): open(os.path.join(folder, 'new'), 'w')"), "f", folder)
    assert said.startswith(("builtins.PermissionError", "builtins.OSError", "builtins.FileNotFoundError"))


def test_what_one_leaves_is_not_there_for_the_next(start: Start) -> None:
    """Files in /tmp and /dev/shm, abstract sockets and ports are each candidate's own."""
    first = start(
        """
        def f():
            for folder in ("/tmp", "/dev/shm"):
                open(f"{folder}/left", "w").close()
            global doors
            doors = [socket.create_server(("127.0.0.1", 4321)), socket.socket(socket.AF_UNIX)]
            doors[1].bind("\\0left")
        """
    )
    assert ask(first) is None
    second = start(
        """
        def f():
            assert not os.path.exists("/tmp/left") and not os.path.exists("/dev/shm/left")
            socket.socket(socket.AF_UNIX).bind("\\0left")
            socket.create_server(("127.0.0.1", 4321)).close()
        """
    )
    assert ask(second) is None


# -- what it can reach ---------------------------------------------------------------------------------------------


def test_it_can_reach_itself_over_the_network_and_nobody_else(start: Start) -> None:
    """A server on 127.0.0.1 works, by the name of localhost too; the outside cannot be reached."""
    talk = start(
        """
        def f():
            with socket.create_server(("localhost", 0)) as door, socket.create_connection(door.getsockname(), 2):
                pass
            try:
                socket.create_connection(("192.0.2.1", 9), 2)
            except OSError as error:
                return error.errno
        """
    )
    assert ask(talk) == 101  # the network is unreachable


def test_the_judge_has_a_door_into_its_network(start: Start) -> None:
    """What connects to the door's port is heard by the judge."""
    talk = start("def f(port):\n with socket.create_connection(('127.0.0.1', port), 2) as s: s.sendall(b'hello')")
    with talk.child.door() as door:
        assert ask(talk, "f", door.getsockname()[1]) is None
        door.settimeout(5)
        connection, _ = door.accept()
        with connection:
            assert connection.recv(10) == b"hello"


def test_both_sides_use_a_shared_folder(candidates: Candidates, tmp_path: Path) -> None:
    """Under the same path; but links and pipes cannot be made there, which would lead the judge astray."""
    path = tmp_path / "shares.py"
    path.write_text(
        "import os\n"
        "def f(path):\n"
        "    with open(path, 'a') as file: file.write('theirs')\n"
        "    return open(path).read()\n"
        "def link(path): os.symlink('/etc/passwd', path)\n"
        "def pipe(path): os.mkfifo(path)\n",
        "utf-8",
    )
    talk = Talk(candidates, path)
    folder = candidates.shared_folder(path)
    assert folder is not None
    (folder / "inner").mkdir()
    (folder / "inner" / "file").write_text("ours and ", "utf-8")
    assert ask(talk, "f", str(folder / "inner" / "file")) == "ours and theirs"
    assert (folder / "inner" / "file").read_text("utf-8") == "ours and theirs"
    for function in ("link", "pipe"):
        assert ask(talk, function, str(folder / "inner" / function)).startswith("builtins.PermissionError")
    talk.end()
    assert not folder.exists()
