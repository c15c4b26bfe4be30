"""What the grader checks in 32 resize_images."""

import random

import pytest

pytest.importorskip("PIL", reason="pip install -e '.[exercises]'")
from PIL import Image, ImageChops, ImageOps, ImageStat, PngImagePlugin

from grader.evidence import CheckFailed, WrongKind
from grader.expect import expect_equal, fail
from grader.judge.submission import SubmissionError
from grader.timeline import Line
from grader.values import Opaque

FUNCTIONS = {"resize_one": "plain", "resize_all": "plain"}
WORKERS, IMAGES = 3, 9
PADDING = 40_000  # bytes of a comment: a file sent to a worker weighs more than any path
ORIENTATION = 0x0112  # the number of that entry in EXIF data
ALIKE = 30  # mean difference of two pictures of the same scene, of 255
SCALES = r"\.resize\(|\.thumbnail\(|ImageOps\.(fit|contain|pad|cover|scale)\(|\.transform\(|\.reduce\("


class Album:
    """Images in a folder, and an empty folder for the small ones."""

    def __init__(self, folder):
        self.folder, self.out = folder / "album", folder / "small"
        self.folder.mkdir()
        self.out.mkdir()
        self.bytes = {}

    def add(self, ending, orientation=1):
        """Add a picture of nine coloured fields under a random name; return its path."""
        colours = [(red, green, blue) for red in (0, 255) for green in (0, 255) for blue in (0, 255)]
        fields = Image.new("RGB", (3, 3))
        fields.putdata([*random.sample(colours, 8), (128, 128, 128)])
        picture = fields.resize((random.randint(120, 180), random.randint(80, 110)), Image.Resampling.NEAREST)
        path = self.folder / f"{random.randrange(16**6):06x}.{ending}"
        if ending == "png":
            note = PngImagePlugin.PngInfo()
            note.add_text("Comment", "x" * PADDING)
            picture.save(path, pnginfo=note)
        else:
            exif = Image.Exif()
            exif[ORIENTATION] = orientation
            picture.save(path, exif=exif, comment=b"x" * PADDING, quality=90)
        self.bytes[path] = path.read_bytes()
        return path

    def fill(self, number):
        return [self.add(random.choice(["jpg", "png"]), random.randint(1, 8)) for _ in range(number)]

    def truncate(self, path):
        """Cut the end of a JPEG file off: it still opens, and fails when its pixels are read."""
        path.write_bytes(self.bytes[path][: self.bytes[path].rindex(b"\xff\xda") + 60])
        self.bytes[path] = path.read_bytes()

    def expect_small(self, submission, path, size):
        """Expect the small picture of *path*: whole, upright, of that size; and the original as it was."""
        if path.read_bytes() != self.bytes[path]:
            fail(
                "original-changed",
                "changed the original",
                f"{path.name} is another file than before.",
                line=submission.line(r"\.save\("),
                hint="save under the new path: out_dir / path.name.",
            )
        target, line = self.out / path.name, submission.line(SCALES) or submission.definition("resize_one")
        if not target.is_file():
            seen = f"there is no file {path.name} in the folder for the small images."
            fail("not-saved", "not saved", seen, line=submission.line(r"\.save\(") or line, hint="save it there.")
        with Image.open(path) as image:
            flat, upright = image.convert("RGB").resize(size), ImageOps.exif_transpose(image).resize(size)
        with Image.open(target) as image:
            small = ImageOps.exif_transpose(image).convert("RGB")  # as a viewer shows it
            if image.getexif().get(ORIENTATION, 1) != 1 and difference(image.convert("RGB"), upright) < ALIKE:
                fail(
                    "turned-twice",
                    "turned twice",
                    f"the pixels of the small {path.name} stand upright, but its EXIF data still ask to turn them.",
                    line=submission.line(r"\.save\(") or line,
                    mark="the old EXIF data are saved with it",
                    hint="exif_transpose removes the orientation from the image that it returns; keep that.",
                )
        if small.size != size:
            fail(
                "wrong-size",
                "another size",
                f"{path.name} became {small.width} x {small.height} pixels; expected {size[0]} x {size[1]}.",
                line=line,
                mark="the size comes from here",
                hint="image.resize(size) gives exactly that size; thumbnail and contain keep the proportions instead. "
                "Turn an image upright before you scale it.",
            )
        if difference(small, upright) > ALIKE and difference(small, flat) < ALIKE:
            fail(
                "not-upright",
                "an image lies on its side",
                f"the EXIF data of {path.name} say that it is to be turned, and the small image has lost that.",
                line=line,
                mark="scales the pixels as they lie in the file",
                hint="ImageOps.exif_transpose(image) returns it upright.",
            )
        if difference(small, upright) > ALIKE:
            seen = f"the small {path.name} does not show the whole of the original."
            hint = "scale the whole image, even if its proportions change: do not cut, pad, or turn it twice."
            fail("wrong-picture", "another picture", seen, line=line, hint=hint)


