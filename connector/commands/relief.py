"""What would bring the share of decisions at the top under a target: the lines of `report founder-load`."""

from decimal import Decimal

import click

from connector import values
from connector.backtest.changes import words
from connector.backtest.relief import Relief, Search
from connector.backtest.replayed import Replayed
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.policy.literals import NotALiteral, number
from connector.texts import capital
from connector.worker.load import Made, backtest, search

_OTHERS = 3


def target_of(text: str | None) -> Decimal | None:
    """Read "20%" or 20 as a share."""
    if text is None:
        return None
    try:
        points = number(text.strip().removesuffix("%").strip())
    except NotALiteral:
        points = Decimal(-1)
    if not 0 <= points < 100:
        raise ConfigurationError(f"{text!r} is no share.", where="--target", hint="Write e.g. 20%.")
    return points / 100


class Found:
    """The changes that reach the target, best first, each with its backtest; where none does, the one change
    that comes nearest."""

    def __init__(self, made: Made, target: Decimal, desk: Desk) -> None:
        self.search: Search = search(made, target)
        self.target = target
        self.met = self.search.share <= target
        reached = () if self.met else self.search.found()
        self.reached = bool(reached)
        nearest = None if self.met or reached else self.search.furthest()
        self.changes = reached or ((nearest,) if nearest is not None else ())
        self.proofs = [backtest(one, self.search, made, desk) for one in self.changes]

    def json(self) -> dict[str, object]:
        """Return what machines read."""
        told = [self._told(one, proof) for one, proof in zip(self.changes, self.proofs, strict=True)]
        known = {"share": str(self.search.share), "target": str(self.target)}
        return {**known, "reached": self.met or self.reached, "changes": told}

    def show(self) -> None:
        """Print it for people."""
        if self.met:
            click.echo(f"That is within {_percent(self.target)} already.")
            return
        if not self.reached:
            click.echo(f"No one or two limits or rows bring it to {_percent(self.target)}.")
        for place, (one, proof) in enumerate(zip(self.changes, self.proofs, strict=True)):
            if place == 1:
                click.echo("Or:")
            if place > _OTHERS:
                return
            self._show(one, proof, "Nearest: " if not self.reached else "")

    def _show(self, one: Relief, proof: Replayed, head: str) -> None:
        said = values.listing([words(change, self.search.policy) for change in one.changes])
        text = f"{head}{said}: share falls from {_percent(self.search.share)} to {_percent(one.share)}"
        click.echo(f"{capital(text)}, {self._spared(one)} no longer reach the top.")
        click.echo(f"  Backtest: {proof.alike} of {proof.tried} replayed decisions end so.")

    def _spared(self, one: Relief) -> str:
        deals = values.counted(len(self._deals(one)), "deal")
        return " ".join([deals, *(values.money(amount, currency) for currency, amount in one.money.items())])

    def _deals(self, one: Relief) -> list[str]:
        return sorted({self.search.decisions[place].deal for place in one.moved} - one.kept)

    def _told(self, one: Relief, proof: Replayed) -> dict[str, object]:
        return {
            "changes": [words(change, self.search.policy) for change in one.changes],
            "share": str(one.share),
            "decisions": len(one.moved),
            "deals": self._deals(one),
            "money": {currency: str(amount) for currency, amount in one.money.items()},
            "decided_by": {role or "nobody": count for role, count in one.instead.items()},
            "backtest": {"replayed": proof.tried, "as_said": proof.alike},
        }


def _percent(share: Decimal) -> str:
    return values.percent(share * 100, 0)
