"""The functions that conditions of access rules may call, and what they answer in the circumstances of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.behaviours import labels
from mockserver.contract.errand import Errand
from mockserver.contract.model import Contract
from mockserver.contract.problem import nearest, shown
from mockserver.dialects.openmetadata.grants import above, linked
from mockserver.dialects.openmetadata.narrowing import DOMAINS, within
from mockserver.dialects.openmetadata.spel import Unanswerable
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
Names = tuple[str, ...]


class Circumstances(NamedTuple):
    """Who does something to what: to a record, to one that is to be made below others, or to none in particular.

    `team` is the one that the rule came through.
    """

    world: Transaction
    contract: Contract
    user: Record
    record: Record | None = None
    below: tuple[Record, ...] = ()
    team: str | None = None

    def ask(self, name: str, arguments: tuple[Json, ...]) -> bool:
        """What a function answers; Unanswerable."""
        function, names = called(name, arguments)
        return function.answer(self, names)

    @property
    def owners(self) -> list[Record]:
        """Whose the record is; a user is his own, and a task its subject's owners'."""
        if self.record is not None and self.record.resource == self.user.resource:
            return [self.record]
        if self.record is not None and (errand := self.errand) is not None:
            found = linked(self.world, self.contract, self.record, errand.about)
            return [owner for each in found for owner in linked(self.world, self.contract, each, "owners")]
        return self.of("owners")

    @property
    def domains(self) -> list[Record]:
        """What the record is in; a domain is in itself."""
        if self.record is not None and self.record.resource == DOMAINS:
            return [self.record]
        return self.of(DOMAINS)

    @property
    def reviewers(self) -> list[Record]:
        return self.of("reviewers")

    @property
    def errand(self) -> Errand | None:
        """How the record asks people to do something, if it is a task."""
        return None if self.record is None else self.contract.resources[self.record.resource].errand

    @property
    def tags(self) -> set[str]:
        """The names of all labels in the record, those of its parts among them."""
        known = self.contract.labels
        if known is None or self.record is None:
            return set()
        places = {
            field: deeper
            for field, deeper in self.contract.resources[self.record.resource].labelled.items()
            if field != "certification"
        }
        return {name for _, name in labels.keys_of(known, places, self.record.data)}

    @property
    def certification(self) -> str | None:
        given = {} if self.record is None else self.record.data.get("certification") or {}
        name = (given.get("tagLabel") or {}).get("tagFQN")
        return None if name is None else str(name)

    @property
    def teams(self) -> list[Record]:
        return linked(self.world, self.contract, self.user, "teams")

    @property
    def roles(self) -> set[str]:
        """The names of the user's roles, and of those that the teams give."""
        found = {role.name for role in linked(self.world, self.contract, self.user, "roles")}
        for team in self.teams:
            for each in above(self.world, self.contract, team):
                found |= {role.name for role in linked(self.world, self.contract, each, "defaultRoles")}
        return found

    def is_one_of(self, people: Iterable[Record]) -> bool:
        """Whether the user, or a team of the user's, is among these."""
        return not {self.user.id, *(team.id for team in self.teams)}.isdisjoint(each.id for each in people)

    def is_under(self, member: Record, team: str) -> bool:
        """Whether a user or a team belongs to the team of that name, however far below."""
        starts = linked(self.world, self.contract, member, "teams") if member.resource == "users" else [member]
        return any(each.name == team for start in starts for each in above(self.world, self.contract, start))

    def of(self, relation: str) -> list[Record]:
        """What a relation of the record leads to."""
        sources = self.below if self.record is None else (self.record,)
        found = (each for source in sources for each in linked(self.world, self.contract, source, relation))
        return list({each.id: each for each in found}.values())


class Function(NamedTuple):
    """A function: what it is given, if anything the names of records of some resources, and what it answers."""

    input: str
    description: str
    examples: Names
    answer: Callable[[Circumstances, Names], bool]
    resources: Names = ()
    entity: str | None = None


def _has_domain(at: Circumstances, _: Names) -> bool:
    """What is in no domain is everybody's, and so is nothing in particular: what is listed is looked at one by one."""
    theirs = [] if at.record is None else at.domains
    return not theirs or within(linked(at.world, at.contract, at.user, DOMAINS), theirs)


def _match_team(at: Circumstances, _: Names) -> bool:
    team = at.team
    if team is None or not at.is_under(at.user, team):
        return False
    return any(at.is_under(owner, team) for owner in at.owners)


