"""What the grader checks in 33 train_models."""

import collections
import math
import random

import pytest

from grader.expect import expect_equal, fail
from grader.judge.submission import SubmissionError
from grader.timeline import Line

FUNCTIONS = {"ModelConfig": "class", "Model": "class", "train_model": "plain", "train_all": "plain"}
WORKERS, JOBS, MOST = 4, 8, 6  # no worker does more than MOST of the jobs


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


def innermost(chains, *, common):
    """Return the line of the last frame of the first chain; of those that all chains share, if *common*."""
    line = None
    for number, place in chains[0]:
        if common and not all(any(number == other for other, _ in chain) for chain in chains):
            break
        line = place
    return line


class Work:
    """What was seen of one call of train_all: the jobs' starts, the processes, and where its main thread waited."""

    def __init__(self, submission, seen, workers):
        self.submission, self.workers = submission, workers
        self.records, self.processes_left, self.threads_left = seen["records"], seen["processes"], seen["threads"]
        self.call, self.starts = self.records[0], self.all("start")
        self.running = self.peak = 0
        for record in self.records:
            self.running += {"start": 1, "end": -1}.get(record["event"], 0)
            self.peak = max(self.peak, self.running)
        for end in self.all("end"):
            submission.note(end["name"], end["began"], end["at"], self.line(self.waited))

    def all(self, event):
        return [record for record in self.records if record["event"] == event]

    def line(self, number):
        place = self.submission.definition("train_all")
        return Line(place.file, number) if place and number else None

    @property
    def waited(self):
        """The line where the main thread spent its time; in a coroutine, that of the await."""
        number = next((record["line"] for record in self.all("over")), None)
        awaits = self.submission.line(r"await .*(run_in_executor|wrap_future)")
        place = self.line(number)
        runs = self.submission.line(r"asyncio\.run\(|run_until_complete\(|\.run\(")
        return awaits.number if awaits and place and runs == place else number

    def expect_processes(self):
        """Expect that no job was done in the calling process, or that it has no GIL to share."""
        shared = [start for start in self.starts if start["shared"]]
        if not shared:
            return
        alone, chains = shared[0]["main"] or shared[0].get("loop"), [start.get("chain", []) for start in shared]
        if not alone:
            fail(
                "threads-share-the-gil",
                "threads took turns",
                f"{len(shared)} of {len(self.starts)} models were trained by threads of the calling process. "
                "Training is computing in Python, and only one thread of a process computes in Python at a time.",
                line=self.submission.line(
                    r"^(?!\s*(from|import)\b).*(to_thread\(|ThreadPool\w*\(|Thread\(|run_in_executor\(None)"
                )
                or self.line(shared[0].get("waited")),
                mark="the threads that this starts share one interpreter, and its lock (the GIL)",
                hint="a process has an interpreter of its own: give the models to a pool of processes.",
            )
        why = "the models were trained one after another, in the calling process."
        if shared[0].get("loop"):
            why = "the coroutines trained one after another: a training awaits nothing, so it lets nobody else run."
        fail(
            "ran-sequentially",
            "one model after another",
            f"{why} Other cores had nothing to do.",
            line=self.line(innermost(chains, common=not shared[0].get("loop"))),
            mark="this trains a model to its end before it goes on",
            hint="give the models to a pool of processes.",
        )

    def expect_side_by_side(self):
        """Expect that several processes were at work at once, none of them with nearly all of the jobs."""
        did = collections.Counter(tuple(start["who"]) for start in self.starts)
        started = self.all("process")
        if self.peak > 1 and did and max(did.values()) > MOST:
            fail(
                "one-process-did-most",
                "one process did most of the work",
                f"one process trained {max(did.values())} of {len(self.starts)} models; {self.workers} could have "
                "shared them.",
                line=self.line(self.waited),
                hint="hand the models out in smaller pieces: one at a time, if each takes long.",
            )
        if self.peak > 1 or len(self.starts) < 2:
            return
        if len(started) >= len(self.starts) > self.workers:
            fail(
                "pool-per-model",
                "a pool for each model",
                f"{len(started)} processes were started for {len(self.starts)} models, and never were two at work.",
                line=self.line(started[0]["line"]),
                mark="starts a process for one model only; the next model waits until it has ended",
                hint="start one pool, and give it all the models.",
            )
        fail(
            "ran-sequentially",
            "one model after another",
            f"{len(self.starts)} models were trained by {len(did)} of at most {self.workers} processes, but never two "
            "at the same time.",
            line=self.line(self.waited),
            mark="here the caller waits, while one process works and no other has anything to do",
            hint="hand over all the models before you wait for the first result.",
        )

    def expect_at_most(self):
        """Expect no more processes than asked for."""
        too_many = self.all("too many")
        if not too_many and self.peak <= self.workers:
            return
        started = self.all("process")
        seen = f"{self.peak} models were trained at once" if not too_many else f"more than {len(started)} were started"
        fail(
            "more-than-workers",
            "more processes than asked for",
            f"workers={self.workers}: at most {self.workers} at once were asked for, but {seen}.",
            line=self.line((too_many or started or [{"line": None}])[0]["line"]),
            mark="starts more processes than `workers` says",
            hint="give the pool its number of processes; a process beyond the number of cores only costs its start.",
        )

    def expect_nothing_left(self):
        started = self.all("process")
        left = self.processes_left
        if left:
            fail(
                "processes-left",
                "left processes running",
                f"{left} {'process was' if left == 1 else 'processes were'} still there after the function had ended.",
                line=self.line(started[0]["line"] if started else None) or self.submission.line(r"Pool|Process"),
                mark="the processes that this starts are never told to end",
                hint="open the pool in a `with` block inside the function: its end is the end of its processes.",
            )
        if self.threads_left:
            fail("thread-left-running", "left a thread running", f"{self.threads_left} threads are still there.")


