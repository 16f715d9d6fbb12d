"""Who may be named on the page for going away: nobody who would gain a right by it."""

from dataclasses import replace

import pytest

from connector.directory import Directory
from connector.policy.model import Policy, Role
from connector.signoffs.stand_ins import stand_ins
from tests.core.world import PEOPLE, ROLES, USERS, gate, policy

OPS = ROLES["operations"]


def roles(**changes: Role) -> Policy:
    return policy(gate(), roles={**ROLES, **changes})


@pytest.mark.parametrize(
    ("person", "rules", "able"),
    [
        ("anna", roles(), ("jan", "ruth")),  # the other holder, and whoever stands above
        ("ruth", roles(), ()),  # nobody else may do what the founder may
        ("mia", roles(), ()),  # who decides nothing needs nobody
        ("anna", roles(legal=Role("legal", "Legal", ("anna", "tom"), "legal", 1)), ()),  # not all of it
        ("anna", roles(operations=replace(OPS, holders=("anna",), backups=("tom",))), ("tom", "ruth")),
        ("eva", roles(), ()),  # a manager of reps: whoever takes her place would decide on their deals
        ("anna", roles(operations=replace(OPS, holders=("team:Ops",))), ("tom", "ruth")),
    ],
)
def test_only_who_may_do_all_of_it_already_can_be_named(
    person: str, rules: Policy, able: tuple[str, ...]
) -> None:
    users = [replace(one, teams=("Ops",) if one.owner in {"102", "120"} else ()) for one in USERS]
    assert stand_ins(person, rules, Directory.join(PEOPLE, users)) == able
