"""Runs that OpenLineage tells of: what they read and wrote becomes edges between records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockserver.behaviours import graphs
from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.related import living
from mockserver.behaviours.settings import value_of
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata import datasets
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
Told = Mapping[str, Json]
COMPLETE, SERVICE = "COMPLETE", "openlineage"
NOT_PLAIN = re.compile(r"[^a-zA-Z0-9_-]")


def observe(context: Context) -> Answer:
    """Takes one event, or each of those that are listed."""
    resource, settings = context.resource, context.operation.settings
    context.dialect.authorize(context, [context.operation.permission or "EditLineage"])
    kept = (str(settings[key]) for key in ("keeper", "of", "field", "setting"))
    manner = value_of(context, *kept) or {}
    if manner.get("enabled") is False:
        return Answer(503, {"status": "failure", "message": "OpenLineage API is disabled", "lineageEdgesCreated": 0})
    observer = Observer(context, resource, context.contract.resources[str(settings["jobs"])], manner)
    if "listed" not in settings:
        made = observer.take(context.body)
        message = f"Created {made} lineage edge(s)" if made else "Event processed, no lineage edges created"
        return Answer(200, {"status": "success", "message": message, "lineageEdgesCreated": made})
    return Answer(200, _summed([observer.take(event) for event in context.body[str(settings["listed"])]]))


def _summed(made: list[int]) -> Json:
    """What came of many events; one that made no edge was passed over."""
    successful = sum(1 for each in made if each)
    skipped = len(made) - successful
    said = f"Processed {len(made)} events: {successful} successful, 0 failed, {skipped} skipped."
    return {
        "status": "success",
        "message": f"{said} Created {sum(made)} lineage edges.",
        "summary": {"received": len(made), "successful": successful, "failed": 0, "skipped": skipped},
        "lineageEdgesCreated": sum(made),
    }


@dataclass(frozen=True)
class Observer:
    """Turns events into edges between records of `tables`, by way of records of `jobs`, as the settings have it."""

    context: Context
    tables: Resource
    jobs: Resource
    manner: Told

    def take(self, event: Told) -> int:
        """How many edges came of an event."""
        inputs, outputs = event.get("inputs") or (), event.get("outputs") or ()
        wanted = self.manner.get("eventTypeFilter") or [COMPLETE]
        if event.get("eventType", COMPLETE) not in wanted or not inputs or not outputs:
            return 0
        # Columns of what is not there yet are not told apart.
        known = {datasets.key(each): found for each in inputs if (found := self._found(each)) is not None}
        details = dict(_details(event))
        if (job := self._job(event)) is not None:
            name = job.data["fullyQualifiedName"]
            details["pipeline"] = {"id": job.id, "type": self.jobs.entity, "name": job.name, "fullyQualifiedName": name}
        return sum(self._connect(output, inputs, known, details) for output in outputs)

    def _connect(self, output: Told, inputs: Iterable[Told], known: Mapping[str, Record], details: Told) -> int:
        target = self._found(output) or self._made(output)
        made = 0
        for each in inputs if target is not None else ():
            source = self._found(each) or self._made(each)
            if source is None or target is None or source.id == target.id:
                continue
            columns = list(_columns(output, target, source, known))
            made += self._stored(source, target, {**details, "columnsLineage": columns} if columns else details)
        return made

    def _stored(self, source: Record, target: Record, details: Told) -> bool:
        before = self.context.world.links(source.id, str(self.context.operation.settings["graph"])).get(target.id) or {}
        try:
            graphs.store(self.context, source, target, before, details)
        except Problem:
            return False
        return True

    def _found(self, dataset: Told) -> Record | None:
        """The table that a dataset stands for: of the service that its namespace means, or of whichever has one."""
        service = self._service(dataset["namespace"])
        source = ((dataset.get("facets") or {}).get("datasource") or {}).get("name")
        for parts in datasets.meanings(dataset):
            whole, short = ".".join(parts[-3:]), ".".join(parts[-2:])
            for above, end in ((service, whole), (service, short), (source, short), ("", whole), ("", short)):
                if above is not None and (found := self._ending(self.tables.name, above, end)) is not None:
                    return found
        return None

    def _service(self, namespace: str) -> str | None:
        """The service that the settings give a namespace, or one that begins like it."""
        given: Told = self.manner.get("namespaceToServiceMapping") or {}
        if namespace in given:
            return str(given[namespace])
        alike = (name for key, name in given.items() if namespace.startswith(key) or key.startswith(namespace))
        return next(map(str, alike), None)

    def _ending(self, resource: str, above: str, end: str) -> Record | None:
        """The first living record below a service whose full name ends so."""
        for record in living(self.context.world, resource):
            name = str(record.data["fullyQualifiedName"])
            if name.endswith(end) and name.startswith(f"{above}." if above else ""):
                return record
        return None

    def _made(self, dataset: Told) -> Record | None:
        """A new table in the schema that is meant, if that is there and the settings do not forbid it."""
        if self.manner.get("autoCreateEntities") is False:
            return None
        naming = self.tables.naming
        parent = self.tables.relations[str(naming.parents[0])].to[0]
        for parts in datasets.meanings(dataset):
            ends = [".".join(parts[-3:-1]), parts[-2]]
            found = next((each for end in ends if (each := self._ending(parent, "", end)) is not None), None)
            if found is not None:
                return self._create(self.tables, dict(_table(dataset, parts[-1], found, self._owners(dataset))))
        return None

    def _owners(self, dataset: Told) -> list[Json]:
        named = ((dataset.get("facets") or {}).get("ownership") or {}).get("owners") or ()
        found = (self.context.world.find("users", each["name"]) for each in named)
        return [{"id": each.id, "type": "user"} for each in found if each is not None and not each.deleted]

    def _job(self, event: Told) -> Record | None:
        """The pipeline of the run's parent, or of the run; a new one where there is a service for it."""
        parent = (event["run"].get("facets") or {}).get("parent") or {}
        told = parent.get("job") or event["job"]
        namespace, name = told["namespace"], told["name"]
        if not name:
            return None
        service = str(self.manner.get("defaultPipelineService") or SERVICE)
        whole = f"{NOT_PLAIN.sub('_', namespace)}-{name}" if namespace else name
        for above, below in ((service, whole), (namespace, name)):
            found = self.context.world.find(self.jobs.name, self.context.dialect.named(self.jobs, above or None, below))
            if found is not None and not found.deleted:
                return found
        if self.manner.get("autoCreateEntities") is False:
            return None
        body = {"name": whole, "service": service, "description": "Pipeline created from OpenLineage event"}
        return self._create(self.jobs, body)

    def _create(self, resource: Resource, body: Json) -> Record | None:
        """A new record; None where it cannot be made, which leaves nothing behind."""
        context = self.context
        there = replace(context.about(resource), body=body)
        mark = context.world.mark()
        try:
            data, links = there.dialect.compose(there, body)
            if context.world.find(resource.name, data["fullyQualifiedName"]) is not None:
                return None
            shown = there.dialect.create(there, data, links)
        except Problem:
            context.world.back_to(mark)
            return None
        return context.world.record(str(shown.members["id"]))


