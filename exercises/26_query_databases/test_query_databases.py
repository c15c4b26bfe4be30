"""What the grader checks in 26 query_databases."""

import asyncio
import contextlib
import importlib.util
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import warnings
from pathlib import Path

import pytest

from grader.evidence import CheckFailed, WrongKind
from grader.expect import expect_equal, fail

if importlib.util.find_spec("aiosqlite") is None:  # not imported: --in-process needs it on the virtual clock
    pytest.skip("26 needs aiosqlite: pip install -e '.[exercises]'", allow_module_level=True)

FUNCTIONS = {"query_databases": "async"}
NAMES = ["oslo", "lima", "baku", "suva", "bonn", "kyiv", "cebu", "doha", "riga", "nara"]
STATIONS = ["north", "south", "harbour", "airport", "castle hill", "Łąka", "über der Aare", "old mill"]
# slow() returns 0, once it has kept its database busy.
FORWARDS = "SELECT station, degrees + slow(pause) FROM readings ORDER BY id"
BACKWARDS = "SELECT degrees + slow(pause), note, station FROM readings ORDER BY id DESC"

# How a connection can be misused, in the words of inside.py: code, title, what was seen, mark, hint.
TROUBLES = {
    "wrong thread": (
        "connection-in-another-thread",
        "took a connection to another thread",
        "a connection of sqlite3 was opened in one thread and used in another; sqlite3 does not allow that.",
        "the connection that is used here belongs to the thread that opened it",
        "open it, use it and close it in one and the same thread.",
    ),
    "unwatched": (
        "opened-in-another-way",
        "opened a database in an unusual way",
        "the query calls a function of the grader's, which is not known to this connection.",
        "the database that is queried here was not opened by `connect` or `sqlite3.connect`",
        "call `connect(path)` inside your function, or `sqlite3.connect(path)`.",
    ),
    "not awaited": ("never-awaited", "forgot an await", "a coroutine was used for its result.", "", "await it first."),
    "never opened": (
        "connection-never-opened",
        "used a connection that is not open yet",
        "no database was ever opened.",
        "calling connect only makes a connection; it opens its file when it is awaited",
        "use `async with connect(path) as db:`, or `db = await connect(path)`.",
    ),
    "not open": (
        "connection-closed-too-early",
        "used a connection that is closed",
        "a connection was closed before all of its rows had been fetched.",
        "by now the connection is closed, and its rows went with it",
        "fetch the rows inside the `async with` block, or close the connection later.",
    ),
    "awaited twice": (
        "connection-opened-again",
        "opened a connection that is open",
        "a connection was awaited, and then awaited again; each has one thread, which starts once.",
        "`async with` awaits the connection itself",
        "write `async with connect(path) as db:`, without an await.",
    ),
}


class Database:
    """A SQLite file with fresh readings; a query takes *delays*."""

    def __init__(self, folder, name, delays=1.0, table="readings"):
        self.name, self.path, self.delays = f"{name}.db", folder / f"{name}.db", delays
        self.waited = 0  # delays for which a query has kept it busy
        stations = random.sample(STATIONS, random.randint(1, 5))
        notes = [random.choice([None, "windy", 7.5]) for _ in stations]
        self.readings = [(station, random.randint(-30, 45), note) for station, note in zip(stations, notes)]
        pauses = [delays, *[0] * len(stations)]
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, station, degrees, note, pause)")
            rows = [(*reading, pause) for reading, pause in zip(self.readings, pauses)]
            db.executemany(f"INSERT INTO {table} VALUES (NULL, ?, ?, ?, ?)", rows)  # noqa: S608 - a name of ours
            db.commit()

    def rows(self, sql):
        """Return the rows that *sql* should give."""
        if sql == FORWARDS:
            return [(station, degrees) for station, degrees, _ in self.readings]
        return [(degrees, note, station) for station, degrees, note in reversed(self.readings)]

    def pause(self, submission):
        """Return the blocking function that SQLite calls in the middle of a query."""

        def query(delays):
            self.waited += delays
            return asyncio.sleep(delays * submission.delay)

        query.__name__ = self.name
        return query


