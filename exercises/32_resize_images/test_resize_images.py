"""What the grader checks in 32 resize_images."""

import random
import re

import pytest

pytest.importorskip("PIL", reason="pip install -e '.[exercises]'")
from PIL import Image, ImageChops, ImageOps, ImageStat, PngImagePlugin

from grader.evidence import CheckFailed, WrongKind
from grader.expect import expect_equal
from grader.judge.submission import SubmissionError
from grader.timeline import Line
from grader.values import Opaque

FUNCTIONS = {"resize_one": "plain", "resize_all": "plain"}
WORKERS, IMAGES = 3, 9
PADDING = 40_000  # bytes of a comment: a file sent to a worker weighs more than any path
ORIENTATION = 0x0112  # the number of that entry in EXIF data
ALIKE = 30  # mean difference of two pictures of the same scene, of 255
# Lines of the learner's to point at.
SCALES = r"\.resize\(|\.thumbnail\(|ImageOps\.(fit|contain|pad|cover|scale)\(|\.transform\(|\.reduce\("
HANDS_OVER = r"\.(submit|\w*map\w*|apply\w*|run_in_executor)\("
RUNS_A_LOOP, AWAITS = r"run_until_complete\(|\.run\(", r"await .*(run_in_executor|wrap_future|to_thread)"
MAKES_WORKERS = r"^(?!\s*(from|import)\b).*(Pool\w*\(|Thread\(|Process\(|to_thread)"
NAMES_WORKERS = r"^(?!\s*(from|import)\b).*(Pool|Process|Thread)"


class Album:
    """Images in a folder, and an empty folder for the small ones."""

    def __init__(self, folder):
        self.folder, self.out = folder / "album", folder / "small"
        self.folder.mkdir()
        self.out.mkdir()
        self.bytes = {}

    def add(self, ending, orientation=1):
        """Add a random picture under a random name; return its path."""
        picture, path = random_picture(), self.folder / f"{random.randrange(16**6):06x}.{ending}"
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

    def size(self):
        return random.randint(24, 40), random.randint(50, 70)

    def truncate(self, path):
        """Cut the end of a JPEG file off: it still opens, and fails when its pixels are read."""
        path.write_bytes(self.bytes[path][: self.bytes[path].rindex(b"\xff\xda") + 60])


def random_picture():
    """Return a picture of nine fields in different colours."""
    colours = [(red, green, blue) for red in (0, 255) for green in (0, 255) for blue in (0, 255)]
    fields = Image.new("RGB", (3, 3))
    fields.putdata([*random.sample(colours, 8), (128, 128, 128)])
    return fields.resize((random.randint(120, 180), random.randint(80, 110)), Image.Resampling.NEAREST)


def pixels(path):
    """Return what a viewer shows, what is stored, and whether the EXIF data ask to turn it."""
    with Image.open(path) as image:
        shown, stored = ImageOps.exif_transpose(image).convert("RGB"), image.convert("RGB")
        return shown, stored, image.getexif().get(ORIENTATION, 1) != 1


def alike(one, other):
    return one.size == other.size and sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3 < ALIKE


def expect_small(submission, album, path, size):
    """Expect the small picture of *path*: whole, upright, of that size; and the original as it was."""
    scales = submission.line(SCALES) or submission.definition("resize_one")
    saves, name, small = submission.line(r"\.save\("), path.name, album.out / path.name
    if path.read_bytes() != album.bytes[path]:
        submission.fail("original-changed", f"{name} is another file than before.", saves)
    if not small.is_file():
        submission.fail("not-saved", f"there is no file {name} in the folder for the small images.", saves or scales)
    (upright, lying, _), (shown, stored, to_be_turned) = pixels(path), pixels(small)
    upright, lying = upright.resize(size), lying.resize(size)
    if to_be_turned and alike(stored, upright):
        seen = f"the pixels of the small {name} stand upright, but its EXIF data still ask to turn them."
        submission.fail("turned-twice", seen, saves or scales)
    if shown.size != size:
        seen = f"{name} became {shown.width} x {shown.height} pixels; expected {size[0]} x {size[1]}."
        submission.fail("wrong-size", seen, scales)
    if not alike(shown, upright) and alike(shown, lying):
        seen = f"the EXIF data of {name} say that it is to be turned, and the small image has lost that."
        submission.fail("not-upright", seen, scales)
    if not alike(shown, upright):
        submission.fail("wrong-picture", f"the small {name} does not show the whole of the original.", scales)


