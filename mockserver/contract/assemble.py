"""Assembles the files of a contract into one plain OpenAPI document, and remembers where each part was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.extensions import check_keyword
from mockserver.contract.origins import Origins
from mockserver.contract.pointer import escape, join
from mockserver.contract.problem import ContractError, Finding, nearest
from mockserver.contract.reference import resolved
from mockserver.contract.refs import bundle
from mockserver.contract.sources import Sources
from mockserver.contract.traits import fill, merge
from mockserver.contract.yamlfile import Document

Json = Any
TRAIT_WORDS = ("path", "name", "entity", "title", "plural", "schema", "create")
FROM_ELSEWHERE = ("id", "fqn", "fields")
PART_KEYS = ("paths", "components", "x-models")
RESOURCE_KEYS = ("x-resource", "x-traits", *PART_KEYS)


@dataclass
class Assembly:
    """A document in the making, its origins, what was found wrong, and the resources whose declaration is wrong."""

    document: dict[str, Json]
    origins: Origins
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def own(self) -> None:
        """Makes the document a copy that shares nothing with its files, so that it can be changed in place."""
        self.document = self.origins.value = deepcopy(self.document)


def assemble(sources: Sources) -> Assembly:
    """The expanded document; ContractError only when there is nothing to go on with."""
    root = sources.load(sources.entry)
    if not isinstance(root.value, dict) or not isinstance(root.value.get("paths", {}), dict):
        raise ContractError([root.finding("", "an OpenAPI document is an object with `openapi`, `info` and `paths`")])
    moved: list[tuple[str, Document, str]] = []
    expanded = bundle(root, sources, lambda *place: moved.append(place))
    assembly = Assembly(expanded, Origins(expanded, root))
    for place in moved:
        assembly.origins.add(*place)
    assembly.document.setdefault("paths", {})
    resources: dict[str, Json] = {}
    for document in _files(assembly, sources, root, "x-parts"):
        _add_part(assembly, document)
    for document in _files(assembly, sources, root, "x-resources"):
        _add_resource(assembly, sources, document, resources)
    if resources:
        assembly.document["x-resources"] = resources
    return assembly


def _files(assembly: Assembly, sources: Sources, root: Document, keyword: str) -> Iterator[Document]:
    """The files that a keyword of the root lists, which the document then does not show any more."""
    names = assembly.document.pop(keyword, [])
    assembly.findings += check_keyword(root, keyword, names, f"/{keyword}")
    for position, name in enumerate(names if isinstance(names, list) else ()):
        try:
            yield sources.load(str(name))
        except ContractError as error:
            assembly.findings += [
                root.finding(join((keyword, position)), finding.message, finding.suggestion)
                if not finding.line
                else finding
                for finding in error.findings
            ]


def _add_part(assembly: Assembly, document: Document) -> None:
    """Lays a file of paths and components that belong to no resource over the document."""
    if not isinstance(document.value, dict):
        assembly.findings.append(document.finding("", f"a part is an object with any of {', '.join(PART_KEYS)}"))
        return
    if found := _unknown_keys(document, PART_KEYS, "a part"):
        assembly.findings += found
        return
    _add_components(assembly, document)
    paths = document.value.get("paths", {})
    _add_paths(assembly, document, paths, paths)


def _unknown_keys(document: Document, known: tuple[str, ...], what: str) -> list[Finding]:
    return [
        document.finding(f"/{escape(key)}", f"unknown key '{key}' in {what}", nearest(key, known))
        for key in document.value
        if key not in known
    ]


def _add_resource(assembly: Assembly, sources: Sources, document: Document, resources: dict[str, Json]) -> None:
    value = document.value
    declared = value.get("x-resource") if isinstance(value, dict) else None
    if not isinstance(declared, dict):
        assembly.findings.append(document.finding("", "a resource file has `x-resource`, an object"))
        return
    found = check_keyword(document, "x-resource", declared, "/x-resource")
    found += check_keyword(document, "x-traits", value.get("x-traits", []), "/x-traits")
    found += _unknown_keys(document, RESOURCE_KEYS, "a resource file")
    if declared.get("name") in resources:
        found.append(document.finding("/x-resource/name", f"another file declares the resource '{declared['name']}'"))
    if found:
        assembly.findings += found
        assembly.broken.add(str(declared.get("name")))
        return
    name = declared["name"]
    resources[name] = declared
    assembly.origins.add(join(("x-resources", name)), document, "/x-resource")
    _add_components(assembly, document)
    for position, trait in enumerate(value.get("x-traits", ())):
        _add_trait(assembly, sources, document, declared, trait, position)
    _add_paths(assembly, document, value.get("paths", {}), value.get("paths", {}))


def _add_components(assembly: Assembly, document: Document) -> None:
    """Adds a file's models and components; what a component says of a model of the same file is laid over it."""
    components = assembly.document.setdefault("components", {})
    models = document.value.get("x-models", {})
    for name, model in models.items():
        _add_component(assembly, document, ("schemas", name), model, join(("x-models", name)))
    for section, entries in document.value.get("components", {}).items():
        for name, entry in entries.items():
            pointer = join(("components", section, name))
            if section == "schemas" and name in models:
                components[section][name] = merge(models[name], entry)
                assembly.origins.add(pointer, document, pointer)
                continue
            _add_component(assembly, document, (section, name), entry, pointer)


