"""What learning platforms export is read as they write it: names, attempts, and lists of who is who."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from grader.exercise import Exercise
from grader.intake import read_class, read_roster
from grader.intake.exports import Named, named

RIGHT = "async def gather_weather(): ...\n"
STAMP = "2025-01-01-10-00-00"
LATER = "2025-01-02-09-30-00"


@pytest.fixture
def weather(tmp_path: Path) -> list[Exercise]:
    """One exercise."""
    folder = tmp_path / "course" / "exercises" / "03_gather_weather"
    folder.mkdir(parents=True)
    (folder / "test_gather_weather.py").write_text("FUNCTIONS = {}\n", "utf-8")
    (folder / "gather_weather.py").write_text("# TODO\n", "utf-8")
    return [Exercise(folder)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of submissions."""
    path = tmp_path / "class"
    path.mkdir()
    return path


def lay(folder: Path, files: Mapping[str, str] | Iterable[str]) -> Path:
    for path in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(files[path] if isinstance(files, Mapping) else RIGHT, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lovelaceada_12345_67890_gather_weather.py", Named("Canvas", "lovelaceada", "12345", "gather_weather.py")),
        (
            "lovelaceada_LATE_12345_67890_gather_weather-1.py",
            Named("Canvas", "lovelaceada", "12345", "gather_weather-1.py"),
        ),
        ("anon_x7Qp1_67890_main.py", Named("Canvas", "anon_x7Qp1", "x7Qp1", "main.py")),
        ("LATE_anon_x7Qp1_67890_main.py", Named("Canvas", "anon_x7Qp1", "x7Qp1", "main.py")),
        ("o_brien_4_51_a_b.py", Named("Canvas", "o_brien", "4", "a_b.py")),
        ("Ada Lovelace_787420_assignsubmission_file_", Named("Moodle", "Ada Lovelace", "787420", "")),
        ("Ada Lovelace_787420_assignsubmission_file", Named("Moodle", "Ada Lovelace", "787420", "")),
        ("Ada Lovelace_787420_assignsubmission_file_x.py", Named("Moodle", "Ada Lovelace", "787420", "x.py")),
        ("Participant_787420_assignsubmission_file_", Named("Moodle", "Participant", "787420", "")),
        (f"Week 3_alove2_attempt_{STAMP}_x.py", Named("Blackboard", "alove2", "", "x.py", title="Week 3")),
        (f"Week_3_alove2_attempt_{STAMP}.txt", Named("Blackboard", "alove2", "", "", title="Week_3")),
        ("ada_03.py", None),
        ("ada", None),
        ("gather-weather-ada", None),
        ("12_34_56.py", None),
    ],
)
def test_names(name: str, expected: Named | None) -> None:
    """Whose name it is, their number and the file's own name are told apart."""
    found = named(name)
    if found is None or expected is None:
        assert found is expected
        return
    assert (found.platform, found.student, found.number, found.file, found.title) == (
        expected.platform,
        expected.student,
        expected.number,
        expected.file,
        expected.title,
    )


def test_canvas(folder: Path, weather: list[Exercise]) -> None:
    """Loose files are put together again under their own names; of two uploads the one with the higher number counts."""
    lay(
        folder,
        {
            "lovelaceada_11_501_gather_weather.py": "old\n",
            "lovelaceada_11_1502_gather_weather-1.py": RIGHT,
            "lovelaceada_11_1503_cities.py": "",
            "hoppergrace_LATE_12_77_homework-2.py": RIGHT,
            "smithjo_13_5_gather_weather.py": RIGHT,
            "smithjo_14_6_gather_weather.py": RIGHT,
        },
    )

    intake = read_class(folder, weather)

    assert [(one.student_key, one.source, sorted(one.files())) for one in intake.submitted] == [
        ("hoppergrace", "hoppergrace_LATE_12_77_homework-2.py", ["homework.py"]),
        ("lovelaceada", "lovelaceada_11_1502_gather_weather-1.py", ["cities.py", "gather_weather.py"]),
        ("smithjo", "smithjo_13_5_gather_weather.py", ["gather_weather.py"]),
        ("smithjo_14", "smithjo_14_6_gather_weather.py", ["gather_weather.py"]),
    ]
    assert intake.submitted[1].files()["gather_weather.py"] == RIGHT.encode()
    assert [str(p) for p in intake.problems] == [
        "lovelaceada_11_1502_gather_weather-1.py: left out: lovelaceada_11_501_gather_weather.py is an earlier upload of gather_weather.py"
    ]


