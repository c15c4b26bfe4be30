"""A learner's folder: how it is made, found and brought up to date without touching their work. It judges nothing.

It holds ``exercises/`` as they were given, settings for pytest and editors, ``progress.txt``, and ``.onedelay/`` with
what the commands need to know: which version gave which file, and backups.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

from grader.complaint import Complaint
from grader.exercise import Exercise, exercises_in
from grader.learning.progress import Progress, replace
from grader.shipped import exercises_folder, files_in, solution_files, version

FORMAT: Final = 1  # of what `.onedelay` holds; a greater one was made by a newer version
_OURS: Final = ".onedelay"
_STATE: Final = "workspace.json"
_TEMPLATE: Final = {  # in a workspace -> in `template/`
    "README.md": "README.md.txt",
    "pytest.ini": "pytest.ini.txt",
    ".vscode/settings.json": "settings.json.txt",
    ".gitignore": "gitignore.txt",
    ".gitattributes": "gitattributes.txt",
}


@dataclass(frozen=True)
class Workspace:
    """The workspace in the folder *root*."""

    root: Path

    @property
    def ours(self) -> Path:
        """The folder of what the commands need to know."""
        return self.root / _OURS

    @property
    def progress(self) -> Progress:
        """What the learner has done in it."""
        return Progress(self.root / "progress.txt", self.ours / "progress-copy.txt")

    @property
    def exercises(self) -> list[Exercise]:
        """Its exercises, by number."""
        return exercises_in(self.root / "exercises")

    def back_up(self, file: Path) -> Path:
        """Copy a *file* of the workspace's to a safe place that is new; return it. `OSError`."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        folder = self.ours / "backups" / file.parent.relative_to(self.root)
        folder.mkdir(parents=True, exist_ok=True)
        names = (f"{file.stem}-{stamp}{part}{file.suffix}" for part in ("", *(f"-{n}" for n in range(2, 1000))))
        place = next(folder / name for name in names if not (folder / name).exists())
        shutil.copyfile(file, place)
        return place


@dataclass
class Changes:
    """What making or updating a workspace did; paths are relative to it.

    written: new; replaced: were as given, are newer now; kept: the learner's, of which there is something newer;
    saved: replaced although they were changed, path -> where the changed file is.
    """

    written: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    saved: dict[str, str] = field(default_factory=dict)


def workspace_at(folder: Path) -> Workspace | None:
    """Return the workspace whose folder is *folder*, if it is one."""
    return Workspace(folder) if (folder / _OURS / _STATE).is_file() else None


