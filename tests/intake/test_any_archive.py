"""Whatever bytes and names are handed in: a class is read, within the limits, without an error and without a trace."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.exercise import Exercise
from grader.intake import IntakeError, limits, read_class, read_roster

RIGHT = b"async def gather_weather(): ...\n"
FEW = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.one_of(
    st.text(max_size=20),
    st.text(st.sampled_from("a./\\:\0\u202eA\u00e9-_013"), max_size=12).map(lambda text: f"{text}.py"),
    st.sampled_from(
        ["gather_weather.py", "GATHER_WEATHER.py", "x/gather_weather.py", "../x.py", "/x.py", "__MACOSX/x.py"]
    ),
)
MEMBERS = st.lists(st.tuples(NAMES, st.binary(max_size=50)), max_size=5)


@pytest.fixture
def weather(tmp_path: Path) -> list[Exercise]:
    """One exercise."""
    folder = tmp_path / "course" / "exercises" / "03_gather_weather"
    folder.mkdir(parents=True)
    (folder / "test_gather_weather.py").write_text("FUNCTIONS = {}\n", "utf-8")
    return [Exercise(folder)]


@contextmanager
def class_of(files: dict[str, bytes]) -> Iterator[Path]:
    """A folder with these files, which must be the same afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        yield folder
        assert {path.relative_to(place).as_posix() for path in Path(place).rglob("*")} == {
            "class",
            *(f"class/{n}" for n in files),
        }
        assert all((folder / name).read_bytes() == content for name, content in files.items())


def check(files: dict[str, bytes], exercises: list[Exercise]) -> None:
    with class_of(files) as folder:
        intake = read_class(folder, exercises)
        keys = {student.key for student in intake.students}
        assert {one.student_key for one in intake.submitted} <= keys
        for problem in intake.problems:
            assert str(problem).isprintable()
            assert problem.student_key is None or problem.student_key in keys
        for one in intake.submitted:
            contents = one.files()
            assert one.main in contents
            assert len(contents) <= limits.FILES
            assert sum(map(len, contents.values())) <= limits.SUBMISSION
            assert not any(path.startswith("/") or ".." in path.split("/") or "\\" in path for path in contents)


def check_root(name: str, content: bytes, exercises: list[Exercise]) -> None:
    with class_of({name: content}) as folder:
        try:
            intake = read_class(folder / name, exercises)
        except IntakeError as error:
            assert "\n" not in str(error)
        else:
            for one in intake.submitted:
                assert one.main in one.files()


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, content)
    return buffer.getvalue()


def tarred(members: list[tuple[str, bytes]], style: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style, errors="surrogatepass") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


VALID = [("ada/gather_weather.py", RIGHT), ("ada/city.py", b"x = 1\n"), ("ada/" + "n" * 120, b"data")]
SEEDS = [
    ("ada.zip", zipped(VALID)),
    ("ada.tar", tarred(VALID, tarfile.PAX_FORMAT)),
    ("ada.tar", tarred(VALID, tarfile.GNU_FORMAT)),
    ("ada.tgz", gzip.compress(tarred(VALID, tarfile.PAX_FORMAT), mtime=0)),
    ("ada.tar.bz2", bz2.compress(tarred(VALID, tarfile.GNU_FORMAT))),
    ("ada.tar.xz", lzma.compress(tarred(VALID, tarfile.GNU_FORMAT))),
]


@FEW
@given(name=st.sampled_from(sorted({name for name, _ in SEEDS})), content=st.binary(max_size=600))
def test_any_bytes_as_an_archive(weather: list[Exercise], name: str, content: bytes) -> None:
    """Bytes that are no archive are a student's problem, or nobody's class."""
    check({name: content, "grace.py": RIGHT}, weather)
    check_root(name, content, weather)


@settings(FEW, max_examples=200)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 255) | st.sampled_from([0, 0x7F, 0x80, 0xFF])), max_size=6
    ),
    cut=st.one_of(st.none(), st.integers(0, 10**6)),
)
def test_valid_archives_changed(
    weather: list[Exercise], seed: tuple[str, bytes], changes: list[tuple[int, int]], cut: int | None
) -> None:
    """So are archives with some bytes changed or their end cut off."""
    name, content = seed
    data = bytearray(content)
    for place, value in changes:
        data[place % len(data)] = value
    data = data[: cut % len(data)] if cut is not None else data
    check({name: bytes(data), "grace.py": RIGHT}, weather)
    check_root(name, bytes(data), weather)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@FEW
@given(members=MEMBERS, style=st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))
@example(members=[("\ud800.py", b"")], style=tarfile.PAX_FORMAT)
def test_any_names_of_members(weather: list[Exercise], members: list[tuple[str, bytes]], style: int) -> None:
    """Any names in an archive, of one student or of the class."""
    archives: dict[str, Any] = {"grace.py": RIGHT}
    with suppress(ValueError):
        archives["ada.zip"] = zipped(members)
    with suppress(ValueError):
        archives["linus.tar"] = tarred(members, style)
    check(archives, weather)
    for name in archives.keys() - {"grace.py"}:
        check_root(name, archives[name], weather)


@FEW
@given(
    names=st.sets(
        st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20), max_size=4
    )
)
def test_any_names_of_files(weather: list[Exercise], names: set[str]) -> None:
    """Any names that a file system allows, as students and as platforms' files."""
    files = {"grace.py": RIGHT}
    for name in sorted(names):
        for shape in ("{}.py", "{}_1_2_gather_weather.py", "{}_3_assignsubmission_file_x.py"):
            files[shape.format(name.strip("."))] = RIGHT
    check(files, weather)


@FEW
@given(content=st.binary(max_size=200) | st.text(st.sampled_from('name,;\t"\n\r@a'), max_size=60).map(str.encode))
def test_any_roster(tmp_path: Path, content: bytes) -> None:
    """A roster of any bytes is read or refused in one line."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    try:
        assert read_roster(path).students
    except IntakeError as error:
        assert "\n" not in str(error)