def test_canvas_as_downloaded_with_its_roster(tmp_path: Path, weather: list[Exercise]) -> None:
    """The archive need not be unpacked; Canvas's numbers find students whatever their names became."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("work/gather_weather.py", RIGHT)
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lovelaceada_11_501_gather_weather.py", RIGHT)
        archive.writestr("hoppergracebrewster_12_77_work.zip", inner.getvalue())
        archive.writestr("torvaldslinus_13_text.html", "<p>an online text</p>")
    gradebook = tmp_path / "gradebook.csv"
    gradebook.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Weather (99)\n"
        ",,,,,Manual Posting\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",11,S1,ada,One,\n"Hopper, Grace",12,S2,grace,One,\n"Student, Test",99,,x,One,\n',
        "utf-8",
    )

    intake = read_class(path, weather, read_roster(gradebook))

    assert [(one.student_key, one.source) for one in intake.submitted] == [
        ("ada", "submissions.zip!lovelaceada_11_501_gather_weather.py"),
        ("grace", "submissions.zip!hoppergracebrewster_12_77_work.zip!work/gather_weather.py"),
    ]
    assert intake.problems == ()


def test_moodle(folder: Path, weather: list[Exercise], tmp_path: Path) -> None:
    """Folders and files by participant; an archive within a participant's folder is theirs; the worksheet knows them."""
    lay(
        folder,
        [
            "Ada Lovelace_787420_assignsubmission_file_/gather_weather.py",
            "Zoë Ünal_787421_assignsubmission_file_gather_weather.py",
            "Participant_787422_assignsubmission_file_/notes.txt",
            "Linus T_787424_assignsubmission_onlinetext_/onlinetext.html",
        ],
    )
    with zipfile.ZipFile(folder / "Participant_787422_assignsubmission_file_" / "work.zip", "w") as archive:
        archive.writestr("gather_weather.py", RIGHT)
    worksheet = tmp_path / "Grades.csv"
    worksheet.write_text(
        "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade\n"
        "Participant 787420,Ada Lovelace,7,ada@x.org,Submitted,,10\n"
        "Participant 787421,Zoë Ünal,8,zoe@x.org,Submitted,,10\n"
        "Participant 787422,Grace Hopper,9,grace@x.org,Submitted,,10\n",
        "utf-8-sig",
    )

    without = read_class(folder, weather)
    intake = read_class(folder, weather, read_roster(worksheet))

    assert [one.student_key for one in without.submitted] == ["Ada Lovelace", "Participant_787422", "Zoë Ünal"]
    assert [(one.student_key, one.source) for one in intake.submitted] == [
        ("7", "Ada Lovelace_787420_assignsubmission_file_/gather_weather.py"),
        ("8", "Zoë Ünal_787421_assignsubmission_file_gather_weather.py"),
        ("9", "Participant_787422_assignsubmission_file_/work.zip!gather_weather.py"),
    ]
    assert intake.students[0].fields["Identifier"] == "Participant 787420"
    assert [p.student_key for p in intake.problems] == ["Linus T", "Linus T"]
    assert intake.problems[1].text == "no submission of 03: expected gather_weather.py, found onlinetext.html"


METADATA = """\
---
submission_501:
  :submitters:
  - :name: Ada Lovelace
    :sid: '007'
    :email: ada@x.org
  :created_at: 2025-01-01 10:00:00.000000000 Z
  :score: 0.0
  :status: processed
  :results: !ruby/object:Hash {}
  :history: []
submission_502:
  :submitters:
  - :name: Grace Hopper
    :sid:
    :email: grace@x.org
  - :name: Linus T
    :sid: '9'
    :email: linus@x.org
"""


def test_gradescope(folder: Path, weather: list[Exercise], tmp_path: Path) -> None:
    """The list at the top says whose a folder is; what a group handed in is each one's."""
    lay(
        folder / "assignment_77_export",
        {
            "submission_metadata.yml": METADATA,
            "submission_501/gather_weather.py": RIGHT,
            "submission_502/gather_weather.py": RIGHT,
            "submission_503/gather_weather.py": RIGHT,
        },
    )
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "First Name,Last Name,SID,Email,Role,Sections\n"
        "Ada,Lovelace,007,ada@x.org,Student,A\nGrace,Hopper,8,grace@x.org,Student,A\nI,Me,1,me@x.org,Instructor,\n",
        "utf-8",
    )

    without = read_class(folder, weather)
    intake = read_class(folder, weather, read_roster(roster))

    assert [(s.key, s.email) for s in without.students] == [
        ("Ada Lovelace", "ada@x.org"),
        ("Grace Hopper", "grace@x.org"),
        ("Linus T", "linus@x.org"),
        ("submission_503", ""),
    ]
    assert [(one.student_key, one.source.partition("/")[2]) for one in intake.submitted] == [
        ("007", "submission_501/gather_weather.py"),
        ("8", "submission_502/gather_weather.py"),
        ("Linus T", "submission_502/gather_weather.py"),
        ("submission_503", "submission_503/gather_weather.py"),
    ]
    assert [p.student_key for p in intake.problems] == ["Linus T", "submission_503"]


