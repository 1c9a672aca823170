"""Operation ids as testers write them: one by name, or several by a glob."""

from __future__ import annotations

from fnmatch import fnmatchcase

from mockserver.contract.model import Contract
from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem, Violation


def known_operation(contract: Contract, wanted: str, where: str) -> None:
    """A Problem when no operation of the contract is meant."""
    ids = [mark.id for mark in contract.operations.marks]
    if any(fnmatchcase(id, wanted) for id in ids):
        return
    meant = nearest(wanted, ids)
    message = f"no operation is named {shown(wanted)}" + (f"; did you mean '{meant}'?" if meant else "")
    raise Problem(400, message, violations=(Violation(where, message),))
