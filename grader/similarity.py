"""Finds submissions of one exercise that are nearly the same, for a human to look at; it grades nothing.

Compared are streams of tokens: without comments, layout, docstrings, imports and the lines of the stub, and with one
word for every name that is not Python's own or an attribute. It knows no files and no verdicts.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import keyword
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from grader.classbook import Similar, Student

NEARLY: Final = 0.95  # so much is the same; of 2,416 pairs of known right programs, by one author, one reaches it
_SHORTEST: Final = 40  # tokens of the student's own: less than that is alike by chance
_NEAR_SHORTEST: Final = 60  # the same for what is only nearly the same
_NEAR_LONGEST: Final = 1_500  # and longer ones would take long to compare: only identical ones are found
_LONGEST: Final = 30_000  # characters of a file that are looked at
_KINDS: Final = 1_000_000  # of tokens: as many as there are characters to stand for them
_USUAL: Final = 0.1  # more than this part of the class has the structure: it is the usual way to write it
_USUAL_AT_LEAST: Final = 4
_GROUPS: Final = 25  # listed for an exercise
_LEFT_OUT: Final = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING})
_KEPT: Final = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"self", "cls"}
_NAME: Final = "a name"
_FIELD: Final = re.compile(r"\{[^{}]*\}")

Line = tuple[str, ...]


@dataclass(frozen=True)
class _Program:
    """What is compared of a program: its structure, a character for each token, and a digest of its text."""

    structure: str
    text: bytes


def similar(exercise: str, sources: Mapping[Student, str], stub: str = "") -> tuple[Similar, ...]:
    """Return groups of nearly the same submissions of *exercise*, the most telling first, at most 25.

    sources: in the order of the class. stub: what students start from; its lines say nothing about them. What is too
    short to say anything is left out, and files that Python cannot read are compared as far as it can.
    """
    given = {line for line, _ in _lines(stub)}
    alphabet: dict[str, str] = {}
    programs = {student: _program(source, given, alphabet) for student, source in sources.items()}
    same: dict[str, list[Student]] = defaultdict(list)
    for student, program in programs.items():
        if len(program.structure) >= _SHORTEST:
            same[program.structure].append(student)
    usual = max(_USUAL_AT_LEAST, _USUAL * len(sources))
    groups = [*_identical(exercise, same, programs, usual), *_nearly(exercise, same, list(sources), usual)]
    return tuple(sorted(groups, key=_telling)[:_GROUPS])


def _telling(group: Similar) -> tuple[object, ...]:
    return (not group.verbatim, group.usual, -group.ratio, -len(group.students), group.students)


# -- what is compared --------------------------------------------------------------------------------------


def _program(source: str, given: set[Line], alphabet: dict[str, str]) -> _Program:
    structure: list[str] = []
    text: list[str] = []
    for line, written in _lines(source):
        if line not in given and line[0] not in {"import", "from"} and not _is_a_string(line):
            structure += line
            text += written
    # A character for each kind of token: comparing strings is many times as fast as comparing lists.
    codes = (alphabet.setdefault(token, chr(0x100 + len(alphabet) % _KINDS)) for token in structure)
    return _Program("".join(codes), hashlib.sha256("\0".join(text).encode("utf-8", "replace")).digest())


def _lines(source: str) -> Iterator[tuple[Line, Line]]:
    """Yield each logical line, as normalised tokens and as written, without its layout."""
    line: list[str] = []
    written: list[str] = []
    for token in _tokens(source):
        if token.type in {tokenize.NEWLINE, tokenize.ENDMARKER}:
            if line:
                yield tuple(line), tuple(written)
            line, written = [], []
        elif token.type not in _LEFT_OUT:
            line.append(_normal(token, line))
            written.append(token.string)
    if line:
        yield tuple(line), tuple(written)


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source[:_LONGEST]).readline)
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return  # as far as Python can read it


def _normal(token: tokenize.TokenInfo, line: Sequence[str]) -> str:
    if token.type == tokenize.STRING and "f" in token.string[:2].lower():
        # Before Python 3.12 an f-string is one token, with names in it.
        return _FIELD.sub(lambda field: re.sub(r"(?<!\.)\b[^\W\d]\w*", "x", field[0]), token.string)
    if token.type != tokenize.NAME or token.string in _KEPT or (line and line[-1] == "."):
        return token.string
    return _NAME


def _is_a_string(line: Line) -> bool:
    return len(line) == 1 and line[0].lstrip("rRbBuUfF")[:1] in {'"', "'"}


# -- what is alike -----------------------------------------------------------------------------------------


def _identical(
    exercise: str, same: Mapping[str, list[Student]], programs: Mapping[Student, _Program], usual: float
) -> Iterator[Similar]:
    """Yield those of one structure; of a usual one, those of one text apart from the rest."""
    for students in same.values():
        by_text: dict[bytes, list[Student]] = defaultdict(list)
        for student in students:
            by_text[programs[student].text].append(student)
        if len(students) <= usual and len(by_text) > 1:
            yield Similar(exercise, tuple(students), 1.0)
            continue
        yield from (
            Similar(exercise, tuple(copies), 1.0, verbatim=True) for copies in by_text.values() if len(copies) > 1
        )
        if len(by_text) > 1:
            yield Similar(exercise, tuple(students), 1.0, usual=True)


def _nearly(
    exercise: str, same: Mapping[str, list[Student]], order: Sequence[Student], usual: float
) -> Iterator[Similar]:
    """Yield those whose structures differ a little from another's; where many do, it is the usual way to write it."""
    place = {student: number for number, student in enumerate(order)}
    long_enough = [text for text in same if _NEAR_SHORTEST <= len(text) <= _NEAR_LONGEST]
    waiting = {text: text for text in long_enough if len(same[text]) == 1}
    for leader in sorted(long_enough, key=lambda text: (-len(same[text]), place[same[text][0]])):
        if len(same[leader]) == 1 and waiting.pop(leader, None) is None:
            continue  # already near another
        found = process.extract(
            leader, waiting, scorer=Indel.normalized_similarity, score_cutoff=NEARLY, limit=None, processor=None
        )
        for text, _, _ in found:
            del waiting[text]
        if found and len(found) + len(same[leader]) <= usual:
            members = [same[leader][0], *(same[text][0] for text, _, _ in found)]
            lowest = min(score for _, score, _ in found)
            yield Similar(exercise, tuple(sorted(members, key=place.__getitem__)), round(lowest, 3))
