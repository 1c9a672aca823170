"""Reads Lucene's query strings: fields, quotes, wildcards, ranges, AND, OR, NOT, plus and minus, groups and boosts."""

from __future__ import annotations

import re
from dataclasses import replace

from mockserver.search.clauses import Bool, Clause, Everything, Exists, Pattern, Range, Text

TOKEN = re.compile(
    r"""\s*(?:
    (?P<and>AND\b|&&)|(?P<or>OR\b|\|\|)|(?P<not>NOT\b)|
    (?P<plus>\+(?=\S))|(?P<minus>[-!](?=\S))|(?P<open>\()|(?P<close>\))|
    (?P<boost>\^\d+(?:\.\d+)?)|(?P<fuzzy>~\d*(?:\.\d+)?)|
    (?P<field>(?:\\.|[^\s():"\[\]{}^~+!\\-])(?:\\.|[^\s():"\[\]{}^~\\])*):|
    (?P<quoted>"(?:\\.|[^"\\])*")|
    (?P<range>[\[{]\s*(?P<low>\S+)\s+TO\s+(?P<high>\S+?)\s*[\]}])|
    (?P<word>(?:\\.|[^\s()":^~\\])(?:\\.|[^\s()"^~\\])*))""",
    re.VERBOSE,
)
ESCAPED = re.compile(r"\\(.)")
LONGEST, DEEPEST = 10_000, 50


class QueryError(ValueError):
    """A query that cannot be read: what is wrong, and where."""


class Parser:
    """Reads one query; what stands side by side is joined by AND, as the product has it."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise QueryError(f"a query has at most {LONGEST:,} characters")
        self.text = text
        self.tokens: list[tuple[str, re.Match[str]]] = []
        at = 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise QueryError(f"cannot read {text[at:].strip()[:20]!r} at character {at + 1}")
            kind = next(name for name, value in match.groupdict().items() if value and name not in ("low", "high"))
            self.tokens.append((kind, match))
            at = match.end()
        self.at = 0
        self.depth = 0

    def parse(self) -> Clause:
        if not self.tokens:
            return Everything()
        clause = self.either(())
        if self.at < len(self.tokens):
            raise QueryError(f"nothing is open that {self._told()} could close")
        return clause

    def peek(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def take(self) -> re.Match[str]:
        match = self.tokens[self.at][1]
        self.at += 1
        return match

    def either(self, fields: tuple[str, ...]) -> Clause:
        parts = [self.all(fields)]
        while self.peek() == "or":
            self.take()
            parts.append(self.all(fields))
        return parts[0] if len(parts) == 1 else Bool(should=parts, fewest=1)

    def all(self, fields: tuple[str, ...]) -> Clause:
        must: list[Clause] = []
        never: list[Clause] = []
        while self.peek() not in (None, "or", "close"):
            if self.peek() in ("and", "plus"):
                self.take()
                continue
            if self.peek() in ("not", "minus"):
                self.take()
                never.append(self.one(fields))
                continue
            must.append(self.one(fields))
        if not must and not never:
            raise QueryError(f"something is missing before {self._told()}")
        return must[0] if len(must) == 1 and not never else Bool(must=must, never=never)

    def one(self, fields: tuple[str, ...]) -> Clause:
        kind = self.peek()
        if kind == "field":
            name = ESCAPED.sub(r"\1", str(self.take()["field"]))
            if name == "_exists_":
                return Exists(self._plain())
            return self.one((name,))
        if kind == "open":
            return self._group(fields)
        if kind == "range":
            return self._range(fields)
        if kind in ("quoted", "word"):
            return self._boosted(self._term(fields))
        raise QueryError(f"a word is missing before {self._told()}")

    def _group(self, fields: tuple[str, ...]) -> Clause:
        self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(f"groups are nested more than {DEEPEST} deep")
        clause = self.either(fields)
        if self.peek() != "close":
            raise QueryError("a group is not closed; add ')'")
        self.take()
        self.depth -= 1
        return self._boosted(clause)

    def _range(self, fields: tuple[str, ...]) -> Clause:
        match = self.take()
        if len(fields) != 1:
            raise QueryError("a range needs a field, such as version:[1 TO 2]")
        text = str(match["range"])
        words = (("gte" if text[0] == "[" else "gt", match["low"]), ("lte" if text[-1] == "]" else "lt", match["high"]))
        return Range(fields[0], tuple((word, bound) for word, bound in words if bound != "*"))

    def _term(self, fields: tuple[str, ...]) -> Clause:
        match = self.take()
        if match["quoted"]:
            return Text(ESCAPED.sub(r"\1", match["quoted"][1:-1]), fields, phrase=True)
        word = str(match["word"])
        if word == "*":
            return Exists(fields[0]) if fields else Everything()
        if re.search(r"(?<!\\)[*?]", word):
            return Pattern(ESCAPED.sub(r"\1", word), fields)
        return Text(ESCAPED.sub(r"\1", word), fields)

    def _plain(self) -> str:
        if self.peek() != "word":
            raise QueryError("_exists_ needs the name of a field")
        return str(self.take()["word"])

    def _boosted(self, clause: Clause) -> Clause:
        while self.peek() in ("boost", "fuzzy"):
            match = self.take()
            if match["boost"] and isinstance(clause, Text | Pattern):
                clause = replace(clause, boost=float(match["boost"][1:]))
        return clause

    def _told(self) -> str:
        return repr(self.tokens[self.at][1][0].strip()) if self.at < len(self.tokens) else "the end"


def parse(text: str) -> Clause:
    """The clause that a query string means; QueryError says what is wrong with it."""
    return Parser(text).parse()
