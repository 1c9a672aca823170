"""Alerts: what a subscription's body becomes, what it may ask for, and the condition that its rules come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from mockserver.behaviours.context import Context
from mockserver.contract.model import Contract
from mockserver.contract.problem import nearest, shown
from mockserver.dialects.openmetadata.catalogue import FUNCTIONS, TRIGGERS, Filter, Source, sources
from mockserver.dialects.openmetadata.conditions import Condition, Rule, compiled, whole
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Data

Json = Any
EXTERNAL = "External"
HOOKS = ("Webhook", "Slack", "MsTeams", "GChat")
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
DESTINATION: Mapping[str, Json] = {"timeout": 10, "readTimeout": 12, "enabled": True}


def settle(context: Context, body: Mapping[str, Json], data: Data) -> Data:
    """A create body's fields with the rules that its resources and input come to, and an id for each destination."""
    stored = context.world.find(context.resource.name, str(data["name"]))
    before: Mapping[str, Json] = {} if stored is None else stored.data
    settled = {**data, "destinations": _identified(context, data.get("destinations", []), before)}
    resources, asked = body.get("resources"), data.get("input")
    if resources is not None or asked is not None:
        settled["filteringRules"] = _rules(context.contract, str(data["alertType"]), resources or [], asked)
    _check_destinations(context, settled["destinations"])
    return settled


def edited(context: Context, before: Data, data: Data, touched: Iterable[str]) -> Data:
    """The fields that a patch leaves; new input makes new rules."""
    settled = dict(data)
    if "destinations" in touched:
        settled["destinations"] = _identified(context, data.get("destinations", []), before)
        _check_destinations(context, settled["destinations"])
    rules = data.get("filteringRules") or {}
    if "input" in touched or "filteringRules" in touched:
        asked = data.get("input")
        made = _rules(context.contract, str(data["alertType"]), rules.get("resources", []), asked)
        settled["filteringRules"] = made if "input" in touched else {**made, **rules}
        condition(settled["filteringRules"])
    return settled


def condition(rules: Mapping[str, Json]) -> Condition:
    """What an event must pass: the rules, and one of the triggers where there are some. Problem 400."""
    parts = [
        compiled(text, FUNCTIONS)
        for key in ("rules", "actions")
        if (text := whole([_rule(each) for each in rules.get(key) or ()]))
    ]
    return lambda ask: all(part(ask) for part in parts)


def _rule(told: Mapping[str, Json]) -> Rule:
    return Rule(str(told["condition"]), told.get("effect") == "exclude", told.get("prefixCondition") == "OR")


def _identified(context: Context, destinations: list[Json], before: Mapping[str, Json]) -> list[Json]:
    """The destinations, each with an id: its own, that of the one that was there and is the same, or a new one."""
    there = {_sameness(each): each["id"] for each in before.get("destinations", ())}
    found = []
    for each in destinations:
        id = each.get("id") or there.pop(_sameness(each), None) or context.world.new_id()
        found.append({"id": str(id).lower(), **DESTINATION, **{key: each[key] for key in each if key not in OWN}})
    return found


OWN = ("id", "statusDetails")


def _sameness(destination: Mapping[str, Json]) -> tuple[str, str, str]:
    config = destination.get("config") or {}
    return destination["category"], destination["type"], str(config.get("endpoint", config.get("receivers")))


def identified(context: Context, destinations: list[Json]) -> list[Json]:
    """Destinations that are of no alert, each with an id, if something can be sent there at all."""
    found = _identified(context, destinations, {})
    _check_destinations(context, found)
    return found


def _rules(contract: Contract, alert_type: str, resources: list[str], asked: Mapping[str, Json] | None) -> Data:
    chosen = _sources(contract, alert_type, resources)
    given = asked or {}
    if given.get("actions") and alert_type != "Observability":
        raise _refused("body /input/actions", "only an Observability alert has triggers")
    filters = {each.name: each for each in _common(chosen, lambda source: source.filters)}
    triggers = {each.name: each for each in _common(chosen, lambda source: source.triggers)}
    return {
        "resources": resources,
        "rules": [_filled(filters, each, f"filters/{at}") for at, each in enumerate(given.get("filters") or ())],
        "actions": [_filled(triggers, each, f"actions/{at}") for at, each in enumerate(given.get("actions") or ())],
    }


