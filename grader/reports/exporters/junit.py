"""A class as JUnit XML, for dashboards of continuous integration: a suite for each student and exercise.

The format: the XSD of Jenkins' xUnit plugin (``junit-10.xsd``), which GitLab, Azure and others read too.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.classbook import Classbook, Graded
from grader.reports.exporters.shown import Shown, shown
from grader.reports.harmless import block, line
from grader.verdict import ERROR, FAIL, PASS

_FAULT: Final = "grader-error"
_OURS: Final = "a fault of the grader, not of the submission"


def suites(book: Classbook) -> str:
    """Return the whole class: FAIL is a failure, ERROR an error; what did not run, or was not handed in, is skipped."""
    root = Element("testsuites", name=line(book.title))
    for graded in book.graded:
        _suite(root, graded, book.date)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, graded: Graded, date: str) -> None:
    name = f"{line(graded.student.shown)} / {graded.exercise}"
    suite = SubElement(root, "testsuite", name=name, tests="0", failures="0", errors="0", skipped="0")
    suite.set("time", f"{graded.seconds:.3f}")
    suite.set("timestamp", line(date))
    properties = SubElement(suite, "properties")
    for key, value in (("student", graded.student.key), ("outcome", graded.outcome), ("isolation", graded.isolation)):
        SubElement(properties, "property", name=key, value=line(value))
    place = f"{line(graded.student.key).replace('.', '_')}.{graded.exercise}"
    if graded.verdict is None:
        _nothing(SubElement(suite, "testcase", name="submission", classname=place), graded)
    else:
        for item in shown(graded.verdict.checks):
            _case(SubElement(suite, "testcase", name=item.title, classname=place), item)
    _count(suite)


def _nothing(case: Element, graded: Graded) -> None:
    if graded.absent:
        SubElement(case, "skipped", message="nothing was handed in")
    elif graded.faulty:
        SubElement(case, "error", type=_FAULT, message=_OURS).text = block(graded.problem)
    else:
        SubElement(case, "error", type="unreadable", message=line(graded.problem) or "it could not be read")


def _case(case: Element, item: Shown) -> None:
    outcome = item.check.outcome
    if outcome == FAIL:
        title = item.check.diagnosis.title if item.check.diagnosis is not None and not item.hidden else "failed"
        found = SubElement(case, "failure", type=item.code or "failed", message=line(title))
        found.text = item.text
    elif outcome == ERROR:
        found = SubElement(case, "error", type=_FAULT, message=_OURS)
        found.text = item.text
    elif outcome != PASS:
        SubElement(case, "skipped", message=" ".join(item.text.split()) or "not run")
    if item.printed:
        SubElement(case, "system-out").text = item.printed


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
