"""Folders, archives and files of a class, as instructors have them: each student's file is found, and what is beside it."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.exercise import Exercise
from grader.intake import Intake, IntakeError, Roster, Submitted, read_class, read_roster

WEATHER = "03_gather_weather"
COUNT = "02_count_async"
RIGHT = "async def gather_weather(): ...\n"


@pytest.fixture
def exercises(tmp_path: Path) -> list[Exercise]:
    """Two exercises, of three that there are."""
    made = []
    for name in (COUNT, WEATHER, "04_cook_dishes"):
        folder = tmp_path / "course" / "exercises" / name
        folder.mkdir(parents=True)
        exercise = Exercise(folder)
        exercise.stub.write_text("# TODO\n", "utf-8")
        exercise.test.write_text("FUNCTIONS = {}\n", "utf-8")
        made.append(exercise)
    return made[:2]


@pytest.fixture
def weather(exercises: list[Exercise]) -> list[Exercise]:
    """One exercise."""
    return exercises[1:]


def lay(folder: Path, files: Mapping[str, str]) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def tarred(files: Mapping[str, str | bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def found(intake: Intake) -> dict[tuple[str, str], Submitted]:
    return {(one.student_key, one.exercise[:2]): one for one in intake.submitted}


def read(folder: Path, exercises: list[Exercise], roster: Roster | None = None) -> Intake:
    return read_class(folder, exercises, roster)


def test_a_folder_per_student(tmp_path: Path, exercises: list[Exercise]) -> None:
    """The file is found at the top, in the exercise's folder, in exercises/, and in a whole clone."""
    folder = lay(
        tmp_path / "class",
        {
            "ada/gather_weather.py": RIGHT,
            "ada/cities.json": "[]",
            "grace/03_gather_weather/gather_weather.py": RIGHT,
            "grace/02/count_async.py": "x = 1\n",
            "linus/exercises/03_gather_weather/gather_weather.py": RIGHT,
            "linus/exercises/03_gather_weather/help/__init__.py": "",
            "linus/exercises/04_cook_dishes/cook_dishes.py": "",
            "linus/solutions/03_gather_weather/gather_weather.py": "the reference\n",
            "linus/solutions/02_count_async/count_async.py": "the reference\n",
            "linus/.git/HEAD": "ref",
        },
    )

    intake = read(folder, exercises)

    by = found(intake)
    assert sorted(by) == [("ada", "03"), ("grace", "02"), ("grace", "03"), ("linus", "03")]
    assert [student.key for student in intake.students] == ["ada", "grace", "linus"]
    assert by["ada", "03"].files() == {"gather_weather.py": RIGHT.encode(), "cities.json": b"[]"}
    assert by["grace", "02"].source == "grace/02/count_async.py"
    assert by["grace", "02"].main == "count_async.py"
    assert sorted(by["linus", "03"].files()) == ["gather_weather.py", "help/__init__.py"]
    assert [(p.student_key, p.text, p.absent) for p in intake.problems] == [
        ("ada", "no submission of 02", True),
        ("linus", "no submission of 02", True),
    ]


