"""The pytest door: ``pytest exercises/03``, its options and fixtures, and the learner's report.

Kept light, since pytest imports it in every run: the judge is imported when an exercise is about to be graded.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import warnings
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.exercise import exercise_of
from grader.paths import UnknownExerciseError, expand

if TYPE_CHECKING:
    from grader.grading import Grading

_GRADING = pytest.StashKey["Grading"]()


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of exercises; for a run that names one, start its candidate at once."""
    group = parser.getgroup("onedelay", "One Delay: graded exercises")
    group.addoption(
        "--submission",
        action="append",
        default=[],
        metavar="PATH",
        help="grade this file or folder in place of the exercise's own file (may be given several times)",
    )
    group.addoption(
        "--clock",
        choices=["both", "decisive", "virtual", "real"],
        default="both",
        help="run the checks of one clock only; decisive: all but what another check decides (default: both)",
    )
    group.addoption(
        "--in-process",
        action="store_true",
        help="run the learner's code in pytest's own process, so that breakpoint() works; not for grades",
    )
    group.addoption(
        "--isolation",
        choices=["none", "weak", "strong", "full"],
        default="none",
        help="how well the learner's code is kept apart: full for the code of strangers (default: none)",
    )
    group.addoption(
        "--limit", type=float, default=10.0, metavar="SECONDS", help="real time each check may take (default: 10)"
    )
    group.addoption(
        "--report",
        default="terminal",
        metavar="KIND",
        help="terminal, or json[=FILE]: also write the verdicts as data (default file: onedelay-report.json)",
    )

    config = pluginmanager.getplugin("pytestconfig")
    if config is not None:
        _warm_up(config, parser)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, Any, Any]:
    """Let a number or a prefix stand for an exercise's folder; runs before pytest captures output."""
    _keep_root(early_config)
    positional = early_config.known_args_namespace.file_or_dir
    try:
        full = {arg: expand(arg) for arg in positional}
    except UnknownExerciseError as error:
        raise pytest.UsageError(str(error)) from None
    args[:] = [full.get(arg, arg) for arg in args]
    early_config.known_args_namespace.file_or_dir = [full[arg] for arg in positional]
    return (yield)


