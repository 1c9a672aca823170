"""Makes component schemas of what the SDK's models say, and puts each into the file that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from derive.known import ALWAYS, FIELDS, KNOWN, LISTS

Json = Any
SHARED = "models"
SCALARS = frozenset(("string", "integer", "number", "boolean"))


class Schemas:
    """Component schemas by their file; `said` maps a model's key to its facts, `wanted` a file to its models."""

    def __init__(
        self, said: Mapping[str, Json], wanted: Mapping[str, Mapping[str, str]], taken: frozenset[str]
    ) -> None:
        self.said = said
        self.wanted = wanted
        self.users = self._users()
        self.names = self._names(taken)

    def files(self) -> dict[str, dict[str, Json]]:
        """For each file its schemas in the order in which they are met; those of several files stand in `SHARED`."""
        found: dict[str, dict[str, Json]] = {file: {} for file in (*self.wanted, SHARED)}
        for models in self.wanted.values():
            for key in (key for model in models.values() for key in self._below(model)):
                home = self.home(key)
                if key in self.names:
                    found[home].setdefault(self.names[key], self._component(key, answers=key == models.get("answer")))
        return found

    def home(self, key: str) -> str:
        """The file of a model: that of the resource it is the answer or the body of, or that alone has it as a part."""
        users = self.users[key]
        own = [file for file, models in self.wanted.items() if key in models.values()]
        return own[0] if own else next(iter(users)) if len(users) == 1 else SHARED

    def _component(self, key: str, *, answers: bool) -> Json:
        schema = self._schema(self.said[key])
        if answers:
            properties = schema["properties"]
            required = [*schema.get("required", ()), *(name for name in ALWAYS if name in properties)]
            schema = {**schema, "required": list(dict.fromkeys(required))}
        return schema

    def _users(self) -> dict[str, set[str]]:
        users: dict[str, set[str]] = {}
        for file, models in self.wanted.items():
            for model in models.values():
                for key in self._below(model):
                    users.setdefault(key, set()).add(file)
        return users

    def _below(self, model: str) -> Iterator[str]:
        """The model and all that it is made of, as far as the contract does not say them in its own words."""
        seen: set[str] = set()
        waiting = [model]
        while waiting:
            key = waiting.pop(0)
            if key in seen or key in KNOWN:
                continue
            seen.add(key)
            yield key
            waiting += models_in(self.said[key])

    def _names(self, taken: frozenset[str]) -> dict[str, str]:
        """Component names: the class's, with the module's before it when several classes are called so."""
        kept = {key for key in self.users if not self._is_inlined(key)}
        short = [class_name(key) for key in kept]
        names = {}
        for key in sorted(kept):
            name = class_name(key)
            main = any(key in models.values() for models in self.wanted.values())
            clashes = name in taken or (short.count(name) > 1 and not main)
            names[key] = _qualified(key) if clashes else name
        return names

    def _is_inlined(self, key: str) -> bool:
        """Scalars without a choice, and what is left open, are said where they are used."""
        said = self.said[key]
        if "$model" in said or "anyOf" in said or "allOf" in said:
            return True
        if said.get("type") in SCALARS:
            return "enum" not in said
        return not said.get("properties") and said.get("type") != "array"

    def _schema(self, said: Json) -> Json:
        if isinstance(said, list):
            return [self._schema(item) for item in said]
        if not isinstance(said, dict):
            return said
        if "$model" in said:
            return self._reference(said["$model"])
        if list(said) == ["allOf"] or (set(said) & {"minItems", "maxItems"} and "allOf" in said):
            return {**self._schema(said["allOf"][0]), **{k: v for k, v in said.items() if k != "allOf"}}
        schema = {key: self._value(key, value) for key, value in said.items() if value != {} or key != "properties"}
        named = schema.get("items", {}).get("$ref", "").rpartition("/")[2] if schema.get("type") == "array" else ""
        if named in LISTS and len(schema) == 2:
            return _ref(LISTS[named])
        return schema

    def _value(self, key: str, value: Json) -> Json:
        if key == "properties":
            return {name: self._field(name, field) for name, field in value.items()}
        if key == "pattern":
            return str(value).replace("(?u)", "")
        return self._schema(value) if key not in ("enum", "required") else list(dict.fromkeys(value))

    def _field(self, name: str, said: Json) -> Json:
        schema = self._schema(said)
        return next((_ref(better) for told, better in FIELDS.get(name, ()) if told == schema), schema)

    def _reference(self, key: str) -> Json:
        if key in KNOWN:
            return _ref(KNOWN[key])
        return _ref(self.names[key]) if key in self.names else self._schema(self.said[key])


def models_in(said: Json) -> Iterator[str]:
    """The keys of the models that a schema names, in order."""
    if isinstance(said, list):
        for item in said:
            yield from models_in(item)
    elif isinstance(said, dict):
        if "$model" in said:
            yield said["$model"]
        for value in said.values():
            yield from models_in(value)


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def class_name(key: str) -> str:
    """What the component of a model is called, unless that name is taken."""
    name = key.partition(":")[2]
    return name.removesuffix("Request") if name.startswith("Create") else name


def _qualified(key: str) -> str:
    module = key.partition(":")[0].rpartition(".")[2]
    return module[0].upper() + module[1:] + class_name(key)
