"""What the text of a program says about awaits that follow one another: could they have run together? It runs nothing.

In doubt they could not: who is told to start things together must not find that one needs the other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
# Waiting on purpose between two things, or on one connection, whose order is part of what it says.
_PACING: Final = ("sleep", "pause", "wait", "throttle", "delay", "backoff", "acquire", "tick", "poll", "join", "put")
_ORDERED: Final = ("read", "write", "send", "recv", "receive", "drain", "execute", "commit", "flush", "publish", "next")
_STATEFUL: Final = frozenset({"append", "add", "extend", "update", "insert", "appendleft", "setdefault", "pop"})


@dataclass(frozen=True)
class Site:
    """A place where a program awaits again and again: its *line*, and *calls*, the name of what is awaited there.

    key: the same for all awaits of one loop, or of one row of statements. loop: whether it is a loop.
    """

    key: tuple[int, int]
    line: int
    calls: str
    loop: bool


def site(source: tuple[str, ...], number: int) -> Site | None:
    """Return where the await at line *number* repeats, when nothing says that its turns need one another."""
    program = _parsed(source)
    return None if program is None else program.site(number)


@lru_cache(maxsize=32)
def _parsed(source: tuple[str, ...]) -> _Program | None:
    try:
        return _Program(ast.parse("\n".join(source)))
    except (SyntaxError, ValueError, RecursionError):
        return None


class _Program:
    def __init__(self, tree: ast.Module) -> None:
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self._awaits = [node for node in ast.walk(tree) if _is_await(node)]
        self._known: dict[int, Site | None] = {}

    def site(self, number: int) -> Site | None:
        """Return the site at a line."""
        if number not in self._known:
            self._known[number] = self._find(number)
        return self._known[number]

    def _find(self, number: int) -> Site | None:
        at = [node for node in self._awaits if _first(node) <= number <= _last(node)]
        if not at:
            return None
        # The one that is in the others is what is awaited first.
        node = min(at, key=lambda node: (_last(node) - _first(node), -len(list(self._above(node)))))
        if not _may_overlap(node):
            return None
        for above in self._above(node):
            if isinstance(above, _Comprehension):
                return Site((above.lineno, above.col_offset), _first(node), _callee(node), loop=True)
            if isinstance(above, ast.For):
                free = _turns_are_free(above)
                return Site((above.lineno, above.col_offset), _first(node), _callee(node), loop=True) if free else None
            if isinstance(above, ast.While | ast.AsyncFor):
                return None
        return self._in_a_row(node)

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what *node* is in, innermost first, within its function; not the part of a loop that runs once."""
        below, above = node, self._parents.get(node)
        while above is not None and not isinstance(above, _Function):
            once = isinstance(above, ast.For) and (below is above.iter or below in above.orelse)
            if isinstance(above, _Comprehension):
                once = below is above.generators[0] and node in ast.walk(above.generators[0].iter)
            if not once:
                yield above
            below, above = above, self._parents.get(above)

    def _in_a_row(self, node: ast.AST) -> Site | None:
        """Return the site of statements in one block that await the same function, none using another's result."""
        statement = node
        while not isinstance(statement, ast.stmt):
            statement = self._parents[statement]
        block = self._block_of(statement)
        if not isinstance(node, ast.Await) or not _is_plain(statement) or not _is_function(node):
            return None
        before, after = block[: block.index(statement)], block[block.index(statement) + 1 :]
        first = statement
        for other in reversed(before):
            if not _goes_on(other, node):
                break
            first = other if _awaits_in(other) else first
        row = [first]
        for other in block[block.index(first) + 1 :]:
            if not _goes_on(other, node):
                break
            row += [other] if _awaits_in(other) else []
        if len(row) < 2 or _uses_results(row) or (not before and not after):
            return None
        return Site((first.lineno, -1), first.lineno, _callee(node), loop=False)

    def _block_of(self, statement: ast.stmt) -> Sequence[ast.stmt]:
        above = self._parents[statement]
        blocks = [getattr(above, name, []) for name in ("body", "orelse", "finalbody")]
        return next(block for block in blocks if isinstance(block, list) and statement in block)


def _is_await(node: ast.AST) -> bool:
    return isinstance(node, ast.Await | ast.AsyncWith) or (isinstance(node, ast.Call) and _name(node.func) == "run")


