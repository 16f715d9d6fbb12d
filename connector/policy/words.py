"""Build the vocabulary: the words every policy has, changed and added to by the file's `fields`."""

from collections.abc import Mapping
from dataclasses import replace

from connector.policy.model import Derived, Field, FieldType, Home, PriceBase, Weight, Worse
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source

RESERVED = frozenset({"id", "decides", "sign-off", "notify", "forbidden", "says", "stage", "pipeline"})
_TYPE_OF = {
    Derived.DISCOUNT: FieldType.PERCENT,
    Derived.PRODUCTS_NOT_OFFERED: FieldType.NUMBER,
    Derived.DEVIATION_COUNT: FieldType.NUMBER,
    Derived.DEVIATION_WORTH: FieldType.MONEY,
    Derived.CONTRACT_VALUE: FieldType.MONEY,
    Derived.MARGIN: FieldType.PERCENT,
    Derived.DAYS_TO_START: FieldType.NUMBER,
    Derived.EFFORT: FieldType.NUMBER,
}
_SELECTORS = {"contact": Home.CONTACT, "file": Home.FILE}
_OF_CRM = frozenset({"hubspot", "salesforce", "type", "on", "options"})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.PERCENT})


def built_in() -> dict[str, Field]:
    """Return the words that need not be written down."""
    read = (
        Field("name", "name", FieldType.TEXT, hubspot="dealname", salesforce="Name", weight=Weight.IGNORE),
        Field("owner", "owner", FieldType.PERSON, hubspot="hubspot_owner_id", salesforce="OwnerId"),
        Field(
            "amount", "amount", FieldType.MONEY, hubspot="amount", salesforce="Amount",
            rep_may_change=True, worse=Worse.HIGHER,
        ),
        Field(
            "close-date", "close date", FieldType.DATE, hubspot="closedate", salesforce="CloseDate",
            rep_may_change=True, weight=Weight.NOTIFY,
        ),
    )  # fmt: skip
    computed = (
        _derived("discount", "discount", Derived.DISCOUNT, rep_may_change=True),
        _derived("products-not-offered", "products not offered", Derived.PRODUCTS_NOT_OFFERED),
        _derived("deviation-count", "number of deviations", Derived.DEVIATION_COUNT),
        _derived("deviation-worth", "worth of the deviations", Derived.DEVIATION_WORTH),
        _derived("contract-value", "contract value", Derived.CONTRACT_VALUE, rep_may_change=True),
        replace(_derived("margin", "margin", Derived.MARGIN), worse=Worse.LOWER, hidden=True),
        replace(_derived("effort", "effort", Derived.EFFORT), unit="hours"),
        # The date it comes from is what a change is held against; a passing day is no change.
        replace(
            _derived("days-to-start", "time to the start", Derived.DAYS_TO_START),
            worse=Worse.LOWER, weight=Weight.IGNORE, unit="days",
        ),
    )  # fmt: skip
    return {field.name: field for field in (*read, *computed)}


def _derived(name: str, label: str, derived: Derived, *, rep_may_change: bool = False) -> Field:
    return Field(
        name, label, _TYPE_OF[derived], Home.DERIVED,
        rep_may_change=rep_may_change, worse=Worse.HIGHER, derived=derived,
    )  # fmt: skip


def build(source: Source, loaded: Mapping[str, Loaded]) -> dict[str, Field]:
    """Return the vocabulary by name. A word that is wrong is left out and noted."""
    fields = built_in()
    for name, given in loaded.items():
        path: Path = ("fields", name)
        if source.broken(path):
            continue
        field = _field(source, path, name, given, fields.get(name))
        if field is not None:
            fields[name] = field
    _refuse_shared(source, fields)
    return fields