FUNCTIONS: Mapping[str, Function] = {
    "hasAnyRole": Function(
        "Names of roles",
        "True when the caller has one of these roles, be it through a team.",
        ("hasAnyRole('DataSteward', 'DataEngineer')",),
        lambda at, names: not at.roles.isdisjoint(names),
        ("roles",),
        "role",
    ),
    "hasDomain": Function(
        "None",
        "True when the record is in no domain, or in one of the caller's or below it.",
        ("hasDomain()", "!hasDomain()"),
        _has_domain,
    ),
    "inAnyTeam": Function(
        "Names of teams",
        "True when the caller belongs to one of these teams, or to one below them.",
        ("inAnyTeam('marketing')",),
        lambda at, names: any(at.is_under(at.user, name) for name in names),
        ("teams",),
        "team",
    ),
    "isOwner": Function(
        "None",
        "True when the record is owned by the caller or by a team of the caller's.",
        ("isOwner()", "!isOwner()", "noOwner() || isOwner()"),
        lambda at, _: at.is_one_of(at.owners),
    ),
    "isReviewer": Function(
        "None",
        "True when the record is reviewed by the caller or by a team of the caller's.",
        ("isReviewer()", "!isReviewer()"),
        lambda at, _: at.is_one_of(at.reviewers),
    ),
    "isTaskAssignee": Function(
        "None",
        "True when the record is a task that the caller, or a team of the caller's, is asked for.",
        ("isTaskAssignee() || isTaskReviewer()",),
        lambda at, _: at.errand is not None and at.is_one_of(at.of(at.errand.asked)),
    ),
    "isTaskFiler": Function(
        "None",
        "True when the record is a task that the caller opened.",
        ("isTaskFiler()", "!isTaskFiler()"),
        lambda at, _: at.errand is not None and at.user in at.of(at.errand.author),
    ),
    "isTaskReviewer": Function(
        "None",
        "True when the record is a task that the caller, or a team of the caller's, reviews.",
        ("isTaskReviewer()",),
        lambda at, _: at.errand is not None and at.is_one_of(at.reviewers),
    ),
    "matchAllTags": Function(
        "Fully qualified names of tags",
        "True when the record has all of these tags.",
        ("matchAllTags('PersonalData.Personal', 'Tier.Tier1')",),
        lambda at, names: bool(at.tags) and at.tags.issuperset(names),
        ("tags", "glossaryTerms"),
        "tag",
    ),
    "matchAnyCertification": Function(
        "Fully qualified names of certifications",
        "True when the record is certified in one of these ways.",
        ("matchAnyCertification('Certification.Silver', 'Certification.Gold')",),
        lambda at, names: at.certification in names,
        ("tags", "glossaryTerms"),
        "tag",
    ),
    "matchAnyTag": Function(
        "Fully qualified names of tags",
        "True when the record has one of these tags.",
        ("matchAnyTag('PersonalData.Personal', 'Tier.Tier1')",),
        lambda at, names: not at.tags.isdisjoint(names),
        ("tags", "glossaryTerms"),
        "tag",
    ),
    "matchTeam": Function(
        "None",
        "True when caller and owner both belong to the team that the policy is given to, or to one below it.",
        ("matchTeam()",),
        _match_team,
    ),
    "noDomain": Function(
        "None", "True when the record is in no domain.", ("noDomain()", "!noDomain()"), lambda at, _: not at.domains
    ),
    "noOwner": Function(
        "None",
        "True when nobody owns the record.",
        ("noOwner()", "!noOwner()", "noOwner() || isOwner()"),
        lambda at, _: not at.owners,
    ),
}


def called(name: str, arguments: tuple[Json, ...]) -> tuple[Function, Names]:
    """The function of that name, and the names that it is given; Unanswerable."""
    function = FUNCTIONS.get(name)
    if function is None:
        meant = nearest(name, FUNCTIONS)
        hint = f"did you mean '{meant}'?" if meant else f"known are {', '.join(FUNCTIONS)}"
        raise Unanswerable(f"there is no function {shown(name)}; {hint}")
    names: list[str] = []
    for argument in arguments:
        names.extend(argument if isinstance(argument, list) else [argument])
    if names and not function.resources:
        raise Unanswerable(f"{name}() is given nothing")
    if not all(isinstance(each, str) for each in names):
        raise Unanswerable(f"{name} is given names in quotes, as in {function.examples[0]}")
    return function, tuple(names)