@pytest.mark.parametrize("mode", ["zip", "w:", "w:gz", "w:bz2", "w:xz"])
def test_an_archive_per_student(tmp_path: Path, weather: list[Exercise], mode: str) -> None:
    """Zip and tar, plain and compressed, are read in memory, at every call again."""
    files = {"./work/gather_weather.py": RIGHT, "./work/city.py": "", "__MACOSX/._x": "", "work/.DS_Store": ""}
    if mode == "zip":
        files = {path.removeprefix("./"): content for path, content in files.items()}
    end = {"zip": "zip", "w:": "tar", "w:gz": "tgz", "w:bz2": "tar.bz2", "w:xz": "tar.xz"}[mode]
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / f"ada.{end}").write_bytes(zipped(files) if mode == "zip" else tarred(files, mode))
    before = sorted(tmp_path.rglob("*"))

    intake = read(folder, weather)

    (one,) = intake.submitted
    assert one.source == f"ada.{end}!work/gather_weather.py"
    assert one.student_key == "ada"
    assert one.files() == one.files() == {"gather_weather.py": RIGHT.encode(), "city.py": b""}
    assert intake.problems == ()
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("kind", ["class.zip", "class.tar", "class.tar.gz"])
def test_a_whole_class_as_one_archive(tmp_path: Path, weather: list[Exercise], kind: str) -> None:
    """It is read as a folder would be, with students' own archives in it, but no deeper."""
    files: dict[str, str | bytes] = {
        "class/ada/gather_weather.py": RIGHT,
        "class/grace.zip": zipped({"gather_weather.py": RIGHT, "old.zip": zipped({"gather_weather.py": "x"})}),
        "class/linus/work.tar.gz": tarred({"gather_weather.py": RIGHT}),
    }
    path = tmp_path / kind
    path.write_bytes(zipped(files) if kind.endswith("zip") else tarred(files, "w:gz" if "gz" in kind else "w:"))

    intake = read(path, weather)

    assert [one.source for one in intake.submitted] == [
        f"{kind}!class/ada/gather_weather.py",
        f"{kind}!class/grace.zip!gather_weather.py",
        f"{kind}!class/linus/work.tar.gz!gather_weather.py",
    ]
    assert {content for one in intake.submitted for content in one.files().values()} == {RIGHT.encode()}
    assert [str(p) for p in intake.problems] == [
        f"{kind}!class/grace.zip: left out: old.zip is an archive in an archive, which is not read"
    ]


def test_files_of_one_exercise(tmp_path: Path, weather: list[Exercise]) -> None:
    """A plain file is its student's, when one exercise is asked for or the name says which; neighbours stay apart."""
    folder = lay(
        tmp_path / "class",
        {
            "ada.py": RIGHT,
            "grace_03.py": RIGHT,
            "03-gather-weather-linus.py": RIGHT,
            "gather_weather_alan.py": RIGHT,
            "ada_02.py": "another exercise\n",
            "notes.txt": "mine",
        },
    )

    intake = read(folder, weather)

    assert {key: one.main for key, one in found(intake).items()} == {
        ("ada", "03"): "ada.py",
        ("grace", "03"): "grace_03.py",
        ("linus", "03"): "gather_weather.py",
        ("alan", "03"): "gather_weather_alan.py",
    }
    assert found(intake)["ada", "03"].files() == {"ada.py": RIGHT.encode()}
    assert found(intake)["linus", "03"].source == "03-gather-weather-linus.py"


def test_files_of_several_exercises(tmp_path: Path, exercises: list[Exercise]) -> None:
    """Of several exercises the name must say which; one that does not is named."""
    folder = lay(tmp_path / "class", {"ada_03.py": RIGHT, "ada_hw2.py": "x = 1\n", "grace.py": RIGHT})

    intake = read(folder, exercises)

    assert {key: one.main for key, one in found(intake).items()} == {
        ("ada", "02"): "ada_hw2.py",
        ("ada", "03"): "ada_03.py",
    }
    assert [str(p) for p in intake.problems] == [
        "grace.py: no submission of 02, 03: expected files named after the exercises, found grace.py"
    ]


def test_numbered_students(tmp_path: Path, weather: list[Exercise]) -> None:
    """A number after 'student', or one that is no exercise's, is part of a name."""
    names = ["student_02.py", "student_03.py", "s03.py", "mo_3.py", "mo_77.py"]
    folder = lay(tmp_path / "class", dict.fromkeys(names, RIGHT))

    assert [student.key for student in read(folder, weather).students] == [
        "mo_3",
        "mo_77",
        "s03",
        "student_02",
        "student_03",
    ]


def test_a_folder_per_exercise(tmp_path: Path, exercises: list[Exercise]) -> None:
    """Students may lie below exercises; those of exercises that were not asked for are left alone."""
    folder = lay(
        tmp_path / "class",
        {
            "03_gather_weather/ada.py": RIGHT,
            "03_gather_weather/grace/my_try.py": RIGHT,
            "2/ada.py": "x = 1\n",
            "04_cook_dishes/ada.py": "not asked for\n",
        },
    )

    intake = read(folder, exercises)

    assert {key: one.source for key, one in found(intake).items()} == {
        ("ada", "02"): "2/ada.py",
        ("ada", "03"): "03_gather_weather/ada.py",
        ("grace", "03"): "03_gather_weather/grace/my_try.py",
    }
    assert [p.text for p in intake.problems] == ["no submission of 02"]


