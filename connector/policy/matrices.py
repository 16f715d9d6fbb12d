"""Build the authority matrices: rows of cells, each saying who decides."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from connector.policy.model import Field, HitPolicy, Matrix, Row, Ruling
from connector.policy.rows import Table, cells, check_cells, check_inputs, check_names
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source

_RULINGS = {
    "decides": Ruling.SALES,
    "sign-off": Ruling.SIGN_OFF,
    "attest": Ruling.SIGN_OFF,
    "notify": Ruling.NOTIFY,
    "forbidden": Ruling.FORBIDDEN,
}
_WRITTEN = (
    "`decides: sales`, `sign-off: ROLE`, `attest: {fact: TEXT, by: ROLE}`, `notify: ROLE` or"
    " `forbidden: WHY`, or `veto: ROLE` alone"
)
_ROLE_KEYS = ("all", "any", "in-order", "of", "roles", "by")  # where a block names roles
_ROW_KEYS = ("id", *_RULINGS, "veto", "escalate", "says")


def build(
    source: Source, loaded: Mapping[str, Loaded], fields: Mapping[str, Field], currency: str | None
) -> dict[str, Matrix]:
    """Return the matrices by id."""
    found: dict[str, Matrix] = {}
    for name, given in loaded.items():
        path: Path = ("authority", name)
        if not given or "inputs" not in given or source.broken((*path, "inputs")):
            table = Table(source, fields, currency, tuple(fields), _ROW_KEYS)
            check_names(table, (*path, "inputs"), source.texts((*path, "inputs")))
            _check_rows(table, (*path, "rows"))
            continue
        inputs = tuple(dict.fromkeys(given["inputs"]))
        table = Table(source, fields, currency, inputs, _ROW_KEYS)
        check_inputs(table, (*path, "inputs"))
        rows = _rows(table, (*path, "rows"), given.get("rows") or [])
        hit = HitPolicy(given.get("hit", HitPolicy.COLLECT))  # where it is wrong, that is noted
        found[name] = Matrix(name, hit, inputs, rows, source.where(path))
    return found


def _check_rows(table: Table, path: Path) -> None:
    """Note what is wrong with rows whose inputs nobody can read: any word of the policy may be one."""
    rows = table.source.at(path)
    for place in range(len(rows)) if isinstance(rows, list) else ():
        _check_row(table, (*path, place))


def _check_row(table: Table, path: Path) -> None:
    """Note what else is wrong with a row that is none for one reason."""
    check_cells(table, path)
    _check_roles(table.source, path)
    _ruling_keys(table.source, path, table.source.names(*path))


def _rows(table: Table, path: Path, loaded: list[Loaded]) -> tuple[Row, ...]:
    rows: dict[str, Row] = {}
    for place, given in enumerate(loaded):
        where: Path = (*path, place)
        if table.source.broken(where) or not given:
            _check_row(table, where)
            continue
        row = _row(table, where, given)
        if row.id in rows:
            message = f'found "{row.id}" again; it is the row of {rows[row.id].where}'
            table.source.problem((*where, "id"), message)
        rows[row.id] = row
    return tuple(rows.values())


def _check_roles(source: Source, path: Path) -> None:
    """Note roles of a broken row that the policy does not have, alone or in a list."""
    for key in ("sign-off", "notify", "veto", "attest"):
        inner = [(*path, key), *((*path, key, one) for one in _ROLE_KEYS)]
        for name in (name for one in inner for name in source.texts(one)):
            source.refers((*path, key), name, source.names("roles"), "role of this policy")


def _row(table: Table, path: Path, given: Loaded) -> Row:
    ruling, roles = _ruling(table.source, path, given)
    ordered = (name for name in dict.fromkeys((*table.inputs, *sorted(given))) if name in given)
    kept = cells(table, path, {name: given[name] for name in ordered})
    text: str = given.get("forbidden") or given.get("says") or ""
    row = Row(given["id"], kept, ruling, roles, table.source.where(path), text)
    signers, attest, veto = given.get("sign-off") or {}, given.get("attest") or {}, given.get("veto") or {}
    return replace(
        row,
        quorum=signers.get("quorum"),
        in_order=signers.get("in_order", False),
        veto=_known((*path, "veto"), veto.get("roles", ()), table.source),
        veto_within=veto.get("within"),
        attest=attest.get("fact", ""),
        own=attest.get("own", False),
        rises=given.get("escalate"),
    )


def _ruling_keys(source: Source, path: Path, given: Collection[str]) -> list[str]:
    """Return the keys by which a row says who decides; note where that is not one."""
    said = [key for key in _RULINGS if key in given]
    if not said and "veto" in given:
        said = ["decides"]
    if len(said) != 1 and given:
        found = " and ".join(said) or "nothing"
        source.problem(path, f"found {found} to say who decides; needed: exactly one of {_WRITTEN}")
    return said


def _ruling(source: Source, path: Path, given: Loaded) -> tuple[Ruling, tuple[str, ...]]:
    said = _ruling_keys(source, path, given)
    if len(said) != 1:
        return Ruling.FORBIDDEN, ()
    key = said[0]
    roles = _known((*path, key), _named(key, given), source)
    _check_chains((*path, key), roles, source)
    if "forbidden" in given and "says" in given:
        source.problem((*path, "says"), "found `says` beside `forbidden`, which already says why")
    if "forbidden" in given and "veto" in given:
        source.problem((*path, "veto"), "found `veto` beside `forbidden`, which leaves nothing to stop")
    if "escalate" in given and _RULINGS[key] is not Ruling.SIGN_OFF:
        message = "found `escalate` where nobody is asked; needed: `sign-off` or `attest`"
        source.problem((*path, "escalate"), message)
    return _RULINGS[key], roles


def _named(key: str, given: Loaded) -> Iterable[str]:
    """Return the roles that the row names under the key that says who decides."""
    match key:
        case "sign-off":
            roles: tuple[str, ...] = tuple(given[key]["roles"])
            return roles
        case "attest":
            return (given[key]["by"],) if "by" in given[key] else ()
        case "notify":
            return tuple(given[key])
        case _:
            return ()


def _known(path: Path, names: Iterable[str], source: Source) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(names))
    for name in roles:
        source.refers(path, name, source.names("roles"), "role of this policy")
    return roles


def _check_chains(path: Path, roles: Iterable[str], source: Source) -> None:
    """Note two roles of one chain: the lower one would silently count for nothing (design 1.11)."""
    chains: dict[str, str] = {}
    for name in roles:
        chain = str(source.at(("roles", name, "chain")) or name)
        other = chains.setdefault(chain, name)
        if other != name:
            message = (
                f"found {other} and {name}, both of chain {chain}, of which only the highest is asked or"
                " told; allowed: one of them, or a chain of its own for each"
            )
            source.problem(path, message)
