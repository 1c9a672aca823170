"""Runs Python in the SDK's environment for tests outside it: one JSON line in, one JSON line out."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    # The SDK prints and logs; what it says must not get between the replies.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    names: dict[str, Any] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "begin" in request:
            forget_clients()
            names = dict(request["begin"])
        print(json.dumps(reply(request, names), default=plain), file=replies, flush=True)


def reply(request: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    try:
        if "run" in request:
            exec(request["run"], names)
        return {"value": eval(request["value"], names) if "value" in request else None}
    except Exception as error:
        return {"raised": type(error).__name__, "text": str(error), "code": getattr(error, "code", None)}


def forget_clients() -> None:
    """A facade keeps the first client that it was given, whatever is configured after."""
    base = sys.modules.get("metadata.sdk.entities.base")
    for facade in base.BaseEntity.__subclasses__() if base else ():
        facade._default_client = None


def plain(value: Any) -> Any:
    """What a model of the SDK holds, as JSON."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)


if __name__ == "__main__":
    main()
