"""What the grader checks in 35 when_not_async."""

import asyncio
import contextlib
import decimal
import random
import re
import sqlite3

import pytest

from grader.evidence import CheckFailed, WrongKind
from grader.expect import expect_equal, fail
from grader.values import Opaque

FUNCTIONS = {
    "report": "async",
    "calculate_pi": "plain",
    "process_one_item": "plain",
    "query_old_database": "plain",
}
QUERY = "SELECT customer, amount FROM orders ORDER BY id"
DIGITS = 100
CUSTOMERS = ["Ada", "Björn", "Chidi", "Dagný", "Émile", "Farah", "Grace", "Håkon", "İpek", "Jun"]
GOODS = ["tea", "bread", "soap", "candles", "rope", "ink"]


def true_pi(digits):
    """Return π, cut off, by the method of Gauss and Legendre."""
    with decimal.localcontext() as context:
        context.prec = digits + 20
        a, b, t = decimal.Decimal(1), 1 / decimal.Decimal(2).sqrt(), decimal.Decimal("0.25")
        for step in range(10):  # each doubles the number of right digits
            a, b, t = (a + b) / 2, (a * b).sqrt(), t - 2**step * ((a - b) / 2) ** 2
        return str((a + b) ** 2 / (4 * t))[: digits + 2]


def fresh_items(number):
    return [
        {"name": random.choice(GOODS), "price": random.randint(1, 900), "count": random.randint(1, 40)}
        for _ in range(number)
    ]


def processed(item):
    return {**item, "total": item["price"] * item["count"]}


class Shop:
    """A database with fresh orders."""

    def __init__(self, folder, table="orders"):
        self.path = str(folder / "shop.db")
        self.orders = [(random.choice(CUSTOMERS), random.randint(1, 5000)) for _ in range(random.randint(3, 9))]
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, customer, amount)")
            db.executemany(f"INSERT INTO {table} (customer, amount) VALUES (?, ?)", self.orders)  # noqa: S608
            db.commit()


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def pauses(submission):
    """Return what makes two of the helpers take one delay each, as blocking code does."""

    def calculate_pi():
        return asyncio.sleep(submission.delay)

    def query_old_database():
        return asyncio.sleep(submission.delay)

    return {"calculate_pi": calculate_pi, "query_old_database": query_old_database}


async def make_report(submission, shop, items):
    """Let the learner's report run; return what was seen of it when it has returned the right things."""
    seen = await submission.inside.report(shop.path, items, pauses(submission))
    if "not awaitable" in seen:
        raise CheckFailed(WrongKind("report", "async def", "a plain function", seen["not awaitable"]))
    if "called too early" in seen:
        name = seen["called too early"]
        fail(
            "called-too-early",
            f"called {name}() too early",
            f"{name}() was called in the loop's thread, and what it returned was given to another thread to call.",
            line=next((call.line for call in submission.calls if call.name == name), None),
            mark="the parentheses call it here and now, before there is a thread",
            hint=f"give the function and its arguments apart: to_thread({name}, …).",
        )
    report = seen["report"]
    if isinstance(report, Opaque) and report.kind in {"coroutine", "future"}:
        expect_equal(report, (), "the report")
    if not isinstance(report, tuple) or len(report) != 3:
        seen = f"report() returned {report!r:.80}."
        fail("not-a-report", "that is not a Report", seen, hint="return Report(orders, pi, items).")
    orders, pi, done = report
    expect_equal(orders, shop.orders, "the orders in the report")
    expect_equal(pi, true_pi(DIGITS), "π in the report")
    expect_equal(done, [processed(item) for item in items], "the items in the report")
    return seen


def expect_used(submission, seen):
    for name, calls in seen["calls"].items():
        if not calls:
            fail(
                "helper-unused",
                f"report() does without {name}()",
                f"the report was right, but {name}() was never called for it.",
                line=submission.definition("report"),
                hint=f"call {name}() in report(), so that there is one place that knows how it is done.",
            )


def plain(name, value):
    """Expect that a helper gave its value, not a coroutine."""
    if isinstance(value, Opaque) and value.kind == "coroutine":
        raise CheckFailed(WrongKind(name, "def", "a coroutine function", value))
    return value


