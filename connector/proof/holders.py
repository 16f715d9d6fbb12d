"""Every row that asks people can get its answer: for any owner there are holders enough beside the owner."""

from collections.abc import Iterable, Iterator
from itertools import islice

from connector.policy.model import Matrix, Policy, Role, Row, Ruling
from connector.proof.asks import Ask, ask
from connector.proof.faults import Fault, Kind, Witness
from connector.proof.signing import Short, Signing, asked, is_looked_up


def few_holders(matrix: Matrix, policy: Policy, signing: Signing) -> Iterator[Fault]:
    """Yield rows whose signatures cannot all be given by different people who do not own the deal, or whose
    right to stop it nobody could use; each set of roles once."""
    told: set[Ask] = set()
    stopping: set[str] = set()
    for row in matrix.rows:
        if row.ruling is Ruling.SIGN_OFF and ask(row) not in told:
            told.add(ask(row))
            yield from _few(matrix, row, signing.short(asked((row,), policy)))
        for name in dict.fromkeys(row.veto):
            if name in policy.roles and name not in stopping:
                stopping.add(name)
                yield from _few(matrix, row, signing.nobody_stops(policy.roles[name]))


def _few(matrix: Matrix, row: Row, found: Iterable[Short]) -> Iterator[Fault]:
    for one in islice(found, 1):
        yield Fault(Kind.FEW_HOLDERS, matrix, (row,), Witness({}, None, owner=one.owner), said=one.said)


def nobody_above(matrix: Matrix, policy: Policy) -> Iterator[Fault]:
    """Yield rows that let those above be asked too, of a role above which there is nobody else."""
    for row in matrix.rows:
        asked = (policy.roles[name] for name in row.roles if name in policy.roles)
        top = [role for role in asked if not _above(role, policy)] if row.rises is not None else []
        if top:
            labels = " and ".join(f"{role.label} (chain {role.chain})" for role in top)
            yield Fault(Kind.NOBODY_ABOVE, matrix, (row,), said=labels)


def _above(role: Role, policy: Policy) -> bool:
    """Say whether anybody stands above the role, as `signoffs.timers` looks for them: the next role of its
    chain, else the last resort, with somebody who does not hold the role himself."""
    higher = [one for one in policy.roles.values() if one.chain == role.chain and one.level > role.level]
    last = (one for one in policy.roles.values() if one.last_resort and one.id != role.id)
    above = min(higher, key=lambda one: one.level, default=None) or next(last, None)
    if above is None:
        return False
    looked_up = any(is_looked_up(name, None) for name in above.holders)
    return looked_up or bool({*above.holders, *above.backups} - set(role.holders))