def _warm_up(config: pytest.Config, parser: pytest.Parser) -> None:
    # A candidate takes about as long to start as pytest loads its plugins: let both happen at once. What the command
    # line turns out to mean later decides; a candidate started in vain is ended with the run.
    args = list(config.invocation_params.args)
    if "exercises" not in " ".join([*args, str(config.invocation_params.dir)]) or {"-h", "--help", "--co"} & {*args}:
        return
    options = parser.parse_known_args(args)
    named = options.file_or_dir[0] if options.file_or_dir else str(config.invocation_params.dir)
    try:
        exercise = exercise_of(Path(expand(named).partition("::")[0]).absolute())
    except UnknownExerciseError:
        return
    if exercise is not None and not hasattr(config, "workerinput") and not any(a.startswith("-n") for a in args):
        gc.disable()  # pytest's plugins are being loaded; what they load is no garbage
        config.add_cleanup(gc.enable)
        grading_of(config).warm_up(exercise, options)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Let garbage be collected again, without what has been loaded until now."""
    if _GRADING in session.config.stash and not gc.isenabled():
        gc.freeze()
        gc.enable()


def _keep_root(config: pytest.Config) -> None:
    # pytest chooses its root folder before it knows our options, so `--submission PATH` counts as a path to test
    # and a PATH elsewhere moves the root there. Written with `=` it does not: start again in that form.
    folder, given, joined = config.invocation_params.dir, iter(config.invocation_params.args), []
    outside = False
    for arg in given:
        if arg == "--submission" and (path := next(given, None)) is not None:
            outside = outside or not (folder / path).resolve().is_relative_to(folder.resolve())
            joined.append(f"--submission={path}")
        else:
            joined.append(arg)
    if outside:
        raise SystemExit(pytest.main(joined))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; when only exercises are named, leave out pytest's header."""
    if config.option.report.partition("=")[0] not in {"terminal", "json"}:
        raise pytest.UsageError(f"--report {config.option.report}: choose terminal, json or json=FILE")
    if config.option.limit <= 0:
        raise pytest.UsageError(f"--limit {config.option.limit:g}: a check needs some time, in seconds")
    if config.option.in_process and config.option.isolation != "none":
        raise pytest.UsageError("--in-process runs the code in this very process: leave out --isolation")
    config.addinivalue_line(
        "markers",
        "check(points=1, clock='virtual', confirms=False, horizon=..., pool=..., processes=..., network=..., "
        "picture=...): how a check of an exercise is run and what it earns; confirms: another check decides the same",
    )
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Results(), "onedelay-results")
    # Where no configuration file says so, pytest-asyncio would print a notice about its own future.
    warnings.filterwarnings("ignore", 'The configuration option "asyncio_default_fixture_loop_scope"')
    named = [exercise_of(Path(arg.partition("::")[0]).absolute()) for arg in config.args]
    if named and all(named) and config.option.verbose <= 0:
        config.option.no_header = True


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the candidates."""
    if _GRADING in config.stash:
        config.stash[_GRADING].close()


def grading_of(config: pytest.Config) -> Grading:
    """Return the state of this run."""
    if _GRADING not in config.stash:
        from grader.grading import Grading  # noqa: PLC0415

        config.stash[_GRADING] = Grading(config)
    return config.stash[_GRADING]


# -- collecting --------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> Generator[None, Any, Any]:
    """Mark an exercise's coroutine tests for pytest-asyncio, in whichever mode it is, and count the checks."""
    exercise = exercise_of(collector.path)
    if exercise is None or not inspect.iscoroutinefunction(obj):
        return (yield)
    pytest.mark.asyncio(obj)  # marks the function itself
    result = yield
    items = result if isinstance(result, list) else [result]
    grading_of(collector.config).expect([item for item in items if isinstance(item, pytest.Function)])
    return result


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every check once for each submission."""
    given = metafunc.config.option.submission
    if len(given) > 1 and "submission" in metafunc.fixturenames and exercise_of(metafunc.definition.path) is not None:
        metafunc.parametrize("submission", given, indirect=True, ids=[Path(path).name for path in given])


@pytest.hookimpl(trylast=True)
def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Any]:
    """Give each check a loop on its clock; other tests keep asyncio's."""
    if exercise_of(item.path) is not None:
        return {"clock": grading_of(config).loop_factory(item)}
    return {"asyncio": asyncio.new_event_loop}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the checks that the clock was chosen for; when all that runs are checks, let the report speak alone."""
    checks = [item for item in items if exercise_of(item.path) is not None]
    if not checks:
        return
    dropped = grading_of(config).not_chosen(checks)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]
    if len(config.option.submission) > 1:
        items.sort(key=grading_of(config).order)
    if len(checks) == len(items) + len(dropped):
        _quieten(config)


def _quieten(config: pytest.Config) -> None:
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "no"
    reporter: Any = config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None and config.option.reportchars == "fE":
        reporter.reportchars = ""


# -- running -----------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Judge a check."""
    if exercise_of(pyfuncitem.path) is None:
        return None
    grading_of(pyfuncitem.config).run(pyfuncitem)
    return True


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the candidates of a submission after its last check."""
    if exercise_of(item.path) is not None:
        grading_of(item.config).move_on(item, nextitem)


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Any:
    """Return the learner's code: ``await submission.f(...)`` calls its function ``f``."""
    return grading_of(request.config).state(request.node).submission


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Any:
    """Return the HTTP service of this check, an `HttpWorld`."""
    return grading_of(request.config).state(request.node).check.world


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return pytest's own folder; in a check, one that the learner's code may use too, however it is kept apart."""
    if exercise_of(request.node.path) is None:
        return tmp_path
    return grading_of(request.config).state(request.node).check.shared_folder() or tmp_path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Attach the verdict to the report, where it also travels between processes."""
    report = yield
    if exercise_of(item.path) is not None:
        verdict = grading_of(item.config).verdict_of(item, report, call)
        if verdict is not None:
            report.onedelay = json.dumps(verdict)
    return report


# -- reporting ---------------------------------------------------------------------------------------------


class _Results:
    """Collects the verdicts of this run, those of other processes included, and prints them at its end."""

    def __init__(self) -> None:
        self._verdicts: list[dict[str, Any]] = []
        self._left_out: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why an exercise is left out as a whole."""
        exercise = exercise_of(Path(report.fspath).absolute()) if report.skipped else None
        if exercise is not None and isinstance(report.longrepr, tuple):
            reason = str(report.longrepr[2]).removeprefix("Skipped: ")
            self._left_out += ["", f"{exercise.number} {exercise.slug}   -  left out on this machine: {reason}"]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the verdict that came with a report."""
        data = getattr(report, "onedelay", None)
        if data is not None:
            self._verdicts.append(json.loads(data))

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """Print the report of each exercise."""
        for line in self._left_out:
            terminalreporter.write_line(line)
        if self._verdicts:
            from grader.learning.recording import record  # noqa: PLC0415
            from grader.summary import fold_all, summarise  # noqa: PLC0415

            verdicts = fold_all(self._verdicts)
            summarise(terminalreporter, config, verdicts)
            for line in [] if config.option.in_process else record(verdicts):
                terminalreporter.write_line(line)