def expect_names(submission, seen, expected, function="resize_all"):
    """Expect paths, which inside.py tells as seen from out_dir; text that is no path is told with its type."""
    if isinstance(seen, Opaque) and seen.kind == "coroutine":
        raise CheckFailed(WrongKind(function, "def", "a coroutine function", seen))
    for item in seen if isinstance(seen, list) else [seen]:
        if isinstance(item, dict) and item.keys() == {"type", "text"}:
            submission.fail("wrong-type", f"got {item['text'][-40:]!r}, of type {item['type']}; expected a Path.")
    expect_equal(seen, expected, "the new paths, seen from out_dir")


class Work:
    """What was seen of one call of resize_all: who read and wrote images, when, and what was sent to whom."""

    def __init__(self, submission, seen, workers):
        self.fail, self.find, self.definition = submission.fail, submission.line, submission.definition("resize_all")
        self.workers, self.facts, self.records = workers, seen, seen["records"]
        self.processes, self.too_many = self.all("process"), self.all("too many")
        self.reads, self.writes = self.all("start", "decode"), self.all("start", "encode")
        for end in self.all("end"):
            submission.note(end["stage"], end["began"], end["at"], self.waited)

    def all(self, event, *stages):
        return [it for it in self.records if it["event"] == event and (not stages or it["stage"] in stages)]

    def line(self, *records):
        """Return the learner's line that the first of *records* tells."""
        number = records[0]["line"] if records else None
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

    def expect_paths_sent(self):
        if sizes := [record["size"] for record in self.all("sent")]:
            seen = f"a message of {max(sizes):,} bytes went between two processes; a path has about a hundred."
            self.fail("sent-the-pixels", seen, self.find(HANDS_OVER) or self.waited)

    def expect_all_done(self):
        """Expect that no image was still being worked at when the function returned."""
        if self.facts["late"]:
            seen = f"{self.facts['late']} steps of the work, reading or saving an image, ended only after resize_all()."
            self.fail("did-not-wait", seen, self.find(r"wait=False|\.start\(") or self.waited)

    def expect_read_side_by_side(self):
        if self.facts["most_reading"] > 1:
            return
        images, started = len(self.reads), len(self.processes)
        if started >= images > self.workers:
            seen = f"{started} processes were started for {images} images, and no two worked at the same time."
            self.fail("pool-per-image", seen, self.line(*self.processes))
        here = [read for read in self.reads if read["main"]]
        if here:
            alone = here[0]["loop"]
            who = "the coroutines, none of which waits for anything," if alone else "the main thread"
            seen = f"{who} resized one image after another. Other cores had nothing to do."
            self.fail("ran-sequentially", seen, self.innermost(here[:1] if alone else here))
        did = len({tuple(read["who"]) for read in self.reads})
        seen = f"{images} images were resized by {did} of at most {self.workers} workers, but no two at the same time."
        self.fail("ran-sequentially.waiting", seen, self.waited)

    def expect_saved_side_by_side(self):
        if len({tuple(write["who"]) for write in self.writes}) == 1:
            seen = "the images were read side by side, but saved by one worker alone; to save one is computing too."
            self.fail("saved-in-turn", seen, self.innermost(self.writes[:1]) or self.waited)

    def expect_at_most(self):
        if self.too_many or self.facts["most_working"] > self.workers:
            were = f"{self.facts['most_working']} were"
            if self.too_many:
                were = f"more than {len(self.processes)} processes were started"
            line = self.line(*self.too_many, *self.processes) or self.find(MAKES_WORKERS)
            self.fail("more-than-workers", f"at most {self.workers} were to work at the same time, but {were}.", line)

    def expect_result(self, seen):
        if isinstance(seen, list) and all(item is None for item in seen):
            result = "all None" if seen else "empty"
            self.fail("memory-is-not-shared", f"{len(self.reads)} images were resized, but the result is {result}.")

    def expect_nothing_left(self):
        line = self.find(NAMES_WORKERS)
        if left := self.facts["processes"]:
            self.fail("processes-left", f"{left} processes were left running.", self.line(*self.processes) or line)
        if left := self.facts["threads"]:
            self.fail("thread-left-running", f"{left} threads were left running.", line)

    def expect_named(self, raised, name, others):
        """Expect that what was raised names that image, and no other."""
        if raised is None:
            self.fail("error-ignored", f"{name} is truncated, but resize_all() returned as if all were well.")
        kind, says, line = raised["type"], raised["says"], self.line(raised)
        seen = f"{name} is truncated. What was raised: {kind}: {says[0][:200]}"
        if kind == "BrokenProcessPool":
            self.fail("worker-died", seen, line)
        if not any(name in text for text in [*says, *raised["causes"]]):
            self.fail("error-names-nothing", seen, line)
        if any(other in text for other in others for text in says):
            self.fail("error-names-nothing.several", seen, line)