def difference(one, other):
    if one.size != other.size:
        return 255
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def random_size():
    return random.randint(24, 40), random.randint(50, 70)


@pytest.fixture
def album(tmp_path):
    return Album(tmp_path)


def expect_names(seen, expected, function="resize_all"):
    """Expect paths, which inside.py tells as seen from out_dir; whatever is no path is told with its type."""
    if isinstance(seen, Opaque) and seen.kind == "coroutine":
        raise CheckFailed(WrongKind(function, "def", "a coroutine function", seen))
    for one in seen if isinstance(seen, list) else [seen]:
        if isinstance(one, dict):
            ((kind, text),) = one.items()
            seen = f"got {text[-40:]!r}, of type {kind}; expected a Path."
            fail("wrong-type", f"returned a {kind}", seen, hint="return the Path, out_dir / path.name.")
    expect_equal(seen, expected, "the new paths, seen from out_dir")


class Work:
    """What was seen of one call of resize_all: who read and wrote images, when, and what was sent to whom."""

    def __init__(self, submission, seen, workers):
        self.submission, self.workers, self.records = submission, workers, seen["records"]
        self.processes_left, self.threads_left = seen["processes"], seen["threads"]
        self.call = self.records[0]
        self.starts = [start for start in self.all("start") if start["stage"] == "decode"]
        self.peak, self.peak_of_decoding = self.most_at_once({"decode", "encode"}), self.most_at_once({"decode"})
        for end in self.all("end"):
            submission.note(end["stage"], end["began"], end["at"], self.waited)

    def all(self, event):
        return [record for record in self.records if record["event"] == event]

    def most_at_once(self, stages):
        running, most = [], 0
        for record in self.records:
            if record["event"] == "start" and record["stage"] in stages:
                running.append(record["who"])
            elif record["event"] == "end" and record["stage"] in stages:
                running.remove(record["who"])
            most = max(most, len({tuple(who) for who in running}))
        return most

    def line(self, number):
        place = self.submission.definition("resize_all")
        return Line(place.file, number) if place and number else None

    @property
    def waited(self):
        """The line where the main thread spent its time; in a coroutine, that of the await."""
        place = self.line(next((record["line"] for record in self.all("over")), None))
        awaits = self.submission.line(r"await .*(run_in_executor|wrap_future|to_thread)")
        runs = self.submission.line(r"asyncio\.run\(|run_until_complete\(|\.run\(")
        return awaits if awaits and place and runs == place else place

    def expect_paths_sent(self):
        """Expect that no pixels and no files travelled to a worker or back."""
        sent = self.all("sent")
        if sent:
            fail(
                "sent-the-pixels",
                "sent pixels instead of paths",
                f"a message of {max(record['size'] for record in sent):,} bytes went between the processes; a path "
                "has less than a hundred.",
                line=self.submission.line(r"\.(submit|\w*map\w*|apply\w*|run_in_executor)\(") or self.waited,
                mark="what the job needs, or returns, is copied from one process into another",
                hint="send the path, and let the worker open and save the file.",
            )

    def expect_all_done(self):
        """Expect that no image was still being worked at when the function returned."""
        events = [record["event"] for record in self.records]
        late = events[events.index("over") :].count("end")
        if late:
            fail(
                "did-not-wait",
                "returned before the work was done",
                f"{late} steps of the work (reading or saving an image) ended only after resize_all() had returned.",
                line=self.submission.line(r"wait=False|\.start\(") or self.waited,
                hint="wait for every worker, and ask every future for its result, before you return.",
            )

    def expect_result(self, seen):
        """Expect that the paths came back from the workers."""
        if seen == [] or (isinstance(seen, list) and all(item is None for item in seen)):
            fail(
                "memory-is-not-shared",
                "the paths stayed in the workers",
                f"{len(self.starts)} images were resized, but the result is {'empty' if seen == [] else 'all None'}. "
                "What a process puts into a variable of the module, it puts into its own copy.",
                hint="let the job return its path; the pool brings it back.",
            )

    def expect_side_by_side(self):
        """Expect that at least two workers were at work at once, in reading as in writing."""
        did = {tuple(start["who"]) for start in self.starts}
        started = self.all("process")
        if self.peak_of_decoding < 2 and len(started) >= len(self.starts) > self.workers:
            fail(
                "pool-per-image",
                "a pool for each image",
                f"{len(started)} processes were started for {len(self.starts)} images, and never were two at work.",
                line=self.line(started[0]["line"]),
                mark="starts a process for one image only; the next image waits until it has ended",
                hint="start one pool, and give it all the images.",
            )
        here = [start for start in self.starts if start["main"]]
        if self.peak_of_decoding < 2 and here:
            why = "the images were resized one after another, in the main thread."
            if here[0].get("loop"):
                why = "the coroutines resized one after another: nothing in them waits, so none lets the others run."
            fail(
                "ran-sequentially",
                "one image after another",
                f"{why} Other cores had nothing to do.",
                line=self.line(innermost([start["chain"] for start in here], common=not here[0].get("loop"))),
                mark="this resizes an image to its end before it goes on",
                hint="give the images to a pool, of threads or of processes.",
            )
        if self.peak_of_decoding < 2:
            fail(
                "ran-sequentially",
                "one image after another",
                f"{len(self.starts)} images were resized by {len(did)} of at most {self.workers} workers, but never "
                "two at the same time.",
                line=self.waited,
                mark="here the caller waits, while one worker works and no other has anything to do",
                hint="hand over all the images before you wait for the first result.",
            )
        writes = [start for start in self.all("start") if start["stage"] == "encode"]
        if len({tuple(start["who"]) for start in writes}) == 1:
            fail(
                "saved-in-turn",
                "saved one after another",
                "the images were read side by side, but written by one worker alone; to write one is computing too.",
                line=self.line(innermost([writes[0].get("chain", [])], common=False)) or self.waited,
                mark="each image is compressed here, one at a time",
                hint="let the worker that scaled an image save it.",
            )

    def expect_at_most(self):
        """Expect no more workers at once than asked for."""
        too_many, started = self.all("too many"), self.all("process")
        if not too_many and self.peak <= self.workers:
            return
        place = self.submission.line(r"^(?!\s*(from|import)\b).*(Pool\w*\(|Thread\(|Process\(|to_thread)")
        line = (too_many or started or [{"line": None}])[0]["line"]
        seen = f"{self.peak} worked at once" if not too_many else f"more than {len(started)} processes were started"
        fail(
            "more-than-workers",
            "more workers than asked for",
            f"workers={self.workers}: at most {self.workers} at once were asked for, but {seen}.",
            line=self.line(line) or place,
            mark="lets more of them work than `workers` says",
            hint="tell the pool how many workers it has; its own default depends on the machine.",
        )

    def expect_nothing_left(self):
        started, pools = self.all("process"), self.submission.line(r"^(?!\s*(from|import)\b).*(Pool|Process|Thread)")
        hint = "open the pool in a `with` block inside the function: its workers end where the block does."
        if self.processes_left:
            fail(
                "processes-left",
                "left processes running",
                f"{self.processes_left} of its processes were still there after the function had ended.",
                line=self.line(started[0]["line"] if started else None) or pools,
                mark="the processes that this starts are never told to end",
                hint=hint,
            )
        if self.threads_left:
            fail(
                "thread-left-running",
                "left threads running",
                f"{self.threads_left} of its threads were still there after the function had ended.",
                line=pools,
                mark="the threads that this starts are never told to end",
                hint=hint,
            )


