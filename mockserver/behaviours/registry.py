"""The functions behind the behaviours that contracts name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from mockserver.behaviours import (
    bulk,
    collections,
    graphs,
    histories,
    items,
    members,
    parts,
    relations,
    trees,
)
from mockserver.behaviours.context import Answer, Behaviour, Context


def _late(module: str, name: str) -> Behaviour:
    """A behaviour whose module is read when it is first used, since a start has no need of it."""

    def run(context: Context) -> Answer:
        behaviour: Behaviour = getattr(import_module(f"mockserver.behaviours.{module}"), name)
        return behaviour(context)

    return run


BEHAVIOURS: Mapping[str, Behaviour] = {
    "list": collections.list_records,
    "searchList": _late("combing", "search_list"),
    "create": collections.create,
    "upsert": collections.upsert,
    "bulk": bulk.bulk,
    "deleteStale": bulk.delete_stale,
    "read": items.read,
    "patch": items.patch,
    "delete": items.delete,
    "restore": items.restore,
    "versions": histories.versions,
    "version": histories.version,
    "relate": relations.relate,
    "unrelate": relations.unrelate,
    "vote": relations.vote,
    "enrol": relations.enrol,
    "discharge": relations.discharge,
    "connect": graphs.connect,
    "disconnect": graphs.disconnect,
    "disconnectSource": graphs.disconnect_source,
    "patchEdge": graphs.patch_edge,
    "edge": graphs.edge,
    "graph": graphs.graph,
    "explore": _late("exploring", "explore"),
    "gather": members.gather,
    "dismiss": members.dismiss,
    "members": members.members,
    "sides": members.sides,
    "tallies": members.tallies,
    "digest": _late("incidents", "digest"),
    "incidents": _late("incidents", "incidents"),
    "changeIncidents": _late("incidents", "incidents"),
    "borrow": _late("borrowing", "borrow"),
    "giveBack": _late("borrowing", "give_back"),
    "part": parts.part,
    "attach": parts.attach,
    "detach": parts.detach,
    "points": _late("series", "points"),
    "point": _late("series", "point"),
    "latest": _late("series", "latest"),
    "addPoints": _late("series", "add_points"),
    "patchPoint": _late("series", "patch_point"),
    "removePoints": _late("series", "remove_points"),
    "join": _late("joining", "join"),
    "pieces": _late("pieces", "pieces"),
    "amend": _late("amending", "amend"),
    "assign": _late("amending", "assign"),
    "fields": _late("describing", "fields"),
    "additions": _late("describing", "additions"),
    "report": _late("usage", "report"),
    "usages": _late("usage", "usages"),
    "rank": _late("usage", "rank"),
    "enlist": _late("enlisting", "enlist"),
    "delist": _late("enlisting", "delist"),
    "canned": _late("pretending", "canned"),
    "toggle": _late("pretending", "toggle"),
    "partner": _late("promises", "partner"),
    "judge": _late("promises", "judge"),
    "rehearse": _late("promises", "rehearse"),
    "notate": _late("notations", "notate"),
    "adopt": _late("notations", "adopt"),
    "outline": _late("notations", "outline"),
    "trial": _late("notations", "trial"),
    "search": _late("searching", "search"),
    "searchField": _late("searching", "search_field"),
    "suggest": _late("searching", "suggest"),
    "exportCsv": _late("exporting", "export_csv"),
    "importCsv": _late("importing", "import_csv"),
    "describeCsv": _late("exporting", "describe_csv"),
    "permissions": _late("permitted", "permissions"),
    "condition": _late("permitted", "condition"),
    "functions": _late("permitted", "functions"),
    "governed": _late("permitted", "governed"),
    "account": _late("accounts", "account"),
    "changeAccount": _late("accounts", "account"),
    "settings": _late("settings", "settings"),
    "setting": _late("settings", "setting"),
    "setSetting": _late("settings", "set_setting"),
    "patchSetting": _late("settings", "patch_setting"),
    "census": _late("census", "census"),
    "keySet": _late("census", "key_set"),
    "hierarchy": trees.hierarchy,
    "forest": trees.forest,
    "values": trees.values,
    "events": histories.events,
    "told": _late("alerts", "told"),
    "tell": _late("alerts", "tell"),
    "threads": _late("feed", "threads"),
    "converse": _late("feed", "converse"),
    "whoami": histories.whoami,
    "example": histories.example,
}
