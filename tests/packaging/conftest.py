"""The project's packages, built and installed without a network, and a search for answers that unpacks all it meets."""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.shipped import PROJECT, files_in

ROOT = Path(__file__).parents[2]
_RUN_OF_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_DISTINCTIVE = 20  # characters


class Packages(NamedTuple):
    wheel: Path
    sdist: Path


class Installed:
    """An installation of a wheel in an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        (self.package,) = folder.glob("lib/python3*/site-packages/grader")

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, ``python`` or ``onedelay``, in *cwd*; it finds no other installation."""
        own = {name: text for name, text in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
        own |= {"PYTHONUTF8": "1", "COLUMNS": "120"}
        program = [str(self.programs / command[0]), *command[1:]]
        return subprocess.run(program, cwd=cwd, env=own, capture_output=True, text=True, timeout=300, check=False)


Install = Callable[[Path], Installed]


@pytest.fixture(scope="session")
def build() -> Callable[..., list[Path]]:
    """Return what builds a project's packages; their requirements are those of this environment."""
    return _build


def _build(source: Path, out: Path, *targets: str) -> list[Path]:
    options = [word for target in targets for word in ("--target", target)]
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(out), *options]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    return sorted(out.iterdir())


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, which nobody works in while packages are made of it."""
    folder = tmp_path_factory.mktemp("clone")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    for name in {*settings["only-include"], *PROJECT, ".gitignore"}:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def packages(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """The wheel, as pip builds it, and the source distribution of the clone."""
    out = tmp_path_factory.mktemp("packages")
    offline = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", "-q", *offline, "--wheel-dir", str(out / "wheel"), str(clone)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = (out / "wheel").iterdir()
    (sdist,) = _build(clone, out / "sdist", "sdist")
    return Packages(wheel, sdist)


@pytest.fixture(scope="session")
def install() -> Iterator[Install]:
    """Return what installs a wheel without a network.

    The new environment has nothing of its own but the wheel. A .pth file adds the packages of the environment that runs
    the tests, behind it; the .pth files among those, by which a clone is installed, are not followed. It lies where any
    user may read it, as an installation does, so that what is closed to a submission is closed by us.
    """
    made: dict[Path, Installed] = {}
    with contextlib.ExitStack() as stack:

        def install(wheel: Path) -> Installed:
            if wheel not in made:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onedelay-environment-")))
                folder.chmod(0o755)
                made[wheel] = _installed(wheel, folder)
            return made[wheel]

        yield install


def _installed(wheel: Path, folder: Path) -> Installed:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "of_the_tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check"]
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "-q"]
    subprocess.run([*pip, *offline, str(wheel)], check=True, capture_output=True, timeout=120)
    return Installed(folder)


@pytest.fixture(scope="session")
def installed(packages: Packages, install: Install) -> Installed:
    """The project's own wheel, installed."""
    return install(packages.wheel)


# -- looking for answers ---------------------------------------------------------------------------------------


class Answers:
    """The lines by which answers and hidden checks are known: what stands in them, and in nothing that is given out."""

    def __init__(self) -> None:
        given = {line for text in self._given() for line in _lines(text)}
        self.files = {
            path: {line for line in _lines(text) if len(line) >= _DISTINCTIVE} - given
            for path, text in files_in(ROOT / "solutions").items()
        }
        self.lines = set().union(*self.files.values())

    def _given(self) -> Iterator[bytes]:
        yield from files_in(ROOT / "exercises").values()
        yield from files_in(ROOT / "grader").values()
        yield from ((ROOT / name).read_bytes() for name in PROJECT)

    def seen_in(self, contents: Iterable[bytes]) -> set[str]:
        """Return the lines that can be read in *contents* as they are."""
        return {line for content in contents for line in _lines(content)} & self.lines

    def hidden_in(self, contents: Iterable[bytes]) -> set[str]:
        """Return the lines that are in *contents* in whatever way they are packed."""
        return self.seen_in(layer for content in contents for layer in _layers(content))


def _lines(content: bytes) -> set[str]:
    # Also those within a text that is written as a constant, in JSON or in a program.
    text = content.decode("latin-1").replace("\\n", "\n").replace('\\"', '"').replace("\\'", "'")
    return {line.strip().strip("\"', ") for line in text.splitlines()}


def _layers(content: bytes, depth: int = 6) -> Iterator[bytes]:
    """Yield *content* and all that it unpacks to."""
    yield content
    if not depth:
        return
    for inner in (*_members(content), *_streams(content), *_decoded(content)):
        yield from _layers(inner, depth - 1)


def _members(content: bytes) -> Iterator[bytes]:
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from map(archive.read, archive.namelist())
    with (
        contextlib.suppress(tarfile.TarError, OSError, EOFError, ValueError),
        tarfile.open(fileobj=io.BytesIO(content)) as tar,
    ):
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                yield file.read()


def _streams(content: bytes) -> Iterator[bytes]:
    # Wherever one may begin; 47 takes the headers of zlib and of gzip.
    for found in _ZLIB.finditer(content):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(47).decompress(content[found.start() :])


def _decoded(content: bytes) -> Iterator[bytes]:
    for found in _RUN_OF_BASE64.findall(content.replace(b"\n", b"")):
        with contextlib.suppress(binascii.Error):
            yield base64.b64decode(
                found.rstrip(b"=") + b"==", altchars=b"-_" if b"-" in found or b"_" in found else None
            )


@pytest.fixture(scope="session")
def answers() -> Answers:
    return Answers()


@pytest.fixture(scope="session")
def contents_of() -> Callable[[Path], Mapping[str, bytes]]:
    """Return what reads a wheel or a source distribution: path, without the latter's own folder -> content."""
    return _contents_of


def _contents_of(archive: Path) -> Mapping[str, bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as tar:
        files = {member.name: tar.extractfile(member) for member in tar if member.isfile()}
        return {name.partition("/")[2]: file.read() for name, file in files.items() if file is not None}
