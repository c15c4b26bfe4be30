"""The notebook door in a real kernel: nothing that a learner's code does costs more than its checks."""

from __future__ import annotations

import importlib.util
import os
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import scaffold

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("ipykernel") is None, reason="pip install 'onedelay[nbgrader]'"),
]

ROOT = Path(__file__).resolve().parents[2]
SMALL = "42_feed_cats"
JUDGE_SMALL = f"from grader.notebook import judge\njudge('{SMALL}', points=10, clock='virtual')"
SPOILT = {
    "an endless loop": "while True: pass",
    "an endless wait": "await asyncio.Event().wait()",
    "an end of the process": "os._exit(3)",
    "a swallowed cancellation": """
        while True:
            try:
                await asyncio.sleep(3600)
            except BaseException:
                pass
        """,
    "a signal to itself": "os.kill(os.getpid(), signal.SIGSEGV)",
    "an end of the program": "sys.exit(0)",
    "an end of the loop": "asyncio.get_running_loop().stop(); await asyncio.sleep(3600)",
}


@dataclass
class Ran:
    """What a cell did: its result, what it put out, and the name of its exception."""

    result: str = ""
    stdout: str = ""
    stderr: str = ""
    error: str = ""
    shown: list[Any] = field(default_factory=list)

    @property
    def facts(self) -> Any:
        """What a grade cell says as plain data."""
        return self.shown[-1]["metadata"]["onedelay"]

    @property
    def diagnoses(self) -> set[str]:
        return {check["diagnosis"] for check in self.facts["checks"]}


class Kernel:
    """A kernel in *folder*, and what somebody does at its notebook."""

    def __init__(self, folder: Path, home: Path) -> None:
        from jupyter_client.manager import start_new_kernel

        env = os.environ | {"HOME": str(home), "IPYTHONDIR": str(home / "ipython"), "NBGRADER_EXECUTION": "validate"}
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", startup_timeout=120, cwd=str(folder), env=env
        )

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code: str) -> Ran:
        ran = Ran()

        def put_out(message: dict[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    setattr(ran, content["name"], getattr(ran, content["name"]) + content["text"])
                case "execute_result":
                    ran.result = content["data"]["text/plain"]
                case "display_data":
                    ran.shown.append(content)
                case "error":
                    ran.error = content["ename"]

        self.client.execute_interactive(textwrap.dedent(code), timeout=300, output_hook=put_out)
        return ran

    def graded(self, code: str) -> Ran:
        """Run a grade cell: it must leave stderr alone, since nbgrader gives nothing for a cell that does not."""
        ran = self.run(code)
        assert ran.stderr == ""
        return ran


@pytest.fixture(scope="module")
def kernel_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Kernel]]:
    kernels: list[Kernel] = []

    def start(folder: Path) -> Kernel:
        kernels.append(Kernel(folder, tmp_path_factory.mktemp("home")))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.close()


