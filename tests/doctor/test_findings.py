"""What the doctor finds is shown line by line, as text or as data, whatever a probe does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.complaint import Complaint
from grader.doctor import commands
from grader.doctor.finding import Finding, Place, Probe, State, one_line
from grader.reports.console import console

HERE = Place(Path(), None)


def works(_: Place) -> tuple[State, str, str]:
    return State.WORKS, "well", ""


def raises(_: Place) -> tuple[State, str, str]:
    raise ZeroDivisionError("by nothing")


def complains(_: Place) -> tuple[State, str, str]:
    raise Complaint("gave no answer within 1 s")


def absent(_: Place) -> tuple[State, str, str]:
    return State.ABSENT, "no such thing", "pip install thing"


def doctor(monkeypatch: pytest.MonkeyPatch, *probes: Probe, words: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr(commands, "PROBES", probes)
    return main(["doctor", *words])


def test_a_probe_that_raises_is_a_finding_itself() -> None:
    """It says what was raised; only where a learner needs it, something is wrong."""
    seen = "could not be looked at: ZeroDivisionError: by nothing"
    assert Probe("it", raises).finding(HERE) == Finding("it", State.BROKEN, seen)
    assert Probe("it", raises, needed=False).finding(HERE) == Finding("it", State.ABSENT, seen)


def test_a_complaint_is_told_as_it_is() -> None:
    """A limit that was reached needs no name of an exception."""
    assert Probe("it", complains).finding(HERE).seen == "gave no answer within 1 s"


def test_what_a_learner_needs_decides_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 although something optional is absent, 1 when something needed is broken."""
    assert doctor(monkeypatch, Probe("a", works), Probe("b", absent, needed=False)) == 0
    assert "All that a learner needs works" in capsys.readouterr().out
    assert doctor(monkeypatch, Probe("a", works), Probe("c", raises)) == 1
    assert "Needs a look" in capsys.readouterr().out


def test_the_data_say_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints nothing but JSON, with every finding."""
    assert doctor(monkeypatch, Probe("a", works), Probe("c", raises), words=("--json",)) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["format"], data["works"]) == ("onedelay/doctor/v1", False)
    assert [(item["name"], item["state"]) for item in data["findings"]] == [("a", "works"), ("c", "does not work")]


def test_the_home_folder_is_shortened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its path names a user; a folder that only begins alike is another one."""
    home = tmp_path / "ann"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert one_line(f"{home}/one-delay, {home} and\n{home}a") == f"~/one-delay, ~ and {home}a"


@pytest.mark.parametrize("width", [60, 100])
def test_lines_fit(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """What is long hangs below its beginning, and no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", str(width))
    out = console()
    finding = Finding("isolation", State.ABSENT, "a word or two " * 20 + "/a/long/path" * 12, "do this " * 20)
    lines = [row.text for row in commands.rows(finding, out)]
    assert max(map(len, lines)) <= width
    assert lines[0].startswith("- isolation") and all(line.startswith("     ") for line in lines[1:])


def test_signs_and_names_stand_in_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the mark, what was seen begins in the same column."""
    doctor(monkeypatch, Probe("a", works), Probe("b", raises), Probe("c", absent))
    lines = capsys.readouterr().out.splitlines()
    texts = ("well", "could not", "no such thing")
    assert len({next(line.index(text) for line in lines if text in line) for text in texts}) == 1


def test_on_a_terminal_it_says_what_it_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """That line is erased by what was found."""

    class Terminal:
        encoding = "utf-8"

        def __init__(self) -> None:
            self.text = ""

        def write(self, text: str) -> None:
            self.text += text

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(commands, "PROBES", (Probe("slow", works, trying="this and that"),))
    stream: Any = Terminal()
    assert [finding.name for _, finding in commands.findings(HERE, console(stream))] == ["slow"]
    assert stream.text.startswith("   slow: this and that") and stream.text.endswith("\r\x1b[K")


def test_every_probe_has_a_name_of_its_own() -> None:
    """And short enough for its column."""
    names = [probe.name for probe in commands.PROBES]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 15
