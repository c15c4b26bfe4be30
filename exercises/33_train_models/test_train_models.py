"""What the grader checks in 33 train_models."""

import collections
import itertools
import math
import random
import re

import pytest

from grader.expect import expect_equal
from grader.judge.submission import SubmissionError
from grader.timeline import Line

FUNCTIONS = {"ModelConfig": "class", "Model": "class", "train_model": "plain", "train_all": "plain"}
WORKERS, JOBS, MOST = 4, 8, 6  # no worker does more than MOST of the jobs
# Lines of the learner's to point at.
STARTS_THREADS = r"^(?!\s*(from|import)\b).*(to_thread\(|ThreadPool\w*\(|Thread\(|run_in_executor\(None)"
RUNS_A_LOOP, AWAITS = r"run_until_complete\(|\.run\(", r"await .*(run_in_executor|wrap_future)"


def names(number):
    return [f"model-{tag:04x}" for tag in random.sample(range(16**4), number)]


def random_rows(number):
    """Return what describes so many trainings, none like another."""
    seeds, rates = random.sample(range(10**6), number), [random.uniform(0.01, 0.2) for _ in range(number)]
    return list(zip(names(number), seeds, random.sample(range(5, 60), number), rates))


def trained(name, seed, epochs, learning_rate):
    """Return the model that the given `train_model` makes: the same steps, hence the same bits."""
    rng = random.Random(seed)
    points = [(rng.random(), rng.gauss(0.0, 1.0)) for _ in range(40)]
    slope = intercept = loss = 0.0
    for _ in range(epochs):
        loss = 0.0
        for x, y in points:
            error = slope * x + intercept - y
            loss += error * error / len(points)
            slope -= learning_rate * error * x
            intercept -= learning_rate * error
    assert math.isfinite(loss)
    return name, slope, intercept, loss


class Work:
    """What was seen of one call of train_all: the jobs' starts, the processes, and where its main thread waited."""

    def __init__(self, submission, seen, workers):
        self.fail, self.find, self.definition = submission.fail, submission.line, submission.definition("train_all")
        self.workers, self.records = workers, seen["records"]
        self.processes_left, self.threads_left = seen["processes"], seen["threads"]
        self.starts, self.processes, self.too_many = self.all("start"), self.all("process"), self.all("too many")
        for end in self.all("end"):
            submission.note(end["name"], end["began"], end["at"], self.waited)

    def all(self, event):
        return [record for record in self.records if record["event"] == event]

    def line(self, *records, key="line"):
        """Return the learner's line that the first of *records* tells."""
        number = records[0][key] if records else None
        return Line(self.definition.file, number) if self.definition and number else None

    def innermost(self, starts):
        """Return the learner's line in the last frame that *starts* have in common."""
        chains = [start.get("chain", []) for start in starts]
        shared = [{"line": line} for frame, line in chains[0] if all(frame in dict(chain) for chain in chains)]
        return self.line(*shared[-1:])

    @property
    def waited(self):
        """The line where the main thread spent its time; in a coroutine, that of the await."""
        line = self.line(*self.all("over"))
        return (line and line == self.find(RUNS_A_LOOP) and self.find(AWAITS)) or line

    @property
    def peak(self):
        """How many models were being trained at the same time, at most."""
        steps = ({"start": 1, "end": -1}.get(record["event"], 0) for record in self.records)
        return max(itertools.accumulate(steps, initial=0))

    def expect_processes(self):
        """Expect that no job was done in the calling process, or that it has no GIL to share."""
        shared = [start for start in self.starts if start["shared"]]
        if not shared:
            return
        first, idle = shared[0], "Other cores had nothing to do."
        if first.get("loop"):
            seen = "the coroutines trained one after another: a training awaits nothing, so it lets nobody else run."
            self.fail("ran-sequentially", f"{seen} {idle}", self.innermost(shared[:1]))
        if first["main"]:
            seen = "the models were trained one after another, in the calling process."
            self.fail("ran-sequentially", f"{seen} {idle}", self.innermost(shared))
        seen = (
            f"{len(shared)} of {len(self.starts)} models were trained by threads of the calling process. Training is "
            "computing in Python, and only one thread of a process computes in Python at a time."
        )
        self.fail("threads-share-the-gil", seen, self.find(STARTS_THREADS) or self.line(first, key="waited"))

    def expect_side_by_side(self):
        """Expect that several processes were at work at once, none of them with nearly all of the jobs."""
        did = collections.Counter(tuple(start["who"]) for start in self.starts)
        models, most, started = len(self.starts), max(did.values(), default=0), len(self.processes)
        if self.peak > 1 and most > MOST:
            seen = f"one process trained {most} of {models} models; {self.workers} could have shared them."
            self.fail("one-process-did-most", seen, self.waited)
        if self.peak > 1 or models < 2:
            return
        if started >= models > self.workers:
            seen = f"{started} processes were started for {models} models, and no two worked at the same time."
            self.fail("pool-per-model", seen, self.line(*self.processes))
        seen = f"{len(did)} of at most {self.workers} processes trained {models} models, but no two at the same time."
        self.fail("ran-sequentially.waiting", seen, self.waited)

    def expect_at_most(self):
        if self.too_many or self.peak > self.workers:
            were = f"more than {len(self.processes)} processes were started" if self.too_many else f"{self.peak} were"
            seen = f"at most {self.workers} were to work at the same time, but {were}."
            self.fail("more-than-workers", seen, self.line(*self.too_many, *self.processes))

    def expect_nothing_left(self):
        if self.processes_left:
            line = self.line(*self.processes) or self.find(r"Pool|Process")
            self.fail("processes-left", f"{self.processes_left} processes were left running.", line)
        if self.threads_left:
            self.fail("thread-left-running", f"{self.threads_left} threads were left running.")

    def expect_models(self, seen, expected):
        empty = isinstance(seen, list) and all(item is None for item in seen) and (expected or not seen)
        if empty and len(self.starts) == len(expected):
            result = "all None" if seen else "empty"
            self.fail("memory-is-not-shared", f"{len(self.starts)} models were trained, but the result is {result}.")
        expect_equal(seen, expected, "the models")

    def expect_named(self, raised, name, others):
        """Expect that what was raised names that config, and no other."""
        if raised is None:
            seen = f"the training of {name} failed (ArithmeticError), but train_all() returned as if all were well."
            self.fail("error-ignored", seen)
        kind, says = raised["type"], raised["says"]
        seen = f"the training of {name} failed. What was raised: {kind}: {says[0][:200]}"
        if kind == "BrokenProcessPool":
            self.fail("worker-died.exception", seen)
        if name not in " ".join([*says, *raised["causes"]]):
            self.fail("error-names-nothing", seen, self.line(raised))
        if any(other in " ".join(says) for other in others):
            self.fail("error-names-nothing.several", seen, self.line(raised))