async def resized(submission, call, workers):
    """Return the result of *call* and what was seen of it; explain an exception that pools are known for."""
    result = problem = None
    try:
        result = await call
    except SubmissionError as error:
        problem = error
    work = Work(submission, await submission.inside.resize_all_seen(), workers)
    if early := work.records[0]["early"]:
        line = submission.line(r"^\S.*(Pool|Process|Manager)\w*\(")
        submission.fail("pool-at-import", f"{early} processes were started while the file was being loaded.", line)
    if work.too_many:
        work.expect_at_most()
    if problem is not None:
        error = problem.error
        if re.search("pickle|get local object", f"{error.name}: {error.message}", re.IGNORECASE):
            submission.fail("not-picklable", f"{error.name}: {error.message}.", error.line)
        raise problem
    return result, work


@pytest.fixture
def album(tmp_path):
    return Album(tmp_path)


async def one(submission, album, ending, orientation=1):
    path, size = album.add(ending, orientation), album.size()
    seen = await submission.inside.resize_one(str(path), size, str(album.out))
    expect_names(submission, seen, path.name, "resize_one")
    expect_small(submission, album, path, size)


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
    paths, size = album.fill(IMAGES), album.size()
    call = submission.inside.resize_all(list(map(str, paths)), size, str(album.out), WORKERS)
    seen, work = await resized(submission, call, WORKERS)
    names = [path.name for path in paths]
    if isinstance(seen, Opaque):
        expect_names(submission, seen, names)
    work.expect_paths_sent()
    work.expect_all_done()
    work.expect_read_side_by_side()
    work.expect_saved_side_by_side()
    work.expect_at_most()
    work.expect_result(seen)
    expect_names(submission, seen, names)
    for path in paths:
        expect_small(submission, album, path, size)
    work.expect_nothing_left()


@pytest.mark.check(clock="real", processes="forkserver")
async def test_one_worker(submission, album):
    """With workers=1, one at a time; with no images, nothing to do."""
    expect_equal(await submission.inside.resize_all_nothing((9, 9), str(album.out)), [], "the paths of no images")
    paths = album.fill(4)
    call = submission.inside.resize_all(list(map(str, paths)), album.size(), str(album.out), 1)
    seen, work = await resized(submission, call, 1)
    work.expect_at_most()
    expect_names(submission, seen, [path.name for path in paths])


@pytest.mark.check(points=2, clock="real", processes="forkserver")
async def test_truncated_image(submission, album):
    """The error names the image that cannot be read; nothing is left."""
    broken, *others = paths = [album.add("jpg") for _ in range(5)]
    album.truncate(broken)
    random.shuffle(paths)
    call = submission.inside.resize_all_failing(list(map(str, paths)), album.size(), str(album.out), 2)
    raised, work = await resized(submission, call, 2)
    work.expect_named(raised, broken.name, [path.name for path in others])
    work.expect_nothing_left()