async def observed(submission, call, workers):
    """Return the result of *call* and what was seen of it; explain an exception that pools are known for."""
    result = problem = None
    try:
        result = await call
    except SubmissionError as error:
        problem = error
    work = Work(submission, await submission.inside.train_all_seen(), workers)
    if work.call["early"]:
        fail(
            "pool-at-import",
            "started processes at import",
            f"{work.call['early']} processes were started while the file was being loaded. Each worker loads the file "
            "too, and would start its own.",
            line=submission.line(r"^\S.*(Pool|Process|Manager)\w*\("),
            mark="runs in every process that imports this file",
            hint="make the pool inside the function.",
        )
    if work.all("too many"):
        work.expect_at_most()
    if problem is not None:
        explain(problem)
    return result, work


def explain(problem):
    error = problem.error
    text = f"{error.name}: {error.message}"
    if "pickle" in text.lower():
        fail(
            "not-picklable",
            "cannot be sent to a process",
            f"{text}.",
            line=error.line,
            mark="what is handed over here has to be pickled; a function travels as its name, for the worker to import",
            hint="use a function at the top of the module (functools.partial adds arguments), and plain data.",
        )
    if "BrokenProcessPool" in text:
        fail(
            "worker-died",
            "a worker process died",
            f"{text}",
            line=error.line,
            mark="waits for a worker that ended before it had an answer",
            hint="a worker imports this file and unpickles its job: see what either of them could fail at.",
        )
    raise problem


def expect_models(seen, expected, work):
    empty = seen == [] or (isinstance(seen, list) and expected and all(item is None for item in seen))
    if empty and len(work.starts) == len(expected):
        fail(
            "memory-is-not-shared",
            "the models stayed in the workers",
            f"{len(work.starts)} models were trained, but the result is {'empty' if seen == [] else 'all None'}: each "
            "process fills a list of its own, and takes it along when it ends.",
            hint="let the job return its model; the pool brings it back.",
        )
    expect_equal(seen, expected, "the models")


