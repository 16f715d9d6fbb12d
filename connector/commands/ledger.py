"""The ledger from the command line: prove that it is whole, hand it out, erase a person from it."""

import sys
from pathlib import Path
from typing import TextIO

import click
import orjson

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.erase import erase
from connector.commands.story import authority, show
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.store.chain import Beside, Head, LedgerEntry
from connector.worker.anchor import written


@click.group()
def ledger() -> None:
    """Prove that the record is whole, tell a deal's story, hand it out, erase a person from it."""


for command in (show, authority, erase):
    ledger.add_command(command)


@ledger.command()
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="SEQ:HASH",
    help="A head that was kept outside the database, as the daily mail has it.",
)
@account_option
@json_option
def verify(anchors: tuple[str, ...], account: str | None, *, as_json: bool) -> None:
    """Prove that no entry of the record was altered.

    Exit code 1 names the first entry that was changed, removed, added or moved.
    """
    with at_desk(account) as desk:
        heads = [_anchor(desk.account, text) for text in anchors]
        found, head = desk.store.ledger.verify(desk.account, heads), desk.store.ledger.head(desk.account)
    whole = found.first_bad is None
    if as_json:
        print_json(
            {
                "whole": whole,
                "entries": found.entries,
                "first_bad": found.first_bad,
                "problem": found.problem,
                "erased": found.erased,
                "head": written(head),
            }
        )
    elif whole:
        click.echo(f"{found.entries} entries are whole, {found.erased} personal values were erased.")
        click.echo(f"Head: {written(head)}")
    else:
        click.echo(f"Entry {found.first_bad} {found.problem}. {found.entries} entries before it are whole.")
    raise SystemExit(0 if whole else 1)


@ledger.command()
@click.option("--deal", metavar="ID", help="Only this deal's entries.")
@click.option("--to", "target", metavar="FILE", help="A new file; default: standard output.")
@account_option
def export(deal: str | None, target: str | None, account: str | None) -> None:
    """Write the entries as JSON Lines.

    Personal values are included where they were not erased.
    """
    with at_desk(account) as desk:
        if target is None:
            _write(desk, deal, sys.stdout)
            return
        with _new_file(target) as file:
            count = _write(desk, deal, file)
    click.echo(f"{count} entries written to {target}.", err=True)


def _anchor(account: str, text: str) -> Head:
    seq, _, sealed = text.strip().partition(":")
    if not (seq.isascii() and seq.isdigit() and len(sealed) == 64):
        raise ConfigurationError(
            f"{text!r} is no anchor.", where="--anchor", hint="Write SEQ:HASH, as the daily mail has it."
        )
    return Head(account, int(seq), sealed.lower())


def _new_file(target: str) -> TextIO:
    try:
        return Path(target).open("x", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"cannot be written: {error.strerror}.", where=target, hint="Name a file that is not there yet."
        ) from error


def _write(desk: Desk, deal: str | None, file: TextIO) -> int:
    count = 0
    for entry, beside in desk.store.ledger.told(desk.account, deal):
        file.write(_line(desk.account, entry, beside) + "\n")
        count += 1
    return count


def _line(account: str, entry: LedgerEntry, beside: tuple[Beside, ...]) -> str:
    shown = {
        "account": account,
        "seq": entry.seq,
        "at": entry.at.isoformat(timespec="milliseconds"),
        "kind": entry.kind,
        "deal": entry.deal,
        "body": orjson.loads(entry.body),
        "beside": {one.name: {"salt": one.salt, "value": one.value} for one in beside},
        "prev": entry.prev,
        "hash": entry.hash,
    }
    return orjson.dumps(shown).decode()
