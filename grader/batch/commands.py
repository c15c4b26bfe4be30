"""``onedelay grade``: from the command line's options to results on disk and what is said about them."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Final

from grader.batch import books, executors, outputs
from grader.batch.driver import Driver, Gone
from grader.batch.executors import Place
from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.progress import Progress
from grader.batch.store import Store, StoreError
from grader.batch.worker import measured_here
from grader.classbook import Classbook
from grader.diagnosis.model import count
from grader.exercise import Exercise, exercises_in
from grader.intake.model import Intake, IntakeError, Submitted
from grader.intake.reading import read_class
from grader.intake.roster import read_roster
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.probe import Measured
from grader.paths import exercise_called, exercises_here, without_hidden

DATABASE: Final = "grades.sqlite"
INTERRUPTED: Final = 130


class Refusal(Exception):  # noqa: N818 - no fault
    """The batch cannot begin; the message is one line."""


@dataclass(frozen=True)
class _Entry:
    """A submission as the driver takes it."""

    submitted: Submitted

    @property
    def key(self) -> Key:
        return self.submitted.student_key, self.submitted.exercise

    @property
    def digest(self) -> str:
        return self.submitted.digest

    def job(self) -> Job:
        try:
            return Job(*self.key, self.submitted.main, self.submitted.files())
        except IntakeError as why:
            raise Gone(str(why)) from None


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay grade``."""
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("submissions", type=Path, metavar="SUBMISSIONS", help="a folder or archive with what the students handed in")
    add(
        "--exercise",
        nargs="+",
        action="extend",
        metavar="NN",
        help="grade these only (default: all that were handed in)",
    )
    add("--out", type=Path, metavar="DIR", help="where the results go (default: SUBMISSIONS-graded)")
    add("--roster", type=Path, metavar="CSV", help="who is in the class")
    add("--title", help="what the reports call the class (default: the folder's name)")
    add("--resume", action="store_true", help="go on where an earlier run into the same folder ended")
    add(
        "--isolation",
        type=_level,
        default=Level.FULL,
        metavar="LEVEL",
        help="full, strong, weak or none (default: full)",
    )
    add(
        "--clock",
        choices=["decisive", "virtual", "both"],
        default="decisive",
        help="decisive: on the virtual clock, and for real what only that decides; virtual: nothing for real; both: "
        "what is right is confirmed for real, too (default: decisive)",
    )
    add("--limit", type=_seconds, default=10.0, metavar="SECONDS", help="real time each check may take (default: 10)")
    add("--jobs", type=_count, metavar="N", help="submissions judged at once (default: by the cores)")
    add("--seed", type=int, metavar="N", help="draw the judge's values from this (default: fresh ones)")
    add("--executor", choices=["local", "dask"], default="local", help="where to judge (default: local)")
    add("--scheduler", metavar="tls://HOST:PORT", help="with dask: an existing cluster's")
    add("--workers", type=_count, metavar="N", help="with dask: workers of a cluster of our own")
    outputs.add_options(parser)


def _level(text: str) -> Level:
    try:
        return Level.parse(text)
    except ValueError as why:
        raise argparse.ArgumentTypeError(str(why)) from None


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: a check needs some time, in seconds")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1 is needed")
    return number


def run(options: argparse.Namespace) -> int:
    """Grade a class by the exercises that are here.

    Return the exit code: 0 done, 1 some file could not be written, 2 wrong usage, 130 interrupted.
    """
    try:
        return _run(options, exercises_here())
    except KeyboardInterrupt:
        print("stopped; the same command with --resume goes on", file=sys.stderr)
        return INTERRUPTED
    except (Refusal, IntakeError, StoreError, executors.ClusterError) as why:
        print(f"onedelay: {why}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, folder: Path) -> int:
    exercises = _chosen(options, folder)
    roster = read_roster(options.roster) if options.roster is not None else None
    intake = read_class(options.submissions, exercises, roster)
    given = {item.exercise for item in intake.submitted}
    given |= {problem.exercise for problem in intake.problems if problem.exercise and not problem.absent}
    if not options.exercise and given:
        # What nobody handed in was not asked for: nobody is to be told that it is missing, and where one exercise is
        # left, a file of any name may be it.
        exercises = [exercise for exercise in exercises if exercise.name in given]
        intake = read_class(options.submissions, exercises, roster)
    for line in (*intake.problems, *filter(None, [without_hidden(exercises)])):
        print(line, file=sys.stderr)
    root = folder.resolve().parent
    measured = _measure(options.isolation, root)
    out = _out_folder(options)
    with contextlib.closing(_store(out, options, exercises)) as store:
        seed = int(store.facts["seed"])
        settings = Settings(root, options.clock, options.isolation.word, options.limit, seed)
        with ThreadPoolExecutor(1) as beside:
            alike = beside.submit(books.similar, intake, exercises)  # while the judges have most of the work
            points = dict.fromkeys([exercise.name for exercise in exercises], 0.0)
            ended = _grade(options, settings, store, intake, points)
        if not ended:
            print(f"stopped; the same command with --resume goes on: {out}", file=sys.stderr)
            return INTERRUPTED
        unsaved = store.save_the_rest()
        if unsaved:
            print(f"{store.path}: {store.trouble}; {unsaved} results are in the reports only", file=sys.stderr)
        title = options.title or options.submissions.resolve().name
        level, similar = measured.level.name, alike.result()
        book = books.classbook(store, intake, points, title=title, isolation=level, similar=similar)
        writer = outputs.write(out, book, options.export)
        _tell(writer, book)
        return 1 if writer.failed or unsaved else 0


def _tell(writer: outputs.Writer, book: Classbook) -> None:
    for line in (*outputs.summary(book), *writer.told):
        print(line)
    print(f"{writer.out / outputs.PAGE} shows the class; beside it: grades.csv, class.json, feedback/")


def _chosen(options: argparse.Namespace, folder: Path) -> list[Exercise]:
    names: Sequence[str] = options.exercise or ()
    return [exercise_called(name, folder) for name in names] or exercises_in(folder)


# -- where results go ----------------------------------------------------------------------------------------


def _out_folder(options: argparse.Namespace) -> Path:
    wanted: Path = options.out or Path(f"{options.submissions.resolve().name}-graded")
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted) as trial:
            trial.write(b"-")
    except OSError as error:
        elsewhere = Path(tempfile.mkdtemp(prefix="onedelay-graded-"))
        print(f"{wanted} cannot be written ({error.strerror}); the results go to {elsewhere}", file=sys.stderr)
        return elsewhere
    return wanted