def _add_component(assembly: Assembly, document: Document, place: tuple[str, str], entry: Json, written: str) -> None:
    section, name = place
    there = assembly.document["components"].setdefault(section, {})
    if name in there:
        message = f"the component '{name}' of {section} is declared in another file too"
        assembly.findings.append(document.finding(written, message))
        return
    there[name] = entry
    assembly.origins.add(join(("components", *place)), document, written)


def _add_trait(
    assembly: Assembly, sources: Sources, document: Document, declared: Mapping[str, Json], name: str, position: int
) -> None:
    at = join(("x-traits", position))
    try:
        trait = sources.load(f"traits/{name}.yaml")
    except ContractError as error:
        for finding in error.findings:
            guess = finding.suggestion and finding.suggestion.removeprefix("traits/").removesuffix(".yaml")
            assembly.findings.append(
                finding if finding.line else document.finding(at, f"there is no trait '{name}'", guess)
            )
        return
    if found := check_keyword(trait, "x-trait", trait.value.get("x-trait"), "/x-trait"):
        assembly.findings += [finding for finding in found if finding not in assembly.findings]
        return
    relations = declared.get("relations", {})
    for needed in trait.value["x-trait"].get("needs", ()):
        if needed not in relations:
            message = f"the trait '{name}' needs the relation '{needed}', which the resource does not declare"
            assembly.findings.append(document.finding(at, message, nearest(needed, relations)))
    written = {key: trait.value.get(key, {}) for key in ("paths", "components")}
    try:
        filled = fill(written, _words(assembly, declared))
    except KeyError as error:
        message = f"the trait '{name}' uses ${{{error.args[0]}}}, which the resource does not declare"
        known = (*TRAIT_WORDS, *FROM_ELSEWHERE)
        assembly.findings.append(document.finding(at, message, nearest(str(error.args[0]), known)))
        return
    for section, entries in filled["components"].items():
        for (component, entry), original in zip(entries.items(), written["components"][section], strict=True):
            _add_component(assembly, trait, (section, component), entry, join(("components", section, original)))
    _add_paths(assembly, trait, filled["paths"], written["paths"])


def _words(assembly: Assembly, declared: Mapping[str, Json]) -> dict[str, Json]:
    """What a trait's placeholders stand for: texts of the declaration, and the names of all fields of its schema."""
    words: dict[str, Json] = {word: str(declared[word]) for word in TRAIT_WORDS if word in declared}
    words.update(declared.get("example", {}))
    schema = resolved(assembly.document, {"$ref": f"#/components/schemas/{declared['schema']}"})
    return {**words, "fields": list(schema.get("properties", ()))}


def _add_paths(assembly: Assembly, document: Document, paths: Mapping[str, Json], written: Mapping[str, Json]) -> None:
    """Lays paths over those that are there; `written` has the same paths as the file names them."""
    for (path, item), original in zip(paths.items(), written, strict=True):
        there = assembly.document["paths"]
        there[path] = merge(there[path], item) if path in there else merge({}, item)
        assembly.origins.add(join(("paths", path)), document, join(("paths", original)))