async def test_pi(submission):
    """calculate_pi gives the digits of π, where no loop runs."""
    known = true_pi(300)
    # Where the next digit is 5 or more, rounding would show.
    rounding = random.choice([n for n in range(20, 200) if known[n + 2] >= "5"])
    for digits in [random.randint(100, 200), rounding, random.randint(1, 9)]:
        value, expected = await submission.calculate_pi(digits), known[: digits + 2]
        if value == expected or not isinstance(value, str) or not re.fullmatch(r"3\.[0-9]+", value):
            expect_equal(value, expected, f"calculate_pi({digits})")
            continue
        right = next((n for n, (a, b) in enumerate(zip(value, known)) if a != b), len(value)) - 2
        if len(value) != len(expected) and right >= min(len(value) - 2, digits):
            seen = f"calculate_pi({digits}) has {len(value) - 2} digits after the point."
            fail("pi-of-another-length", "not as many digits as asked for", seen, hint="count them after the point.")
        if right == digits - 1 or (len(value) == len(expected) and int(value[2:]) == int(expected[2:]) + 1):
            seen = f"calculate_pi({digits}) ends in {value[-3:]}, expected {expected[-3:]}."
            hint = "calculate with some digits more than asked for, and cut the text off at its end."
            fail("pi-rounded", "the last digits are not right", seen, hint=hint)
        seen = f"calculate_pi({digits}) is right up to digit {right}: {value[: right + 3]}"
        hint = "a float holds about 16 digits; whole numbers, and decimal, hold as many as you like."
        fail("pi-inexact", "not enough digits are right", f"{seen}.", hint=hint)


async def test_item(submission):
    """process_one_item adds the total, where no loop runs."""
    for item in fresh_items(5):
        expect_equal(await submission.process_one_item(item), processed(item), "the item")


async def test_query(submission, shop):
    """query_old_database gives the rows, where no loop runs."""
    customer = shop.orders[0][0]
    amounts = [(amount,) for name, amount in shop.orders if name == customer]
    selected = QUERY.replace("customer, ", "").replace("ORDER", f"WHERE customer = '{customer}' ORDER")
    for sql, expected in [(QUERY, shop.orders), (selected, amounts)]:
        rows = plain("query_old_database", await submission.inside.query_old_database(shop.path, sql))
        expect_equal(rows, expected, "the rows")


async def test_helpers_in_a_loop(submission, shop):
    """The three work the same where a loop is running."""
    item = fresh_items(1)[0]
    values = await submission.inside.helpers(shop.path, QUERY, item)
    names = ["calculate_pi", "process_one_item", "query_old_database"]
    for name, value, expected in zip(names, values, [true_pi(7), processed(item), shop.orders]):
        expect_equal(plain(name, value), expected, f"{name}()")


@pytest.mark.check(points=3)
async def test_loop_awake(submission, shop):
    """The report is right, uses all three, and leaves the loop awake."""
    with submission.takes(1, at_most=2.5, serial=2):
        expect_used(submission, await make_report(submission, shop, fresh_items(random.randint(3, 9))))


@pytest.mark.check(points=2)
async def test_thousand_items(submission, shop):
    """A thousand small items are not handed over one by one."""
    seen = await make_report(submission, shop, fresh_items(1000))
    if seen["threads"] > 3 or seen["jobs"] > 100:
        name = seen["job"]
        line = submission.line(rf"^(?!\s*(async\s+)?def\b).*\b{name}\b")
        if name == "<lambda>":
            line = submission.definition("report")._replace(number=seen["line"])
        spread = f"in {seen['jobs']} pieces" if seen["jobs"] > 100 else f"to {seen['threads']} of them"
        fail(
            "thread-per-item",
            "handed over every item",
            f"report() handed 1000 items to other threads, {spread}.",
            line=line,
            mark="handing over a microsecond of work costs more than doing it",
            hint="process the items where you are, or hand over many of them at once.",
        )


async def test_error(submission, tmp_path):
    """An error of the database reaches the caller."""
    shop = Shop(tmp_path, table="invoices")
    with submission.raises("OperationalError", because="the table orders is missing"):
        await submission.inside.report(shop.path, fresh_items(2), pauses(submission))


async def test_second_run(submission, shop):
    """A second asyncio.run() works as the first, and nothing is left running."""
    # Here in one thread, in the report in others: what was kept from one of them is no use in another.
    await submission.inside.helpers(shop.path, QUERY, fresh_items(1)[0])
    await make_report(submission, shop, fresh_items(2))
    await submission.new_loop()
    await make_report(submission, shop, fresh_items(3))
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", processes="spawn")
async def test_for_real(submission, shop):
    """And so on the real clock."""
    with submission.takes(1, at_least=0, at_most=25, serial=2):  # a process pool may need its time to start
        await make_report(submission, shop, fresh_items(1000))
