"""The page of a class: what is on it, that it needs nothing else, and that nothing a learner wrote does anything."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classbook import Classbook, Graded, Similar, Student
from grader.diagnosis.model import Diagnosis
from grader.reports import page
from grader.timeline import Line, Operation, Picture
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict, Verdict, fold

CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class Reader(HTMLParser):
    """Reads a page: its tags, its attributes, and its text, a blank for each tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.text += " "
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        """Return the values of an attribute."""
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def text(a_class: Classbook) -> str:
    """Return the page of the sample class."""
    return "".join(page.render(a_class))


def _section(text: str, name: str) -> str:
    start = text.index(f'<h2 id="{name}"')
    return " ".join(Reader(text[start : text.index("</section>", start)]).text.split())


def _student(text: str, number: int) -> str:
    start = text.index(f'id="s{number}"')
    return text[start : text.index("</section>", start)]


def test_it_asks_nobody_for_anything(text: str) -> None:
    """No address leads out of the page; its policy allows its own styles and its own script, and nothing else."""
    read = Reader(text)
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)
    assert script is not None
    digest = b64encode(sha256(script[1].encode()).digest()).decode()

    assert all(value.startswith("#") or value == "data:," for value in read.all("href"))
    assert not read.all("src")
    policy = next(value for value in read.all("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert f"script-src 'sha256-{digest}'" in policy
    assert not re.search(r"@import|url\(", text)


def test_every_link_leads_somewhere(text: str) -> None:
    """Each link's place exists, and each place exists once."""
    read = Reader(text)
    ids = read.all("id")

    assert len(ids) == len(set(ids))
    assert {value[1:] for value in read.all("href") if value.startswith("#")} <= set(ids)


def test_the_header_says_how_it_was_graded(text: str) -> None:
    """The class, the time, the clock, the isolation that was measured, the seed and the counts stand on top."""
    head = " ".join(Reader(text[text.index("<header>") : text.index("</header>")]).text.split())

    assert head.startswith(
        "Concurrency, autumn graded 2026-11-25, 10:00 UTC clock virtual isolation measured FULL seed 7 "
        "24 students 3 exercises, 24 points 12 pass 53 fail 5 not handed in 1 unreadable 1 grader faults"
    )


def test_misconceptions_are_counted_and_ranked(text: str, a_class: Classbook) -> None:
    """The most frequent comes first, with how many students, in which exercises, and example lines with their authors."""
    section = _section(text, "misconceptions")
    counts = [int(number) for number in re.findall(r"(\d+) students?(?= [A-Z])", section)]
    causes = {
        item.student
        for item in a_class.graded
        if item.diagnosis is not None and item.diagnosis.code == "ran-sequentially"
    }

    assert counts == sorted(counts, reverse=True)
    assert f"{len(causes)} students Ran one after another ran-sequentially in 03 (×4), 17 (×3), 11 (×2)" in section
    assert (
        "finished.append(await cook_dish(name, minutes, log, simmer)) "
        "this waits for each of the calls to end before the next one starts José Ñandú , ran-sequentially.py:14"
    ) in section


def test_the_heat_map_has_a_cell_for_everything(text: str, a_class: Classbook) -> None:
    """Each student × exercise is a link with the points in words as well as colour; what is missing says so."""
    rows = re.findall(r"<tr data-is=.*?(?=<tr|</tbody>)", text, re.DOTALL)
    hana = Reader(next(row for row in rows if "Hana" in row)).text.split()

    assert len(rows) == len(a_class.students)
    assert all(row.count("<td") == len(a_class.assignments) + 1 for row in rows)
    assert hana == ["Hana", "Novák", *["–", "not", "handed", "in"] * 3, "0"]
    assert re.search(r'<td class="fault" data-v="-1"><a href="#s9-3"><span aria-hidden="true">!</span>', text)


def test_faults_of_ours_are_told_apart_from_failures(text: str) -> None:
    """A fault of the grader is listed as ours, and gives no mark; an unreadable submission is listed as the student's."""
    section = _section(text, "faults")

    assert "Faults of the grader These are ours, and nobody's zero: their marks are blank." in section
    assert "Mary Jackson 17 One game after another takes as long as all of them together: RuntimeError" in section
    assert "Could not be read" in section
    assert "Ines Costa 11 s018.zip: the archive ends too early" in section
    assert "grader fault <b>–</b> of 8" in _student(text, 9)


def test_problems_absences_similar_ones_and_the_slowest(text: str) -> None:
    """What intake could not read, who handed in nothing, what is alike, and what took longest are listed."""
    assert "late/notes.txt: no student of the roster has this name" in _section(text, "intake")
    assert "Handed in nothing at all (1): Hana Novák" in _section(text, "intake")
    similar = _section(text, "similar")
    assert "For a human to look at; nothing was graded down." in similar
    assert "03 the same text, but for layout and comments José Ñandú , Fatima Al-Sayed" in similar
    assert "11 at least 93 % the same Grace Hopper , Mary Jackson" in similar
    assert "03 2.40 stopped at the limit" in _section(text, "slowest")


def test_a_student_sees_where_it_went_wrong(text: str) -> None:
    """A student's page has each check with its points, the diagnosis with line, why and what to try, and the timeline."""
    section = _student(text, 5)
    words = " ".join(Reader(section).text.split())

    assert "11 cook dishes" in words
    assert "finished.append(await cook_dish(name, minutes, log, simmer)) ran-sequentially.py:14" in words
    assert "Try: start them all first" in words
    assert '<li class="PASS">One dish says when it starts and when it is done<i>1/1</i>' in section
    used = re.search(r'<svg class="tl".*?<desc>(.*?)</desc><use href="#(p\d+)"/>', section)
    assert used is not None
    assert used[1].startswith("2 operations. Theirs took 4 delays")
    assert f'<symbol id="{used[2]}"' in text


def test_the_instructor_sees_hidden_checks_marked(text: str) -> None:
    """Hidden checks are on the instructor's page with their details, and marked."""
    words = " ".join(Reader(_student(text, 3)).text.split())

    assert "SECRET title secret-code hidden check SECRET seen" in words
    assert "SECRET check passes hidden 1/1" in words


def test_the_same_picture_is_kept_once(large_class: Callable[[int, int], Classbook]) -> None:
    """A class of hundreds with the same mistakes has no more drawings than a small one."""
    small, large = ("".join(page.render(large_class(students, 1))) for students in (60, 240))

    assert large.count("<symbol") == small.count("<symbol")
    assert large.count("<use") > 3 * small.count("<use")


def test_a_student_costs_little(large_class: Callable[[int, int], Classbook]) -> None:
    """The page grows by less than 2 kB for each submission, so that a thousand fit into a file that opens at once."""
    small, large = (len("".join(page.render(large_class(students, 1))).encode()) for students in (100, 200))

    assert (large - small) / 100 < 2000


def test_nobody_at_all(a_class: Classbook) -> None:
    """A class without students or exercises still has its page."""
    empty = replace(a_class, students=(), assignments=(), graded=(), similar=())
    one = replace(a_class, students=a_class.students[:1], graded=a_class.graded[:3], similar=())

    assert "Nothing failed." in "".join(page.render(empty))
    assert " 1 student" in Reader("".join(page.render(one))).text


def _hostile(student: Student, text: str) -> ExerciseVerdict:
    line = Line(text, 3)
    drawn = Picture(0, 10, 1, *2 * ((Operation("call", 0, 4, text, line), Operation("hold", 2, None, text, line)),))
    found = Diagnosis("raised", text, text, line, text, text, 3, pictured=True)
    check = Verdict(
        "03_x", text, text, FAIL, 1, "virtual", found, 1, text, drawn, text, text, submission=text, checks=4
    )
    return fold([
        check,
        replace(check, outcome=PASS, clock="real", diagnosis=None, check=text + "2"),
        replace(check, outcome=ERROR, fault=text, diagnosis=None, hidden=True),
        replace(check, outcome=PASS, left_out=text, diagnosis=None),
    ])  # fmt: skip


def _hostile_class(book: Classbook, text: str) -> Classbook:
    students = tuple(Student(f"{text}{number}", text, text, {text: text}) for number in range(3))
    names = [assignment.exercise for assignment in book.assignments]
    graded = [
        Graded(student, name, text, _hostile(student, text) if place else None, text, isolation=text, seconds=1)
        for place, student in enumerate(students)
        for name in names
    ]
    failing = fold([replace(_hostile(students[0], text).checks[0], checks=1)])
    graded[-1] = replace(graded[-1], verdict=failing)
    return replace(
        book, title=text, date=text, isolation=text, students=students, graded=tuple(graded),
        similar=(Similar(names[0], students, 1.0),), problems=(text,),
    )  # fmt: skip


HOSTILE = {
    "tags": "</code></pre></script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attributes": "\"' onmouseover='alert(1)' x=\"",
    "controls": "\x1b[2J\x00\u202egnp.\u2066\u2028{{ 7*7 }}{% raise %}",
    "backticks": "`<b>`<!-- <style> ]]> &lt;script&gt; javascript:alert(1)",
    "a long line": "x" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(a_class: Classbook, text: str, name: str) -> None:
    """Whatever a name, an output or a line of code holds, the page has the tags and attributes it always has."""
    made = "".join(page.render(_hostile_class(a_class, HOSTILE[name])))

    assert not _strange(made, Reader(text))
    assert len(made) < 200_000


def test_any_text_is_shown_and_does_nothing(a_class: Classbook, text: str) -> None:
    """The same, whatever the text is."""
    usual = Reader(text)

    @settings(max_examples=25)
    @given(st.text(st.characters(exclude_categories=[]), min_size=1, max_size=60))
    def test(hostile: str) -> None:
        assert not _strange("".join(page.render(_hostile_class(a_class, hostile))), usual)

    test()


def _strange(made: str, usual: Reader) -> list[str]:
    """Return what a page has that the usual one has not."""
    made.encode()  # no lone surrogates
    read = Reader(made)
    found = [f"tag {tag}" for tag in read.tags - usual.tags]
    known = {(tag, name) for tag, name, _ in usual.attributes}
    found += [f"attribute {tag} {name}" for tag, name, _ in read.attributes if (tag, name) not in known]
    found += [f"link {value}" for value in read.all("href") if not value.startswith("#") and value != "data:,"]
    found += [
        f"character {c!r}" for c in set(made) if unicodedata.category(c) in CONTROLS and c not in "\n\u200c\u200d"
    ]
    return found
