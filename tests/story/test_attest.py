"""A row that asks somebody to confirm a fact: what the rep, the holder and the record read, in each CRM."""

from pathlib import Path

import pytest

from connector.commands.demo import policy
from connector.demo.cast import CRMS, sides
from connector.demo.stage import Silent, on_stage
from sandbox.brightline import COMPLETE, EMPTY, sale
from sandbox.clock import Clock
from tests.story.test_signoffs import LENA, answers, until

ANNA = "9120"
FACT = '"The customer has no open invoices"'
SIGNED = 'id: medium, discount: "(10%..20%]", sign-off: operations'
ATTESTED = f'id: medium, discount: "(10%..20%]", attest: {{fact: {FACT}, by: operations}}'


@pytest.mark.parametrize("crm", CRMS)
def test_a_fact_is_asked_for_confirmed_and_denied(crm: str, tmp_path: Path) -> None:
    text, rules = policy("company").read_text(), tmp_path / "policy.yaml"
    assert SIGNED in text
    rules.write_text(text.replace(SIGNED, ATTESTED))
    with (
        sides(EMPTY, (crm,), clock=Clock(speed=1000)) as [side],
        on_stage([side], rules, tmp_path, mailer=Silent()),
    ):
        office = side.office
        confirmed, denied = (office.create(LENA, sale(18, **COMPLETE)) for _ in range(2))
        until(lambda: all(office.tasks(deal) for deal in (confirmed, denied)))
        [task] = office.tasks(confirmed)
        assert task.title.startswith("Confirm by ")
        assert task.title.endswith(FACT)
        assert f"Is it so?\n- {FACT}\n" in task.body
        assert "yes if it is so, else no, with a note. Closing it confirms nothing." in task.body
        reason = office.page(confirmed).reason
        assert reason.startswith("Contract: waiting for Anna Bos (Operations) until")
        assert f"because {FACT} has to be confirmed. At 10 % or less you need nobody." in reason

        answers(office, confirmed, ANNA, "anna.bos@example.com", "yes")
        answers(office, denied, ANNA, "anna.bos@example.com", "no")
        until(lambda: office.page(confirmed).readiness == "ready")
        until(lambda: office.page(denied).readiness == "blocked")
        said = f"Ready for Contract. Anna Bos agreed: {FACT}, up to 18 % discount."
        assert office.page(confirmed).reason.startswith(said)
        assert office.page(denied).reason.startswith("Contract: stopped by Anna Bos (Operations): So be it.")
        until(lambda: any("Anna Bos says yes" in one.title for one in office.tasks(confirmed)))
        until(lambda: all(one.closed for one in office.tasks(denied) if one.title.startswith("Confirm")))
