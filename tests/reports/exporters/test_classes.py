"""A class for Canvas, Moodle and JUnit: grades that are known, for people who are known, and nothing else overwritten."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.classbook import Assignment, Classbook, Graded, Student
from grader.reports.exporters import canvas, junit, moodle
from grader.reports.exporters.gradebook import Export

Golden = Callable[[str, str], None]
EXPORTERS = {"canvas": canvas.grades, "moodle": moodle.grades}


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _all_rows(export: Export) -> list[dict[str, str]]:
    return [row for text in export.files.values() for row in _rows(text)]


# -- what Canvas and Moodle share --------------------------------------------------------------------------


@pytest.mark.parametrize("platform", EXPORTERS)
def test_a_file_looks_as_it_did(small_class: Classbook, golden: Golden, platform: str) -> None:
    """The files and the problems of a class look as they did."""
    honest = tuple(item for item in small_class.graded if "\0" not in item.source)
    export = EXPORTERS[platform](replace(small_class, graded=honest))
    files = "".join(f"-- {name}\n{text}" for name, text in export.files.items())

    golden(f"{platform}.txt", files.replace("\r\n", "\n") + "-- problems\n" + "\n".join(export.problems) + "\n")


@pytest.mark.parametrize("platform", EXPORTERS)
def test_no_cell_of_a_grade_is_empty(small_class: Classbook, platform: str) -> None:
    """An unknown grade has no cell: an empty one, and a 0 as well, would remove what the platform has."""
    export = EXPORTERS[platform](small_class)

    for text in export.files.values():
        for row in _rows(text):
            grades = [row[column] for column in row if column in {"03 gather weather", "11 cook dishes"}]
            assert grades
            assert all(re.fullmatch(r"\d+(\.\d+)?", grade) for grade in grades)
    assert sum("Cleo" in " ".join(row.values()) or "cleo" in " ".join(row.values()) for row in _all_rows(export)) == 0
    assert "11_cook_dishes: no grade exported for Ben, Jr.: a fault of the grader" in "\n".join(export.problems)
    assert "03_gather_weather: no grade exported for Cleo: nothing was handed in" in "\n".join(export.problems)


@pytest.mark.parametrize("platform", EXPORTERS)
def test_everybody_has_a_row_or_a_line(small_class: Classbook, platform: str) -> None:
    """Nobody is dropped in silence: who has no ID, or shares one, is named with the reason."""
    ada, ben, cleo, dan = small_class.students
    nobody = replace(ada, email="", fields={})
    twin = replace(cleo, email=dan.email, fields=dan.fields)
    graded = tuple(
        replace(item, student={ada: nobody, cleo: twin}.get(item.student, item.student)) for item in small_class.graded
    )
    export = EXPORTERS[platform](replace(small_class, students=(nobody, ben, twin, dan), graded=graded))
    told = "\n".join(export.problems)

    assert re.search(r"Ada Lovelace: not in the file for \w+: the roster has no", told)
    assert re.search(r"Cleo: not in the file for \w+: \S+ is also another student's", told)
    assert [row for row in _all_rows(export) if "Ben" in str(row) or "ben" in str(row)]


@pytest.mark.parametrize("platform", EXPORTERS)
@pytest.mark.parametrize("identity", ["=1+1", "@sum(a1)", "a\x00b", "\u202e12"])
def test_identities_are_exact_or_absent(small_class: Classbook, platform: str, identity: str) -> None:
    """An ID cannot be defused, since it would no longer be found: one that needs it is left out and named."""
    ada = small_class.students[0]
    odd = replace(ada, email=identity, fields={"ID": identity})
    graded = tuple(replace(i, student=odd if i.student == ada else i.student) for i in small_class.graded)
    export = EXPORTERS[platform](replace(small_class, students=(odd, *small_class.students[1:]), graded=graded))

    assert identity not in {text for row in _all_rows(export) for text in row.values()}
    assert any(line.startswith("Ada Lovelace: not in the file") for line in export.problems)


@pytest.mark.parametrize("platform", EXPORTERS)
def test_an_empty_class(platform: str) -> None:
    """A class in which nothing was graded has no file to import."""
    book = Classbook("Nobody", "2026-11-25", "virtual", 1, "full", (), (), ())

    assert EXPORTERS[platform](book) == Export({}, ())


# -- Canvas ------------------------------------------------------------------------------------------------


def test_canvas_header(small_class: Classbook) -> None:
    """The columns that Canvas looks for come first, in its order, and Section directly before the assignments."""
    first = next(iter(canvas.grades(small_class).files.values())).splitlines()

    assert first[0] == "Student,ID,SIS User ID,SIS Login ID,Section,03 gather weather,11 cook dishes"
    assert first[1] == "    Points Possible,,,,,8,8"
    assert first[2] == "Ada Lovelace,1001,,ada,Lab 1,8,5"


def test_canvas_knows_its_assignments(small_class: Classbook) -> None:
    """With the gradebook that Canvas exported as the roster, its assignments keep their numbers and their points."""
    students = tuple(
        replace(who, fields={**who.fields, "03 Gather Weather (4711)": "3"}) for who in small_class.students
    )
    first = next(iter(canvas.grades(replace(small_class, students=students)).files.values())).splitlines()

    assert first[0].endswith(",Section,03 Gather Weather (4711),11 cook dishes")
    assert first[1] == "    Points Possible,,,,,,8"


def test_canvas_takes_no_title_for_a_number(small_class: Classbook) -> None:
    """A title that ends as a numbered one would is not taken for the assignment of that number."""
    named = (Assignment("03_gather_weather", "Weather (2)", 8), small_class.assignments[1])
    first = next(iter(canvas.grades(replace(small_class, assignments=named)).files.values())).splitlines()

    assert "Weather [2]" in first[0]


def test_canvas_row_of_points_cannot_be_forged(small_class: Classbook) -> None:
    """A student called like the row of points does not become it."""
    ada = small_class.students[0]
    forged = replace(ada, name="Points Possible")
    graded = tuple(replace(i, student=forged if i.student == ada else i.student) for i in small_class.graded)
    book = replace(small_class, students=(forged, *small_class.students[1:]), graded=graded)
    text = "".join(canvas.grades(book).files.values())

    assert text.count("    Points Possible") == len(canvas.grades(book).files)
    assert "Points-Possible,1001" in text


# -- Moodle ------------------------------------------------------------------------------------------------


def test_moodle_feedback_is_beside_a_grade(small_class: Classbook) -> None:
    """Each feedback stands directly behind its grade, in every row."""
    for text in moodle.grades(small_class).files.values():
        rows = list(csv.reader(io.StringIO(text, newline="")))
        places = [place for place, heading in enumerate(rows[0]) if heading.endswith("(feedback)")]
        assert places
        for row in rows[1:]:
            assert all(re.fullmatch(r"\d+(\.\d+)?", row[place - 1]) for place in places)


def test_moodle_feedback_is_no_html(small_class: Classbook) -> None:
    """Moodle shows feedback as HTML, so nothing in it is any."""
    assert "<" not in "".join(moodle.grades(small_class).files.values())


@pytest.mark.parametrize(
    ("without", "key"), [((), "Email address"), (("email",), "ID number"), (("email", "ID number"), "Username")]
)
def test_moodle_key(small_class: Classbook, without: tuple[str, ...], key: str) -> None:
    """One column finds everybody: the address, else the ID number, else the user name."""

    def bare(who: Student) -> Student:
        fields = {name: text for name, text in who.fields.items() if name not in without}
        return replace(who, email="" if "email" in without else who.email, fields={**fields, "Username": who.key})

    people = {who: bare(who) for who in small_class.students}
    graded = tuple(replace(item, student=people[item.student]) for item in small_class.graded)
    export = moodle.grades(replace(small_class, students=tuple(people.values()), graded=graded))

    assert all(text.startswith(f"{key},") for text in export.files.values())
    assert len(_all_rows(export)) == 3


# -- JUnit -------------------------------------------------------------------------------------------------

# The rules of Jenkins' junit-10.xsd for what is used here: element -> attributes it may have, those it must have, and
# the elements that may be in it.
RULES: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "group"},
        {"name", "tests", "failures", "errors"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
    "system-err": (set(), set(), set()),
}


def _check(element: ET.Element) -> None:
    allowed, required, children = RULES[element.tag]
    assert required <= set(element.keys()) <= allowed
    assert {child.tag for child in element} <= children
    if children:
        assert not (element.text or "").strip()
    if time := element.get("time"):
        assert re.fullmatch(r"[0-9]+\.[0-9]{3}", time)
    for child in element:
        _check(child)


def test_junit_format(small_class: Classbook, golden: Golden) -> None:
    """A class as JUnit XML is by the XSD's rules, and looks as it did."""
    text = junit.suites(small_class)
    root = ET.fromstring(text.encode())

    _check(root)
    assert [suite.get("name") for suite in root][:2] == [
        "Ada Lovelace / 03_gather_weather",
        "Ada Lovelace / 11_cook_dishes",
    ]
    golden("junit.xml", junit.suites(replace(small_class, graded=small_class.graded[1:6])))


