"""``onedelay doctor``: which things are looked at, the quick ones first, and how what was found is shown."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from grader import shipped
from grader.doctor import folder, installation, isolation, surroundings, testing
from grader.doctor.finding import Finding, Place, Probe, State, one_line
from grader.reports.console import Console, console
from grader.reports.rows import Row

FORMAT: Final = "onedelay/doctor/v1"
_ESCAPING: Final = "programs of ours try to get out of the sandbox, for some seconds"
_NAMES: Final = 18  # columns of what was looked at
_STYLES: Final = {State.WORKS: "", State.BROKEN: "bad", State.ABSENT: "quiet"}
PROBES: Final = (
    Probe("Python", installation.python),
    Probe("onedelay", installation.onedelay),
    Probe("packages", installation.packages),
    Probe("commands", installation.command, needed=False),
    Probe("terminal", surroundings.terminal, needed=False),
    Probe("clock", surroundings.clock),
    Probe("workspace", folder.workspace),
    Probe("progress", folder.progress),
    Probe("names of files", folder.hidden_modules),
    Probe("completion", surroundings.completion, needed=False),
    Probe("Chromium", installation.chromium, needed=False),
    Probe("file watching", surroundings.watching, trying="a file is changed, to see whether we are told"),
    Probe("pytest", testing.pytest_here, trying="pytest looks for the checks of an exercise"),
    Probe("virtual clock", testing.judge, trying="an exercise is judged on the virtual clock"),
    Probe("judging", testing.judged, trying="exercises are judged, as pytest is set up here"),
    Probe("all exercises", folder.exercises, needed=False, trying="the packages that exercises are about are imported"),
    Probe("grading", installation.grading, needed=False, trying="the packages for instructors are imported"),
    Probe("nbgrader", installation.nbgrader, needed=False, trying="nbgrader is imported"),
    Probe("Dask", installation.dask, needed=False, trying="Dask is imported"),
    Probe("isolation", isolation.level, needed=False, trying=_ESCAPING),
)


def doctor(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay doctor``."""
    parser.add_argument("--json", action="store_true", help="print the same as data, for a report of a fault")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    place, out = folder.place_here(), console()
    found = []
    for probe, finding in findings(place, None if options.json else out):
        found.append((probe, finding))
        if not options.json:
            out.write(rows(finding, out))
    broken = [finding for _, finding in found if finding.state is State.BROKEN]
    if options.json:
        print(as_json([finding for _, finding in found]))
    else:
        out.write(_summary(broken, out))
    return 1 if broken else 0


def findings(place: Place, out: Console | None = None) -> Iterator[tuple[Probe, Finding]]:
    """Look at one thing after another; on a terminal *out* says what takes a while."""
    for probe in PROBES:
        shows = out is not None and bool(probe.trying) and out.stream.isatty() and os.environ.get("TERM") != "dumb"
        if out is not None and shows:
            out.stream.write(f"   {probe.name}: {probe.trying}{out.signs.dots}"[: out.width - 1])
            out.stream.flush()
        try:
            finding = probe.finding(place)
        finally:
            if out is not None and shows:
                out.stream.write("\r\x1b[K")
        yield probe, finding


def rows(finding: Finding, out: Console) -> Iterator[Row]:
    """Return the lines of one finding."""
    signs = {State.WORKS: out.signs.good, State.BROKEN: out.signs.bad, State.ABSENT: out.signs.skipped}
    widest = max(len(sign) for sign in signs.values())
    head = f"{signs[finding.state]:<{widest}} {finding.name:<{_NAMES - widest - 1}}"
    indent, style = " " * len(head), _STYLES[finding.state]
    for lead, text in ((head, finding.seen), (f"{indent}> ", finding.advice)):
        lines = textwrap.wrap(text, max(out.width - len(lead), 20), break_on_hyphens=False)
        yield from (Row((lead if not place else " " * len(lead)) + line, style) for place, line in enumerate(lines))


def as_json(found: list[Finding]) -> str:
    """Return *found* as data: for reports of faults, so that it says no more of the machine than they need."""
    data = {
        "format": FORMAT,
        "onedelay": shipped.version(),
        "system": one_line(platform.platform()),
        "works": all(finding.state is not State.BROKEN for finding in found),
        "findings": [asdict(finding) for finding in found],
    }
    return json.dumps(data, indent=1, ensure_ascii=not _is_utf8())


def _is_utf8() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _summary(broken: list[Finding], out: Console) -> Iterator[Row]:
    yield Row("")
    if broken:
        names = ", ".join(finding.name for finding in broken)
        text, style = f"Needs a look ({out.signs.bad}): {names}.", "bad"
    else:
        text, style = f"All that a learner needs works; what is marked {out.signs.skipped} is optional.", "good"
    yield from (Row(line, style) for line in textwrap.wrap(text, out.width))