def innermost(chains, *, common):
    """Return the line of the last frame of the first chain; of those that all chains share, if *common*."""
    line = None
    for number, place in chains[0] if chains else ():
        if common and not all(any(number == other for other, _ in chain) for chain in chains):
            break
        line = place
    return line


async def observed(submission, call, workers):
    """Return the result of *call* and what was seen of it; explain an exception that pools are known for."""
    result = problem = None
    try:
        result = await call
    except SubmissionError as error:
        problem = error
    work = Work(submission, await submission.inside.resize_all_seen(), workers)
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
    raise problem


async def one(submission, album, ending, orientation=1):
    path, size = album.add(ending, orientation), random_size()
    expect_names(await submission.inside.resize_one(str(path), size, str(album.out)), path.name, "resize_one")
    album.expect_small(submission, path, size)


async def test_resize_one(submission, album):
    """One image, scaled to exactly the size, under its name."""
    for ending in ("jpg", "png"):
        await one(submission, album, ending)


async def test_upright(submission, album):
    """Whatever its EXIF orientation, it stands upright."""
    for orientation in range(2, 9):
        await one(submission, album, "jpg", orientation)


@pytest.mark.check(points=3, clock="real", processes="spawn")
async def test_several_at_once(submission, album):
    """Nine images, three workers side by side, the order kept."""
    paths, size = album.fill(IMAGES), random_size()
    call = submission.inside.resize_all(list(map(str, paths)), size, str(album.out), WORKERS)
    seen, work = await observed(submission, call, WORKERS)
    if isinstance(seen, Opaque):
        expect_names(seen, [])
    work.expect_paths_sent()
    work.expect_all_done()
    work.expect_side_by_side()
    work.expect_at_most()
    work.expect_result(seen)
    expect_names(seen, [path.name for path in paths])
    for path in paths:
        album.expect_small(submission, path, size)
    work.expect_nothing_left()


