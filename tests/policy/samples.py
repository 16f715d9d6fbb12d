"""A small valid policy, and ways to change it."""

from connector.policy.load import load
from connector.policy.model import Policy
from connector.policy.problems import PolicyInvalid

BASE = """\
policy: Small company
currency: EUR
fields:
  delivery-address: {hubspot: delivery_address, type: text}
  region: {hubspot: region, type: enum, options: [EMEA, APAC]}
  start-date: {hubspot: start_date, type: date}
people:
  mia: {name: Mia de Vries, email: mia@example.com, manager: eva}
  eva: {name: Eva Lang, email: eva@example.com}
  anna: {name: Anna Bos, email: anna@example.com}
roles:
  manager: {holders: owner.manager, chain: sales}
  operations: {label: Operations, holders: [anna], chain: delivery}
offering:
  products:
    - {sku: DP, name: Data Platform, list-price: EUR 1000}
checklists:
  contract:
    - required-data: {fields: [delivery-address], unknown-goes-to: operations}
    - deviations
authority:
  commercial:
    hit: collect
    inputs: [discount, amount]
    rows:
      - {id: small, discount: "<= 10%", decides: sales}
      - {id: big, discount: "> 10%", sign-off: operations}
      - {id: rich, amount: "> EUR 50,000", sign-off: manager}
gates:
  - {id: contract, pipeline: Sales, stage: Contract, mode: block, move-back: true,
     checklist: contract, authority: commercial}
"""


def changed(old: str, new: str) -> str:
    """Return the small policy with one text replaced."""
    assert BASE.count(old) == 1, old
    return BASE.replace(old, new)


def policy(old: str = "", new: str = "") -> Policy:
    """Load the small policy, changed in one place."""
    return load(changed(old, new) if old else BASE, "policy.yaml")


def problems(text: str | bytes) -> list[str]:
    """Return the problems of a policy text, as people read them; none where it loads."""
    error = refusal(text)
    assert error is None or error.problems
    assert error is None or str(error) == "\n".join(map(str, error.problems))
    return [str(problem) for problem in error.problems] if error else []


def refusal(text: str | bytes) -> PolicyInvalid | None:
    """Return why a policy text is refused, None where it loads; anything else raised is a fault."""
    try:
        load(text, "policy.yaml")
    except PolicyInvalid as error:
        return error
    return None
