"""What rows ask people, and which of it together may be more than there are people, wherever the rows lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from connector.policy.model import Policy, Role, Row, Ruling
from connector.proof.boxes import Budget
from connector.proof.scarce import scarce
from connector.proof.signing import Short, Signing, asked

Ask = tuple[tuple[str, ...], int | None, bool]  # roles, how many of them, the owner too
_SEATED = 40  # combinations that could be looked at in the time in which people are seated once


def ask(row: Row) -> Ask:
    """Return what the row asks: rows that ask the same are one here."""
    return row.roles, row.quorum, row.own


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Roles of which there are too few people; what names each of them, and what names a higher one."""

    roles: frozenset[str]
    named: tuple[int, ...]
    higher: int


class Asks:
    """All that the rows of one gate ask. Some of it is a set of bits, one for each different ask."""

    __slots__ = (
        "_bits",
        "_budget",
        "_chains",
        "_may",
        "_named",
        "_policy",
        "_rows",
        "_scarce",
        "_short",
        "_signing",
    )

    def __init__(self, rows: Iterable[Row], policy: Policy, signing: Signing, budget: Budget) -> None:
        self._policy, self._signing, self._budget = policy, signing, budget
        self._rows = list({ask(row): row for row in rows if row.ruling is Ruling.SIGN_OFF}.values())
        self._bits = {ask(row): 1 << place for place, row in enumerate(self._rows)}
        self._named: dict[str, int] = {}
        for row in self._rows:
            for name in row.roles:
                self._named[name] = self._named.get(name, 0) | self.bit(row)
        self._chains: dict[str, list[Role]] = {}
        roles = (policy.roles[name] for name in self._named if name in policy.roles)
        for role in sorted(roles, key=lambda one: -one.level):
            self._chains.setdefault(role.chain, []).append(role)
        self._short: dict[int, Short | None] = {}
        self._may: dict[tuple[int, int], bool] = {}
        self._scarce = [one for part in self.parts() for one in self._crowds(part)]

    def bit(self, row: Row) -> int:
        """Return the bit of what the row asks, 0 where it asks nobody."""
        return self._bits.get(ask(row), 0) if row.ruling is Ruling.SIGN_OFF else 0

    def parts(self) -> list[int]:
        """Put together what shares a chain: nothing that is asked of one part changes another."""
        found: list[int] = []
        for roles in self._chains.values():
            mine = 0
            for role in roles:
                mine |= self._named[role.id]
            near = [one for one in found if one & mine]
            found = [one for one in found if not one & mine]
            found.append(_all((mine, *near)))
        return found

    def alone(self) -> int:
        """Return what lacks people without anything beside it."""
        return _all(bit for bit in self._bits.values() if self.short(bit))

    def short(self, asks: int) -> Short | None:
        """Return an owner beside whom there are too few for all of this together."""
        if asks not in self._short:
            self._budget.spend(_SEATED)
            rows = (row for row in self._rows if self.bit(row) & asks)
            self._short[asks] = next(self._signing.short(asked(rows, self._policy)), None)
        return self._short[asks]

    def may_lack(self, sure: int, most: int) -> bool:
        """Say whether a deal could lack people of which all that is `sure` is asked and some of `most`, which
        holds it."""
        if (sure, most) not in self._may:
            near = (one for one in self._scarce if not one.higher & sure)
            known = (one for one in near if all(named & most for named in one.named))
            self._may[sure, most] = any(self._may_crowd(one, sure, most & ~one.higher) for one in known)
        return self._may[sure, most]

    def _may_crowd(self, crowd: _Crowd, sure: int, most: int) -> bool:
        """Say whether these roles, each the highest of its chain, could have to sign and lack people.

        Of the same highest roles, more asks never need fewer people: for each choice of highest roles it is
        enough to look at all that asks for no higher ones.
        """
        seen, found = {most}, [most]
        for asks in found:  # grows while it is read
            if not all(named & asks for named in crowd.named):
                continue
            if self.short(asks):
                return True
            tops = (self._top(roles, asks, crowd) for roles in self._chains.values())
            new = {asks & ~top for top in tops if top and not top & sure} - seen
            seen |= new
            found += sorted(new)
        return False

    def _top(self, roles: Iterable[Role], asks: int, crowd: _Crowd) -> int:
        """Return all that names the highest role of a chain, 0 where that is one of the crowd or none."""
        top = next((one.id for one in roles if self._named[one.id] & asks), None)
        return 0 if top is None or top in crowd.roles else self._named[top]

    def _above(self, name: str) -> int:
        role = self._policy.roles[name]
        return _all(self._named[one.id] for one in self._chains[role.chain] if one.level > role.level)

    def _crowds(self, part: int) -> Iterable[_Crowd]:
        """Return what is scarce among the roles of one part, the smallest sets first."""
        roles = [one for named in self._chains.values() for one in named if self._named[one.id] & part]
        found = scarce(roles, self._signing, self._budget)
        for names in sorted(found, key=lambda one: (len(one), sorted(one))):
            named = tuple(self._named[name] for name in sorted(names))
            yield _Crowd(names, named, _all(self._above(name) for name in names))


def _all(asks: Iterable[int]) -> int:
    found = 0
    for one in asks:
        found |= one
    return found
