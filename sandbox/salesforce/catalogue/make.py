"""Fields, said briefly."""

from sandbox.salesforce.schema import SHORT_TEXT, Choice, Field, SObject, Type


def sobject(
    name: str, prefix: str, *fields: Field, api_writes: bool = False, deletable: bool = True
) -> SObject:
    """Return an object with these fields and those that every record has."""
    made = SObject(name, prefix, api_writes=api_writes)
    for one in (*system_fields(deletable=deletable), *fields):
        made.add(one)
    return made


def system_fields(*, deletable: bool = True) -> tuple[Field, ...]:
    """Return the fields that every record has."""
    own = (
        Field("Id", Type.ID, length=18, creatable=False, updatable=False),
        at("CreatedDate"),
        by("CreatedById", "CreatedBy"),
        at("LastModifiedDate"),
        by("LastModifiedById", "LastModifiedBy"),
        at("SystemModstamp"),
    )
    return (*own, kept(Type.BOOLEAN, "IsDeleted")) if deletable else own


def text(name: str, length: int = SHORT_TEXT, *, required: bool = False) -> Field:
    return Field(name, Type.STRING, length=length, required=required)


def long(name: str, length: int = 32_000) -> Field:
    return Field(name, Type.TEXTAREA, length=length)


def of(type_: Type, *names: str) -> tuple[Field, ...]:
    return tuple(Field(name, type_) for name in names)


def kept(type_: Type, name: str, *, length: int = 0) -> Field:
    """Return a field that only the platform writes."""
    return Field(name, type_, length=length, creatable=False, updatable=False)


def at(name: str) -> Field:
    return kept(Type.DATETIME, name)


def by(name: str, relation: str) -> Field:
    return Field(name, Type.REFERENCE, refers=("User",), relation=relation, creatable=False, updatable=False)


def ref(
    name: str,
    *refers: str,
    relation: str = "",
    inverse: str = "",
    required: bool = False,
    fixed: bool = False,
) -> Field:
    way = relation or name.removesuffix("Id")
    return Field(
        name,
        Type.REFERENCE,
        refers=refers,
        relation=way,
        inverse=inverse,
        required=required,
        updatable=not fixed,
    )


def pick(name: str, *choices: str, required: bool = False) -> Field:
    options = tuple(Choice(one, one, default=place == 0) for place, one in enumerate(choices))
    return Field(name, Type.PICKLIST, length=SHORT_TEXT, choices=options, required=required)
