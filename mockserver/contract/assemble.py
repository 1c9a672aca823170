"""Assembles the files of a contract into one plain OpenAPI document, and remembers where each part was written."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.extensions import check_keyword
from mockserver.contract.origins import Origins
from mockserver.contract.pointer import escape, join
from mockserver.contract.problem import ContractError, Finding, nearest
from mockserver.contract.refs import bundle
from mockserver.contract.sources import Sources
from mockserver.contract.traits import fill, merge
from mockserver.contract.yamlfile import Document

Json = Any
TRAIT_WORDS = ("path", "name", "entity", "title", "plural", "schema", "create")


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
    files = assembly.document.pop("x-resources", [])
    assembly.findings += check_keyword(root, "x-resources", files, "/x-resources")
    resources: dict[str, Json] = {}
    for position, name in enumerate(files if isinstance(files, list) else ()):
        try:
            document = sources.load(str(name))
        except ContractError as error:
            assembly.findings += [
                root.finding(join(("x-resources", position)), finding.message, finding.suggestion)
                if not finding.line
                else finding
                for finding in error.findings
            ]
            continue
        _add_resource(assembly, sources, document, resources)
    if resources:
        assembly.document["x-resources"] = resources
    return assembly


def _add_resource(assembly: Assembly, sources: Sources, document: Document, resources: dict[str, Json]) -> None:
    value = document.value
    declared = value.get("x-resource") if isinstance(value, dict) else None
    if not isinstance(declared, dict):
        assembly.findings.append(document.finding("", "a resource file has `x-resource`, an object"))
        return
    found = check_keyword(document, "x-resource", declared, "/x-resource")
    found += check_keyword(document, "x-traits", value.get("x-traits", []), "/x-traits")
    for key in value:
        if key not in ("x-resource", "x-traits", "paths", "components"):
            known = ("x-resource", "x-traits", "paths", "components")
            message = f"unknown key '{key}' in a resource file"
            found.append(document.finding(f"/{escape(key)}", message, nearest(key, known)))
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
    components = assembly.document.setdefault("components", {})
    for section, entries in document.value.get("components", {}).items():
        there = components.setdefault(section, {})
        for name, entry in entries.items():
            if name in there:
                message = f"the component '{name}' of {section} is declared in another file too"
                assembly.findings.append(document.finding(join(("components", section, name)), message))
                continue
            there[name] = entry
            pointer = join(("components", section, name))
            assembly.origins.add(pointer, document, pointer)


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
    words = {word: str(declared[word]) for word in TRAIT_WORDS if word in declared}
    try:
        filled = fill(trait.value.get("paths", {}), words)
    except KeyError as error:
        message = f"the trait '{name}' uses ${{{error.args[0]}}}, which the resource does not declare"
        assembly.findings.append(document.finding(at, message, nearest(str(error.args[0]), TRAIT_WORDS)))
        return
    _add_paths(assembly, trait, filled, trait.value.get("paths", {}))


def _add_paths(assembly: Assembly, document: Document, paths: Mapping[str, Json], written: Mapping[str, Json]) -> None:
    """Lays paths over those that are there; `written` has the same paths as the file names them."""
    for (path, item), original in zip(paths.items(), written, strict=True):
        there = assembly.document["paths"]
        there[path] = merge(there[path], item) if path in there else merge({}, item)
        assembly.origins.add(join(("paths", path)), document, join(("paths", original)))