@pytest.mark.check(clock="real", processes="forkserver")
async def test_one_worker(submission, album):
    """With workers=1, one at a time; with no images, nothing to do."""
    expect_equal(await submission.inside.resize_all_nothing((9, 9), str(album.out)), [], "the paths of no images")
    paths, size = album.fill(4), random_size()
    call = submission.inside.resize_all(list(map(str, paths)), size, str(album.out), 1)
    seen, work = await observed(submission, call, 1)
    work.expect_at_most()
    expect_names(seen, [path.name for path in paths])


@pytest.mark.check(points=2, clock="real", processes="forkserver")
async def test_truncated_image(submission, album):
    """The error names the image that cannot be read; nothing is left."""
    paths = [album.add("jpg") for _ in range(5)]
    broken = random.choice(paths)
    album.truncate(broken)
    call = submission.inside.resize_all_failing(list(map(str, paths)), random_size(), str(album.out), 2)
    raised, work = await observed(submission, call, 2)
    expect_named(work, raised, broken.name, [path.name for path in paths if path != broken])
    work.expect_nothing_left()


def expect_named(work, raised, name, others):
    if raised is None:
        seen = f"{name} is truncated, but resize_all() returned as if all were well."
        fail("error-ignored", "the failure was swallowed", seen, hint="let the exception reach the caller.")
    line, first = work.line(raised["line"]), raised["says"][0][:200]
    if raised["type"] == "BrokenProcessPool":
        fail(
            "worker-died",
            "the exception did not arrive",
            f"{name} is truncated, and BrokenProcessPool came instead of the exception: {first}",
            line=line,
            hint="an exception is pickled too: hand all arguments of __init__ to super().__init__(), or use a known "
            "class with one message.",
        )
    if not any(name in text for text in [*raised["says"], *raised["causes"]]):
        fail(
            "error-names-nothing",
            "which image is it?",
            f"{name} is truncated. The exception only says: {raised['type']}: {first}",
            line=line,
            hint="where you know the path, catch the exception and raise one whose message has path.name.",
        )
    if any(other in text for other in others for text in raised["says"]):
        fail(
            "error-names-nothing",
            "which of them is it?",
            f"only {name} is truncated, but the exception names other images as well: {first}",
            line=line,
            hint="name the one image that cannot be read.",
        )
