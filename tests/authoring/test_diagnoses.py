"""The pages of the diagnoses: one for each code, and what they show comes out when their examples are judged."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring import diagnoses, mistakes, scripts, truths
from grader.authoring.diagnoses import Example, Seen, UnseenError
from grader.cli import main
from grader.exercise import exercises_in

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "diagnoses"
PAGES = diagnoses.pages_in(FOLDER)
EXAMPLES = [example for page in PAGES for example in diagnoses.examples_on(page)]
SLOW = {"never-ends", "never-ends.busy", "slow-for-real", "used-too-much"}  # they hang, wait for real, or take a lot
BREAKS = {"stopped-at-a-breakpoint"} if sys.version_info >= (3, 13) else set()  # there, it stops a line earlier


def codes() -> set[str]:
    """Return every diagnosis that the rules can give."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "grader" / "diagnosis").glob("*.py"))
    known = set(re.findall(r'(?:Diagnosis|_Known)\(\s*"([a-z-]+)"', text))
    return known | set(re.findall(r'code(?:, \w+)* = "([a-z-]+)"', text))


@pytest.fixture(scope="module")
def seen() -> dict[str, Seen | UnseenError]:
    """Return what came of the examples that are judged at once."""
    return {example.name: found for example, found in diagnoses.judge([e for e in EXAMPLES if e.name not in SLOW])}


def test_each_diagnosis_has_its_page() -> None:
    """The rules, the pages, their titles and the table of all diagnoses have the same codes."""
    assert len(codes()) > 40
    assert {page.stem for page in PAGES} == codes()
    assert {page.read_text("utf-8").splitlines()[0].removeprefix("# ") for page in PAGES} == codes()
    table = re.findall(
        r"\[`([a-z-]+)`\]\(diagnoses/([a-z-]+)\.md\)(?=.*\|)", (FOLDER.parent / "diagnoses.md").read_text()
    )
    assert {code for code, _ in table} == {page for _, page in table} == codes()
    assert len(table) == len(codes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_an_example_and_words(page: Path) -> None:
    """A page shows examples of its own code, says what it means, and how it is mended."""
    names = {example.name.partition(".")[0] for example in diagnoses.examples_on(page)}
    assert names == {page.stem}
    text = page.read_text("utf-8")
    before, _, after = text.partition("## How to mend it")
    assert len(before.partition("<!-- example")[0]) > 100
    assert len(after) > 100


def test_every_example_is_shown() -> None:
    """No wrong program and no picture lies beside the pages that none of them shows."""
    assert {folder.name for folder in (FOLDER / "examples" / "wrong").iterdir()} == {e.name for e in EXAMPLES}
    shown = re.findall(r"\(pictures/([a-z.-]+)\.svg\)", "".join(page.read_text("utf-8") for page in PAGES))
    assert {picture.stem for picture in (FOLDER / "pictures").iterdir()} == set(shown)


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem not in SLOW | BREAKS], ids=lambda page: page.stem)
def test_a_page_comes_out_again(page: Path, seen: dict[str, Seen | UnseenError]) -> None:
    """The program, the report and the picture on a page are those of its examples today, to the letter."""
    found = {e.name: result for e in diagnoses.examples_on(page) if isinstance(result := seen[e.name], Seen)}
    assert {name: result.diagnosis.code for name, result in found.items()} == {
        example.name: page.stem for example in diagnoses.examples_on(page)
    }
    for file, text in diagnoses.written(page, found).items():
        assert file.read_text("utf-8") == text


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SLOW))
def test_a_slow_example_comes_out_again(name: str) -> None:
    """The same for what hangs, waits for real or needs the sandbox."""
    [example] = [example for example in EXAMPLES if example.name == name]
    [(_, result)] = diagnoses.judge([example])
    if isinstance(result, UnseenError) and example.isolation != "none":
        pytest.skip(str(result))
    assert isinstance(result, Seen)
    page = FOLDER / f"{name.partition('.')[0]}.md"
    assert diagnoses.written(page, {name: result})[page] == page.read_text("utf-8")


