import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    """All connections are opened first, and closed at the end."""
    connections = await asyncio.gather(*(connect(path) for path in paths))
    try:
        answers = await asyncio.gather(*(db.execute_fetchall(sql) for db in connections), return_exceptions=True)
    finally:
        await asyncio.gather(*(db.close() for db in connections))
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
