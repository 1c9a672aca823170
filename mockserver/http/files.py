"""Files that are written at once or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

PRIVATE = 0o600


def write_at_once(path: Path, content: bytes, *, mode: int = PRIVATE, lasting: bool = True) -> None:
    """Puts a file in place of the one that is there; unless a `mode` says otherwise only its owner may read it.

    One that need not last through a failure of the machine is not waited for.
    """
    temporary = os.path.join(path.parent, f".{path.name}.{token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