@pytest.mark.parametrize(
    ("kind", "failures", "errors", "skipped"),
    [
        ("right", 0, 0, 0),
        ("wrong", 1, 0, 1),
        ("a hidden check fails", 1, 0, 0),
        ("a fault of ours", 0, 1, 0),
        ("a judge that died", 0, 1, 0),
        ("a check that cannot run here", 0, 0, 1),
        ("absent", 0, 0, 1),
        ("unreadable", 0, 1, 0),
        ("hostile", 1, 0, 0),
    ],
)
def test_junit_counts(
    small_class: Classbook, cases: Mapping[str, Graded], kind: str, failures: int, errors: int, skipped: int
) -> None:
    """FAIL is a failure, ERROR and what cannot be read an error; what did not run is skipped; the sums say so."""
    root = ET.fromstring(junit.suites(replace(small_class, graded=(cases[kind],))).encode())
    (suite,) = root

    _check(root)
    assert [int(suite.get(name, "")) for name in ("failures", "errors", "skipped")] == [failures, errors, skipped]
    assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    assert (root.get("failures"), root.get("errors")) == (str(failures), str(errors))


@given(text=st.text(st.characters(exclude_categories=[]), max_size=60))
@example(text="\x00\x0b\x1b\x7f\x85\ud800\ufdd0\ufffe\uffff\U0001fffe]]>")
def test_junit_of_any_text(text: str) -> None:
    """Whatever a name or a message holds, XML can be read again."""
    student = Student("s", text)
    graded = Graded(student, "03_gather_weather", problem=text)
    book = Classbook(text, text, "virtual", 1, "full", (student,), (), (graded,))

    ET.fromstring(junit.suites(book).encode())