def _store(out: Path, options: argparse.Namespace, exercises: Sequence[Exercise]) -> Store:
    store = Store(out / DATABASE)
    facts = {
        "submissions": str(options.submissions.resolve()),
        "checks": _digest(exercises),
        "clock": options.clock,
        "limit": f"{options.limit:g}",
        "isolation": options.isolation.word,
    }
    found = store.facts if store.done() else {}  # what was begun without a result may be begun again in any way
    if found and not options.resume:
        raise Refusal(f"{store.path} holds an earlier run: add --resume to go on with it, or choose another --out")
    changed = [name for name, value in facts.items() if found and found.get(name) != value]
    if changed:
        raise Refusal(f"{store.path} was begun with other {', '.join(changed)}: choose another --out")
    if not found:
        seed = secrets.randbits(48) if options.seed is None else options.seed
        store.begin({**facts, "seed": str(seed), "date": datetime.now(UTC).isoformat(timespec="seconds")})
    elif options.seed is not None and found["seed"] != str(options.seed):
        raise Refusal(f"{store.path} was begun with --seed {found['seed']}: choose another --out")
    return store


def _digest(exercises: Sequence[Exercise]) -> str:
    summary = hashlib.sha256()
    for exercise in exercises:
        for file in (exercise.test, exercise.hidden, exercise.inside):
            summary.update(exercise.name.encode() + (file.read_bytes() if file is not None else b""))
    return summary.hexdigest()


# -- grading -------------------------------------------------------------------------------------------------


def _measure(wanted: Level, root: Path) -> Measured:
    try:
        measured = measured_here(wanted, root)
    except CannotIsolateError as why:
        raise Refusal(str(why)) from None
    print(measured.line, file=sys.stderr)
    if measured.level < wanted:
        raise Refusal(
            f"isolation {wanted.word} was asked for, and this machine gives {measured.level.word}: {measured.missing}; "
            f"to grade with that, say --isolation {measured.level.word}"
        )
    return measured


def _grade(
    options: argparse.Namespace, settings: Settings, store: Store, intake: Intake, points: dict[str, float]
) -> bool:
    """Grade all, and note in *points* what each exercise is worth; return whether it came to its end."""
    final = {key for key, (_, settled) in store.done().items() if settled}
    with Progress(len(intake.submitted)) as progress:
        left = sum((item.student_key, item.exercise) not in final for item in intake.submitted)
        progress.say(f"grading {count(left, 'submission')}")

        def on_result(reply: Reply) -> None:
            progress.step(fresh=reply.key not in final)
            for check in reply.verdicts:
                points[reply.exercise] = max(points[reply.exercise], check["total"])
            if store.trouble:
                progress.say(f"{store.path}: {store.trouble}; results are kept in memory until there is room")
                store.trouble = ""

        driver = Driver(settings, store, on_result)
        handed = sorted(map(_Entry, intake.submitted), key=lambda entry: entry.key[::-1])
        try:
            with _terminable(), _place(options) as place:
                driver.run(handed, place)
        except KeyboardInterrupt:
            return False
    return True


def _place(options: argparse.Namespace) -> AbstractContextManager[Place]:
    if options.executor == "dask":
        return executors.dask(options.workers, options.scheduler)
    return executors.local(options.jobs, timed=options.clock == "both")


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let a polite request to end, from a job scheduler perhaps, do what Ctrl-C does."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
