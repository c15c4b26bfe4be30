"""Rosters as platforms export them and people type them; and who of them a name means."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classbook import Student
from grader.intake import IntakeError, read_roster


def roster_of(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key,name\nada,Ada\n", Student("ada", "Ada")),
        ("name;e-mail;login\nAda;ada@x.org;ada1\n", Student("ada1", "Ada", "ada@x.org")),
        ("Last\tFirst\tEmail\nLovelace\tAda\tada@x.org\n", Student("ada@x.org", "Ada Lovelace", "ada@x.org")),
        ('Student,ID,SIS User ID,SIS Login ID,Section\n"Lovelace, Ada",11,S1,ada,A\n', Student("ada", "Ada Lovelace")),
        ('Student,ID,SIS User ID,SIS Login ID,Section\n"Lovelace, Ada",11,S1,,A\n', Student("S1", "Ada Lovelace")),
        ('Student,ID,Section\n"Lovelace, Ada",11,A\n', Student("11", "Ada Lovelace")),
        (
            "First name,Surname,ID number,Email address\nAda,Lovelace,7,a@x.org\n",
            Student("7", "Ada Lovelace", "a@x.org"),
        ),
        ("Name,SID,Email,Role\nAda Lovelace,007,a@x.org,Student\n", Student("007", "Ada Lovelace", "a@x.org")),
        ('"identifier","github_username","github_id","name"\n"Ada L","","",""\n', Student("Ada L")),
        ("id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,,9\n", Student("ada", "Ada Lovelace")),
        ("\n\nname\nAda\n".lstrip(), Student("Ada", "Ada")),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_columns(tmp_path: Path, text: str, expected: Student, encoding: str) -> None:
    """Keys, names and addresses are found under the names that exports give them."""
    assert read_roster(roster_of(tmp_path, text, encoding)).students == (expected,)


def test_fields_are_kept(tmp_path: Path) -> None:
    """A row goes to the exporters as it was, with every column."""
    text = 'Student,ID,SIS Login ID,Section,Essay (5)\r\n"Łoś, Zoë",11, zoe ,"A, B",\r\n'

    (student,) = read_roster(roster_of(tmp_path, text)).students

    assert student.fields == {
        "Student": "Łoś, Zoë",
        "ID": "11",
        "SIS Login ID": " zoe ",
        "Section": "A, B",
        "Essay (5)": "",
    }
    assert (student.key, student.name) == ("zoe", "Zoë Łoś")


def test_rows_that_are_no_students(tmp_path: Path) -> None:
    """Points, staff, the test student and empty rows are left out; a key's second row is too, and it is said."""
    path = roster_of(
        tmp_path,
        "key,name,role\n  ,    Points Possible,\nada,Ada,Student\nme,Me,Instructor\n,,\nada,Another,Student\n"
        'x,"Student, Test",Student\nbo\n',
    )

    roster = read_roster(path)

    assert [student.key for student in roster.students] == ["ada", "bo"]
    assert roster.problems == (f"{path}, row 6: ada is there already; this row is left out",)


def test_names_are_safe_to_show(tmp_path: Path) -> None:
    """Control characters of a roster reach no terminal."""
    (student,) = read_roster(roster_of(tmp_path, "key,name\n\x1b[2Jada,A\u202eda\n")).students

    assert (student.key, student.name) == ("\\x1b[2Jada", "A\\u202eda")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the roster's first row names no column such as key, id, email or name"),
        ("Ada,Grace\n", "the roster's first row names no column such as key, id, email or name"),
        ("key,name\n", "the roster has no students in it"),
        (
            'key\n"' + "x" * 200_000 + '"\n',
            "the roster is no CSV file that can be read: field larger than field limit (131072)",
        ),
    ],
)
def test_what_is_no_roster(tmp_path: Path, text: str, message: str) -> None:
    """It is refused in one line."""
    path = roster_of(tmp_path, text)

    with pytest.raises(IntakeError) as caught:
        read_roster(path)

    assert str(caught.value) == f"{path}: {message}"


def test_no_file(tmp_path: Path) -> None:
    """A missing roster, and a folder, are said to be that."""
    with pytest.raises(IntakeError, match="the roster cannot be read: No such file or directory$"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(IntakeError, match="the roster is no ordinary file$"):
        read_roster(tmp_path)


CLASS = """\
Student,ID,SIS User ID,SIS Login ID,Email
"King Lovelace, Ada",11,S1,ada,ada.king@x.org
"Ünal, Zoë",12,S2,zu2,zoe@x.org
"Lee, Kim",13,S3,kl3,kim@x.org
"Kim, Lee",14,S4,lk4,lee@x.org
"O'Brien, Mary-Ann",15,S5,mob,mary@x.org
"""


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("ada", ["ada"]),
        ("ADA", ["ada"]),
        ("s2", ["zu2"]),
        ("zoe@x.org", ["zu2"]),
        ("ada.king", ["ada"]),
        ("Ada King Lovelace", ["ada"]),
        ("King Lovelace, Ada", ["ada"]),
        ("kinglovelaceada", ["ada"]),
        ("zoe unal", ["zu2"]),
        ("UNAL_ZOE", ["zu2"]),
        ("ünalzoë", ["zu2"]),
        ("obrienmaryann", ["mob"]),
        ("kim lee", ["kl3", "lk4"]),
        ("13", []),
        ("ad", []),
        ("", []),
    ],
)
def test_whom_a_name_means(tmp_path: Path, name: str, keys: list[str]) -> None:
    """Keys, logins, addresses and ids first; names in either order, without case and accents; several when unclear."""
    assert [student.key for student in read_roster(roster_of(tmp_path, CLASS)).matching(name)] == keys


def test_a_number_comes_first(tmp_path: Path) -> None:
    """A platform's number decides, whatever the name beside it."""
    roster = read_roster(roster_of(tmp_path, CLASS))

    assert [student.key for student in roster.matching("zoe unal", number="13")] == ["kl3"]
    assert [student.key for student in roster.matching("zoe unal", number="99")] == ["zu2"]