def _details(event: Told) -> Iterator[tuple[str, Json]]:
    job, run = event["job"], event["run"]
    yield "source", "OpenLineage"
    about = f"{job['namespace']}/{job['name']} (run: {run['runId']})"
    yield "description", f"Lineage from OpenLineage event for job: {about}"
    if sql := (job.get("facets") or {}).get("sql"):
        yield "sqlQuery", sql["query"]


def _columns(output: Told, target: Record, source: Record, known: Mapping[str, Record]) -> Iterator[Json]:
    """Which columns of one input lead to which of the output."""
    for column, told, how in datasets.sources(output):
        origins = [(known[key], field) for key, field in told if key in known]
        names = [f"{each.data['fullyQualifiedName']}.{field}" for each, field in origins if each.id == source.id]
        if names:
            edge = {"fromColumns": names, "toColumn": f"{target.data['fullyQualifiedName']}.{column}"}
            yield edge if how is None else {**edge, "function": how}


def _table(dataset: Told, name: str, schema: Record, owners: list[Json]) -> Iterator[tuple[str, Json]]:
    yield "name", name
    yield "databaseSchema", schema.data["fullyQualifiedName"]
    yield "columns", datasets.columns(dataset)
    if said := ((dataset.get("facets") or {}).get("documentation") or {}).get("description"):
        yield "description", said
    if owners:
        yield "owners", owners
