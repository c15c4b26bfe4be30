"""Runs beside the learner's module: gives every SQLite connection the function slow(), and watches them all."""

import asyncio
import contextlib
import functools
import inspect
import re
import sqlite3
import sys
import types
from pathlib import Path

import aiosqlite

OPENED = []  # the connections of the last call, open or closed, as `connections` tells them


class Watched(sqlite3.Connection):
    """A connection that knows whether `close` was called; being forgotten is not being closed."""

    closed = False

    def close(self):
        super().close()
        self.closed = True


class Watch:
    """Notes each connection that is opened, and by which line. pauses: name of a file -> what its slow() calls."""

    def __init__(self, module, pauses):
        self.file, self.pauses = module.__file__, pauses
        self.connect = sqlite3.connect
        self.opened, self.lines, self.dropped = [], {}, []

    def line_here(self):
        frame = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != self.file:
            frame = frame.f_back
        return None if frame is None else frame.f_lineno

    def open_async(self, path, **options):
        """Be the `connect` that the learner is given."""
        self.lines[Path(path).name] = self.line_here()  # the file is opened in a thread that has no line of theirs
        return aiosqlite.connect(path, **options)

    def open(self, *args, **options):
        """Stand for `sqlite3.connect`, which aiosqlite calls too."""
        connection = self.connect(*args, **{"factory": Watched, **options})
        name = Path(connection.execute("PRAGMA database_list").fetchone()[2]).name
        connection.create_function("slow", 1, lambda delays: self.slow(name, delays))
        self.opened.append((name, self.line_here() or self.lines.get(name), connection))
        return connection

    def slow(self, name, delays):
        if delays and name in self.pauses:
            self.pauses[name](delays)
        return 0

    def places_of(self, module, name, value):
        """Yield (owner, attribute, what to put there) where the learner's module keeps `sqlite3.connect` itself."""
        if value is self.connect:
            yield module, name, self.open
        elif isinstance(value, functools.partial) and value.func is self.connect:
            yield module, name, functools.partial(self.open, *value.args, **value.keywords)
        elif isinstance(value, types.FunctionType):
            places, named = value.__defaults__ or (), value.__kwdefaults__ or {}
            if any(default is self.connect for default in places):
                yield value, "__defaults__", tuple(self.open if d is self.connect else d for d in places)
            if any(default is self.connect for default in named.values()):
                yield value, "__kwdefaults__", {k: self.open if d is self.connect else d for k, d in named.items()}

    @contextlib.contextmanager
    def watching(self, module):
        """Put `open` in the place of `sqlite3.connect`, also where the learner has given it another name."""
        places = [(sqlite3, "connect", self.open), (sqlite3.dbapi2, "connect", self.open)]
        for name, value in vars(module).items():
            places += self.places_of(module, name, value)
        saved = [(place, name, getattr(place, name)) for place, name, _ in places]
        forget = aiosqlite.Connection.__del__
        for place, name, value in places:
            setattr(place, name, value)

        def keep(connection):
            # Dropped, it would end its thread and so close its file some time later. Keep it, to see it open.
            self.dropped.append(connection)

        aiosqlite.Connection.__del__ = keep
        try:
            yield
        finally:
            OPENED[:] = [[name, line, getattr(connection, "closed", True)] for name, line, connection in self.opened]
            aiosqlite.Connection.__del__ = forget
            for place, name, value in saved:
                setattr(place, name, value)
            for connection in self.dropped:
                forget(connection)


async def query_databases(module, paths, sql, pauses, patience):
    """Return what the learner's function returned. patience: seconds in which queries may end after an error."""
    watch = Watch(module, pauses)
    with watch.watching(module):
        try:
            returned = module.query_databases([Path(path) for path in paths], sql, connect=watch.open_async)
            if not inspect.isawaitable(returned):
                return {"not awaitable": returned}
            return {"rows": await returned}
        except Exception as error:
            trouble = known_trouble(error)
            if trouble == "not open" and not watch.opened:
                trouble = "never opened"
            if trouble is not None:
                return {"trouble": trouble, "line": line_of(module, error)}
            await asyncio.sleep(patience)  # `gather` raises at once, while the others go on
            raise