@pytest.fixture(scope="module")
def kernel(kernel_in: Callable[[Path], Kernel], tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """A kernel beside a small exercise."""
    root = tmp_path_factory.mktemp("small")
    (root / "exercises").mkdir()
    scaffold.create(root / "exercises", SMALL)
    return kernel_in(root)


@pytest.fixture(scope="module")
def week(kernel_in: Callable[[Path], Kernel], tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """A kernel beside the exercises of the course's own."""
    folder = tmp_path_factory.mktemp("week")
    (folder / "exercises").symlink_to(ROOT / "exercises")
    (folder / "solutions").symlink_to(ROOT / "solutions")
    return kernel_in(folder)


def right_of(kernel: Kernel) -> str:
    return kernel.run(f"print(open('solutions/{SMALL}/feed_cats.py').read())").stdout


# -- what answers cannot do ------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", SPOILT.values(), ids=SPOILT)
def test_an_answer_costs_only_its_checks(kernel: Kernel, body: str) -> None:
    """The kernel answers afterwards, and judges what is right as right."""
    function = "async def ask_everybody(names, ask):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    assert kernel.run(f"import asyncio, os, signal, sys\n{function}").error == ""
    spoilt = kernel.graded(JUDGE_SMALL)
    assert (spoilt.error, spoilt.result) == ("", "0.0")
    assert "PASS" not in {check["outcome"] for check in spoilt.facts["checks"]}
    assert "ERROR" not in {check["outcome"] for check in spoilt.facts["checks"]}
    assert kernel.run("1 + 1").result == "2"
    kernel.run(right_of(kernel))
    assert kernel.graded(JUDGE_SMALL).result == "10.0"


def test_an_interrupted_judge_starts_afresh(kernel: Kernel) -> None:
    """The learner does not wait for a hang to end; the next verdict is that on the next answer."""
    kernel.run("async def ask_everybody(names, ask):\n    while True: pass")
    interrupt = threading.Timer(4, kernel.manager.interrupt_kernel)
    interrupt.start()
    interrupted = kernel.run(JUDGE_SMALL)
    interrupt.join()
    assert (interrupted.error, interrupted.shown) == ("KeyboardInterrupt", [])
    kernel.run(right_of(kernel))
    for _ in range(2):
        assert kernel.graded(JUDGE_SMALL).result == "10.0"


def test_the_last_answer_that_was_run_counts(kernel: Kernel) -> None:
    """With the imports and helpers of other cells; a try of the learner's own changes nothing."""
    kernel.run("from asyncio import *\nLIMIT = 3")
    kernel.run("%time\nasync def each(names, ask):\n    return await gather(*map(ask, names))")
    kernel.run("async def ask_everybody(names, ask):\n    '\\d'\n    return await each(names, ask)")
    assert kernel.run("async def say(name): return name\nawait ask_everybody(['a'], say)").result == "['a']"
    assert kernel.graded(JUDGE_SMALL).result == "10.0"
    kernel.run("async def ask_everybody(names, ask):\n    return [await ask(name) for name in names]")
    assert "ran-sequentially" in kernel.graded(JUDGE_SMALL).diagnoses


def test_a_cell_without_an_answer_says_so(kernel_in: Callable[[Path], Kernel], kernel: Kernel) -> None:
    """Before anything was run, and after what does not define it."""
    folder = Path(kernel.run("import os; print(os.getcwd())").stdout.strip())
    fresh = kernel_in(folder)
    fresh.run("print('hello')")
    nothing = fresh.graded(JUDGE_SMALL)
    assert nothing.result == "0.0"
    assert "No cell that was run defines `ask_everybody`." in nothing.shown[-1]["data"]["text/plain"]


def test_an_exercise_that_is_not_there_is_no_zero(kernel: Kernel) -> None:
    """It is a fault of whoever handed the notebook out, or moved it."""
    assert kernel.run("judge('43_feed_dogs', points=10)").error == "GraderFault"


# -- the running loop ------------------------------------------------------------------------------------------


def test_the_running_loop_of_a_notebook(week: Kernel) -> None:
    """07 in the real thing: its loop runs, a cell awaits, and plain code runs a coroutine below it."""
    reference = (ROOT / "solutions/07_entry_points/entry_points.py").read_text("utf-8")
    assert week.run(f"%%writefile entry_points.py\n{reference}").stderr == ""
    assert week.run("from entry_points import *\nawait main()").result == "'Hello, world!'"
    assert (
        week.run(week.run("import entry_points\nprint(entry_points.NOTEBOOK_CELL)").stdout).result == "'Hello, world!'"
    )
    assert week.run("loop_is_running()").result == "True"
    assert week.run("run_from_sync(main)").result == "'Hello, world!'"
    assert week.run("import asyncio\nasyncio.run(main())").error == "RuntimeError"
    assert week.graded("from grader.notebook import judge\njudge('07_entry_points', points=10)").result == "10.0"


# -- processes -------------------------------------------------------------------------------------------------

WRONG = {
    "32_resize_images": "ran-sequentially",
    "33_train_models": "threads-share-the-gil",
    "34_fetch_then_process": "computed-on-the-loop",
}
OWN_CELLS = {
    "32_resize_images": """
        from PIL import Image
        folder = Path(tempfile.mkdtemp())
        for name in ("a.png", "b.png"):
            Image.new("RGB", (8, 4)).save(folder / name)
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            jobs = [pool.submit(resize_images.resize_one, folder / n, (2, 2), folder) for n in ("a.png", "b.png")]
            sizes = [Image.open(job.result()).size for job in jobs]
        sizes
        """,
    "33_train_models": """
        configs = [train_models.ModelConfig(name, 1, 5, 0.1) for name in "ab"]
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            found = list(pool.map(train_models.train_model, configs))
        [model.name for model in found]
        """,
    "34_fetch_then_process": """
        async def fetch(url):
            return url.encode()
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            found = await fetch_then_process.fetch_and_process(["a", "bc"], fetch, len, pool=pool)
            where = pool.submit(getattr, fetch_then_process.fetch_and_process, "__module__").result()
        found, where
        """,
}
EXPECTED = {
    "32_resize_images": "[(2, 2), (2, 2)]",
    "33_train_models": "['a', 'b']",
    "34_fetch_then_process": "([1, 2], 'fetch_then_process')",
}


@pytest.mark.parametrize("name", WRONG)
def test_answers_with_process_pools_are_judged_from_a_notebook(week: Kernel, name: str) -> None:
    """The reference passes on both clocks, and a wrong one has its own diagnosis."""
    folder = ROOT / "solutions" / name
    judge = f"from grader.notebook import judge\njudge('{name}', points=10, clock='both')"
    week.run(f"%%writefile {name[3:]}.py\n{(folder / f'{name[3:]}.py').read_text('utf-8')}")
    right = week.graded(judge)
    assert (right.result, right.diagnoses) == ("10.0", {""}), right.shown[-1]["data"]["text/plain"]
    week.run(f"%%writefile {name[3:]}.py\n{(folder / 'rejected' / f'{WRONG[name]}.py').read_text('utf-8')}")
    wrong = week.graded(judge)
    assert float(wrong.result) < 10
    assert WRONG[name] in wrong.diagnoses


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.parametrize("name", WRONG)
def test_a_written_file_works_in_processes_of_the_learners_own(week: Kernel, name: str, method: str) -> None:
    """Written by a cell and imported by another, with every way to start a process."""
    week.run(f"%%writefile {name[3:]}.py\n{(ROOT / 'solutions' / name / f'{name[3:]}.py').read_text('utf-8')}")
    imports = f"import importlib, multiprocessing, tempfile, {name[3:]}\nfrom pathlib import Path\n"
    imports += "from concurrent.futures import ProcessPoolExecutor\n"
    context = f"importlib.reload({name[3:]})\ncontext = multiprocessing.get_context('{method}')"
    week.run(imports + context)
    ran = week.run(OWN_CELLS[name])
    assert (ran.result, ran.error) == (EXPECTED[name], "")