@pytest.mark.check(clock="real", processes="forkserver")
async def test_given_training(submission):
    """Nothing to do, nothing done; train_model as given."""
    await submission.train_all([])  # a plain function
    nothing, _ = await observed(submission, submission.inside.train_all([], WORKERS, own_job=True), WORKERS)
    expect_equal(nothing, [], "the models of no configs")
    for row in random_rows(2):
        first, second = await submission.inside.train_model(row), await submission.inside.train_model(row)
        if first != second:
            fail(
                "not-reproducible",
                "other models each time",
                "train_model() gave two different models for the same config.",
                line=submission.definition("train_model"),
                mark="what is random in here does not depend on config.seed alone",
                hint="use random.Random(config.seed) inside the job. The global generator is one for all jobs of a "
                "process, and forked processes begin with copies of it.",
            )
        expect_equal(first, trained(*row), "the model of train_model, which was given")


@pytest.mark.check(points=3, clock="real", processes="spawn")
async def test_several_processes(submission):
    """Eight models, four processes side by side, the order kept."""
    rows = [(name, 2 * place + 1, random.randint(2, 99), 0.5) for place, name in enumerate(names(JOBS))]
    random.shuffle(rows)
    models, work = await observed(submission, submission.inside.train_all(rows, WORKERS, own_job=True), WORKERS)
    work.expect_processes()
    work.expect_side_by_side()
    work.expect_at_most()
    expected = [(name, seed / 2, rate, float(epochs)) for name, seed, epochs, rate in rows]
    expect_models(models, expected, work)
    work.expect_nothing_left()


@pytest.mark.check(clock="real", processes="forkserver")
async def test_one_worker(submission):
    """With workers=1, one process at a time."""
    rows = random_rows(3)
    models, work = await observed(submission, submission.inside.train_all(rows, 1, own_job=True), 1)
    work.expect_at_most()
    expect_models(models, [(name, seed / 2, rate, float(epochs)) for name, seed, epochs, rate in rows], work)


@pytest.mark.check(points=2, clock="real", processes="forkserver")
async def test_same_models(submission):
    """The same models as in turn, to the last bit."""
    rows = random_rows(5)
    rows.append((*rows[0][:1], rows[0][1] + 1, *rows[0][2:]))
    models, work = await observed(submission, submission.inside.train_all(rows, WORKERS, own_job=False), WORKERS)
    expect_models(models, [trained(*row) for row in rows], work)
    work.expect_nothing_left()


@pytest.mark.check(points=2, clock="real", processes="spawn")
async def test_failing_config(submission):
    """The error names the config that failed; no process is left."""
    rows = random_rows(4)
    failing = random.randrange(4)
    rows[failing] = (*rows[failing][:3], 1e6)
    raised, work = await observed(submission, submission.inside.train_all_failing(rows, 2), 2)
    expect_named(work, raised, rows[failing][0], [row[0] for row in rows if row is not rows[failing]])
    work.expect_nothing_left()


def expect_named(work, raised, name, others):
    if raised is None:
        fail(
            "error-ignored",
            "the failure was swallowed",
            f"the training of {name} failed (ArithmeticError), but train_all() returned as if all were well.",
            hint="let the exception reach the caller.",
        )
    line = work.line(raised["line"])
    if raised["type"] == "BrokenProcessPool":
        fail(
            "worker-died",
            "the exception did not arrive",
            f"the training of {name} failed, and BrokenProcessPool came instead of its exception: {raised['says'][0]}",
            hint="an exception is pickled too: hand all arguments of __init__ to super().__init__(), or use a known "
            "class with one message.",
        )
    said = " ".join([*raised["says"], *raised["causes"]])
    if name not in said:
        fail(
            "error-names-nothing",
            "which model failed?",
            f"the training of {name} failed. The exception only says: {raised['type']}: {raised['says'][0][:200]}",
            line=line,
            mark="here it reaches train_all()" if len(raised["says"]) == 1 else "",
            hint="where you know the config, catch the exception and raise one whose message has config.name.",
        )
    if any(other in " ".join(raised["says"]) for other in others):
        fail(
            "error-names-nothing",
            "which of them failed?",
            f"only {name} failed, but the exception names other models as well: {raised['says'][0][:200]}",
            line=line,
            hint="name the one config whose training failed.",
        )