async def trained_by(submission, call, workers):
    """Return the result of *call* and what was seen of it; explain an exception that pools are known for."""
    result = problem = None
    try:
        result = await call
    except SubmissionError as error:
        problem = error
    work = Work(submission, await submission.inside.train_all_seen(), workers)
    if early := work.records[0]["early"]:
        line = submission.line(r"^\S.*(Pool|Process|Manager)\w*\(")
        submission.fail("pool-at-import", f"{early} processes were started while the file was being loaded.", line)
    if work.too_many:
        work.expect_at_most()
    if problem is not None:
        explain(submission, problem)
    return result, work


def explain(submission, problem):
    text = f"{problem.error.name}: {problem.error.message}"
    if re.search("pickle|get local object", text, re.IGNORECASE):
        submission.fail("not-picklable", f"{text}.", problem.error.line)
    if "BrokenProcessPool" in text:
        submission.fail("worker-died", text, problem.error.line)
    raise problem


@pytest.mark.check(clock="real", processes="forkserver")
async def test_given_training(submission):
    """Nothing to do, nothing done; train_model as given."""
    await submission.train_all([])  # a plain function
    nothing, _ = await trained_by(submission, submission.inside.train_all([], WORKERS, own_job=True), WORKERS)
    expect_equal(nothing, [], "the models of no configs")
    for row in random_rows(2):
        first, second = await submission.inside.train_model(row), await submission.inside.train_model(row)
        if first != second:
            seen = "train_model() gave two different models for the same config."
            submission.fail("not-reproducible", seen, submission.definition("train_model"))
        expect_equal(first, trained(*row), "the model of train_model, which was given")


@pytest.mark.check(points=3, clock="real", processes="spawn")
async def test_several_processes(submission):
    """Eight models, four processes side by side, the order kept."""
    rows = [(name, 2 * place + 1, random.randint(2, 99), 0.5) for place, name in enumerate(names(JOBS))]
    random.shuffle(rows)
    models, work = await trained_by(submission, submission.inside.train_all(rows, WORKERS, own_job=True), WORKERS)
    work.expect_processes()
    work.expect_side_by_side()
    work.expect_at_most()
    expected = [(name, seed / 2, rate, float(epochs)) for name, seed, epochs, rate in rows]
    work.expect_models(models, expected)
    work.expect_nothing_left()


@pytest.mark.check(clock="real", processes="forkserver")
async def test_one_worker(submission):
    """With workers=1, one process at a time."""
    rows = random_rows(3)
    models, work = await trained_by(submission, submission.inside.train_all(rows, 1, own_job=True), 1)
    work.expect_at_most()
    work.expect_models(models, [(name, seed / 2, rate, float(epochs)) for name, seed, epochs, rate in rows])


@pytest.mark.check(points=2, clock="real", processes="forkserver")
async def test_same_models(submission):
    """The same models as in turn, to the last bit."""
    rows = random_rows(5)
    rows.append((*rows[0][:1], rows[0][1] + 1, *rows[0][2:]))
    models, work = await trained_by(submission, submission.inside.train_all(rows, WORKERS, own_job=False), WORKERS)
    work.expect_models(models, [trained(*row) for row in rows])
    work.expect_nothing_left()


@pytest.mark.check(points=2, clock="real", processes="spawn")
async def test_failing_config(submission):
    """The error names the config that failed; no process is left."""
    rows = random_rows(4)
    failing = random.randrange(4)
    rows[failing] = (*rows[failing][:3], 1e6)
    raised, work = await trained_by(submission, submission.inside.train_all_failing(rows, 2), 2)
    work.expect_named(raised, rows[failing][0], [row[0] for row in rows if row is not rows[failing]])
    work.expect_nothing_left()
