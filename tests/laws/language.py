"""Policies made up of everything that the language has, as text that goes through the real loader."""

import json
from functools import cache

from connector.policy.load import load
from connector.policy.model import Policy
from tests.laws.dice import Dice

PEOPLE = ("mia", "tom", "eva", "anna", "jan", "ruth")
SALES, OPERATIONS, FOUNDER, LEGAL = ROLES = ("sales-manager", "operations", "founder", "legal")
STAGES = ("Discovery", "Proposal", "Contract", "Closed Won")
PRODUCTS = ("DP", "ADD", "DAY")
TYPED = {
    "budget": "money", "penalty": "percent", "chance": "percent", "users": "number", "rounds": "number",
    "start": "date", "go-live": "date", "region": "enum", "hosting": "enum", "address": "text",
    "remark": "text", "nda": "boolean", "sponsor": "person", "country": "text", "contacts": "number",
    "briefs": "number", "deal-discount": "percent", "amount": "money", "close-date": "date",
    "discount": "percent", "products-not-offered": "number", "deviation-count": "number",
    "deviation-worth": "money", "contract-value": "money", "margin": "percent", "effort": "number",
    "days-to-start": "number",
}  # fmt: skip
OPTIONS = {"region": ("EMEA", "APAC", "AMER"), "hosting": ("ours", "theirs", "none")}
WRITTEN = tuple(TYPED)[:15]  # fields of the CRM's own records
COUNTED = ("contacts", "briefs")
REQUIRABLE = (*WRITTEN[:14], *COUNTED, "amount", "close-date")
TESTABLE = tuple(name for name, kind in TYPED.items() if kind != "person")


