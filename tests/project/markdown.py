"""Reads the project's pages: fenced blocks, the commands in them, sections, code spans and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.project.tree import ROOT, named

FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")
FILE = re.compile(r"\A# ([\w./-]+\.\w+)\n")
PROMPT = "$ "
HERE_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
HEADING = re.compile(r"^(#+) +(.*?)\s*$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is that of its first line."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The file that the block is, when its first line is a comment with a file's name."""
        found = FILE.match(self.text)
        return found[1] if found else None


@dataclass(frozen=True)
class Command:
    """What stands behind a prompt, and what the page says that it prints."""

    place: str
    line: str
    output: str


@dataclass(frozen=True)
class Section:
    """A heading and everything below it down to the next one of its level or above."""

    level: int
    title: str
    text: str


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page of the project."""
    return blocks_in(page.read_text(encoding="utf-8"), named(page))


def blocks_in(text: str, page: str) -> list[Block]:
    """All fenced blocks of a text; ValueError for one that is never closed."""
    found, lines, at = [], text.splitlines(), 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if opening is None:
            continue
        indent, fence, language = opening.groups()
        first = at
        while at < len(lines) and lines[at].strip() != fence:
            at += 1
        if at == len(lines):
            raise ValueError(f"{page}:{first}: the block is never closed")
        inner = "".join(f"{line.removeprefix(indent)}\n" for line in lines[first:at])
        found.append(Block(page, first + 1, language.strip(), inner))
        at += 1
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a console block; ValueError for a line before the first prompt."""
    found: list[tuple[int, list[str], list[str]]] = []
    lines = iter(enumerate(block.text.splitlines(), start=block.line))
    for number, line in lines:
        if line.startswith(PROMPT):
            found.append((number, [line.removeprefix(PROMPT)], []))
            here = HERE_DOCUMENT.search(line)
            while here and found[-1][1][-1].strip() != here[2]:
                found[-1][1].append(next(lines)[1])
        elif not found:
            raise ValueError(f"{block.page}:{number}: a console block starts with a prompt, '{PROMPT}'")
        elif _goes_on(found[-1][1][-1], line) and not found[-1][2]:
            found[-1][1].append(line)
        else:
            found[-1][2].append(line)
    return [
        Command(f"{block.page}:{number}", "\n".join(words), "\n".join(output).strip("\n"))
        for number, words, output in found
    ]


def sections(page: Path) -> Iterator[Section]:
    """The page's sections, from top to bottom, without their fenced blocks; a section holds those below it."""
    text = prose(page)
    marks = [(match.start(), found) for match, found in _headings(text)]
    for position, (start, (level, title)) in enumerate(marks):
        following = (at for at, (other, _) in marks[position + 1 :] if other <= level)
        yield Section(level, title, text[start : next(following, len(text))])


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _blank_blocks(page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    return LINK.findall(SPAN.sub("", prose(page)))


def spans(text: str) -> list[str]:
    """What stands between backticks."""
    return SPAN.findall(text)


def anchors(page: Path) -> set[str]:
    """What links to headings of the page may end in."""
    titles = (found[1] for _, found in _headings(prose(page)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _goes_on(before: str, line: str) -> bool:
    return before.endswith("\\") or line.startswith("  ")


def _headings(text: str) -> Iterator[tuple[re.Match[str], tuple[int, str]]]:
    for match in re.finditer(HEADING.pattern, text, re.MULTILINE):
        yield match, (len(match[1]), match[2])


def _blank_blocks(text: str) -> str:
    """The same text, of the same length, with spaces for what is fenced."""
    kept, fence = [], ""
    for line in text.splitlines(keepends=True):
        opening = FENCE.match(line.rstrip("\n"))
        inside = bool(fence) or opening is not None
        if fence:
            fence = "" if line.strip() == fence else fence
        elif opening:
            fence = opening[2]
        kept.append(re.sub(r"[^\n]", " ", line) if inside else line)
    return "".join(kept)