def _sources(contract: Contract, alert_type: str, resources: list[str]) -> list[Source]:
    known = sources(contract, "Observability" if alert_type == "Observability" else "Notification")
    if alert_type == "Observability" and len(resources) != 1:
        told = f"an Observability alert takes one resource, of {', '.join(TRIGGERS)}"
        raise _refused("body /resources", told)
    for at, name in enumerate(resources):
        if name not in known:
            meant = nearest(name, known)
            hint = f"; did you mean '{meant}'?" if meant else f"; known are {', '.join(known)}"
            raise _refused(f"body /resources/{at}", f"there is no resource {shown(name)} for this type of alert{hint}")
    return [known[name] for name in resources]


def _common(chosen: list[Source], what: Callable[[Source], tuple[Filter, ...]]) -> list[Filter]:
    """What all of the sources have."""
    if not chosen:
        return []
    names = set.intersection(*({each.name for each in what(source)} for source in chosen))
    return [each for each in what(chosen[0]) if each.name in names]


def _filled(known: Mapping[str, Filter], given: Mapping[str, Json], where: str) -> Data:
    """A rule: the filter's condition with the arguments that are given."""
    name = str(given.get("name"))
    found = known.get(name)
    if found is None:
        meant = nearest(name, known)
        hint = f"; did you mean '{meant}'?" if meant else f"; they have {', '.join(known) or 'none'}"
        raise _refused(f"body /input/{where}/name", f"the resources have no {shown(name)}{hint}")
    values = {each.get("name"): each.get("input") or [] for each in given.get("arguments") or ()}
    for name in (*found.arguments, *values):
        if name not in values or name not in found.arguments:
            told = ", ".join(found.arguments) or "no arguments"
            raise _refused(f"body /input/{where}/arguments", f"{found.name} takes {told}")
    text = found.condition
    for argument in found.arguments:
        words = ", ".join("'" + word.replace("'", "''") + "'" for word in values[argument])
        text = text.replace(f"${{{argument}}}", f"{{{words}}}")
    effect = {"effect": given.get("effect", "include"), "prefixCondition": given.get("prefixCondition", "AND")}
    rule = {**found.describe(), "condition": text, **effect}
    compiled(whole([_rule(rule)]), FUNCTIONS)
    return rule


def _check_destinations(context: Context, destinations: list[Json]) -> None:
    alerts = context.resource.alerts
    for at, destination in enumerate(destinations):
        if destination["category"] == EXTERNAL:
            _check_destination(destination, f"body /destinations/{at}/config", alerts is None or alerts.loopback)


def _check_destination(destination: Mapping[str, Json], where: str, loopback: bool) -> None:
    kind, config = destination["type"], destination.get("config")
    if kind not in (*HOOKS, "Email"):
        return
    if not config:
        how = "required" if config is None else "empty"
        raise _refused(where, f"Destination configuration is {how} for {kind} type")
    if kind == "Email":
        _check_mail(config, where)
        return
    endpoint = config.get("endpoint")
    if not isinstance(endpoint, str) or not endpoint.strip():
        raise _refused(f"{where}/endpoint", "Webhook destination requires an 'endpoint' URL")
    if (objection := _objection(endpoint, loopback)) is not None:
        raise _refused(f"{where}/endpoint", f"Invalid webhook endpoint URL: {objection}")


def _check_mail(config: Mapping[str, Json], where: str) -> None:
    receivers = config.get("receivers")
    if not isinstance(receivers, list) or not receivers:
        raise _refused(f"{where}/receivers", "Email destination requires at least one email address in 'receivers'")
    for receiver in receivers:
        if not isinstance(receiver, str) or not EMAIL.fullmatch(receiver):
            raise _refused(f"{where}/receivers", f"Invalid email format: {shown(str(receiver))}")


def _objection(endpoint: str, loopback: bool) -> str | None:
    try:
        url = urlsplit(endpoint)
        host, port = url.hostname, url.port
    except ValueError as error:
        return str(error)
    if url.scheme not in ("http", "https"):
        return "it must begin with http:// or https://"
    if not host or port == 0 or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return "it must be a URL such as http://localhost:8080/hook"
    if not loopback and _is_loopback(host):
        return f"{host} is a loopback address"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(where: str, message: str) -> Problem:
    return Problem.of([Violation(where, message)])