def _first(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def _last(node: ast.AST) -> int:
    if isinstance(node, ast.AsyncWith):
        return max(item.context_expr.end_lineno or 0 for item in node.items)
    return int(getattr(node, "end_lineno", 0))


def _name(node: ast.AST | None) -> str:
    """Return the last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _call(node: ast.AST) -> ast.Call | None:
    awaited = node.value if isinstance(node, ast.Await) else node
    if isinstance(node, ast.AsyncWith):
        awaited = node.items[0].context_expr
    return awaited if isinstance(awaited, ast.Call) else None


def _callee(node: ast.AST) -> str:
    call = _call(node)
    if call is not None and _name(call.func) in {"run", "wait_for", "create_task", "ensure_future", "shield"}:
        inner = call.args[0] if call.args else None
        return _name(inner.func) if isinstance(inner, ast.Call) else ""
    name = "" if call is None else _name(call.func)
    return "" if name in {"TaskGroup", "timeout", "gather"} else name


def _may_overlap(node: ast.AST) -> bool:
    name, call = _callee(node).lower(), _call(node)
    if any(part in name for part in _PACING) or name.startswith(_ORDERED):
        return False
    return not (name == "get" and call is not None and not call.args)  # of a queue


# -- loops -------------------------------------------------------------------------------------------------


def _turns_are_free(loop: ast.For) -> bool:
    """Return whether nothing in a loop says that a turn needs what an earlier one did."""
    inside = [node for statement in loop.body for node in _within(statement)]
    if any(isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) for node in inside) or _breaks(loop.body):
        return False
    calls = [_callee(node).lower() for node in inside if _is_await(node)]
    if any(any(part in name for part in _PACING) for name in calls):
        return False
    if any(isinstance(node, ast.Call) and _name(node.func) == "input" for node in inside):
        return False
    bound = _bound_by_results(loop.body)
    if _texts(loop.iter) & bound.keys():
        return False
    decisive = [node for node in inside if _is_await(node)]
    decisive += [node.test for node in inside if isinstance(node, ast.If | ast.IfExp | ast.While)]
    return not any(_uses_before(node, bound) for node in decisive)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """Yield *node* and what is in it, without the functions that it defines."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _Function):
            yield from _within(child)


def _breaks(body: Sequence[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Break):
            return True
        if isinstance(statement, ast.For | ast.While | ast.AsyncFor | _Function):
            continue
        inner = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        inner += [part.body for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", []))]
        if any(_breaks(block) for block in inner):
            return True
    return False


_Position = tuple[int, int]


def _bound_by_results(body: Sequence[ast.stmt]) -> dict[str, _Position]:
    """Return the names, and dotted names, that hold what awaits gave, and from where in *body* on they do."""
    bound: dict[str, _Position] = {}
    changed = True
    while changed:
        changed = False
        for node in (node for statement in body for node in _within(statement)):
            names, value = _binding(node)
            if value is None or not (_awaits_in(value) or _texts(value) & bound.keys()):
                continue
            # What a block binds is bound within it.
            last = node.items[-1].optional_vars or node if isinstance(node, ast.AsyncWith) else node
            end = (int(getattr(last, "end_lineno", 0)), int(getattr(last, "end_col_offset", 0)))
            for name in names - bound.keys():
                bound[name], changed = end, True
    return bound


def _binding(node: ast.AST) -> tuple[set[str], ast.AST | None]:
    if isinstance(node, ast.Assign):
        return {name for target in node.targets for name in _targets(target)}, node.value
    if isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
        return _targets(node.target), node.value
    if isinstance(node, ast.AsyncWith):
        return {name for item in node.items if item.optional_vars for name in _targets(item.optional_vars)}, node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _STATEFUL:
        return {ast.unparse(node.func.value)}, node
    return set(), None


def _targets(target: ast.AST) -> set[str]:
    if isinstance(target, ast.Tuple | ast.List):
        return {name for part in target.elts for name in _targets(part)}
    if isinstance(target, ast.Starred | ast.Subscript):
        return _targets(target.value)
    return {ast.unparse(target)}


def _texts(node: ast.AST) -> set[str]:
    return {ast.unparse(part) for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}


def _uses_before(node: ast.AST, bound: dict[str, _Position]) -> bool:
    """Return whether *node* uses what an earlier turn has bound."""
    used = node
    if isinstance(node, ast.AsyncWith):
        used = node.items[0].context_expr
    at = (_first(node), int(getattr(node, "col_offset", 0)))
    return any(name in bound and at < bound[name] for name in _texts(used))


# -- rows of statements ------------------------------------------------------------------------------------


def _awaits_in(node: ast.AST) -> list[ast.Await | ast.AsyncWith]:
    return [part for part in _within(node) if isinstance(part, ast.Await | ast.AsyncWith)]


def _is_plain(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign)


def _is_function(node: ast.Await) -> bool:
    # A method may change what the next one sees.
    return isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)


def _goes_on(statement: ast.stmt, node: ast.Await) -> bool:
    """Return whether *statement* continues a row of awaits of what *node* awaits."""
    if not _is_plain(statement):
        return False
    inside = _awaits_in(statement)
    return all(
        isinstance(other, ast.Await) and _is_function(other) and _callee(other) == _callee(node) for other in inside
    )


def _uses_results(row: Sequence[ast.stmt]) -> bool:
    bound: set[str] = set()
    for statement in row:
        if any(_texts(awaited) & bound for awaited in _awaits_in(statement)):
            return True
        names, _ = _binding(statement)
        bound |= names
    return False
