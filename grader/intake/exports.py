"""Reads the names that learning platforms give to what they export. It looks at names and Gradescope's list only.

Canvas (``ContentZipper``): ``name[_LATE]_USER_ATTACHMENT_file``, or ``anon_ID_ATTACHMENT_file``; a second file of one
name is ``file-1``. Moodle (``mod_assign``'s downloader): ``Full name_ID_assignsubmission_file_`` as a folder, or before
the file's name. Blackboard: ``Assignment_user_attempt_2025-01-31-23-59-59_file``. Gradescope: folders ``submission_ID``
beside ``submission_metadata.yml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from grader.intake.model import UnreadableError

METADATA: Final = "submission_metadata.yml"
_CANVAS: Final = re.compile(r"(?P<name>.*?[^\d_].*?)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<order>\d+)_(?P<rest>.+)")
_ANONYMOUS: Final = re.compile(r"(?:LATE_)?(?P<name>anon_(?P<id>[0-9A-Za-z]+))_(?P<order>\d+)_(?P<rest>.+)")
_MOODLE: Final = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<rest>.*)")
_BLACKBOARD: Final = re.compile(
    r"(?P<title>.*)_(?P<name>[^_]+)_attempt_(?P<order>\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2})(?:_(?P<rest>.+)|\.txt)?"
)
_AGAIN: Final = re.compile(r"-\d{1,2}(?=\.[A-Za-z0-9.]+$)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name says.

    platform: whose export it is from, or empty. student: as the platform writes them. number: the platform's for them.
    file: the name of what they handed in, which may be empty. order: grows from an attempt to the next; attempt: which
    files belong together. email: where it is told.
    """

    platform: str
    student: str
    number: str = ""
    file: str = ""
    order: str = ""
    attempt: str = ""
    title: str = ""
    email: str = ""


def named(name: str) -> Named | None:
    """Return what *name*, of a file or folder in an export, says; None when it is not a platform's."""
    if found := _MOODLE.fullmatch(name):
        return Named("Moodle", found["name"], found["id"], found["rest"])
    if found := _BLACKBOARD.fullmatch(name):
        attempt = found["order"]
        return Named("Blackboard", found["name"], "", found["rest"] or "", attempt, attempt, found["title"])
    if found := _ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name):
        return Named("Canvas", found["name"], found["id"], found["rest"], found["order"].zfill(20))
    return None


def original(file: str) -> str:
    """Return what a file was called before Canvas told a second one of its name apart."""
    return _AGAIN.sub("", file)


def gradescope(content: bytes) -> dict[str, list[Named]]:
    """Return who handed in which folder of a Gradescope export, from its list; `UnreadableError`.

    The list is YAML as Ruby writes it, with keys such as ``:submitters``; a group has several.
    """
    import yaml  # noqa: PLC0415  # most classes come without

    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # texts only: builds nothing, keeps 007
    try:
        data = yaml.load(content.decode("utf-8", "replace"), Loader=loader)  # noqa: S506  # see above
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UnreadableError("is no YAML that can be read, so nobody knows whose the folders are") from error
    if not isinstance(data, dict):
        raise UnreadableError("is no list of submissions")
    return {folder: _submitters(entry) for folder, entry in data.items() if isinstance(folder, str)}


def _submitters(entry: object) -> list[Named]:
    listed = entry.get(":submitters", entry.get("submitters")) if isinstance(entry, dict) else None
    people = []
    for person in listed if isinstance(listed, list) else ():
        if not isinstance(person, dict):
            continue
        name, number, email = (_text(person, key) for key in ("name", "sid", "email"))
        if name or number or email:
            people.append(Named("Gradescope", name or email or number, number, email=email))
    return people


def _text(person: dict[Any, Any], key: str) -> str:
    value = person.get(f":{key}", person.get(key, ""))
    return "" if not isinstance(value, str) or value in {"null", "~"} else value.strip()
