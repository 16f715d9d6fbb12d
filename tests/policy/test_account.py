"""A policy is held against the account it is for."""

from connector.deals import Pipeline, Stage, StageKind
from connector.policy.account import check_against
from connector.policy.model import Field, Policy
from tests.policy.samples import policy

STAGES = (
    Stage("1", "Proposal"),
    Stage("2", "Contract"),
    Stage("won", "Won", StageKind.WON),
    Stage("lost", "Lost", StageKind.LOST),
)
SALES = Pipeline("default", "Sales", STAGES)
KNOWN = {"dealname", "hubspot_owner_id", "amount", "closedate", "delivery_address", "region", "start_date"}


def hubspot(field: Field) -> str | None:
    return field.hubspot


def problems(
    rules: Policy,
    pipelines: tuple[Pipeline, ...] = (SALES,),
    reachable: set[str] | None = None,
    known: set[str] | None = None,
) -> list[str]:
    return [str(one) for one in check_against(rules, pipelines, reachable, known, hubspot)]


def test_an_account_that_has_everything_is_fine() -> None:
    assert problems(policy(), reachable={"mia", "eva", "anna"}, known=KNOWN) == []


def test_pipelines_and_stages_go_by_label_or_id() -> None:
    assert problems(policy("stage: Contract", "stage: 2")) == []
    assert problems(policy("pipeline: Sales", "pipeline: default")) == []
    assert problems(policy("pipeline: Sales, stage: Contract", "pipeline: SALES, stage: contract")) == []


def test_a_pipeline_or_stage_that_is_not_there_is_named_with_the_nearest() -> None:
    assert problems(policy("pipeline: Sales", "pipeline: Sale")) == [
        (
            'policy.yaml:30: gates.contract.pipeline: found "Sale", which the account does not have; allowed: Sales.'
            " Did you mean Sales?"
        )
    ]
    assert problems(policy("stage: Contract", "stage: Contrat")) == [
        (
            'policy.yaml:30: gates.contract.stage: found "Contrat", which the account does not have; allowed: one of'
            " Proposal, Contract, Won, Lost. Did you mean Contract?"
        )
    ]


def test_a_label_of_two_pipelines_must_be_an_id() -> None:
    twin = Pipeline("other", "sales", STAGES)
    assert problems(policy(), (SALES, twin)) == [
        'policy.yaml:30: gates.contract.pipeline: found "Sales", the label of several; name it by its id'
    ]


def test_no_gate_stands_at_closed_lost() -> None:
    assert problems(policy("stage: Contract", "stage: Lost")) == [
        'policy.yaml:30: gates.contract.stage: found "Lost"; a lost deal is left alone, no gate can stand there'
    ]


def test_blocked_stages_must_fit_into_one_field() -> None:
    long = tuple(Stage(f"stage-number-{number:02}", f"Stage {number}") for number in range(17))
    late = Pipeline("default", "Sales", (long[0], STAGES[1], *long[1:]))
    fits = Pipeline("default", "Sales", (*long[:2], STAGES[1], *long[2:]))
    assert problems(policy(), (late,)) == [
        "policy.yaml:30: gates.contract.stage: blocks 17 stages, 259 characters in one field; allowed: 255"
    ]
    assert problems(policy(), (fits,)) == []
    assert problems(policy("mode: block, move-back: true", "mode: flag"), (late,)) == []


def test_people_must_be_active_users() -> None:
    assert problems(policy(), reachable={"mia", "anna"}) == [
        "policy.yaml:9: people.eva: Eva Lang (eva@example.com) is not an active user of the CRM, or shares that e-mail"
    ]


def test_fields_must_exist_in_the_account() -> None:
    assert problems(policy("hubspot: region", "hubspot: regio"), known=KNOWN) == [
        (
            'policy.yaml:5: fields.region: found "regio", which deals do not have; allowed: one of amount, closedate,'
            " dealname, delivery_address, hubspot_owner_id, region, start_date. Did you mean region?"
        )
    ]
    assert problems(policy("hubspot: region", "salesforce: Region__c"), known=KNOWN) == [
        "policy.yaml:5: fields.region: has no name in this CRM; it can never be read"
    ]
