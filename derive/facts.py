"""Prints what the SDK's models say, as JSON; run by the SDK's own Python, so it imports nothing of the project."""

from __future__ import annotations

import datetime
import enum
import importlib
import inspect
import json
import sys
import types
import typing
import uuid
from typing import Any

ROOT = "metadata.generated.schema."
# What these modules describe depends on the one connector, application or job; its content is left open.
OPEN = (
    "entity.services.connections.",
    "metadataIngestion.",
    "entity.applications.configuration.",
    "entity.applications.mcp.",
    "entity.automations.response.",
    "security.",
    "configuration.",
    "jobs.",
    "attachments.",
    "entity.ai.",
)
NOT_OPEN = (
    "entity.services.connections.testConnectionDefinition",
    "entity.services.connections.testConnectionResult",
    "entity.ai.mcpServer",
)
PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string"},
    dict: {"type": "object"},
    list: {"type": "array"},
    object: {},
    Any: {},
    uuid.UUID: {"type": "string", "format": "uuid"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.time: {"type": "string", "format": "time"},
    datetime.timedelta: {"type": "string"},
}
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
}
LENGTHS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}
Schema = dict[str, Any]


class Models:
    """The classes met so far, each with what it says of itself."""

    def __init__(self) -> None:
        self.said: dict[str, Schema] = {}

    def of(self, annotation: Any, metadata: tuple[Any, ...] = ()) -> Schema:
        """The schema of an annotation with the bounds that stand beside it."""
        return bounded(self.plain(annotation), metadata)

    def plain(self, annotation: Any) -> Schema:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self.of(arguments[0], arguments[1:])
        if origin in (typing.Union, types.UnionType):
            schemas = [self.plain(argument) for argument in arguments if argument is not type(None)]
            return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        if origin is typing.Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin in (list, set):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if annotation in PLAIN:
            return PLAIN[annotation]
        if annotation is type(None):
            return {}
        if inspect.isclass(annotation):
            return self.class_of(annotation)
        raise TypeError(f"no rule for {annotation!r}")

    def class_of(self, cls: type) -> Schema:
        if issubclass(cls, str) and not issubclass(cls, enum.Enum):
            return {"type": "string"}
        if not hasattr(cls, "model_fields") and not issubclass(cls, enum.Enum):
            return {"type": "string", "format": "uri"} if "Url" in cls.__name__ else {"type": "string"}
        if not cls.__module__.startswith(ROOT):
            return {"type": "string"} if "Secret" in cls.__name__ else {"type": "object"}
        key = f"{cls.__module__.removeprefix(ROOT)}:{cls.__name__}"
        if key not in self.said:
            self.said[key] = {}
            self.said[key] = self.say(cls, key)
        return {"$model": key}

    def say(self, cls: Any, key: str) -> Schema:
        if issubclass(cls, enum.Enum):
            return {"type": "string", "enum": [member.value for member in cls]}
        if key.startswith(OPEN) and not key.startswith(NOT_OPEN):
            return {"type": "object"}
        fields = cls.model_fields
        if "root" in fields and len(fields) == 1:
            return self.of(fields["root"].annotation, tuple(fields["root"].metadata))
        said: Schema = {"type": "object"}
        if cls.model_config.get("extra") == "forbid":
            said["additionalProperties"] = False
        said["required"] = [field.alias or name for name, field in fields.items() if field.is_required()]
        said["properties"] = {
            field.alias or name: self.of(field.annotation, tuple(field.metadata)) for name, field in fields.items()
        }
        if not said["required"]:
            del said["required"]
        return said


def bounded(schema: Schema, metadata: tuple[Any, ...]) -> Schema:
    """The schema with the bounds of an annotation's metadata."""
    found: Schema = {}
    for each in metadata:
        for holder in (each, *getattr(each, "metadata", ())):
            said = getattr(holder, "__dict__", None) or {
                name: getattr(holder, name) for name in getattr(holder, "__slots__", ()) if hasattr(holder, name)
            }
            for name, value in said.items():
                if value is None:
                    continue
                if name in BOUNDS:
                    found[BOUNDS[name]] = value
                elif name in ("min_length", "max_length"):
                    kind = LENGTHS.get(schema.get("type", "string"), LENGTHS["string"])
                    found[kind[name == "max_length"]] = value
    if not found:
        return schema
    return {"allOf": [schema], **found} if "$model" in schema else {**schema, **found}


def main() -> None:
    models = Models()
    for wanted in sys.argv[1:]:
        module, _, name = wanted.partition(":")
        models.class_of(getattr(importlib.import_module(ROOT + module), name))
    json.dump(models.said, sys.stdout, default=str)


if __name__ == "__main__":
    main()
