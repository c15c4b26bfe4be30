"""The learner's folder: made once, brought up to date, and never at the cost of their work."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.learning import workspace as room
from grader.learning.workspace import Workspace, create, put_back, update_workspace, workspace_here
from grader.shipped import exercises_folder

STUB = "exercises/03_gather_weather/gather_weather.py"
TEST = "exercises/03_gather_weather/test_gather_weather.py"


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a newer version would bring, to be changed by the test."""
    folder = tmp_path / "newer" / "exercises"
    shutil.copytree(exercises_folder(), folder)
    monkeypatch.setattr(room, "exercises_folder", lambda: folder)
    return folder.parent


def test_a_workspace_has_all_exercises_and_no_solution(tmp_path: Path) -> None:
    """`create` writes what a learner works with, and nothing else."""
    create(tmp_path / "work")
    made = Workspace(tmp_path / "work")
    assert [e.name for e in made.exercises] == [p.name for p in sorted(exercises_folder().iterdir()) if p.is_dir()]
    there = {path.name for path in made.root.iterdir()}
    assert there == {"README.md", "pytest.ini", ".vscode", ".gitignore", ".gitattributes", ".onedelay", "exercises"}
    assert json.loads((made.root / ".vscode/settings.json").read_text("utf-8"))["python.testing.pytestEnabled"] is True
    assert not list(made.root.rglob("test_hidden.py"))


def test_an_instructor_has_the_solutions_too(tmp_path: Path) -> None:
    """With solutions, an exercise has its reference, its examples and its hidden checks."""
    create(tmp_path / "work", ["03_gather_weather"], solutions=True)
    exercise = Workspace(tmp_path / "work").exercises[0]
    assert (exercise.solutions / "gather_weather.py").is_file()
    assert (exercise.solutions / "rejected" / "ran-sequentially.py").is_file()
    assert exercise.hidden is None or exercise.hidden.is_file()


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    """`create` in a folder with files of the same names leaves them alone, and says so."""
    mine = tmp_path / STUB
    mine.parent.mkdir(parents=True)
    mine.write_text("# mine\n", "utf-8")
    (tmp_path / "README.md").write_text("# mine too\n", "utf-8")
    assert sorted(create(tmp_path).kept) == ["README.md", STUB]
    assert mine.read_text("utf-8") == "# mine\n"
    assert (tmp_path / TEST).is_file()


def test_a_workspace_is_made_once(workspace: Workspace) -> None:
    """Making one where one is says what to do instead."""
    with pytest.raises(Complaint, match="is a workspace already: `onedelay update`"):
        create(workspace.root)


def test_a_workspace_lies_in_no_other(workspace: Workspace) -> None:
    """Whoever types `start` in a workspace is told that there is one."""
    with pytest.raises(Complaint, match="would lie in the workspace"):
        create(workspace.root / "exercises" / "one-delay")


def test_a_file_in_the_way(tmp_path: Path) -> None:
    """A file of the folder's name is left alone."""
    (tmp_path / "work").write_text("mine", "utf-8")
    with pytest.raises(Complaint, match="is a file: choose another name"):
        create(tmp_path / "work")


def test_an_update_brings_what_is_newer_and_leaves_the_learners_work(workspace: Workspace, newer: Path) -> None:
    """Untouched files are replaced, what the learner edits is kept, and what they should not have edited is saved."""
    (workspace.root / STUB).write_text("# mine\n", "utf-8")
    (workspace.root / TEST).write_text("# tampered\n", "utf-8")
    for path in (STUB, TEST, "exercises/02_count_async/count_async.py", "exercises/02_count_async/README.md"):
        (newer / path).write_text("# newer\n", "utf-8")
    changes = update_workspace(workspace)
    assert changes.kept == [STUB]
    assert sorted(changes.replaced) == ["exercises/02_count_async/README.md", "exercises/02_count_async/count_async.py"]
    assert (workspace.root / STUB).read_text("utf-8") == "# mine\n"
    assert (workspace.root / TEST).read_text("utf-8") == "# newer\n"
    assert (workspace.root / changes.saved[TEST]).read_text("utf-8") == "# tampered\n"
    assert not any(vars(update_workspace(workspace)).values())  # all is told once