@pytest.mark.parametrize(
    "content", ["", "- 1", "a: [", "&a [*a]", "? {}\n: 1", "x: {':submitters': [1, {}]}", "\0", "[" * 5000]
)
def test_a_broken_gradescope_list(folder: Path, weather: list[Exercise], content: str) -> None:
    """Folders keep their own names then, and are read."""
    lay(folder, {"submission_metadata.yml": content, "submission_501/gather_weather.py": RIGHT})

    intake = read_class(folder, weather)

    assert [one.student_key for one in intake.submitted] == ["submission_501"]
    assert all(p.source == "submission_metadata.yml" for p in intake.problems)


def test_blackboard(folder: Path, weather: list[Exercise]) -> None:
    """Attempts are told apart by their time, their files are not mixed, and the newest counts."""
    lay(
        folder,
        {
            f"Week 3_ada_attempt_{STAMP}.txt": "Name: Ada",
            f"Week 3_ada_attempt_{STAMP}_gather_weather.py": "old\n",
            f"Week 3_ada_attempt_{STAMP}_tools.py": "",
            f"Week 3_ada_attempt_{LATER}.txt": "Name: Ada",
            f"Week 3_ada_attempt_{LATER}_gather_weather.py": RIGHT,
            f"Week 3_grace_attempt_{STAMP}_gather_weather.py": RIGHT,
        },
    )
    with zipfile.ZipFile(folder / f"Week 3_linus_attempt_{STAMP}_work.zip", "w") as archive:
        archive.writestr("gather_weather.py", RIGHT)

    intake = read_class(folder, weather)

    assert [(one.student_key, sorted(one.files())) for one in intake.submitted] == [
        ("ada", ["gather_weather.py"]),
        ("grace", ["gather_weather.py"]),
        ("linus", ["gather_weather.py"]),
    ]
    assert intake.submitted[0].files()["gather_weather.py"] == RIGHT.encode()
    assert [str(p) for p in intake.problems] == [
        (
            f"Week 3_ada_attempt_{LATER}_gather_weather.py: is the newest of 2 submissions, and the one that is graded; "
            f"not Week 3_ada_attempt_{STAMP}_gather_weather.py"
        )
    ]


@pytest.mark.parametrize("course", [True, False])
def test_nbgrader(folder: Path, weather: list[Exercise], course: bool) -> None:
    """submitted/STUDENT/ASSIGNMENT is read, and nothing of the course beside it."""
    lay(folder, ["submitted/ada/03_gather_weather/gather_weather.py", "submitted/grace/ps1/gather_weather.py"])
    lay(folder, ["submitted/ada/03_gather_weather/timestamp.txt"])
    if course:
        lay(folder, ["source/03_gather_weather/gather_weather.py", "release/03_gather_weather/gather_weather.py"])

    intake = read_class(folder, weather)

    assert [(one.student_key, one.main) for one in intake.submitted] == [
        ("ada", "gather_weather.py"),
        ("grace", "gather_weather.py"),
    ]
    assert intake.problems == ()


def test_github_classroom(folder: Path, weather: list[Exercise], tmp_path: Path) -> None:
    """assignment-login: the login is what follows the exercise, the folder's own name, or what the roster knows."""
    lay(
        folder,
        [
            "gather-weather-ada/gather_weather.py",
            "03-gather-weather-mary-ann/gather_weather.py",
        ],
    )
    clones = lay(
        tmp_path / "clones",
        [
            "week-one-submissions/week-one-ada/gather_weather.py",
            "week-one-submissions/week-one-mary-ann/03/gather_weather.py",
        ],
    )
    lay(tmp_path / "loose", ["some-task-ada/gather_weather.py", "some-task-mary-ann/gather_weather.py"])
    roster = tmp_path / "classroom_roster.csv"
    roster.write_text(
        '"identifier","github_username","github_id","name"\n"ada@x.org","ada","1","Ada"\n"m@x.org","mary-ann","2",""\n',
        "utf-8",
    )

    for place in (folder, clones):
        assert [one.student_key for one in read_class(place, weather).submitted] == ["ada", "mary-ann"]
    intake = read_class(tmp_path / "loose", weather, read_roster(roster))

    assert [one.student_key for one in intake.submitted] == ["ada", "mary-ann"]
    assert intake.problems == ()


def test_canvas_files_and_archive(folder: Path, weather: list[Exercise]) -> None:
    """A helper that was uploaded after the archive does not hide the file in it that is called as asked for."""
    lay(folder, {"lovelaceada_11_502_tools.py": "x = 1\n"})
    with zipfile.ZipFile(folder / "lovelaceada_11_501_work.zip", "w") as archive:
        archive.writestr("gather_weather.py", RIGHT)

    (one,) = read_class(folder, weather).submitted

    assert one.source == "lovelaceada_11_501_work.zip!gather_weather.py"


def test_blackboard_attempts_called_otherwise(folder: Path, weather: list[Exercise]) -> None:
    """The newest attempt counts although the one before was named better."""
    lay(folder, {f"W_ada_attempt_{STAMP}_gather_weather.py": "old\n", f"W_ada_attempt_{LATER}_mine.py": RIGHT})

    (one,) = read_class(folder, weather).submitted

    assert one.source == f"W_ada_attempt_{LATER}_mine.py"
