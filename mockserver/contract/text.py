"""The characters of a source file: UTF-8 in, text out, and where a character stands."""

from __future__ import annotations

import codecs
import re

from mockserver.contract.problem import ContractError, Finding

MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Among them U+0085, U+2028 and U+2029: plain characters in YAML 1.2, but line ends in YAML 1.1, which the parser knows.
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
LINE_ENDS = re.compile(r"\r\n|\r|\n")


def decode(raw: bytes, source: str) -> str:
    """The text of a file, without a byte order mark; ContractError when it is not UTF-8."""
    if raw.startswith(MARKS):
        raise ContractError([Finding(source, 1, "", "the file is UTF-16 or UTF-32; save it as UTF-8")])
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = place(raw[: error.start].decode("utf-8"), error.start)
        message = f"byte 0x{raw[error.start]:02x} at column {column} is not UTF-8; save the file as UTF-8"
        raise ContractError([Finding(source, line, "", message)]) from None


def forbidden(text: str, source: str) -> Finding | None:
    """A finding on the first character that YAML forbids or that would be read in another way than it looks."""
    found = FORBIDDEN.search(text)
    if found is None:
        return None
    line, column = place(text, found.start())
    code = ord(found[0])
    written = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    message = f"character U+{code:04X} at column {column} cannot stand in YAML as it is"
    return Finding(source, line, "", f"{message}; write it as {written} in double quotes")


def readable(text: str) -> str:
    """A text of the same shape that the YAML parser takes, whatever characters it holds."""
    return FORBIDDEN.sub(" ", text)


def lines_in(text: str) -> int:
    """How many lines a text has, the empty one after a last line end among them."""
    return sum(1 for _ in LINE_ENDS.finditer(text)) + 1


def place(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both counted from one."""
    line, start = 1, 0
    for end in LINE_ENDS.finditer(text, 0, index):
        line, start = line + 1, end.end()
    return line, min(index, len(text)) - start + 1