@pytest.fixture
def databases(tmp_path):
    return [Database(tmp_path, name) for name in NAMES]


def at(submission, number):
    """Return a line of the learner's by its number, or the first that connects."""
    if number is None:
        return submission.line(r"\bconnect\(")
    return submission.definition("query_databases")._replace(number=number)


async def ask(submission, databases, sql):
    """Return the rows that the learner's function gives."""
    for database in databases:
        database.waited = 0
    pauses = {database.name: database.pause(submission) for database in databases}
    paths = [str(database.path) for database in databases]
    answer = await submission.inside.query_databases(paths, sql, pauses, patience=5 * submission.delay)
    if "not awaitable" in answer:
        raise CheckFailed(WrongKind("query_databases", "async def", "a plain function", answer["not awaitable"]))
    if "trouble" in answer:
        code, title, seen, mark, hint = TROUBLES[answer["trouble"]]
        fail(code, title, seen, line=at(submission, answer["line"]), mark=mark, hint=hint)
    return answer["rows"]


async def expect_rows(submission, databases, sql):
    rows = await ask(submission, databases, sql)
    expected = [database.rows(sql) for database in databases]
    opened = await submission.inside.connections()
    if rows != expected and len(opened) == 1 < len(databases):
        fail(
            "shared-connection",
            "one connection for several databases",
            f"there are {len(databases)} databases, but one connection was opened, to {opened[0][0]}.",
            line=at(submission, opened[0][1]),
            mark="a connection leads to one file, and runs one statement at a time",
            hint="open a connection for each path; each has a thread of its own.",
        )
    expect_equal(rows, expected, "the rows")
    unasked = [database.name for database in databases if database.waited < database.delays]
    if unasked:
        seen = f"the rows are right, but no query of the SQL that was given has run in {', '.join(unasked[:3])}."
        hint = "run the given SELECT as it is, in each database."
        fail("did-not-ask", "another query than the one given", seen, line=at(submission, None), hint=hint)


async def expect_closed(submission):
    """Expect that each database was opened once, and that all connections are closed."""
    opened = await submission.inside.connections()
    left = [(name, line) for name, line, closed in opened if not closed]
    if left:
        line = at(submission, left[0][1])
        text = submission.source.splitlines()[line.number - 1] if line else ""
        fail(
            "connection-left-open",
            "left a connection open",
            f"of {len(opened)} connections, {len(left)} had not been closed when the function had ended: "
            f"{', '.join(name for name, _ in left[:3])}{', …' if left[3:] else ''}.",
            line=line,
            mark="opened here; nothing closes it, or not on every way out",
            hint="use `with contextlib.closing(...)`; the `with` of a sqlite3 connection ends a transaction, no more."
            if "sqlite3" in text
            else "let `async with connect(path) as db:` close it, whatever happens.",
        )
    names = [name for name, _, _ in opened]
    again = next(((name, line) for place, (name, line, _) in enumerate(opened) if name in names[:place]), None)
    if again is not None:
        seen = f"{len(opened)} connections were opened for {len(set(names))} databases; {again[0]} was opened again."
        hint = "one connection for each path is enough."
        fail("opened-twice", "opened a database twice", seen, line=at(submission, again[1]), hint=hint)


async def one_delay(submission, databases):
    with submission.takes(1, at_most=1.5, serial=10):
        await expect_rows(submission, databases, FORWARDS)


@pytest.mark.check(points=3)
async def test_one_delay(submission, databases):
    """Ten databases answer in the time of one query."""
    await one_delay(submission, databases)


async def test_order(submission, tmp_path):
    """Rows are returned in the order of the paths, whichever database is the fastest."""
    delays = random.sample([3, 1, 2, 2.5, 0.5, 1.5], 6)
    databases = [Database(tmp_path, name, pause) for name, pause in zip(random.sample(NAMES, 6), delays)]
    await expect_rows(submission, databases, BACKWARDS)


async def test_connections(submission, databases):
    """Each database is opened once, and closed again."""
    await expect_rows(submission, databases[:4], FORWARDS)
    await expect_closed(submission)
    await submission.leaves_nothing_behind()


