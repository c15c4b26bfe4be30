"""Hostile and broken archives: each is a problem that says what is wrong, nothing outside is read, nothing is written."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.exercise import Exercise
from grader.intake import Intake, limits, read_class

RIGHT = b"async def gather_weather(): ...\n"
NAME = "gather_weather.py"


@pytest.fixture
def weather(tmp_path: Path) -> list[Exercise]:
    """One exercise."""
    folder = tmp_path / "course" / "exercises" / "03_gather_weather"
    folder.mkdir(parents=True)
    (folder / "test_gather_weather.py").write_text("FUNCTIONS = {}\n", "utf-8")
    (folder / "gather_weather.py").write_text("# TODO\n", "utf-8")
    return [Exercise(folder)]


@pytest.fixture
def take(tmp_path: Path, weather: list[Exercise]) -> Callable[[bytes, str], Intake]:
    """Read a class of one archive and one plain file; nothing may be written."""

    def take(content: bytes, name: str) -> Intake:
        folder = tmp_path / "class"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        (folder / "grace.py").write_bytes(RIGHT)
        before = sorted(tmp_path.rglob("*"))
        intake = read_class(folder, weather)
        assert sorted(tmp_path.rglob("*")) == before
        assert [one.student_key for one in intake.submitted][-1:] == ["grace"]
        return intake

    return take


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            with pytest.warns(UserWarning) if name in archive.namelist() else _nothing():
                archive.writestr(name, content)
    return buffer.getvalue()


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *args: object) -> None: ...


def tarred(*members: tuple[str, bytes, bytes] | tuple[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=style) as archive:
        for name, content, *kind in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if kind:
                info.type, info.linkname, info.size = kind[0], content.decode(), 0
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return a tar header that may claim any size."""
    info = tarfile.TarInfo(name)
    info.type = kind
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"\x80" + size.to_bytes(11, "big") if size >= 0 else b"\xff" + (256**11 + size).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def linked(name: str, target: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    del target
    return info


BAD_NAMES = {
    "/etc/passwd.py": "has an absolute name",
    "../gather_weather.py": "has a name that leads elsewhere (..)",
    "a/../../x.py": "has a name that leads elsewhere (..)",
    "C:/x.py": "has a Windows path for a name",
    "a\\..\\x.py": "has a Windows path for a name",
    "a/\x1b[31mred.py": "has control or invisible characters in its name",
    "\u202eyp.exe": "has control or invisible characters in its name",
    "a//x.py": "has an empty name",
    "/".join("d" * 20) + "/x.py": "lies more than 16 folders deep",
    "x" * 300 + ".py": "has too long a name",
}


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize("name", BAD_NAMES, ids=range(len(BAD_NAMES)))
def test_names_that_are_refused(take: Callable[[bytes, str], Intake], kind: str, name: str) -> None:
    """The member is left out and named, printably; the rest of the archive is read."""
    members = (name, b"evil"), (NAME, RIGHT)
    intake = take(zipped(*members), "ada.zip") if kind == "zip" else take(tarred(*members), "ada.tar")

    assert [one.student_key for one in intake.submitted] == ["ada", "grace"]
    assert intake.submitted[0].files() == {NAME: RIGHT}
    (problem,) = intake.problems
    assert problem.text.startswith("left out: ")
    assert problem.text.endswith(BAD_NAMES[name])
    assert str(problem).isprintable()


def test_a_name_with_an_end_in_it(take: Callable[[bytes, str], Intake]) -> None:
    """What zipfile would cut off at a zero byte is not read under the rest of its name."""
    content = zipped(("gather_weather.py!.txt", b"evil"))
    intake = take(content.replace(b"gather_weather.py!.txt", b"gather_weather.py\0.txt"), "ada.zip")

    assert "gather_weather.py\\x00.txt has control or invisible characters" in intake.problems[0].text
    assert len(intake.submitted) == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (tarfile.SYMTYPE, "is a link"),
        (tarfile.LNKTYPE, "is a link"),
        (tarfile.CHRTYPE, "is no ordinary file"),
        (tarfile.BLKTYPE, "is no ordinary file"),
        (tarfile.FIFOTYPE, "is no ordinary file"),
    ],
)
def test_members_that_are_no_files(take: Callable[[bytes, str], Intake], kind: bytes, text: str) -> None:
    """Links and devices are left out, so that their names mean nothing, wherever they point."""
    intake = take(tarred(("tools.py", b"/etc/passwd", kind), (NAME, RIGHT)), "ada.tar")

    assert intake.submitted[0].files() == {NAME: RIGHT}
    assert [p.text for p in intake.problems] == [f"left out: tools.py {text}"]


