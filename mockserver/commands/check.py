"""`mockserver check`."""

from __future__ import annotations

from mockserver.check.command import check_command
from mockserver.check.subjects import find_subject

command = check_command(find_subject)