def _field(source: Source, path: Path, name: str, given: Loaded, base: Field | None) -> Field | None:
    if name in RESERVED:
        source.problem(path, f'found "{name}" as a name; the policy\'s own words cannot name a field')
        return None
    derived = Derived(given["derived"]) if "derived" in given else base.derived if base else None
    if derived is not None:
        return _computed(source, path, given, derived, base)
    if _SELECTORS.keys() & given.keys():
        return _counted(source, path, given, base)
    if base is None and not _says_where_from(source, path, given):
        return None
    field = base or Field(name, name.replace("-", " "), FieldType(given["type"]))
    if "type" in given and base is not None and given["type"] != base.type:
        source.problem((*path, "type"), f'found "{given["type"]}"; {name} is always {base.type}')
    if "options" in given and field.type is not FieldType.ENUM:
        source.problem(
            (*path, "options"), f"found options of a field of type {field.type}; only an enum has them"
        )
    if "of" in given:
        source.problem((*path, "of"), "found `of` in a field that is not derived")
    home = Home(given.get("on", field.home))
    crm = {vendor: given.get(vendor, getattr(field, vendor)) for vendor in ("hubspot", "salesforce")}
    options = tuple(given.get("options", ()))
    return replace(_common(field, source, path, given), home=home, options=options, **crm)


def _counted(source: Source, path: Path, given: Loaded, base: Field | None) -> Field | None:
    """Return a word that counts the deal's contacts with a role, or its files with a name."""
    name = str(path[-1])
    kind = next(key for key in _SELECTORS if key in given)
    if base is not None:
        source.problem((*path, kind), f"found `{kind}`; {name} is another word of every policy")
        return None
    for key in sorted(((_OF_CRM | _SELECTORS.keys()) - {kind}) & given.keys()):
        source.problem((*path, key), f"found `{key}` beside `{kind}`, which is counted, not read")
    label = f"contact with the role {given[kind]}" if kind == "contact" else f"file {given[kind]}"
    field = Field(name, label, FieldType.NUMBER, _SELECTORS[kind], worse=Worse.LOWER, match=given[kind])
    return _common(field, source, path, given)


def _says_where_from(source: Source, path: Path, given: Loaded) -> bool:
    if "type" not in given:
        source.problem((*path, "type"), f"is missing; needed: one of {', '.join(FieldType)}")
    if "hubspot" not in given and "salesforce" not in given:
        source.problem(
            path, "says nowhere to read it from; needed: hubspot, salesforce, contact, file or derived"
        )
    return not source.broken(path)


def _computed(
    source: Source, path: Path, given: Loaded, derived: Derived, base: Field | None
) -> Field | None:
    name = str(path[-1])
    if base is not None and base.derived is not derived:
        source.problem((*path, "derived"), f'found "{derived}"; {name} is another word of every policy')
        return None
    for key in sorted(_OF_CRM & given.keys()):
        source.problem((*path, key), f"found `{key}` in a derived field; it is computed, not read")
    if "of" in given and derived is not Derived.DISCOUNT:
        source.problem((*path, "of"), f"found `of` in {derived}; only {Derived.DISCOUNT} has it")
    field = base or _derived(name, name.replace("-", " "), derived)
    return replace(_common(field, source, path, given), of=PriceBase(given.get("of", field.of)))


def _common(field: Field, source: Source, path: Path, given: Loaded) -> Field:
    if "unit" in given and field.type not in _NUMBERS:
        source.problem((*path, "unit"), f"found a unit of a {field.type}; only numbers have one")
    return replace(
        field,
        unit=given.get("unit", field.unit),
        hidden=not given.get("rep_may_see", not field.hidden),
        label=given.get("label", field.label),
        rep_may_change=given.get("rep_may_change", field.rep_may_change),
        weight=Weight(given.get("change", field.weight)),
        worse=Worse(given.get("worse", field.worse)),
        where=source.where(path),
    )


def _refuse_shared(source: Source, fields: Mapping[str, Field]) -> None:
    """Refuse two words for one property: a change of it could not be named."""
    written = source.names("fields")
    words = (*(name for name in fields if name not in written), *written)
    for vendor in ("hubspot", "salesforce"):
        first: dict[tuple[str, str], str] = {}
        for word in words:
            home, name = _stands(source, word, fields.get(word), vendor)
            other = first.setdefault((home, name), word) if name else word
            if other != word:
                source.problem(("fields", word, vendor), f'found "{name}", which is already {other}')


def _stands(source: Source, word: str, field: Field | None, vendor: str) -> tuple[str, str]:
    """Return where a word stands in the CRM; of one that is wrong otherwise, as far as it is written."""
    if field is not None:
        return field.home, getattr(field, vendor) or ""
    home, name = (source.texts(("fields", word, key)) for key in ("on", vendor))
    return "".join(home) or Home.DEAL, "".join(name)
