"""Finds the contracts and fixture sets that travel with the package, in a wheel or in a source checkout."""

from __future__ import annotations

from pathlib import Path

from mockserver.contract.problem import ContractError, Finding, nearest

PACKAGE = Path(__file__).resolve().parent
FILES = (".yaml", ".yml", ".json")


def home(kind: str) -> Path:
    """The folder of all `contracts` or all `fixtures`; it need not be there."""
    packed = PACKAGE / "_data" / kind
    return packed if packed.is_dir() else PACKAGE.parent / kind


def contract_names() -> list[str]:
    folder = home("contracts")
    return sorted(child.name for child in folder.iterdir() if child.is_dir()) if folder.is_dir() else []


def fixture_names(contract: str) -> list[str]:
    """The sets that are bundled for a contract."""
    folder = home("fixtures").joinpath(contract)
    names = [child.name for child in folder.iterdir()] if folder.is_dir() else []
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def contract_root(source: str | Path) -> tuple[str, Path]:
    """Name and place of a contract: a bundled name, a folder, or a file; ContractError when there is none such."""
    bundled = contract_names()
    if isinstance(source, str) and source in bundled:
        return source, home("contracts").joinpath(source)
    path = Path(source)
    if not path.exists():
        raise _missing(source, "contract", "file or folder", bundled)
    whole = path.resolve()
    if whole.is_dir() or whole.stem == "openapi":
        return (whole if whole.is_dir() else whole.parent).name, path
    return whole.stem, path


def fixture_file(contract: str, source: str | Path) -> tuple[str, Path]:
    """What messages call a fixture set, and its file: a bundled name or a path; ContractError when there is none."""
    bundled = fixture_names(contract)
    if isinstance(source, str) and source in bundled:
        name = f"{source}.yaml"
        return f"fixtures/{contract}/{name}", home("fixtures").joinpath(contract, name)
    if Path(source).is_file():
        return str(source), Path(source)
    raise _missing(source, f"fixture set of the contract '{contract}'", "file", bundled)


def _missing(source: str | Path, what: str, kind: str, bundled: list[str]) -> ContractError:
    text = str(source)
    if isinstance(source, Path) or "/" in text or "\\" in text or text.endswith(FILES):
        return ContractError([Finding(text, 0, "", f"there is no such {kind}")])
    message = f"there is no {what} named '{text}'; bundled: {', '.join(bundled) or 'none'}"
    return ContractError([Finding("", 0, "", message, nearest(text, bundled))])