def test_the_only_file_and_usual_names(tmp_path: Path, weather: list[Exercise]) -> None:
    """In a folder the only Python file, or main.py, is graded when nothing is named after the exercise; tests never are."""
    folder = lay(
        tmp_path / "class",
        {
            "ada/weather.py": RIGHT,
            "ada/test_weather.py": "",
            "grace/main.py": RIGHT,
            "grace/tools.py": "",
            "linus/one.py": "1",
            "linus/two.py": "2",
            "alan/03/answer.py": RIGHT,
            "alan/03/tools.py": "",
            "alan/other/main.py": "",
            "mary/essay.docx": "",
        },
    )

    intake = read(folder, weather)

    assert {key[0]: one.source for key, one in found(intake).items()} == {
        "ada": "ada/weather.py",
        "alan": "alan/03/answer.py",
        "grace": "grace/main.py",
    }
    assert sorted(str(p) for p in intake.problems) == [
        "linus/one.py: 2 files may be 03_gather_weather, linus/one.py and linus/two.py; none is graded: call one gather_weather.py",
        "mary: no submission of 03: expected gather_weather.py, found essay.docx",
    ]


def test_two_submissions_are_not_chosen_between(tmp_path: Path, weather: list[Exercise]) -> None:
    """Both are named and neither is graded; copies count once, and the untouched stub does not."""
    folder = lay(
        tmp_path / "class",
        {
            "ada/gather_weather.py": RIGHT,
            "ada.py": "another\n",
            "grace/gather_weather.py": RIGHT,
            "grace.py": RIGHT,
            "linus/old/gather_weather.py": RIGHT,
            "linus/exercises/03_gather_weather/gather_weather.py": "# TODO\n",
            "alan/gather_weather.py": "old\n",
            "alan/03/gather_weather.py": RIGHT,
        },
    )
    (folder / "ada.zip").write_bytes(zipped({"gather_weather.py": "a third\n"}))

    intake = read(folder, weather)

    assert {one.student_key: one.source for one in intake.submitted} == {
        "alan": "alan/03/gather_weather.py",
        "grace": "grace/gather_weather.py",
        "linus": "linus/old/gather_weather.py",
    }
    assert [(p.student_key, p.exercise, p.text) for p in intake.problems] == [
        (
            "ada",
            WEATHER,
            "2 submissions of 03_gather_weather, ada/gather_weather.py and ada.zip!gather_weather.py; none is graded: keep one of them",
        ),
        ("alan", WEATHER, "is graded, being in the exercise's folder; not alan/gather_weather.py, which differs"),
    ]


def test_case_of_names(tmp_path: Path, weather: list[Exercise]) -> None:
    """Ada and ada are one student who handed in twice; a copy's number and odd spelling do not hide a file."""
    folder = lay(
        tmp_path / "class",
        {
            "Ada.py": RIGHT,
            "ada.py": "another\n",
            "grace/Gather-Weather (1).py": RIGHT,
        },
    )

    intake = read(folder, weather)

    (one,) = intake.submitted
    assert (one.source, one.main) == ("grace/Gather-Weather (1).py", "gather_weather.py")
    (problem,) = intake.problems
    assert "Ada.py and ada.py" in problem.text


