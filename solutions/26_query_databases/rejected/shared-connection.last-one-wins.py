import asyncio

import aiosqlite


class Database:
    connection = None

    async def open(self, connect, path):
        if self.connection is None:
            self.connection = await connect(path)  # <-- here
        return self.connection


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    database = Database()
    results = []
    for path in paths:
        db = await database.open(connect, path)
        results.append(db.execute_fetchall(sql))
    try:
        return await asyncio.gather(*results)
    finally:
        await database.connection.close()