def workspace_here() -> Workspace:
    """Return the workspace of the current folder or of the nearest above it; `Complaint` if there is none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        found = workspace_at(folder)
        if found is not None:
            _state(found)
            return found
    raise Complaint("no workspace here: make one with `onedelay start DIR`, or go to the folder of yours")


def create(folder: Path, names: Iterable[str] | None = None, *, solutions: bool = False) -> Changes:
    """Make *folder* a workspace with the exercises called *names* (by default all), for instructors with *solutions*.

    A file that is there stays as it is. `Complaint` for a workspace, or a folder in one, and where nothing can be
    written.
    """
    if workspace_at(folder) is not None:
        raise Complaint(f"{folder} is a workspace already: `onedelay update` brings newer exercises")
    around = next(filter(None, map(workspace_at, folder.resolve().parents)), None)
    if around is not None:
        raise Complaint(f"{folder} would lie in the workspace {around.root}: go elsewhere, or work there")
    if folder.exists() and not folder.is_dir():
        raise Complaint(f"{folder} is a file: choose another name for the folder")
    given = _given(names, solutions=solutions)
    if solutions and not any(path.startswith("solutions/") for path in given):
        raise Complaint("solutions are not part of this installation, which was made for a class")
    changes = Changes()
    with _writing(folder):
        for path, content in given.items():
            if (folder / path).exists():
                changes.kept += [path] if (folder / path).read_bytes() != content else []
            else:
                _write(folder / path, content)
                changes.written.append(path)
        chosen = sorted({path.split("/")[1] for path in given if path.startswith("exercises/") and path.count("/") > 1})
        _save_state(Workspace(folder), given, None if names is None else chosen)
    return changes


def update_workspace(workspace: Workspace) -> Changes:
    """Bring what is newer in this installation to *workspace*. `Complaint` where nothing can be written.

    What the learner edits is left alone once it was changed; every other file is replaced, changed ones after a backup.
    """
    state = _state(workspace)
    given = _given(state["chosen"], solutions=(workspace.root / "solutions").is_dir())
    stubs = {path for path in given if _is_stub(path)}
    changes = Changes()
    with _writing(workspace.root):
        for path, content in given.items():
            file = workspace.root / path
            old = file.read_bytes() if file.is_file() else None
            if old == content:
                continue
            if old is None:
                changes.written.append(path)
            elif _digest(old) == state["given"].get(path):
                changes.replaced.append(path)
            elif path in stubs or path in _TEMPLATE:
                if _digest(content) != state["given"].get(path):
                    changes.kept.append(path)
                continue
            else:
                changes.saved[path] = workspace.back_up(file).relative_to(workspace.root).as_posix()
            _write(file, content)
        _save_state(workspace, given, state["chosen"])
    return changes


def fresh_stub(exercise: Exercise) -> bytes:
    """Return the untouched file of *exercise* as this installation has it; `Complaint`."""
    try:
        return (exercises_folder() / exercise.name / exercise.stub.name).read_bytes()
    except OSError:
        raise Complaint(f"{exercise.name} did not come with this installation: nothing to put back") from None


def put_back(workspace: Workspace, exercise: Exercise) -> str | None:
    """Make the learner's file of *exercise* the untouched stub; return where theirs is kept. `Complaint`.

    Nothing is kept of a file that is missing, or that is the stub already.
    """
    stub, kept = fresh_stub(exercise), None
    with _writing(workspace.root):
        if exercise.stub.is_file() and exercise.stub.read_bytes() != stub:
            kept = workspace.back_up(exercise.stub).relative_to(workspace.root).as_posix()
        _write(exercise.stub, stub)
    return kept


# -- what is given --------------------------------------------------------------------------------------------


def _given(names: Iterable[str] | None, *, solutions: bool) -> dict[str, bytes]:
    source = exercises_folder()
    if not exercises_in(source):
        raise Complaint("this installation came without exercises: install onedelay anew")
    wanted = None if names is None else set(names)
    files = {f"exercises/{path}": content for path, content in files_in(source).items()}
    given = {path: content for path, content in files.items() if wanted is None or _chosen(path, wanted)}
    templates = resources.files("grader.learning") / "template"
    for exercise in exercises_in(source) if solutions else ():
        if wanted is None or exercise.name in wanted:
            files = solution_files(exercise.name) or {}
            given |= {f"solutions/{exercise.name}/{path}": content for path, content in files.items()}
    return given | {path: (templates / name).read_bytes() for path, name in _TEMPLATE.items()}


def _chosen(path: str, names: set[str]) -> bool:
    parts = path.split("/")
    return len(parts) > 2 and parts[1] in names


def _is_stub(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and parts[2] == f"{parts[1][3:]}.py"


# -- on disk ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        place = Path(error.filename).parent if error.filename else folder
        raise Complaint(f"{place} cannot be written: {error.strerror}") from None


def _state(workspace: Workspace) -> dict[str, Any]:
    """Return what *workspace* knows of itself; damaged, it knows nothing, and no file counts as given."""
    try:
        state = json.loads((workspace.ours / _STATE).read_text("utf-8"))
        number, given = int(state["format"]), dict(state["given"])
        chosen = None if state["chosen"] is None else [str(name) for name in state["chosen"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {"format": FORMAT, "given": {}, "chosen": None}
    if number > FORMAT:
        made = f"made by onedelay {state.get('version', 'of a later date')}, newer than this {version()}"
        raise Complaint(f"this workspace was {made}: pip install --upgrade onedelay")
    return {"format": number, "given": given, "chosen": chosen}


def _save_state(workspace: Workspace, given: Mapping[str, bytes], chosen: list[str] | None) -> None:
    digests = {path: _digest(content) for path, content in sorted(given.items())}
    state = {"format": FORMAT, "version": version(), "chosen": chosen, "given": digests}
    replace(workspace.ours / _STATE, json.dumps(state, indent=1) + "\n")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()  # an editor or git may change the line ends


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