def test_limits_of_what_goes_along(tmp_path: Path, weather: list[Exercise]) -> None:
    """Large and many files beside the one to grade are left out, the farthest first, and it is graded; itself too large, not."""
    many = {f"ada/data/{number:03}.txt": "x" for number in range(300)}
    folder = lay(
        tmp_path / "class",
        {
            "ada/gather_weather.py": RIGHT,
            "ada/city.py": "",
            "ada/large.csv": "1" * (2**20 + 1),
            **many,
            "grace/gather_weather.py": "#" * (2**20 + 1),
        },
    )

    intake = read(folder, weather)

    (one,) = intake.submitted
    files = one.files()
    assert len(files) == 200
    assert {"gather_weather.py", "city.py", "data/197.txt"} <= files.keys()
    assert [str(p) for p in intake.problems] == [
        "ada/gather_weather.py: is graded without 103 of the files beside it, the first being large.csv",
        "grace/gather_weather.py: is larger than 1 MiB, which is more than is graded",
    ]


def test_changed_after_reading(tmp_path: Path, weather: list[Exercise]) -> None:
    """A file that changes or goes while the class is graded is no other submission."""
    folder = lay(tmp_path / "class", {"ada.py": RIGHT, "grace.py": RIGHT})
    one, two = read(folder, weather).submitted
    (folder / "ada.py").write_text("changed\n", "utf-8")
    (folder / "grace.py").unlink()

    with pytest.raises(IntakeError, match="^ada.py: changed while the class was being graded$"):
        one.files()
    with pytest.raises(IntakeError, match="^grace.py: cannot be read: No such file"):
        two.files()


def test_links_are_not_followed(tmp_path: Path, weather: list[Exercise]) -> None:
    """What lies elsewhere is not handed in, whether by a link to a file or to a folder."""
    folder = lay(tmp_path / "class", {"ada/tools.txt": "", "grace/gather_weather.py": RIGHT})
    secret = lay(tmp_path / "elsewhere", {"gather_weather.py": "secret\n"})
    (folder / "ada/gather_weather.py").symlink_to(secret / "gather_weather.py")
    (folder / "grace/secrets").symlink_to(secret)
    (folder / "linus").symlink_to(secret)

    intake = read(folder, weather)

    assert [one.files() for one in intake.submitted] == [{"gather_weather.py": RIGHT.encode()}]
    assert [str(p) for p in intake.problems] == [
        "SUBMISSIONS: left out: linus is a link",
        "ada: left out: gather_weather.py is a link",
        "ada: no submission of 03: expected gather_weather.py, found tools.txt",
        "grace: left out: secrets is a link",
    ]


def test_unreadable_files_and_folders(tmp_path: Path, weather: list[Exercise], monkeypatch: pytest.MonkeyPatch) -> None:
    """What may not be read is named, and the rest is read."""
    import os

    folder = lay(
        tmp_path / "class",
        {
            "ada/gather_weather.py": RIGHT,
            "grace/gather_weather.py": RIGHT,
            "grace/secret.txt": "",
            "linus/gather_weather.py": RIGHT,
            "linus/inner/x.py": "",
            "alan/gather_weather.py": RIGHT,
        },
    )
    real_open, real_scan = os.open, os.scandir

    def guarded_open(path: Path, *args: int) -> int:
        if str(path).endswith(("ada/gather_weather.py", "secret.txt")):
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *args)

    def guarded_scan(path: Path) -> object:
        if str(path).endswith(("alan", "inner")):
            raise PermissionError(13, "Permission denied", str(path))
        return real_scan(path)

    monkeypatch.setattr(os, "open", guarded_open)
    monkeypatch.setattr(os, "scandir", guarded_scan)

    intake = read(folder, weather)

    assert [(one.student_key, sorted(one.files())) for one in intake.submitted] == [
        ("grace", ["gather_weather.py"]),
        ("linus", ["gather_weather.py"]),
    ]
    assert [(str(p), p.student_key, p.absent) for p in intake.problems] == [
        ("ada/gather_weather.py: cannot be read: Permission denied", "ada", False),
        ("alan: cannot be read: Permission denied", "alan", False),
        (
            "grace/gather_weather.py: is graded without 1 of the files beside it, the first being secret.txt",
            "grace",
            False,
        ),
        ("linus: left out: inner cannot be read: Permission denied", "linus", False),
    ]