def known_trouble(error):
    """Return a word for an error that tells how a connection was misused, or None."""
    error, message = first_leaf(error), str(first_leaf(error))
    if isinstance(error, sqlite3.ProgrammingError) and "same thread" in message:
        return "wrong thread"
    if isinstance(error, sqlite3.OperationalError) and message == "no such function: slow":
        return "unwatched"
    closed = isinstance(error, sqlite3.ProgrammingError) and "closed database" in message
    if closed or (isinstance(error, ValueError) and message in {"no active connection", "Connection closed"}):
        return "not open"
    if isinstance(error, AttributeError | TypeError) and re.search(r"'Result' object|got Result", message):
        return "not awaited"
    if isinstance(error, RuntimeError) and message == "threads can only be started once":
        return "awaited twice"
    return None


def first_leaf(error):
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def line_of(module, error):
    """Return the innermost of the learner's lines that *error* passed through, or None."""
    trace, line = first_leaf(error).__traceback__, None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == module.__file__:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def connections(_module):
    """Return [file name, line, closed] of each connection that the last call opened."""
    return OPENED


# -- the same on PostgreSQL: asyncpg behind those methods of aiosqlite that such a program needs ----------------------


class UnsupportedError(AttributeError):
    """The learner's code uses more of aiosqlite than asyncpg can stand for, or the server is out of reach."""


class Later:
    """What can be awaited and entered, as the results of aiosqlite's methods can."""

    def __init__(self, coroutine):
        self.coroutine = coroutine

    def __await__(self):
        return self.coroutine.__await__()

    async def __aenter__(self):
        self.value = await self.coroutine
        return self.value

    async def __aexit__(self, *error):
        await self.value.close()


class Cursor:
    def __init__(self, connection):
        self.connection, self.rows = connection, iter(())

    def execute(self, sql, parameters=()):
        return Later(self.run(sql, parameters))

    async def run(self, sql, parameters):
        self.rows = iter([tuple(row) for row in await self.connection.fetch(sql, *parameters)])
        return self

    async def fetchall(self):
        return list(self.rows)

    async def fetchone(self):
        return next(self.rows, None)

    async def fetchmany(self, size=1):
        return [row for _, row in zip(range(size), self.rows)]

    async def close(self):
        self.rows = iter(())

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        await self.close()

    async def __aiter__(self):
        for row in self.rows:
            yield row

    def __getattr__(self, name):
        raise UnsupportedError(name)


class Connection:
    row_factory = None

    def __init__(self, connect):
        self.connect, self.connection = connect, None

    async def open(self):
        try:
            self.connection = await self.connect()
        except OSError as error:
            raise UnsupportedError(str(error)) from None
        return self

    def __await__(self):
        return self.open().__await__()

    async def __aenter__(self):
        return await self

    async def __aexit__(self, *error):
        await self.close()

    async def close(self):
        await self.connection.close()

    def execute(self, sql, parameters=()):
        return Cursor(self.connection).execute(sql, parameters)

    def execute_fetchall(self, sql, parameters=()):
        async def fetch():
            return await (await self.execute(sql, parameters)).fetchall()

        return Later(fetch())

    def cursor(self):
        async def make():
            return Cursor(self.connection)

        return Later(make())

    async def commit(self):
        pass

    rollback = commit

    def __getattr__(self, name):
        raise UnsupportedError(name)


async def query_databases_of_postgres(module, paths, sql, address):
    """Return the rows, or None for a program that opens its databases without `connect`, or needs more of SQLite."""
    import asyncpg

    asked = []

    def connect(path, **_):
        asked.append(path)
        settings = {"search_path": Path(path).stem}
        return Connection(lambda: asyncpg.connect(**address, server_settings=settings))

    try:
        return await module.query_databases([Path(path) for path in paths], sql, connect=connect)
    except Exception as error:
        if not asked or isinstance(first_leaf(error), UnsupportedError):
            return None
        raise
