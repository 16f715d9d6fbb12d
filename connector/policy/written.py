"""Values of the vocabulary as people write them: 12 %, EUR 50,000, 2026-03-16, yes, EMEA."""

from decimal import Decimal

from connector.deals import Value
from connector.policy import literals
from connector.policy.literals import NotALiteral
from connector.policy.problems import one_of
from connector.policy.vocabulary import Field, FieldType

EMPTY = "empty"


def value(field: Field, written: str, currency: str | None) -> Value:
    """Read a value of a field; "empty" is none, an amount is in `currency`. Raise NotALiteral."""
    text = written.strip()
    if text.casefold() == EMPTY:
        return None
    match field.type:
        case FieldType.TEXT | FieldType.PERSON:
            return text
        case FieldType.ENUM:
            return _option(field, text)
        case FieldType.BOOLEAN:
            return literals.flag(text)
        case FieldType.MONEY:
            return _amount(text, currency)
        case _:
            return literals.ordered(text, field.type)[0]


def _option(field: Field, text: str) -> str:
    known = {option.casefold(): option for option in field.options}
    if known and text.casefold() not in known:
        raise NotALiteral(one_of(text, field.options))
    return known.get(text.casefold(), text)


def _amount(text: str, currency: str | None) -> Decimal:
    amount, named = literals.money(text)
    if named is not None and named != currency:
        raise NotALiteral(f"an amount in {currency}" if currency else "a deal with a currency first")
    return amount