def test_a_report_is_the_one_in_the_terminal() -> None:
    """What a page shows is what pytest prints, word for word."""
    task = FOLDER / "examples" / "exercises" / "90_breakfast"
    command = [sys.executable, "-m", "pytest", str(task), f"--submission={FOLDER / 'examples/wrong/ran-in-batches'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    shown = (FOLDER / "ran-in-batches.md").read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    assert shown in done.stdout


def test_the_small_tasks_hold() -> None:
    """The stub of each small task is not started, and its reference passes."""
    for found in truths.verify(exercises_in(FOLDER / "examples" / "exercises")):
        assert not found.skipped
        assert not found.wrong


def test_own_diagnoses_are_fresh() -> None:
    """docs/own-diagnoses.md is what `onedelay refresh` writes, and holds the code of every wrong file."""
    exercises, shared = exercises_in(ROOT / "exercises"), {page.stem for page in PAGES}
    text = mistakes.page(exercises, shared)
    assert (ROOT / "docs" / "own-diagnoses.md").read_text("utf-8") == text
    for exercise in exercises:
        wrong = {file.name.partition(".")[0] for file in truths.rejected(exercise)}
        assert set(mistakes.titles(exercise, shared)) | shared >= wrong


def test_pictures_of_scripts_are_fresh() -> None:
    """The picture beside a script on a page is the one of its run today."""
    drawn = scripts.pictures(ROOT / "docs" / "learn.md")
    assert drawn
    for file, picture in drawn.items():
        assert file.read_text("utf-8") == picture


def a_course(folder: Path) -> Path:
    """Make a small course in *folder* with one page of a diagnosis, and return that page."""
    known = folder / "exercises" / "01_first"
    known.mkdir(parents=True)
    (known / "test_first.py").write_text('FUNCTIONS = {"f": "async"}\n', "utf-8")
    (known / "first.py").write_text('"""01 first: nothing."""\n', "utf-8")
    (known / "README.md").write_text("# 01 first\n", "utf-8")
    shutil.copytree(FOLDER / "examples", folder / "docs" / "diagnoses" / "examples")
    page = folder / "docs" / "diagnoses" / "ran-in-batches.md"
    page.write_text("Words.\n\n<!-- example: ran-in-batches -->\n<!-- end of example -->\n\nMore words.\n", "utf-8")
    return page


def test_refresh_writes_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`onedelay refresh --check` names a page that is out of date, `refresh` writes it, and words stay as they are."""
    page = a_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = page.read_text("utf-8")
    assert main(["refresh", "ran-in-batches", "--check"]) == 1
    told = capsys.readouterr().out
    assert "out of date: docs/diagnoses/ran-in-batches.md" in told
    assert "out of date: docs/diagnoses/pictures/ran-in-batches.svg" in told
    assert page.read_text("utf-8") == before
    assert main(["refresh"]) == 0
    assert main(["refresh", "--check"]) == 0
    text = page.read_text("utf-8")
    assert text.startswith("Words.\n\n<!-- example: ran-in-batches -->\nAn answer to [breakfast]")
    assert text.endswith("<!-- end of example -->\n\nMore words.\n")
    drawn = [folder / "pictures" / "ran-in-batches.svg" for folder in (FOLDER, page.parent)]
    assert drawn[0].read_text("utf-8") == drawn[1].read_text("utf-8")
    assert "only 2 at a time" in text


def test_what_cannot_be_shown_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An example that passes shows nothing: the line says so, and the page stays as it is."""
    page = a_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    examples = page.parent / "examples"
    shutil.copy(
        examples / "solutions" / "90_breakfast" / "breakfast.py", examples / "wrong" / "ran-in-batches" / "breakfast.py"
    )
    before = page.read_text("utf-8")
    assert main(["refresh", "ran-in-batches"]) == 0
    assert "left alone: ran-in-batches: PASS, and no diagnosis" in capsys.readouterr().out
    assert page.read_text("utf-8") == before


def test_an_example_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that names an example which is not there is refused in one line."""
    page = a_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    page.write_text("<!-- example: never-seen -->\n<!-- end of example -->\n", "utf-8")
    assert main(["refresh"]) == 2
    told = capsys.readouterr().err
    assert told == "onedelay: never-seen: examples/wrong/never-seen holds no answer to any of examples/exercises\n"


def test_options_are_told() -> None:
    """How an example is judged stands beside what its learner sees."""
    busy = next(example for example in EXAMPLES if example.name == "never-ends.busy")
    assert busy.options == " --limit 2"
    assert Example("a", busy.exercise, busy.file, 10.0, "full").options == " --isolation full"
