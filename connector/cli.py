"""The command line: `dealgate`. Commands load when they are called, so that help is there at once."""

import errno
import sys
from difflib import get_close_matches
from importlib import import_module

import click

from connector.errors import CrmUnavailable, DealgateError, LeaseLost, StoreUnavailable, StoreUnusable

# Exit codes (design 8): 0 fine, 1 the answer is no, 2 wrong usage or configuration (docs/adr/0080).
NO, WRONG = 1, 2
_NOT_NOW = (CrmUnavailable, StoreUnavailable, LeaseLost)

_COMMANDS = {
    "assess": ("connector.commands.assess:assess", "Say what one deal may do now, and why."),
    "away": ("connector.commands.away:away", "Say who is out of office, and who stands in."),
    "backfill": ("connector.commands.backfill:backfill", "Assess all open deals: a forecast, then for real."),
    "capacity": ("connector.commands.capacity:capacity", "Import the capacity plan; show what is free."),
    "demo": ("connector.commands.demo:demo", "Run the whole story on a sandbox CRM."),
    "doctor": ("connector.commands.doctor:doctor", "Check everything and say what to do."),
    "install": ("connector.commands.install:install", "Provision what Dealgate needs in the CRM."),
    "ledger": ("connector.commands.ledger:ledger", "Prove, show, hand out and erase what is on record."),
    "migrate": ("connector.commands.serve:migrate", "Bring the database to this version's schema."),
    "openapi": ("connector.commands.openapi:openapi", "Print the contract of the card's API."),
    "pause": ("connector.commands.pause:pause", "Make every gate observe, and open all stages."),
    "policy": ("connector.commands.policy:policy", "Check, publish, compare and backtest policies."),
    "report": ("connector.commands.report:report", "What the record says: stops, ways of passing, load."),
    "resume": ("connector.commands.pause:resume", "End a pause, reset a tripped brake."),
    "sandbox": ("sandbox.command:sandbox", "Run a CRM in small, for trying things out."),
    "serve": ("connector.commands.serve:serve", "Web and worker in one process, on SQLite."),
    "signoff": ("connector.commands.signoff:signoff", "List open sign-offs; approve or reject one."),
    "sweep": ("connector.commands.sweep:sweep", "Look for missed changes now."),
    "uninstall": ("connector.commands.install:uninstall", "Leave the CRM free."),
    "waiver": ("connector.commands.waiver:waiver", "Grant, list, end and review exceptions."),
    "web": ("connector.commands.serve:web", "The web server alone (PostgreSQL)."),
    "worker": ("connector.commands.serve:worker", "A worker alone (PostgreSQL)."),
}


class Commands(click.Group):
    """Commands by name; each module is imported when its command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none of this name; click looks only among those loaded."""
        wanted = args[0]
        if wanted in _COMMANDS or wanted.startswith("-"):
            return super().resolve_command(ctx, args)
        near = get_close_matches(wanted, _COMMANDS, n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise click.UsageError(f"No such command {wanted!r}.{meant}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in sorted(_COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dealgate", prog_name="dealgate")
def dealgate() -> None:
    """Operations countersigns what Sales sells, inside the CRM both already use."""


def main() -> None:
    """Run the command line; an error is a sentence and an exit code, never a traceback."""
    try:
        dealgate(prog_name="dealgate", standalone_mode=True)
    except DealgateError as error:
        passing = isinstance(error, _NOT_NOW) and not isinstance(error, StoreUnusable)
        fail(error, NO if passing else WRONG)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(NO)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        fail(DealgateError("The answer cannot be written: no space is left there."), NO)


def fail(error: DealgateError, code: int) -> None:
    """Say what was wrong, where and what to do, and leave."""
    click.echo(f"dealgate: {error}", err=True)
    sys.exit(code)