def a_policy(seed: int) -> str:
    """Write the policy of a seed."""
    dice = Dice(seed)
    gates = _gates(dice)
    stages = [str(gate["stage"]) for gate in gates]
    checklists = {name: _checks(dice, stages) for name in ("intake", "final")}
    matrices = {name: _matrix(dice) for name in ("price", "terms", "scope")}
    written = {
        "policy": "Made up",
        "currency": "EUR",
        "fields": {name: _field(dice, name) for name in (*WRITTEN[:14], *COUNTED, "deal-discount")},
        "people": {
            name: {"name": name.title(), "email": f"{name}@example.com", **_manager(dice, name)}
            for name in PEOPLE
        },
        "roles": _roles(dice),
        "offering": _offering(dice),
        "checklists": checklists,
        "authority": matrices,
        "gates": gates,
        "calendar": {
            "zone": dice.choice(["Europe/Amsterdam", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"]),
            **dice.maybe(
                opens=8, closes=dice.randint(17, 20), answer_hours=dice.randint(1, 60),
                days=dice.some("mon", "tue", "wed", "thu", "sat", most=5), holidays=[f"{dice.day()}"],
                quarter_end={"last-days": dice.randint(1, 31), "opens": 7, "answer-hours": 2},
                year_begins_in_month=dice.randint(1, 12),
            ),
        },
        **dice.maybe(
            rates={"as-of": "2026-11-02", "USD": "0.92", **dice.maybe(GBP="1.17")},
            waiting={
                **dice.maybe(remind_after=4, escalate_after=12, expire_after=40, pause_at_most=dice.randint(0, 40)),
                "question-within": dice.randint(1, 40),
                **dice.choice([{}, {"urgent-within-days": 5, "urgent-hours": 2}]),
            },
            waivers={"grant": {"any": dice.some(*ROLES)}, "reasons": ["pilot"], **dice.maybe(break_glass=[FOUNDER])},
            delegations=[_delegation(dice) for _ in range(dice.randint(1, 2))],
            tell={"rep": dice.choice(["task", "mail"])},
            brakes={"tasks-per-hour": 3, "move-back-minutes": dice.randint(1, 60)},
        ),
    }  # fmt: skip
    return json.dumps(written)


@cache  # as many as the laws draw from
def loaded(seed: int) -> Policy:
    """Return the policy of a seed as the loader reads it."""
    return load(a_policy(seed), "made-up.yaml")


def _field(dice: Dice, name: str) -> dict[str, object]:
    common = {
        **dice.maybe(rep_may_change=dice.often(), rep_may_see=dice.often()),
        "change": dice.choice(["material", "material", "notify", "ignore", "ignore"]),
    }
    if name == "deal-discount":
        return {"derived": "discount-against-list-price", "of": "amount", **dice.maybe(rep_may_change="true")}
    if name in COUNTED:
        return {"contact": "Technical"} if name == "contacts" else {"file": "*brief*"}
    kind = TYPED[name]
    numeric = kind in {"money", "percent", "number", "date"}
    return {
        "hubspot": f"dg_{name.replace('-', '_')}",
        "salesforce": f"Dg_{name.replace('-', '_')}__c",
        "type": kind,
        **({"options": list(OPTIONS[name])} if name in OPTIONS else {}),
        **({"on": "company"} if name == "country" else {}),
        **({"worse": dice.choice(["higher", "lower", "neither"])} if numeric else {}),
        **common,
    }


def _manager(dice: Dice, name: str) -> dict[str, object]:
    above = {"mia": "eva", "tom": "eva", "eva": "ruth", "anna": "ruth", "jan": "ruth"}
    return {"manager": above[name]} if name in above and (dice.often() or name == "mia") else {}


def _roles(dice: Dice) -> dict[str, object]:
    legal = {"label": "Legal", "holders": dice.some("jan", "ruth", "eva"), **dice.maybe(backups=["anna"])}
    return {
        SALES: {"holders": "owner.manager", "chain": "sales", "level": 1, **dice.maybe(backups=["ruth"])},
        OPERATIONS: {
            "label": "Operations", "function": "Operations", "holders": ["anna", "jan"], "chain": "delivery",
            "level": 1, **dice.maybe(needs=dice.choice(["1", "2", "all"])),
        },
        FOUNDER: {
            "holders": dice.choice([["ruth"], ["ruth", "eva"], [{"queue": "Deal Desk"}], [{"team": "Board"}]]),
            "chain": "delivery", "level": 2, **dice.maybe(top=True, last_resort=True),
        },
        LEGAL: {**legal, "chain": "legal", **dice.maybe(veto_lifted_by=[FOUNDER])},
    }  # fmt: skip


def _delegation(dice: Dice) -> dict[str, object]:
    giver, to = dice.sample(PEOPLE, 2)
    return {
        "from": giver, "to": to, "since": "2026-11-01", "until": dice.choice(["2026-11-24", "2026-12-31"]),
        **dice.maybe(roles=dice.some(*ROLES), up_to="EUR 50,000", pipelines=["Sales Pipeline"]),
    }  # fmt: skip


def _offering(dice: Dice) -> dict[str, object]:
    products = [
        {"sku": sku, "name": f"Product {sku}", "list-price": dice.choice(["1000", "24,000"]), **_product(dice, sku)}
        for sku in PRODUCTS
    ]  # fmt: skip
    terms = {
        name: dice.choice([_cell(dice, name), {"standard": _cell(dice, name), "worth-a-unit": _worth(dice)}])
        for name in dice.some("penalty", "rounds", "hosting", "users", "nda", "go-live")
    }
    return {
        "start": "start",
        **dice.maybe(lead_time_days=dice.randint(0, 60), terms=terms),
        **({"products": products} if dice.random() < 0.9 else {}),
    }


def _product(dice: Dice, sku: str) -> dict[str, object]:
    others = [one for one in PRODUCTS if one != sku]
    least = dice.randint(1, 5)
    return dict(
        dice.maybe(
            cost=f"{dice.randint(1, 900)}",
            discount=f"{dice.randint(0, 15)}%",
            effort={
                role: {"hours": f"{dice.randint(1, 200)}", **dice.maybe(weeks=dice.randint(1, 6), lead_in_weeks=2)}
                for role in dice.some("engineer", "trainer")
            },
            options={name: _cell(dice, name) for name in dice.some("hosting", "region")},
            requires=dice.sample(others, 1),
            excludes=dice.sample(others, 1),
            lead_time_days=dice.randint(0, 90),
            at_least=f"{least}",
            at_most=f"{least + dice.randint(0, 9)}",
        )
    )  # fmt: skip


def _worth(dice: Dice) -> str:
    return dice.choice(["EUR 100", "USD 1,000", "0.5%"])


def _checks(dice: Dice, stages: list[str]) -> list[object]:
    made = [_required_data(dice, stages), _feasibility(dice), _capacity(dice), _deviations(dice)]
    return dice.sample(made, dice.randint(1, 4))


def _required_data(dice: Dice, stages: list[str]) -> object:
    role = dice.choice([None, OPERATIONS, LEGAL])
    rules = []
    for name in dice.some(*REQUIRABLE, most=6):
        pattern = {"pattern": "[A-Za-z ]{2,30}"} if TYPED[name] in {"text", "enum"} and dice.seldom() else {}
        others = [
            one for one in REQUIRABLE if one != name and (not pattern or TYPED[one] in {"text", "enum"})
        ]
        rules.append(
            {
                "field": name, **pattern,
                **dice.maybe(due=dice.choice(stages), **{"or": dice.sample(others, 1)}),
                **({"may-be-unknown": dice.often()} if role else {}),
            }
        )  # fmt: skip
    return {"required-data": {"fields": rules, **({"unknown-goes-to": role} if role else {})}}


def _feasibility(dice: Dice) -> object:
    inputs = dice.some(*TESTABLE, most=4)
    role = dice.choice([None, OPERATIONS, FOUNDER])
    rows = []
    for place in range(dice.randint(1, 4)):
        answer = dice.choice(["feasible", "feasible-with-changes", "needs-review", "not-feasible"])
        cells = {name: _cell(dice, name) for name in dice.some(*inputs, most=2)}
        row = {"id": f"row-{place}", "answer": answer, "says": "Sell another one", **cells}
        if answer == "needs-review" or dice.seldom():
            row["goes-to"] = dice.choice(ROLES)
        if dice.random() < 0.4:
            row["product"] = ", ".join(dice.some(*PRODUCTS))
        rows.append(row)
    named = any("product" in row for row in rows)
    return {
        "feasibility": {
            "inputs": [*inputs, *(["product"] if named else [])],
            "questions": {inputs[0]: {"ask": "How much?", **dice.maybe(answered_by="the engineer")}},
            "rows": rows,
            **dice.maybe(otherwise=dice.choice(["feasible", "feasible-with-changes", "not-feasible"])),
            **({"goes-to": role} if role else {}),
        }
    }


def _capacity(dice: Dice) -> object:
    settings = dice.maybe(
        start="start", fallback_days=dice.randint(0, 60), goes_to=OPERATIONS, fresh_days=dice.randint(1, 30),
        win_chance="chance", hold_days=dice.randint(1, 60),
    )  # fmt: skip
    return {"capacity": dict(settings)}


def _deviations(dice: Dice) -> object:
    bands = [
        {"name": "minor", "up-to": "EUR 1,000"},
        {"name": "major", "up-to": "EUR 5,000"},
        {"name": "severe"},
    ]
    return {"deviations": dict(dice.maybe(bands=bands))}


def _matrix(dice: Dice) -> dict[str, object]:
    inputs = dice.some(*TESTABLE, most=3)
    rows = [_row(dice, place, inputs) for place in range(dice.randint(1, 5))]
    if dice.often():
        rows.append({"id": "rest", "decides": "sales"})
    return {"hit": "collect" if dice.often() else "unique", "inputs": inputs, "rows": rows}


def _row(dice: Dice, place: int, inputs: list[str]) -> dict[str, object]:
    cells = {name: _cell(dice, name) for name in dice.some(*inputs, most=2)}
    ruling: dict[str, object] = dice.choice(
        [
            {"decides": "sales"},
            {"sign-off": dice.choice(ROLES)},
            {"sign-off": _signers(dice)},
            {"notify": _of_chains(dice, most=2)},
            {"attest": {"fact": "It can be done", "by": dice.choice(ROLES), "self": dice.often()}},
            {"forbidden": _refusal(dice, place)} if dice.seldom() else {"sign-off": OPERATIONS},
        ]
    )
    beside: dict[str, object] = {}
    if "forbidden" not in ruling:
        beside = {"says": "It has to be looked at."} if dice.seldom() else {}
        beside |= (
            {"veto": {"roles": dice.choice(ROLES), "within": dice.randint(1, 20)}} if dice.seldom() else {}
        )
    if ruling.keys() & {"sign-off", "attest"} and dice.seldom():
        beside["escalate"] = dice.choice(["at-once", 4])
    return {"id": f"row-{place}", **cells, **ruling, **beside}


def _refusal(dice: Dice, place: int) -> str:
    return f"We never do that, says rule {place}{' of the company' * dice.randint(0, 9)}."


def _of_chains(dice: Dice, most: int = 3) -> list[str]:
    """Take roles of which no two stand in one chain: of these only the highest would count."""
    return dice.some(SALES, dice.choice([OPERATIONS, FOUNDER]), LEGAL, most=most)


def _signers(dice: Dice) -> object:
    roles = _of_chains(dice)
    few = {"at-least": dice.randint(1, len(roles)), "of": roles}
    return dice.choice([roles, {"all": roles}, {"any": roles}, {"in-order": roles}, few])


def _cell(dice: Dice, name: str) -> str:
    """Write one test that fits the field."""
    match TYPED[name]:
        case "enum":
            words = ", ".join(dice.some(*OPTIONS[name], most=2))
            return dice.choice([words, f"not({words})"])
        case "text":
            return dice.choice(["Netherlands, Austria", "not(Austria)", "Austria"])
        case "boolean":
            return dice.choice(["true", "false"])
        case "date":
            return _ordered(dice, *(f"{day}" for day in sorted((dice.day(), dice.day()))))
        case "percent":
            return _ordered(dice, *(f"{one}%" for one in sorted((dice.number(), dice.number()))))
        case "money":
            code = dice.choice(["EUR", "EUR", "EUR", "USD"])
            return _ordered(
                dice, *(f"{code} {one}000" for one in sorted((dice.randint(0, 60), dice.randint(0, 60))))
            )
        case _:
            return _ordered(dice, *(f"{one}" for one in sorted((dice.randint(0, 40), dice.randint(0, 40)))))


def _ordered(dice: Dice, low: str, high: str) -> str:
    between = f"[{low}..{high}]" if low == high else dice.choice([f"({low}..{high}]", f"[{low}..{high})"])
    return dice.choice([f"<= {high}", f"> {low}", f"< {high}", f">= {low}", between, f"not({between})"])


def _gates(dice: Dice) -> list[dict[str, object]]:
    stages = [("Proposal", "intake"), ("Contract", "intake"), ("Closed Won", "final")]
    return [_gate(dice, *one) for one in dice.sample(stages, dice.randint(1, 3))]


def _gate(dice: Dice, stage: str, checklist: str) -> dict[str, object]:
    mode = dice.choice(["block", "block", "flag", "observe"])
    gate: dict[str, object] = {
        "id": stage.lower().replace(" ", "-"), "pipeline": "Sales Pipeline", "stage": stage, "mode": mode,
        "checklist": checklist, "authority": dice.some("price", "terms", "scope"),
    }  # fmt: skip
    if mode == "block" and dice.often():
        gate["move-back"] = True
    if dice.seldom():
        gate["scope"] = {"region": dice.some("EMEA", "APAC")}
    if dice.seldom():
        gate["since"] = "2026-11-01"
    if dice.seldom():
        gate["ask"] = dice.some("before", "request", "owed", most=2)
    if mode != "block" and dice.seldom():
        gate["switch"] = {"mode": "block", "on": dice.choice(["2026-11-20", "2026-11-25"])}
    if dice.seldom():
        gate.pop(dice.choice(["checklist", "authority"]))
    return gate