def test_nothing_to_read(tmp_path: Path, weather: list[Exercise]) -> None:
    """No folder, an empty one, and one of something else end with one line each."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "class.rar").write_bytes(b"Rar!")
    (tmp_path / "class.zip").write_bytes(b"PK\x03\x04 and no more")
    lay(tmp_path / "readme", {"README.md": "hello", ".hidden/ada.py": RIGHT})

    for name, text in {
        "gone": "there is no such folder or archive",
        "empty": "there are no submissions in it",
        "readme": "there are no submissions in it",
        "class.rar": "is neither a folder nor a .zip or .tar archive of submissions",
        "class.zip": "is no zip archive, or only the beginning of one",
    }.items():
        with pytest.raises(IntakeError) as caught:
            read(tmp_path / name, weather)
        assert str(caught.value) == f"{tmp_path / name}: {text}"


def test_rostered_students(tmp_path: Path, exercises: list[Exercise]) -> None:
    """Everybody on the roster is a student; who handed in nothing is told of once, and strangers are graded all the same."""
    roster_file = tmp_path / "roster.csv"
    roster_file.write_text("login,name\nada,Ada Lovelace\ngrace,Grace Hopper\nlinus,Linus T\n", "utf-8")
    folder = lay(
        tmp_path / "class",
        {
            "ada/gather_weather.py": RIGHT,
            "ada/count_async.py": "",
            "hopper grace/gather_weather.py": RIGHT,
            "mallory/gather_weather.py": "",
        },
    )

    intake = read(folder, exercises, read_roster(roster_file))

    assert [student.key for student in intake.students] == ["ada", "grace", "linus", "mallory"]
    assert sorted(found(intake)) == [("ada", "02"), ("ada", "03"), ("grace", "03"), ("mallory", "03")]
    assert [(str(p), p.student_key, p.absent) for p in intake.problems] == [
        ("mallory: mallory is not on the roster; graded as mallory", "mallory", False),
        ("hopper grace: no submission of 02", "grace", True),
        ("Linus T: no submission of 02, 03", "linus", True),
        ("mallory: no submission of 02", "mallory", True),
    ]


def test_an_ambiguous_name(tmp_path: Path, weather: list[Exercise]) -> None:
    """A name that two rostered students have is nobody's; both are named, and the submission is graded."""
    roster_file = tmp_path / "roster.csv"
    roster_file.write_text("id,name,email\n1,Kim Lee,kim@a.org\n2,Lee Kim,lee@b.org\n", "utf-8")
    folder = lay(tmp_path / "class", {"Kim Lee.py": RIGHT, "lee.py": RIGHT})

    intake = read(folder, weather, read_roster(roster_file))

    assert [one.student_key for one in intake.submitted] == ["2", "Kim Lee"]
    assert (
        str(intake.problems[0])
        == "Kim Lee.py: Kim Lee may be Kim Lee (1) or Lee Kim (2) of the roster; graded as Kim Lee"
    )


def test_order(tmp_path: Path, exercises: list[Exercise]) -> None:
    """Students, submissions and problems come in the same order every time, whatever the file system's."""
    names = ["zoe", "ada", "Mo", "bo"]
    folder = lay(tmp_path / "class", {f"{name}/{e.slug}.py": name for name in names for e in reversed(exercises)})

    intake = read(folder, list(reversed(exercises)))

    assert [(one.student_key, one.exercise) for one in intake.submitted] == [
        (name, exercise.name) for name in sorted(names) for exercise in exercises
    ]
    assert intake == read(folder, exercises)


def test_numbers_for_names(tmp_path: Path, exercises: list[Exercise]) -> None:
    """A folder called 3 is a student's when their work lies in it, and an exercise's when students do; which, is said."""
    folder = lay(
        tmp_path / "class",
        {
            "2/gather_weather.py": RIGHT,
            "04/exercises/03_gather_weather/gather_weather.py": RIGHT,
            "03/ada.py": RIGHT,
        },
    )
    other = lay(tmp_path / "other", {"4/ada.py": "", "3/ada.py": RIGHT})

    intake = read(folder, exercises)

    assert [(one.student_key, one.exercise) for one in intake.submitted] == [
        ("04", WEATHER),
        ("2", WEATHER),
        ("ada", WEATHER),
    ]
    assert str(read(other, exercises).problems[0]) == "4: is taken for exercise 04_cook_dishes, which was not asked for"