def test_a_link_in_a_zip(take: Callable[[bytes, str], Intake]) -> None:
    """A zip can hold links too."""
    intake = take(zipped((linked(NAME, "/etc/passwd"), b"/etc/passwd"), ("notes.txt", b"")), "ada.zip")

    assert [one.student_key for one in intake.submitted] == ["grace"]
    assert intake.problems[0].text == "left out: gather_weather.py is a link"


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize(
    "names",
    [
        (NAME, NAME),
        (NAME, "Gather_Weather.py"),
        ("h\u00e9/x.py", "he\u0301/y.py"),
        ("Lib/x.py", "lib/y.py"),
        ("a", "a/x.py"),
    ],
)
def test_names_that_collide(take: Callable[[bytes, str], Intake], kind: str, names: tuple[str, str]) -> None:
    """Of two members that one system would take for one file or folder neither is read."""
    members = [(names[0], b"1"), (names[1], b"2"), ("main.py", RIGHT)]
    intake = take(zipped(*members), "ada.zip") if kind == "zip" else take(tarred(*members), "ada.tar")

    assert intake.submitted[0].files() == {"main.py": RIGHT}
    assert "has the same name as another" in intake.problems[0].text


def patched(content: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Change a field of the first header with that signature."""
    at = content.index(signature) + offset
    return content[:at] + value + content[at + len(value) :]


ONE = zipped((NAME, RIGHT))
TWO = zipped((NAME, RIGHT), ("tools.py", b"x = 1\n"))


def overlapping() -> bytes:
    """Return a zip whose second entry points at the first's bytes."""
    at = TWO.index(b"PK\x01\x02", TWO.index(b"PK\x01\x02") + 4)
    return TWO[: at + 42] + struct.pack("<L", 0) + TWO[at + 46 :]


def of_64_bits(count: int) -> bytes:
    """Return a zip whose directory is described in 64 bits, with that count of members."""
    at = ONE.index(b"PK\x05\x06")
    size, start = struct.unpack_from("<2L", ONE, at + 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return ONE[:at] + record + locator + patched(ONE[at:], b"PK\x05\x06", 8, b"\xff" * 12)


BROKEN_ZIPS: dict[str, tuple[bytes, str]] = {
    "encrypted": (patched(patched(ONE, b"PK\x01\x02", 8, b"\x01"), b"PK\x03\x04", 6, b"\x01"), "is encrypted"),
    "truncated": (ONE[:-30], "is no zip archive, or only the beginning of one"),
    "empty": (b"", "is no zip archive, or only the beginning of one"),
    "text": (b"print('hello')\n", "is no zip archive, or only the beginning of one"),
    "overlapping": (overlapping(), "has members that overlap one another"),
    "beyond": (patched(ONE, b"PK\x01\x02", 20, struct.pack("<L", 10**6)), "has members that overlap its directory"),
    "bomb": (zipped(*((f"{n}.txt", bytes(2**20)) for n in range(20))), "would grow to more than 100 times its size"),
    "claims": (patched(ONE, b"PK\x01\x02", 24, struct.pack("<L", 2**30)), "would grow to more than 100 times its size"),
    "method": (
        zipped((NAME, RIGHT), method=zipfile.ZIP_LZMA),
        "is compressed in a way that is not read here; use an ordinary zip",
    ),
    "many": (patched(ONE, b"PK\x05\x06", 10, b"\xf0\xff"), "says it holds more than 20000 files"),
    "directory": (patched(ONE, b"PK\x05\x06", 12, b"\0\0\0\x7f"), "says it holds more than 20000 files"),
    "64 bits": (of_64_bits(10**6), "says it holds more than 20000 files"),
}


@pytest.mark.parametrize("name", BROKEN_ZIPS)
def test_zips_that_are_not_read(take: Callable[[bytes, str], Intake], name: str) -> None:
    """The archive is refused as a whole, in one line, and belongs to its student."""
    content, text = BROKEN_ZIPS[name]

    intake = take(content, "ada.zip")

    assert [(str(p), p.student_key, p.exercise, p.absent) for p in intake.problems] == [
        (f"ada.zip: {text}", "ada", "03_gather_weather", False)
    ]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            patched(ONE, b"PK\x03\x04", 30, b"other_weather.py!"),
            "is no zip archive that can be read: File name in directory",
        ),
        (
            patched(ONE, RIGHT[:4] if RIGHT[:4] in ONE else ONE[47:51], 0, b"\xff\xff\xff\xff"),
            "is no zip archive that can be read: ",
        ),
        (patched(ONE, b"PK\x01\x02", 16, b"\0\0\0\0"), "is no zip archive that can be read: Bad CRC-32"),
        (patched(ONE, b"PK\x01\x02", 24, struct.pack("<L", 5)), "is no zip archive that can be read: Bad CRC-32"),
        (patched(ONE, b"PK\x01\x02", 24, struct.pack("<L", 5000)), "says that a member has another size than it has"),
    ],
)
def test_a_zip_whose_content_is_broken(take: Callable[[bytes, str], Intake], content: bytes, text: str) -> None:
    """What the directory says and what lies there must be the same."""
    (problem,) = take(content, "ada.zip").problems

    assert problem.source == "ada.zip!gather_weather.py"
    assert problem.text.startswith(text)