def test_an_update_brings_new_exercises_to_who_has_all(tmp_path: Path, newer: Path) -> None:
    """A workspace of all exercises gets those that come; one of some stays one of some."""
    create(tmp_path / "all")
    create(tmp_path / "some", ["02_count_async"])
    shutil.copytree(newer / "exercises/02_count_async", newer / "exercises/42_feed_cats")
    assert "exercises/42_feed_cats/README.md" in update_workspace(Workspace(tmp_path / "all")).written
    assert not update_workspace(Workspace(tmp_path / "some")).written


def test_other_line_ends_are_no_change(workspace: Workspace, newer: Path) -> None:
    """A file whose line ends an editor or git has changed counts as given."""
    file = workspace.root / STUB
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (newer / STUB).write_text("# newer\n", "utf-8")
    assert update_workspace(workspace).replaced == [STUB]


def test_a_removed_file_comes_back(workspace: Workspace) -> None:
    """`update` puts back what is missing."""
    (workspace.root / TEST).unlink()
    assert update_workspace(workspace).written == [TEST]


def test_a_damaged_state_loses_no_work(workspace: Workspace, newer: Path) -> None:
    """Where the state is unreadable, whatever differs counts as the learner's."""
    (workspace.ours / "workspace.json").write_text("{half", "utf-8")
    (workspace.root / STUB).write_text("# mine\n", "utf-8")
    (newer / STUB).write_text("# newer\n", "utf-8")
    assert update_workspace(workspace).kept == [STUB]
    assert (workspace.root / STUB).read_text("utf-8") == "# mine\n"


def test_a_workspace_of_a_newer_version(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left alone, and what to do is said."""
    state = {"format": room.FORMAT + 1, "version": "9.0", "given": {}, "chosen": None}
    (workspace.ours / "workspace.json").write_text(json.dumps(state), "utf-8")
    monkeypatch.chdir(workspace.root)
    with pytest.raises(Complaint, match=r"made by onedelay 9\.0, newer than this .*: pip install --upgrade"):
        workspace_here()
    with pytest.raises(Complaint, match="newer than this"):
        update_workspace(workspace)


def test_it_is_found_from_below(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands work in each folder of the workspace, and elsewhere say how to make one."""
    monkeypatch.chdir(workspace.root / "exercises" / "03_gather_weather")
    assert workspace_here().root == workspace.root
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Complaint, match="no workspace here: make one with `onedelay start DIR`"):
        workspace_here()


def test_what_is_put_back_is_kept(workspace: Workspace) -> None:
    """A reset twice in a second keeps both files; that of an untouched file keeps nothing."""
    exercise = Exercise((workspace.root / STUB).parent)
    stub = exercise.stub.read_bytes()
    assert put_back(workspace, exercise) is None
    kept = []
    for text in ("# one\n", "# two\n"):
        exercise.stub.write_text(text, "utf-8")
        place = put_back(workspace, exercise)
        assert place is not None
        kept.append((workspace.root / place).read_text("utf-8"))
    assert kept == ["# one\n", "# two\n"]
    assert exercise.stub.read_bytes() == stub
    exercise.stub.unlink()
    assert put_back(workspace, exercise) is None
    assert exercise.stub.read_bytes() == stub


def test_a_place_that_cannot_be_written(workspace: Workspace) -> None:
    """One line says which."""
    backups = workspace.ours / "backups"
    backups.write_text("a file where a folder should be", "utf-8")
    exercise = Exercise((workspace.root / STUB).parent)
    exercise.stub.write_text("# mine\n", "utf-8")
    with pytest.raises(Complaint, match="cannot be written"):
        put_back(workspace, exercise)
    assert exercise.stub.read_text("utf-8") == "# mine\n"
