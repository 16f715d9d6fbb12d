"""What the computed words of a deal are drawn from on its own side: where none of it changed, a value that
moved was moved by the policy, and what was decided under the old one stays decided (design 1.10)."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from connector.deals import LineItem, Value
from connector.policy.model import Policy
from connector.policy.reads import reads
from connector.signoffs.ground import Ground
from connector.standing import Clearance

LINES = "line-items"
_CURRENCY = "currency"


def drawn(ground: Ground) -> Mapping[str, Value]:
    """Return the deal's lines as one mark, its currency and amount, and what rules read of the fields that
    the offering is held against."""
    deal = ground.deal
    found: dict[str, Value] = {LINES: _mark(deal.line_items), _CURRENCY: deal.currency}
    found["amount"] = deal.values.get("amount")
    read = reads(ground.policy)
    return found | {name: deal.values.get(name) for name in _fields(ground.policy) if name in read}


def unchanged(clearance: Clearance, ground: Ground) -> bool:
    """Say whether the deal itself is as it was when the gate was passed; one that was passed before this was
    kept is taken for changed."""
    kept, deal = clearance.drawn, ground.deal
    if not kept or _mark(deal.line_items) != kept[LINES] or deal.currency != kept[_CURRENCY]:
        return False
    return all(deal.values.get(name) == was for name, was in kept.items() if name not in {LINES, _CURRENCY})


def _fields(policy: Policy) -> Iterator[str]:
    offering = policy.offering
    if offering.start is not None:
        yield offering.start
    yield from (term.field for term in offering.terms)
    yield from (cell.field for product in offering.products for cell in product.options)


def _mark(lines: tuple[LineItem, ...] | None) -> str:
    if lines is None:
        return ""
    said = "\x1e".join("\x1f".join(map(str, _told(one))) for one in lines)
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _told(one: LineItem) -> tuple[object, ...]:
    return one.sku, one.name, one.product, one.quantity, one.list_price, one.net_price, one.cost