def test_a_numbered_student_of_the_roster(tmp_path: Path, weather: list[Exercise]) -> None:
    """A whole name that the roster knows is not taken apart, and two that differ in their number stay two."""
    roster_file = tmp_path / "roster.csv"
    roster_file.write_text("key\nmo_03\nmo_02\n", "utf-8")
    folder = lay(tmp_path / "class", {"mo_03.py": RIGHT, "mo_02/gather_weather.py": RIGHT})

    intake = read(folder, weather, read_roster(roster_file))

    assert [one.student_key for one in intake.submitted] == ["mo_02", "mo_03"]
    assert intake.problems == ()


def test_a_file_that_names_nobody(tmp_path: Path, weather: list[Exercise]) -> None:
    """gather_weather.py beside the students' folders is graded, and somebody is asked whose it is."""
    intake = read(lay(tmp_path / "class", {"gather_weather.py": RIGHT, "ada/gather_weather.py": RIGHT}), weather)

    assert [one.student_key for one in intake.submitted] == ["ada", "gather_weather"]
    assert [str(p) for p in intake.problems] == [
        "gather_weather.py: names no student; put it into a folder with the student's name"
    ]


@pytest.mark.parametrize("kind", ["class.zip", "class.tar.xz"])
def test_a_class_that_is_alike(tmp_path: Path, weather: list[Exercise], kind: str) -> None:
    """A whole class may pack a hundredfold, being alike; what is left out of it is told of its student."""
    data = "x = 1\n" * 150_000
    files: dict[str, str | bytes] = {
        f"s{n:02}/{name}": text for n in range(20) for name, text in {"gather_weather.py": RIGHT, "d.txt": data}.items()
    }
    files["s07/../../evil.py"] = "evil"
    files["s08/C:\\evil.py"] = "evil"
    path = tmp_path / kind
    path.write_bytes(zipped(files) if kind.endswith("zip") else tarred(files, "w:xz"))

    intake = read(path, weather)

    assert len(intake.submitted) == 20
    assert [(p.source, p.student_key) for p in intake.problems] == [(f"{kind}!s07", "s07"), (f"{kind}!s08", "s08")]
    assert len(intake.submitted[-1].files()["d.txt"]) == len(data)


@pytest.mark.parametrize("kind", ["folder", "zips", "class.zip"])
def test_memory(tmp_path: Path, weather: list[Exercise], kind: str) -> None:
    """Contents are not held: reading a class takes as much memory as one submission, and a little for each name."""
    import random
    import tracemalloc

    noise = random.Random(1)
    files = {f"s{n:03}/gather_weather.py": noise.randbytes(100_000).hex() for n in range(100)}
    folder = tmp_path / "class"
    if kind == "folder":
        lay(folder, files)
    elif kind == "zips":
        folder.mkdir()
        for path, content in files.items():
            (folder / f"{path[:4]}.zip").write_bytes(zipped({"gather_weather.py": content}))
    else:
        folder = tmp_path / kind
        folder.write_bytes(zipped(files))
    del files

    tracemalloc.start()
    try:
        intake = read(folder, weather)
        assert all(len(content) == 200_000 for one in intake.submitted for content in one.files().values())
        assert len(intake.submitted) == 100
        assert tracemalloc.get_traced_memory()[1] < 3 * 2**20
    finally:
        tracemalloc.stop()


def test_downloads_and_notebooks(tmp_path: Path, weather: list[Exercise]) -> None:
    """A second download is the same student's; a notebook is somebody's, and not graded."""
    folder = lay(tmp_path / "class", {"bo.py": RIGHT, "bo (2).py": RIGHT, "ada.ipynb": "{}"})

    intake = read(folder, weather)

    assert [one.student_key for one in intake.submitted] == ["bo"]
    assert [str(p) for p in intake.problems] == [
        "ada.ipynb: no submission of 03: expected gather_weather.py, found ada.ipynb"
    ]
