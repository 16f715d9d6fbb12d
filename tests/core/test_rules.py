"""docs/rules.md holds in every row: the page is the truth table, this is the code that reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector import gates, plan, signoffs
from connector.context import Context
from connector.deals import Actor, ActorKind, Change, Deal, OurField, Unreadable, Value
from connector.directory import Absence, CrmUser, Directory
from connector.effects import AddNote, CreateTask, Effect, MoveBack, SendMail, WriteFields
from connector.policy.model import Ask, Checklist, Delegation, Gate, Mode, Policy, Ruling, Waiting
from connector.signoffs import Hearing
from connector.standing import Answer, AnswerKind, Clearance, ClearedHow, SignoffState, Standing
from connector.verdicts import GateVerdict, Verdict
from tests.core.tables import named, table, titles
from tests.core.world import (
    IMPORT,
    MACHINE,
    NOW,
    PEOPLE,
    PIPELINE,
    ROLES,
    USERS,
    Life,
    answer,
    context,
    deal,
    gate,
    line,
    matrix,
    moved,
    person,
    policy,
    request,
    required,
)
from tests.core.world import row as rule

READ: set[str] = set()
LABELS = {stage.id: stage.label for stage in PIPELINE.stages}
IDS = {label: stage for stage, label in LABELS.items()}
OURSELVES = Actor(ActorKind.OURSELVES)
UNKNOWN = Actor(ActorKind.UNKNOWN)
ACTORS = {
    "person": person(),
    "machine": MACHINE,
    "import": IMPORT,
    "ourselves": OURSELVES,
    "unknown": UNKNOWN,
}
WON = gate("won", "closedwon", checklist="won", matrices=())
Row = dict[str, str]


def each(title: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", table(title), ids=named)


def look(a_deal: Deal, a_policy: Policy, around: Context) -> tuple[Verdict, tuple[Effect, ...]]:
    verdict = gates.assess(a_deal, a_policy, around, NOW)
    return verdict, plan.effects(a_deal, verdict, a_policy, around, (), NOW)


def asked(verdict: Verdict, before: Standing | None = None) -> str:
    known = before.signoffs if before else ()
    old = {(one.gate, one.role, one.cycle) for one in known}
    new = [one for one in verdict.signoffs if one.state is SignoffState.REQUESTED]
    return ", ".join(one.role for one in new if (one.gate, one.role, one.cycle) not in old) or "-"


def back(effects: tuple[Effect, ...]) -> str:
    return next((LABELS[one.to_stage] for one in effects if isinstance(one, MoveBack)), "-")


def blocked(verdict: Verdict) -> str:
    return ", ".join(LABELS[stage] for stage in verdict.blocked_stages) or "-"


def with_data(a_deal: Deal, kind: str) -> Deal:
    values: dict[str, dict[str, Value]] = {
        "full": {},
        "missing": {"delivery_address": None},
        "because": {"delivery_address": "unknown, because the site is not chosen"},
        "down": {"delivery_address": Unreadable("the field vanished", ours=True)},
    }
    return replace(a_deal, values={**a_deal.values, **values[kind]})


def verdict_of(verdict: Verdict, name: str) -> GateVerdict:
    return next(one for one in verdict.gates if one.gate == name)


@each("Modes and readiness")
def test_modes_decide_badge_tasks_blocked_stages_and_moves(row: Row) -> None:
    mode = Mode(row["mode"]) if row["mode"] in set(Mode) else Mode.BLOCK
    points = None if row["discount"] == "unknown" else row["discount"]
    stage = IDS[row["stands in"]]
    around = context(
        history=moved("discovery", "proposal", stage, at=NOW - timedelta(minutes=1)),
        observe_only=row["mode"] == "paused",
        flag_only=row["mode"] == "tripped",
    )

    verdict, effects = look(with_data(deal(stage, points), row["data"]), policy(gate(mode=mode)), around)

    assert verdict.readiness == row["badge"]
    assert asked(verdict) == row["asked"]
    assert blocked(verdict) == row["blocked stages"]
    assert back(effects) == row["moved to"]


def two_gates(row: Row) -> Policy:
    modes = Mode(row["contract mode"]), Mode(row["won mode"])
    checklists = {**policy().checklists, "won": Checklist("won", (required("start_date"),))}
    return policy(gate(mode=modes[0]), replace(WON, mode=modes[1]), checklists=checklists)


@each("The badge is the worst")
def test_badge_is_the_worst_of_the_owed_gates_and_the_next_ahead(row: Row) -> None:
    start = date(2027, 3, 2) if row["start date"] == "set" else None
    a_deal = deal(IDS[row["stands in"]], row["discount"], values={"start_date": start})

    verdict, _ = look(a_deal, two_gates(row), context())

    assert verdict.readiness == row["badge"]
    spoken = verdict_of(verdict, verdict.gate).label if verdict.gate else "-"
    assert spoken == row["speaks of"]
    assert verdict.gate is None or verdict.sentence.startswith((spoken, f"Ready for {spoken}"))


def history_of(touch: str, stage: str) -> tuple[Change, ...] | None:
    def entry(actor: Actor, minutes: int, field: str = "amount") -> Change:
        return Change(field, "1", NOW - timedelta(minutes=minutes), actor)

    came = moved("discovery", stage, by=MACHINE, at=NOW - timedelta(days=1))
    newest = {
        "person": (entry(person(), 10),),
        "machine": (entry(MACHINE, 10),),
        "import": (entry(IMPORT, 10),),
        "person, then import": (entry(IMPORT, 5), entry(person(), 10)),
        "import, then person": (entry(person(), 5), entry(IMPORT, 10)),
        "person, then quiet": (entry(person(), 10),),
        "person, then publish": (entry(person(), 10),),
        "nobody": (),
        "approver's decision": (entry(person("9120"), 5, "decision"),),
    }
    return None if touch == "unread" else (*newest[touch], *came)


@each("When a person is asked")
def test_a_person_is_asked_only_on_occasion_and_after_a_touch(row: Row) -> None:
    stage = IDS[row["stands in"]]
    every = frozenset(Ask)
    narrowed = every if row["ask"] == "all" else frozenset(Ask(word) for word in row["ask"].split(", "))
    shown = {OurField.REQUEST: "please"} if row["request"] == "yes" else {}
    five_ago = NOW - timedelta(minutes=5)
    around = context(
        history=history_of(row["touched by"], stage),
        standing=Standing(quiet_until=five_ago if "then quiet" in row["touched by"] else None),
        quiet_until=five_ago if "then publish" in row["touched by"] else None,
    )
    rules = policy(gate(ask=narrowed, move_back=False))

    verdict, effects = look(with_data(deal(stage, 18, shown=shown), row["data"]), rules, around)

    assert asked(verdict) == row["asked"]
    assert verdict.wants_history is (row["history wanted"] == "yes")
    assert bool([one for one in effects if getattr(one, "decision", False)]) is (row["asked"] != "-")


TELLING = matrix(
    "discounts",
    rule("small", Ruling.SALES, discount="< 5%"),
    rule("told", Ruling.NOTIFY, ["operations"], discount="[5%..10%]"),
    rule("large", Ruling.SIGN_OFF, ["founder"], discount="(10%..30%]"),
    rule("huge", Ruling.FORBIDDEN, discount="> 30%"),
)


def telling(**changes: object) -> Policy:
    one = gate(matrices=("discounts",), move_back=False, **changes)
    return policy(one, matrices={"discounts": TELLING})


@each("When a person is told")
def test_a_holder_is_told_when_he_would_be_asked_and_never_for_a_machine(row: Row) -> None:
    stage = IDS[row["stands in"]]
    shown = {OurField.REQUEST: "please"} if row["request"] == "yes" else {}
    a_deal = with_data(deal(stage, row["discount"], shown=shown), row["data"])

    verdict, effects = look(
        a_deal, telling(mode=Mode(row["mode"])), context(history=history_of(row["touched by"], stage))
    )

    assert (", ".join(one.person for one in effects if isinstance(one, SendMail)) or "-") == row["told"]
    assert verdict.wants_history is (row["history wanted"] == "yes")
    assert not any(isinstance(one, CreateTask) for one in effects)


def saying(word: str) -> Policy:
    said = {
        "veto": replace(rule("m", Ruling.SALES, discount="<= 20%"), veto=("sales-manager",), veto_within=4),
        "attest": replace(rule("m", Ruling.SIGN_OFF, ["operations"], discount="<= 20%"), attest="It fits"),
        "escalate": replace(rule("m", Ruling.SIGN_OFF, ["operations"], discount="<= 20%"), rises=0),
    }
    roles = {**policy().roles, "sales-manager": replace(policy().roles["sales-manager"], holders=("eva",))}
    return policy(gate(matrices=("m",)), roles=roles, matrices={"m": matrix("m", said[word])})


@each("What a row says beside who signs")
def test_a_veto_waits_for_nobody_a_fact_is_confirmed_and_those_above_may_be_asked_at_once(row: Row) -> None:
    stage = IDS[row["stands in"]]
    life = Life(deal(stage, 18), saying(row["row says"]), now=datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    life.move(stage, by=MACHINE if row["touched by"] == "machine" else person())
    life.step()
    asked_at = life.now
    life.now += timedelta(hours=int(row["hours later"]))
    who = {"veto": "eva", "attest": "anna", "escalate": "ruth"}[row["row says"]]
    life.step(*([answer(row["answer"], who, life.now, note="so")] if row["answer"] != "-" else []))

    assert life.verdict is not None
    assert life.verdict.readiness == row["badge"]
    found = [(", ".join(one.asked), one.state.value) for one in life.standing.signoffs]
    assert found == ([(row["who"], row["state"])] if row["who"] != "-" else [])
    assert all(one.requested_at == asked_at for one in life.standing.signoffs)


@each("Unknown in a block gate")
def test_missing_data_is_the_reps_turn_and_a_broken_source_is_not(row: Row) -> None:
    ours = row["whose"] == "ours"
    a_deal = deal("contract", 5)
    if row["what is not known"] == "delivery address":
        a_deal = with_data(a_deal, "down" if ours else "missing")
    else:
        a_deal = replace(a_deal, line_items=None) if ours else deal("contract", None)
    if row["shown"] != "-":
        a_deal = replace(a_deal, shown={OurField.READINESS: row["shown"]})
    around = context(history=moved("discovery", "proposal", "contract", at=NOW - timedelta(minutes=1)))

    verdict, effects = look(a_deal, policy(gate()), around)

    assert verdict.readiness == row["badge"]
    assert verdict.keep is ours
    written = {
        name: text for one in effects if isinstance(one, WriteFields) for name, text in one.values.items()
    }
    assert ("badge" if OurField.READINESS in written else "not checked" if written else "-") == row["written"]
    if row["written"] == "not checked":
        assert written[OurField.REASON].startswith("Contract: not checked yet")
        assert written[OurField.BLOCKED_STAGES] == ";closedwon;"
    assert (asked(verdict), back(effects)) == (row["asked"], row["moved to"])
    assert (verdict.alarms or ("-",))[0] == row["alarm"]


@each("Blocked stages")
def test_blocked_stages_are_those_of_block_gates_beyond_the_position(row: Row) -> None:
    verdict, _ = look(deal(IDS[row["stands in"]], row["discount"]), two_gates(row), context())

    assert blocked(verdict) == row["blocked stages"]


def answers_of(words: str, at: datetime) -> list[Answer]:
    kinds: list[Answer] = []
    for place, said in enumerate(words.split(", then ")):
        when = at + timedelta(minutes=place)
        if said.startswith("up to"):
            kinds.append(answer("yes-up-to", at=when, limit=int(said.removeprefix("up to "))))
        elif said != "-":
            kinds.append(answer(said.split(",")[0], at=when, note="so"))
    return kinds


def in_contract(row: Row) -> Life:
    """Bring a deal into Contract, cleared at this discount with these answers."""
    life = Life(deal("proposal", row["cleared at"]), policy(gate(move_back=False)), history=moved("proposal"))
    life.step()
    given = answers_of(row["answered"], life.now + timedelta(minutes=1))
    life.now += timedelta(minutes=5)
    life.step(*given[:1])
    life.move("contract")
    life.step()
    assert verdict_of(life.verdict, "contract").clear
    life.now += timedelta(minutes=1)
    for late in given[1:]:
        life.step(replace(late, at=life.now))
    if row["answered"].endswith("run out"):
        yesterday = (NOW - timedelta(days=1)).date()
        clearance = life.standing.clearances["contract"]
        life.standing = replace(
            life.standing,
            signoffs=tuple(replace(one, valid_until=yesterday) for one in life.standing.signoffs),
            clearances={"contract": replace(clearance, at=NOW - timedelta(days=3))},
        )
    return life


@each("Lapse")
def test_a_clearance_lapses_outside_its_range_and_only_there(row: Row) -> None:
    life = in_contract(row)
    before = life.standing
    if row["changed"] == "discount":
        life.price(row["to"])
    elif row["to"] == "-":
        life.fill(**{row["changed"]: None})
    else:
        life.fill(**{row["changed"]: Decimal(row["to"]) if row["to"].isdecimal() else row["to"]})

    effects = life.step()

    state = "clear" if verdict_of(life.verdict, "contract").clear else "owed"
    assert state == row["contract"]
    kept = life.standing.clearances.get("contract")
    assert (kept is not None and kept.how is ClearedHow.PASSED) is (state == "clear")
    assert asked(life.verdict, before) == row["asked"]
    assert any(isinstance(one, AddNote) for one in effects) is (row["note"] == "yes")
    assert life.step() == ()


@each("After an answer")
def test_an_answer_covers_its_range_a_counter_offer_stands_and_a_no_holds(row: Row) -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(*answers_of(row["answer"], life.now))
    before = life.standing
    if row["then discount"] != "18":
        life.price(row["then discount"])
        life.step()

    assert life.verdict.readiness == row["badge"]
    assert asked(life.verdict, before) == row["asked anew"]
    assert bool(verdict_of(life.verdict, "contract").approvals) is (row["covered"] == "yes")


def gates_of(words: str) -> tuple[Gate, ...]:
    known = {
        "contract": (gate(),),
        "discovery": (gate("discovery"),),
        "discovery, contract": (gate("discovery"), gate()),
        "contract, stays": (gate(move_back=False),),
    }
    return known[words]


@each("Move back")
def test_only_a_persons_fresh_move_is_taken_back_to_where_the_deal_stood(row: Row) -> None:
    way = [IDS.get(stage, stage) for stage in row["way"].split(" > ")]
    history = moved(*way, at=NOW - timedelta(minutes=int(row["minutes ago"])), by=ACTORS[row["by"]])
    earlier = tuple(NOW - timedelta(hours=1) for _ in range(int(row["moved today"])))

    _, effects = look(
        deal(way[-1], 35),
        policy(*gates_of(row["gates"])),
        context(history=history, standing=Standing(moves=earlier), live_since={}),
    )

    assert back(effects) == row["moved to"]


LIVE = NOW - timedelta(days=10)
ON_RECORD = {
    "-": Standing(),
    "beyond, checked before live": Standing(
        known=True, stage="contract", pipeline="default", checked_at=LIVE - timedelta(days=1)
    ),
    "beyond, checked after live": Standing(
        known=True, stage="contract", pipeline="default", checked_at=LIVE + timedelta(days=1)
    ),
    "before, checked after live": Standing(
        known=True, stage="proposal", pipeline="default", checked_at=LIVE + timedelta(days=1)
    ),
    "before, checked before live": Standing(
        known=True, stage="proposal", pipeline="default", checked_at=LIVE - timedelta(days=1)
    ),
    "exempt": Standing(
        known=True, clearances={"contract": Clearance("contract", ClearedHow.BEFORE_THE_GATE, LIVE, "v1")}
    ),
    "went back": Standing(
        known=True, clearances={"contract": Clearance("contract", ClearedHow.LEFT, LIVE, "v1")}
    ),
    "reopened": Standing(
        known=True, clearances={"contract": Clearance("contract", ClearedHow.REOPENED, LIVE, "v1")}
    ),
}


@each("Before the gate existed")
def test_a_deal_from_before_the_gate_need_not_pass_it(row: Row) -> None:
    stage = IDS[row["stands in"]]
    entered = {"before live": LIVE - timedelta(days=2), "after live": LIVE + timedelta(days=2)}
    created = LIVE + timedelta(days=1) if row["created"] == "after live" else LIVE - timedelta(days=30)
    came = entered.get(row["entered"])
    since = (LIVE - timedelta(days=5)).date() if row["gate"] == "since" else None
    around = context(
        history=moved("proposal", stage, at=came) if came else None,
        live_since={} if row["gate"] == "never live" else {"contract": LIVE},
        standing=ON_RECORD[row["on record"]],
    )

    verdict, _ = look(deal(stage, 35, created_at=created), policy(gate(since=since, move_back=False)), around)

    contract = verdict_of(verdict, "contract")
    answers = {"owed": contract.owed and not verdict.wants_history, "exempt": contract.clear}
    answers |= {"asks": verdict.wants_history, "ahead": not contract.owed and not contract.clear}
    assert [name for name, holds in answers.items() if holds] == [row["contract"]]


OPEN = {
    "operations": (request(),),
    "founder": (request("founder", asked=("ruth",)),),
    "withdrawn": (request(state=SignoffState.WITHDRAWN),),
    "nothing": (),
}


@each("Answers that do not count")
def test_an_answer_counts_only_from_a_provable_holder_and_the_reason_is_told(row: Row) -> None:
    user = {one.name: one.user for one in USERS}.get(row["who"])
    users = USERS
    if row["who"].startswith("two users"):
        user = "9120"
        users = (*USERS, CrmUser("199", "9199", "anna@example.com", "Another Anna"))
    strangers = {"a stranger": "9999", "nobody provable": None}
    kind, _, limit = row["what"].removesuffix(", because").partition(" up to")
    given = Answer(
        "x1", "7", AnswerKind.UP_TO if "up to" in row["what"] else AnswerKind(kind), NOW,
        Decimal(limit) if limit.strip() else None, user=strangers.get(row["who"], user),
        note="It is too much." if row["what"].endswith("because") else "",
    )  # fmt: skip
    people = PEOPLE
    if row["who"].startswith("two users"):
        people = {name: replace(one, hubspot_user=None) for name, one in PEOPLE.items()}
    around = context(directory=Directory.join(people, users))
    standing = Standing(signoffs=OPEN[row["open"]])

    counted = signoffs.count([given], standing, deal("proposal", 18), policy(gate()), around, NOW)

    heard = counted.heard[0]
    assert (heard.hearing is Hearing.COUNTED) is (row["counts"] == "yes")
    assert (counted.standing == standing) is (row["counts"] == "no")
    assert (
        heard.sentence.rstrip(".").endswith(row["reason"].rstrip("."))
        or row["reason"] in heard.sentence
        or row["counts"] == "yes"
    )


@each("Collect")
def test_each_chain_asks_only_its_highest_role(row: Row) -> None:
    manager = matrix(
        "manager",
        rule("alone", Ruling.SALES, discount="<= 15%"),
        rule("above", Ruling.SIGN_OFF, ["sales-manager"], discount="> 15%"),
    )
    rules = policy(
        gate(matrices=("discounts", "strangers", "manager")),
        matrices={**policy().matrices, "manager": manager},
    )
    product = "DP-CORE" if row["product offered"] == "yes" else None
    a_deal = deal("proposal", row["discount"], line_items=(line(Decimal(row["discount"]), product=product),))

    verdict, effects = look(a_deal, rules, context())

    assert verdict.readiness == row["badge"]
    assert asked(verdict) == row["asked"]
    people = {"operations": "anna", "founder": "ruth", "sales-manager": "eva"}
    cards = {one.key for one in effects if isinstance(one, CreateTask)}
    assert cards == {f"main:7:{people[role]}:1" for role in row["asked"].split(", ") if role != "-"}


def _names(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split(", "))


@each("Who is asked")
def test_who_is_there_is_asked(row: Row) -> None:
    today = NOW.date()
    roles = {**ROLES}
    roles["operations"] = replace(
        ROLES["operations"], holders=_names(row["holders"]), backups=_names(row["backups"])
    )
    if row["last resort"] != "-":
        roles["founder"] = replace(ROLES["founder"], last_resort=True)
    given = [row["stands in"].split(" to ")] if row["stands in"] != "-" else []
    rules = policy(
        gate(),
        roles=roles,
        delegations=tuple(Delegation(giver, to, today, today) for giver, to in given),
    )
    away = tuple(Absence(name, today, today) for name in _names(row["away"]))

    verdict, _ = look(deal("proposal", 18), rules, context(absences=away))

    assert ", ".join(name for one in verdict.signoffs for name in one.asked) == row["asked"].replace("-", "")
    assert ", ".join(verdict.alarms) == ("" if row["alarm"] == "-" else row["alarm"])


@each("What time does")
def test_time_reminds_escalates_and_ends_each_once(row: Row) -> None:
    rules = policy(gate(), waiting=Waiting(remind_after=4, escalate_after=8, expire_after=24))
    life = Life(deal("proposal", 18), rules, history=moved("discovery", "proposal"))
    life.step()
    if row["answered"] != "-":
        life.now += timedelta(minutes=5)
        life.step(answer(row["answered"], at=life.now, note="so"))
    day, _, hour = row["now"].partition(" ")
    ahead = {"Tue": 0, "Wed": 1, "Fri": 3, "Sun": 5}[day]
    clock = datetime.combine(
        NOW.date() + timedelta(days=ahead), time.fromisoformat(hour), ZoneInfo("Europe/Amsterdam")
    )
    life.now = clock.astimezone(UTC)

    told = [one.person for one in life.step() if isinstance(one, SendMail)]

    [signoff] = life.standing.signoffs
    assert (", ".join(told) or "-", ", ".join(signoff.asked), signoff.state) == (
        row["told"], row["asked"], row["state"],
    )  # fmt: skip


def test_every_table_of_the_page_is_read_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")

    assert [title for title in titles() if f'@each("{title}")' not in source] == []
