"""What came with this installation: exercises, their solutions, the project's own files. It knows no workspace.

In a clone, and an editable installation of one, these are the clone's folders. A wheel carries them in
``grader/shipment/``: the exercises as they are, the solutions packed, so that no search, editor or double click shows
one by accident. The packing keeps no secret: whoever means to read it can, with the function below.
"""

from __future__ import annotations

import json
import tomllib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SHIPMENT: Final = (
    "shipment"  # in a wheel: beside this module, with exercises/, project/ and, where they came, SOLUTIONS
)
SOLUTIONS: Final = "solutions.packed"
# What a build needs beside the package itself.
PROJECT: Final = ("pyproject.toml", "hatch_build.py", "constraints.txt", "README.md", "LICENSE")
_CACHES: Final = "__pycache__"
_HERE: Final = Path(__file__).resolve().parent
_NOTE: Final = "Solutions of One Delay, packed so that nobody reads one by accident. Use: onedelay solution NN"


def exercises_folder() -> Path:
    """Return the folder of the exercises that came with this installation."""
    return _folder("exercises")


def project_folder() -> Path:
    """Return the folder with the files named in PROJECT, of which this installation was built."""
    return _HERE / SHIPMENT / "project" if _is_wheel() else _HERE.parent


def shipment() -> Path | None:
    """Return the folder of a wheel's exercises and solutions, which no judged program may read; None in a clone."""
    return _HERE / SHIPMENT if _is_wheel() else None


def solution_files(name: str) -> dict[str, bytes] | None:
    """Return what ``solutions/`` holds for the exercise *name* (``NN_slug``), path below that folder -> content.

    These are ``slug.py``, ``accepted/*.py``, ``rejected/*.py`` and perhaps ``test_hidden.py``. None where they are not
    part of this installation, as in one made for a class.
    """
    if _is_wheel():
        return _unpacked(_HERE / SHIPMENT / SOLUTIONS, name)
    folder = _HERE.parent / "solutions" / name
    return files_in(folder) if folder.is_dir() else None


def version() -> str:
    """Return the version of this installation, such as ``0.1.0`` or, made for a class, ``0.1.0+class``."""
    project = _HERE.parent / "pyproject.toml"
    if not _is_wheel() and project.is_file():  # an editable installation's metadata are as old as the installation
        declared: str = tomllib.loads(project.read_text("utf-8"))["project"]["version"]
        return declared
    from importlib import metadata  # noqa: PLC0415 - 10 ms that only `--version` and releases need

    return metadata.version("onedelay")


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the files below *folder*, path -> content, without caches and what starts with a dot."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") or part == _CACHES for part in inner.parts):
            found[inner.as_posix()] = path.read_bytes()
    return found


def packed(solutions: Mapping[str, Mapping[str, bytes]]) -> bytes:
    """Return *solutions* (exercise -> path -> content) as the file that `solution_files` reads."""
    # One piece for each exercise, found by the first line, so that reading one does not unpack all.
    index: dict[str, tuple[int, int]] = {}
    pieces, place = [], 0
    for name, files in sorted(solutions.items()):
        text = json.dumps({path: content.decode("latin-1") for path, content in sorted(files.items())})
        pieces.append(zlib.compress(text.encode(), 9))
        index[name] = (place, len(pieces[-1]))
        place += len(pieces[-1])
    return json.dumps({"note": _NOTE, "index": index}).encode() + b"\n" + b"".join(pieces)


def _unpacked(file: Path, name: str) -> dict[str, bytes] | None:
    if not file.is_file():
        return None
    with file.open("rb") as pieces:
        index = json.loads(pieces.readline())["index"]
        if name not in index:
            return None
        place, length = index[name]
        pieces.seek(place, 1)
        texts: dict[str, str] = json.loads(zlib.decompress(pieces.read(length)))
    return {path: text.encode("latin-1") for path, text in texts.items()}


def _folder(name: str) -> Path:
    return (_HERE / SHIPMENT if _is_wheel() else _HERE.parent) / name


def _is_wheel() -> bool:
    return (_HERE / SHIPMENT).is_dir()