FULL = tarred((NAME, RIGHT), ("tools.py", b"x = 1\n"))
BOMB = header("zeros.bin", 2**31) + bytes(2**25)
BROKEN_TARS: dict[str, tuple[bytes, str]] = {
    "truncated": (FULL[:700], "is only the beginning of an archive"),
    "no end": (FULL[:1024], "is only the beginning of an archive, or none"),
    "empty": (b"", "is only the beginning of an archive, or none"),
    "text": (b"print('hello')\n" * 50, "is no tar archive that can be read: "),
    "gzip cut": (gzip.compress(FULL)[:-20], "is no tar archive that can be read: "),
    "bzip cut": (bz2.compress(FULL)[:-20], "is only the beginning of an archive"),
    "xz cut": (lzma.compress(FULL)[:-20], "is only the beginning of an archive"),
    "xz dictionary": (
        lzma.compress(FULL, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 2**30}]),
        "is no tar archive that can be read: ",
    ),
    "gzip bomb": (gzip.compress(BOMB), "would grow to more than 100 times its size"),
    "bzip bomb": (bz2.compress(BOMB), "would grow to more than 100 times its size"),
    "xz bomb": (lzma.compress(BOMB, preset=0), "would grow to more than 100 times its size"),
    "huge": (header("x", 2**60), "is only the beginning of an archive"),
    "negative": (header("x", -1024) + bytes(1024), "has a member of negative size"),
    "long name": (header("x", 2**20, tarfile.GNUTYPE_LONGNAME) + bytes(2**20), "has a header of unreasonable size"),
    "pax": (header("x", 2**20, tarfile.XHDTYPE) + b"9" * 2**20, "has a header of unreasonable size"),
    "pax record": (header("x", 512, tarfile.XHDTYPE) + b"99 path=x\n".ljust(512, b"x"), "has a broken extended header"),
    "pax size": (
        header("x", 10, tarfile.XHDTYPE) + b"10 size=9\n".ljust(512, b"\0"),
        "holds a file with holes (sparse) or of unreasonable size, which is not read",
    ),
    "pax sparse": (
        header("x", 21, tarfile.XHDTYPE) + b"21 GNU.sparse.size=9\n".ljust(512, b"\0"),
        "holds a file with holes (sparse) or of unreasonable size, which is not read",
    ),
    "pax global": (
        header("x", 10, tarfile.XGLTYPE) + b"10 path=x\n".ljust(512, b"\0"),
        "gives all of its members the same name",
    ),
    "sparse": (
        header("x", 0, tarfile.GNUTYPE_SPARSE) + bytes(1024),
        "holds a file with holes (sparse), which is not read",
    ),
}


@pytest.mark.parametrize("name", BROKEN_TARS)
def test_tars_that_are_not_read(take: Callable[[bytes, str], Intake], name: str) -> None:
    """The archive is refused as a whole, in one line, before it can take memory or time."""
    content, text = BROKEN_TARS[name]

    intake = take(content, "ada.tar")

    (problem,) = intake.problems
    assert problem.source == "ada.tar"
    assert problem.text.startswith(text)
    assert str(problem).isprintable()


