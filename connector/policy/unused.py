"""What a policy says that counts for nothing: matrices, checklists, roles and words that nothing uses."""

from collections.abc import Iterator, Sequence

from connector.policy.checklist import Capacity, Check, Feasibility, RequiredData
from connector.policy.model import Policy
from connector.policy.problems import Problem
from connector.policy.reads import reads
from connector.policy.vocabulary import Field, Weight
from connector.policy.words import built_in

_MOST_NAMED = 6
_GATE = "no gate uses it; name it under `{key}` of a gate, or take it out"
_ROLE = "nobody is ever asked by it: no row, check or exception names it; use it, or take it out"
_FIELD = "no gate, matrix or check looks at it; use it, or take it out"


def unused(policy: Policy) -> Iterator[Problem]:
    """Yield what counts for nothing as notes: each is allowed, and most often a name that was forgotten."""
    matrices = {name for gate in policy.gates for name in gate.matrices}
    checklists = {gate.checklist for gate in policy.gates}
    for matrix in policy.matrices.values():
        if matrix.id not in matrices:
            yield _note(matrix.where, f"authority.{matrix.id}", _GATE.format(key="authority"))
    for checklist in policy.checklists.values():
        if checklist.id not in checklists:
            yield _note(checklist.where, f"checklists.{checklist.id}", _GATE.format(key="checklist"))
    asked = frozenset(_asked(policy))
    for role in policy.roles.values():
        if role.id not in asked:
            yield _note(role.where, f"roles.{role.id}", _ROLE)
    looked_at = reads(policy, whatever=True) | built_in().keys()
    fields = [one for one in policy.fields.values() if one.name not in looked_at]
    yield from _of_fields([one for one in fields if one.weight is not Weight.NOTIFY])


def _of_fields(fields: Sequence[Field]) -> Iterator[Problem]:
    """Yield one note for all fields: the first policy of an account has many of them."""
    if len(fields) == 1:
        yield _note(fields[0].where, f"fields.{fields[0].name}", _FIELD)
    elif fields:
        names = [one.name for one in fields[:_MOST_NAMED]]
        left = [f"{len(fields) - _MOST_NAMED} more"] if len(fields) > _MOST_NAMED else []
        *first, last = (*names, *left)
        said = f"no gate, matrix or check looks at {', '.join(first)} and {last}; use them, or take them out"
        yield _note(fields[0].where, "fields", said)


def _note(where: str, path: str, said: str) -> Problem:
    file, _, line = where.rpartition(":")
    return Problem(file, int(line), path, said)


def _asked(policy: Policy) -> Iterator[str]:
    """Yield the roles that somebody may be asked by, those above them and the last resort among them."""
    roles = {*_named(policy)} & policy.roles.keys()
    lowest: dict[str, int] = {}
    for one in (policy.roles[name] for name in roles):
        lowest[one.chain] = min(one.level, lowest.get(one.chain, one.level))
    for role in policy.roles.values():
        above = role.chain in lowest and role.level > lowest[role.chain]
        if role.id in roles or role.last_resort or above:
            yield role.id
            yield from role.lifted_by


def _named(policy: Policy) -> Iterator[str]:
    yield from (name for matrix in policy.matrices.values() for name in matrix.roles)
    for checklist in policy.checklists.values():
        yield from (name for check in checklist.checks for name in _sent_to(check) if name is not None)
    yield from (name for names in policy.waivers.grant.values() for name in names)
    yield from policy.waivers.break_glass
    yield from (name for one in policy.delegations for name in one.roles)


def _sent_to(check: Check) -> tuple[str | None, ...]:
    match check:
        case RequiredData():
            return (check.unknown_goes_to,)
        case Feasibility():
            return (check.role, *(row.role for row in check.rows))
        case Capacity():
            return (check.role,)
        case _:
            return ()