async def test_error(submission, tmp_path, databases):
    """An error is raised, and leaves no connection open."""
    broken = Database(tmp_path, "pula", table="measurements")
    asked = random.sample([*databases[:3], broken], 4)
    with submission.raises("OperationalError", because="pula.db has no table of that name"):
        await ask(submission, asked, FORWARDS)
    await expect_closed(submission)


async def test_second_run(submission, databases):
    """A second asyncio.run() works as the first."""
    for sql in (FORWARDS, BACKWARDS):
        await expect_rows(submission, databases[:5], sql)
        await submission.new_loop()


@pytest.mark.check(clock="real", confirms=True)
async def test_for_real(submission, databases):
    """And so on the real clock."""
    await one_delay(submission, databases)


# -- an extra: the same on a real PostgreSQL --------------------------------------------------------------------------


def postgres_programs():
    """Return the folder of PostgreSQL's programs, or None where asyncpg cannot reach a server of ours."""
    if os.name != "posix" or importlib.util.find_spec("asyncpg") is None:
        return None
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


PROGRAMS = postgres_programs()


class Postgres:
    """A server of our own, reached through a socket in a temporary folder; it starts when it is first needed."""

    def __init__(self):
        self.folder, self.options = "", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "timeout": 60}

    def run(self, program, *args):
        command = [PROGRAMS / program, "-D", f"{self.folder}/data", *args]
        subprocess.run(command, check=True, cwd=self.folder, **self.options)

    def start(self):
        self.folder = tempfile.mkdtemp(prefix="pg-")
        self.address = {"host": self.folder, "port": 5432, "user": "onedelay", "database": "postgres"}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            import pwd

            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.options.update(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
        self.run("initdb", "-U", "onedelay", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        self.run("pg_ctl", "start", "-w", "-o", f"-F -p 5432 -k {self.folder} -c listen_addresses=''")

    async def fill(self, databases, delay):
        """Put the readings of each database into a schema of its name."""
        import asyncpg

        if not self.folder:
            self.start()
        connection = await asyncpg.connect(**self.address)
        for database in databases:
            name, pauses = database.path.stem, [database.delays, *[0] * len(database.readings)]
            await connection.execute(
                f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}; SET search_path TO {name};"
                "CREATE TABLE readings (station text, degrees int, pause float, id serial);"
                "CREATE FUNCTION slow(pause float) RETURNS int LANGUAGE plpgsql AS "
                f"'BEGIN PERFORM pg_sleep(pause * {delay}); RETURN 0; END'"
            )
            rows = [(station, degrees, pause) for (station, degrees, _), pause in zip(database.readings, pauses)]
            await connection.executemany("INSERT INTO readings VALUES ($1, $2, $3)", rows)
        await connection.close()


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    yield server
    if server.folder:
        with contextlib.suppress(subprocess.SubprocessError):  # it never started
            server.run("pg_ctl", "stop", "-m", "fast")
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.mark.skipif(PROGRAMS is None, reason="this extra needs asyncpg and a PostgreSQL server (initdb, pg_ctl)")
@pytest.mark.check(points=0, clock="real", confirms=True, network=True, picture=False)
async def test_on_postgres(submission, databases, postgres):
    """And so on PostgreSQL, with asyncpg behind connect."""
    if submission.kept_apart:
        return  # no points: the server is out of its reach
    try:
        await postgres.fill(databases, submission.delay)
    except (OSError, subprocess.SubprocessError) as error:
        warnings.warn(f"PostgreSQL could not be started here, so nothing was asked of it: {error}", stacklevel=1)
        return
    paths = [str(database.path) for database in databases]
    ask_postgres = submission.inside.query_databases_of_postgres
    if await ask_postgres(paths[:1], "SELECT pg_sleep(0)", postgres.address) is None:
        return  # no points: a right program may use sqlite3 alone, or more of aiosqlite than asyncpg has
    with submission.takes(1, at_most=1.5, serial=10):
        rows = await ask_postgres(paths, FORWARDS, postgres.address)
        expect_equal(rows, [database.rows(FORWARDS) for database in databases], "the rows")
