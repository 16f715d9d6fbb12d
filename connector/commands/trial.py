"""Try the policy's examples; print the schema for editors."""

from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from connector.commands.common import account_option, at_desk, configured_policy, json_option, print_json
from connector.drafts import Draft, read_draft, unpriced
from connector.gates import examples
from connector.policy import editor


@click.command(name="test")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--live", is_flag=True, help="Try them at the CRM account's exchange rates.")
@account_option
@json_option
def test(file: Path | None, account: str | None, *, live: bool, as_json: bool) -> None:
    """Try the examples of FILE.

    FILE is the account's policy where none is named. Exit code 1 when an example comes out otherwise.
    """
    path = file or configured_policy(account)
    draft = _draft(path, account, live=live)
    tried = examples.run(draft.policy, datetime.now(UTC))
    failed = [one for one in tried if one.wrong]
    if as_json:
        print_json({"file": str(path), "examples": [_row(one) for one in tried]})
    else:
        if [one for one in failed if one.example.currency != draft.policy.currency]:
            for note in unpriced(draft.text, draft.policy, str(path)):
                click.echo(str(note))
        for one in failed:
            click.echo(f"{one.example.where}: {one.example.id}: {one.wrong}")
        click.echo(f"{path}: {_counted(len(tried), len(failed))}")
    raise SystemExit(1 if failed else 0)


def _draft(path: Path, account: str | None, *, live: bool) -> Draft:
    if not live:
        return read_draft(path)
    with at_desk(account) as desk:
        return read_draft(path, desk.crm.rates)


def _row(one: examples.Tried) -> dict[str, object]:
    return {
        "id": one.example.id,
        "where": one.example.where,
        "passed": not one.wrong,
        "expected": one.example.expect,
        "found": one.readiness,
        "sign_off": sorted(one.roles),
        "findings": sorted(one.codes),
        "wrong": one.wrong or None,
    }


def _counted(count: int, failed: int) -> str:
    if not count:
        return "no examples. Write some under `examples:`, deals with what must come out."
    come = "example comes" if count == 1 else "examples come"
    return f"{failed} of {count} failed." if failed else f"{count} {come} out as written."


@click.command()
def schema() -> None:
    """Print the JSON Schema of a policy file.

    An editor completes and checks by it while you type.
    """
    click.echo(orjson.dumps(editor.schema(), option=orjson.OPT_INDENT_2).decode())
