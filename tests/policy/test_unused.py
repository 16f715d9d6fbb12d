"""What a policy says that nothing uses: told as notes, with the place."""

from pathlib import Path

import pytest

from connector.policy.load import load
from connector.policy.unused import unused
from tests.policy.samples import BASE

EXAMPLES = Path(__file__).parents[2] / "examples"


def told(*changes: tuple[str, str]) -> list[str]:
    text = BASE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return [str(one) for one in unused(load(text, "policy.yaml"))]


CAPACITY = ("    - deviations\n", "    - deviations\n    - capacity: {start: start-date, goes-to: planner}\n")


def test_matrices_checklists_roles_and_words_that_nothing_uses_are_told_with_their_lines() -> None:
    found = told(
        ("authority:\n", "  spare:\n    - deviations\nauthority:\n"),
        ("gates:\n", "  idle: {hit: unique, inputs: [amount], rows: [{id: all, decides: sales}]}\ngates:\n"),
        ("offering:\n", "  legal: {holders: [eva, anna]}\noffering:\n"),
    )
    assert [one.partition("; ")[0] for one in found] == [
        "policy.yaml:32: authority.idle: no gate uses it",
        "policy.yaml:22: checklists.spare: no gate uses it",
        "policy.yaml:14: roles.legal: nobody is ever asked by it: no row, check or exception names it",
        "policy.yaml:5: fields: no gate, matrix or check looks at region and start-date",
    ]


def test_a_word_that_people_watch_and_words_of_every_policy_are_used() -> None:
    watched = ("options: [EMEA, APAC]}", "options: [EMEA, APAC], change: notify}")
    built_in = ("fields:\n", "fields:\n  amount: {label: value}\n")
    assert told(watched, built_in) == [
        "policy.yaml:7: fields.start-date: no gate, matrix or check looks at it; use it, or take it out"
    ]


def test_many_words_that_nothing_looks_at_are_one_note() -> None:
    more = "".join(f"  x{place}: {{hubspot: x{place}, type: text}}\n" for place in range(6))
    (note,) = told(("fields:\n", f"fields:\n{more}"))
    assert "looks at x0, x1, x2, x3, x4, x5 and 2 more; use them, or take them out" in note


@pytest.mark.parametrize(
    "change",
    [
        ("- deviations", "- feasibility: {goes-to: planner, otherwise: needs-review}"),
        ("- deviations", ("- feasibility: {inputs: [region], otherwise: feasible, rows: "
                         "[{id: far, region: APAC, answer: needs-review, goes-to: planner}]}")),
        ("checklists:\n", "waivers: {grant: {any: planner}, reasons: [pilot]}\nchecklists:\n"),
        ("checklists:\n", ("waivers: {grant: {any: operations}, reasons: [pilot], break-glass: planner}\n"
                        "checklists:\n")),
        ("checklists:\n", ("delegations: [{from: eva, to: anna, since: 2026-01-01, until: 2026-02-01,"
                        " roles: [planner]}]\nchecklists:\n")),
        ("  operations: {label", "  operations: {veto-lifted-by: [planner], label"),
        ("  planner: {", "  planner: {last-resort: true, "),
        ("  planner: {", "  planner: {chain: sales, level: 2, "),
        CAPACITY,
    ],
)  # fmt: skip
def test_a_role_is_used_wherever_it_may_be_asked(change: tuple[str, str]) -> None:
    planner = ("offering:\n", "  planner: {holders: [eva, anna]}\noffering:\n")
    assert "roles.planner" in told(planner)[0]
    assert not [one for one in told(planner, change) if "roles." in one]


def test_a_role_below_those_that_are_asked_is_not_used() -> None:
    junior = ("chain: delivery}\noffering", ("chain: delivery, level: 2}\n  junior: {holders: [eva], chain: delivery}"
              "\noffering"))  # fmt: skip
    assert any(one.startswith("policy.yaml:14: roles.junior") for one in told(junior))


def test_a_policy_of_which_everything_counts_has_no_note() -> None:
    assert list(unused(load((EXAMPLES / "minimal.yaml").read_text(), "policy.yaml"))) == []
