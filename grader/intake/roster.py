"""Reads the list of a class, as a CSV file, and finds a student in it. It knows nothing of what was handed in.

Columns are known by their names, in any order: as Canvas, Moodle, Gradescope, nbgrader and GitHub Classroom
export them, or ``key``, ``login``, ``id``, ``email``, ``name``, ``first``, ``last`` by hand.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from grader.classbook import Student
from grader.intake import limits
from grader.intake.model import IntakeError, UnreadableError
from grader.intake.names import printable, words_of
from grader.intake.rooms import read_file

# What a column holds, by its name in lower case without anything but letters.
_COLUMNS: Final = {
    "key": ("key",),
    "login": ("sisloginid", "loginid", "login", "username", "user", "githubusername", "gitusername", "netid"),
    "id": ("sid", "sisuserid", "idnumber", "studentid", "studentnumber", "id", "identifier", "rosteridentifier"),
    "email": ("email", "emailaddress", "mail"),
    "name": ("name", "fullname", "student", "studentname", "displayname"),
    "first": ("first", "firstname", "givenname", "forename"),
    "last": ("last", "lastname", "surname", "familyname"),
    "number": ("canvasid", "lmsuserid", "userid", "githubid"),
    "role": ("role", "enrollmenttype"),
}
_KEYS: Final = ("key", "login", "id", "email", "number", "name")
_NO_STUDENT: Final = {"points possible", "student, test", "test student"}


@dataclass(frozen=True)
class Roster:
    """A class. students: in the order of the file. problems: rows that were left out, one line each."""

    students: tuple[Student, ...]
    problems: tuple[str, ...] = ()

    @cached_property
    def _tiers(self) -> tuple[dict[str, set[str]], ...]:
        # Numbers of a platform; keys, logins, addresses and ids; what stands before the @; people's names.
        tiers: tuple[defaultdict[str, set[str]], ...] = tuple(defaultdict(set) for _ in range(4))
        for student in self.students:
            known = _known(student.fields)
            exact = [student.key, student.email, *(known.get(kind, "") for kind in ("login", "id", "email"))]
            _note(tiers[0], [known.get("number", "")], student.key)
            _note(tiers[1], exact, student.key)
            _note(tiers[2], [student.email.partition("@")[0]], student.key)
            _note(tiers[3], _forms(student.name), student.key)
        return tiers

    @cached_property
    def _by_key(self) -> dict[str, Student]:
        return {student.key: student for student in self.students}

    def matching(self, *names: str, number: str = "") -> tuple[Student, ...]:
        """Return the students whom *names* may mean: none, one, or several when they are ambiguous.

        The *number* that a platform gave them counts first, then keys, logins, e-mail addresses and ids, then what
        stands before the @, then people's names, without case and accents and in either order. The first of these
        that fits decides.
        """
        numbers, exact, addresses, people = self._tiers
        words = ["".join(words_of(name)) for name in names]
        plain = [_exact(name) for name in names]
        for tier, wanted in ((numbers, [_exact(number)]), (exact, plain), (addresses, plain), (people, words)):
            found: set[str] = set()
            for name in wanted:
                found |= tier.get(name, set())
            if found:
                return tuple(self._by_key[key] for key in sorted(found))
        return ()


def _note(tier: dict[str, set[str]], names: Iterable[str], key: str) -> None:
    for name in names:
        if _exact(name):
            tier[_exact(name)].add(key)


def _exact(name: str) -> str:
    return name.strip().casefold()


def _forms(name: str) -> Iterator[str]:
    # "Ada King Lovelace" as adakinglovelace, kinglovelaceada, lovelaceadaking: names run together in either order.
    words = words_of(name)
    for at in range(len(words)):
        yield "".join(words[at:] + words[:at])


def _known(fields: Mapping[str, str]) -> dict[str, str]:
    # The first non-empty column of each kind, the kinds' names being in the order of preference.
    bare = {re.sub(r"[^a-z]", "", column.casefold()): value.strip() for column, value in fields.items()}
    found = {
        kind: next((bare[column] for column in columns if bare.get(column)), "") for kind, columns in _COLUMNS.items()
    }
    if "sisloginid" in bare or "sisuserid" in bare:  # Canvas's ID is the number that its file names carry
        found["number"] = bare.get("id", "")
        found["id"] = bare.get("sisuserid", "") or found["number"]
    if participant := re.fullmatch(r"\D+ (\d+)", bare.get("identifier", "")):  # Moodle's: the number of its folders
        found["number"] = participant[1]
    return found


def read_roster(path: Path) -> Roster:
    """Read a class from the CSV file at *path*; `IntakeError` when there is none in it.

    Separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. A row keeps all of its columns in
    `Student.fields`. Rows of staff (by a column *role*), of Canvas's test student and its points are left out.
    """
    shown = printable(str(path))
    try:
        text = _decoded(read_file(path, limits.ROSTER))
    except UnreadableError as error:
        raise IntakeError(f"{shown}: the roster {error}") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise IntakeError(f"{shown}: the roster is no CSV file that can be read: {error}") from error
    columns, students = _columns(rows, shown), {}
    problems = []
    for number, row in rows_of(rows[1:], columns):
        student = _student(row)
        if student is None:
            continue
        if student.key in students:
            problems.append(f"{shown}, row {number}: {printable(student.key)} is there already; this row is left out")
            continue
        students[student.key] = student
    if not students:
        raise IntakeError(f"{shown}: the roster has no students in it")
    return Roster(tuple(students.values()), tuple(problems))


def rows_of(rows: list[list[str]], columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the columns' names, numbered as a spreadsheet does, column -> text."""
    for number, row in enumerate(rows, 2):
        yield number, {column: value for column, value in zip(columns, row, strict=False) if column}


def _columns(rows: list[list[str]], shown: str) -> list[str]:
    columns = [column.strip() for column in rows[0]] if rows else []
    if not any(_known(dict.fromkeys(columns, "x")).values()):
        raise IntakeError(f"{shown}: the roster's first row names no column such as key, id, email or name")
    return columns


def _student(row: dict[str, str]) -> Student | None:
    known = _known(row)
    role = known["role"].casefold()
    if role and "student" not in role:
        return None
    name = " ".join(filter(None, (known["first"], known["last"]))) or _in_order(known["name"])
    key = next((known[kind] for kind in _KEYS if known[kind]), "") or name
    if not key or known["name"].casefold() in _NO_STUDENT:
        return None
    return Student(_clean(key), _clean(name), _clean(known["email"]), row)


def _in_order(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _clean(text: str) -> str:
    return printable(" ".join(text.split()))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # what a spreadsheet on Windows writes
        return content.decode("cp1252", "replace")


def _separator(text: str) -> str:
    first = re.sub(r'"[^"]*"', "", text.lstrip().partition("\n")[0])
    return max(",;\t", key=first.count)