@pytest.mark.parametrize("style", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_foreign_names_in_a_tar(take: Callable[[bytes, str], Intake], style: int) -> None:
    """Names beyond a header's hundred bytes are read in either way of writing them."""
    deep = "f\u00fc/" * 5 + "n" * 150
    intake = take(tarred((NAME, RIGHT), (f"{deep}/x.py", b"1"), style=style), "ada.tar")

    assert sorted(intake.submitted[0].files()) == sorted([NAME, f"{deep}/x.py"])
    assert intake.problems == ()


def test_archives_of_several_streams(take: Callable[[bytes, str], Intake]) -> None:
    """Parallel compressors write several streams one after another."""
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        intake = take(pack(FULL[:600]) + pack(FULL[600:]), "ada.tar")
        assert sorted(intake.submitted[0].files()) == [NAME, "tools.py"]


@pytest.mark.parametrize("name", ["ada.rar", "ada.7z", "ada.tar.zst", "ada.py.gz"])
def test_other_archives(take: Callable[[bytes, str], Intake], name: str) -> None:
    """An archive of another kind is said to be one; it is its student's."""
    (problem,) = take(b"Rar!", name).problems

    assert str(problem) == f"{name}: is an archive of a kind that is not read here; hand in a .zip or .tar.gz"


@pytest.mark.parametrize("name", ["bomb", "many", "claims"])
def test_memory_of_a_zip(take: Callable[[bytes, str], Intake], name: str) -> None:
    """An archive that says it is large costs nothing to refuse."""
    tracemalloc.start()
    try:
        take(BROKEN_ZIPS[name][0], "ada.zip")
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["gzip bomb", "bzip bomb", "xz bomb", "xz dictionary", "huge", "pax"])
def test_memory_of_a_tar(take: Callable[[bytes, str], Intake], name: str) -> None:
    """A bomb is left alone long before it has gone off."""
    tracemalloc.start()
    try:
        take(BROKEN_TARS[name][0], "ada.tar")
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_special_files_on_disk(tmp_path: Path, weather: list[Exercise]) -> None:
    """A pipe in a folder is not opened, which would wait for ever."""
    import os

    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    os.mkfifo(folder / NAME)
    (folder / "main.py").write_bytes(RIGHT)

    intake = read_class(tmp_path / "class", weather)

    assert [one.main for one in intake.submitted] == ["main.py"]
    assert [str(p) for p in intake.problems] == ["ada: left out: gather_weather.py is no ordinary file"]


def test_a_zip_of_64_bits(take: Callable[[bytes, str], Intake]) -> None:
    """Large archives' way of writing is read."""
    assert take(of_64_bits(1), "ada.zip").submitted[0].files() == {NAME: RIGHT}


def test_an_archive_beyond_the_limit(tmp_path: Path, weather: list[Exercise]) -> None:
    """An archive of more than 64 MiB is not opened."""
    folder = tmp_path / "class"
    folder.mkdir()
    with (folder / "ada.zip").open("wb") as file:
        file.truncate(64 * 2**20 + 1)

    intake = read_class(folder, weather)

    assert [str(p) for p in intake.problems] == ["ada.zip: is an archive larger than 64 MiB"]


def test_names_in_another_encoding(take: Callable[[bytes, str], Intake]) -> None:
    """A name that is no UTF-8 is refused; it could not be shown as it is."""
    content = tarred((NAME, RIGHT), ("xx.py", b"1"), style=tarfile.USTAR_FORMAT)
    block = bytearray(content[1024:1536])
    block[0:2] = b"\xfc\xfc"
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()

    intake = take(content[:1024] + bytes(block) + content[1536:], "ada.tar")

    assert [p.text for p in intake.problems] == ["left out: \\udcfc\\udcfc.py has a name that is not in UTF-8"]
    assert intake.submitted[0].files() == {NAME: RIGHT}


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_many_members(take: Callable[[bytes, str], Intake], monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """More members than there may be, junk or not, are not counted to the end."""
    monkeypatch.setattr(limits, "MEMBERS", 50)
    members = [(f".venv/{number}", b"") for number in range(51)]

    (problem,) = take(zipped(*members) if kind == "zip" else tarred(*members), f"ada.{kind}").problems

    assert problem.text.endswith("holds more than 50 files")
