"""What is asked of each deal, fitted to what the org shows us: what it hides is named, and costs no deal."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.adapters.base import Wanted
from connector.adapters.salesforce import hanging, lines, shown
from connector.adapters.salesforce.library import ACCOUNT, LINE, NOTHING, OPPORTUNITY, Described, Library
from connector.adapters.salesforce.ranges import RangeField, range_fields
from connector.adapters.salesforce.vocabulary import Word, on_company, words
from connector.adapters.vocabulary import on_deal
from connector.policy.model import Home

_CORE = ("Id", "Name", "OwnerId", "StageName", "CreatedDate")
_COMPANY = "AccountId"  # deals without it are read all the same, and written in any order
_OPTIONAL = (_COMPANY, "RecordTypeId", "CurrencyIsoCode")  # the others: where the org has switched them on


@dataclass(frozen=True, slots=True)
class Reading:
    """The words, subqueries and fields of ours that one query brings; `lost` are those it cannot."""

    opportunity: Described
    deal_words: tuple[Word, ...]
    company_words: tuple[Word, ...]
    ranged: tuple[RangeField, ...]
    hanging: hanging.Hanging
    lines: str = ""
    lost: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields to select."""
        ours = shown.names(self.ranged)
        return (
            *_CORE,
            *(name for name in (*_OPTIONAL, *ours) if name in self.opportunity),
            *(word.api for word in self.deal_words if word.known),
            *(f"Account.{word.api}" for word in self.company_words if word.known),
            *((self.lines,) if self.lines else ()),
            *self.hanging.subqueries,
        )

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return what an admin must hear of."""
        told = {word.alarm for word in (*self.deal_words, *self.company_words)}
        return tuple(sorted({*(alarm for alarm in told if alarm), *self.lost}))


def reading_of(library: Library, wanted: Wanted, *, renew: bool = False) -> Reading:
    """Return what to ask for; `renew` where the org has just refused what we knew of it."""
    look = library.renewed if renew else library.described
    opportunity, companies = look(OPPORTUNITY), on_company(wanted.fields)
    account = look(ACCOUNT) if companies and _COMPANY in opportunity else NOTHING
    ranged = range_fields(field for field in wanted.fields if field.home is Home.DEAL)
    hung = hanging.hanging(look, wanted.fields)
    sold = look(LINE) if wanted.line_items else None
    return Reading(
        opportunity,
        words(on_deal(wanted.fields), opportunity),
        words(companies, account),
        ranged,
        hung,
        lines.subquery(sold) if sold else "",
        (*_ours(opportunity, ranged), *hung.lost, *(lines.lost(sold) if sold else ())),
    )


def _ours(opportunity: Described, ranged: tuple[RangeField, ...]) -> Iterator[str]:
    """Name fields of ours that the org lacks; where it lacks the package as a whole, its limits alone."""
    fixed = shown.names(()) if shown.packaged(opportunity) else ()
    for name in (*fixed, *(limit.name for one in ranged for limit in one.limits)):
        if name not in opportunity:
            yield f"field-vanished {name}"
