"""What approvers do while workers die: they answer by the task, by the link in the mail, by the command line;
two of them at once, one of them twice, and somebody who may not."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import requests

from connector.app import utc_now
from connector.links import LIFETIME, Link, token
from connector.standing import AnswerKind
from sandbox.brightline import COMPLETE, sale
from sandbox.office import Office, Refused, Task

LENA, TOM, ANNA, JAN = "9103", "9102", "9120", "9121"
SECRET = "chaos-link-secret-of-some-forty-characters"
OFFERED = 15
_DISCOUNT = 18
_KINDS = (AnswerKind.YES, AnswerKind.UP_TO, AnswerKind.NO)
_RIVALS, _STRANGERS, _TWICE, _COMMANDS = 0.3, 0.1, 0.1, 0.06  # shares of the deals
_AT_ONCE = 2  # commands that run at a time
_DEALGATE = Path(sys.executable).with_name("dealgate")

Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that somebody gave. `way` is how its id on record begins; `sure`: it was taken, so that it
    must be heard; a command that was killed may have been too early."""

    deal: str
    kind: AnswerKind
    way: str
    may_count: bool = True
    sure: bool = True


@dataclass
class Approvers:
    """The acts in one CRM. The same seed gives the same acts in the same order."""

    office: Office
    account: str
    url: str
    environ: Mapping[str, str]
    deals: int
    seed: int = 1
    ids: dict[int, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    _tasks: dict[int, Task] = field(default_factory=dict)
    _running: list[tuple["subprocess.Popen[bytes]", float | None]] = field(default_factory=list)

    def sell(self) -> None:
        """Let Lena make all deals: Operations will be asked about each."""
        for number in range(self.deals):
            deal = sale(_DISCOUNT, name=f"Deal {number}", **COMPLETE)
            self.ids[number] = self.office.create(LENA, deal)

    def read_tasks(self) -> None:
        """Find the one task that asks about each deal."""
        for number, deal in self.ids.items():
            (self._tasks[number],) = [one for one in self.office.tasks(deal) if not one.closed]

    def acts(self) -> Iterator[Act]:
        """Yield every act; those of one deal stay together, the deals are mixed."""
        chance = random.Random(self.seed)
        order = list(self.ids)
        chance.shuffle(order)
        for number in order:
            yield from self._about(number)

    def join(self) -> None:
        """Wait for the commands that still run."""
        while self._running:
            self._reap(self._running.pop(0))

    def _about(self, number: int) -> Iterator[Act]:
        chance = random.Random(f"{self.seed}:{self.account}:{number}")
        kind, rival = chance.choice(_KINDS), chance.choice(_KINDS)
        by_command = chance.random() < _COMMANDS
        by_link = chance.random() < 0.5
        if by_command:
            killed = chance.uniform(0.4, 3) if chance.random() < 0.5 else None
            yield partial(self._command, number, chance.choice((AnswerKind.YES, AnswerKind.NO)), killed)
        if by_link:
            yield partial(self._link, number, kind)
        else:
            yield partial(self._task, number, ANNA, kind)
        if by_link and chance.random() < _TWICE:
            yield partial(self._link, number, kind)
        if by_link and not by_command and chance.random() < _RIVALS:
            yield partial(self._task, number, JAN, rival)
        elif by_link and chance.random() < _STRANGERS:
            yield partial(self._task, number, TOM, AnswerKind.YES)

    def _task(self, number: int, user: str, kind: AnswerKind) -> None:
        limit = str(OFFERED) if kind is AnswerKind.UP_TO else None
        try:
            self.office.decide(user, self._tasks[number].id, kind.value, limit, "So be it.")
        except Refused:  # Salesforce lets a rep read the decision, not write it
            return
        self.said.append(Said(self.ids[number], kind, "task:", may_count=user != TOM))

    def _link(self, number: int, kind: AnswerKind) -> None:
        """Post the form behind the link in Anna's mail; one that is used again says so, and is none."""
        deal = self.ids[number]
        link = Link(self.account, deal, "anna-bos", 1, utc_now() + LIFETIME - timedelta(days=1))
        form = {
            "answer": kind.value,
            "note": "So be it.",
            "limit": OFFERED if kind is AnswerKind.UP_TO else "",
        }
        answer = requests.post(f"{self.url}/answer/{token(link, [SECRET])}", data=form, timeout=60)
        answer.raise_for_status()
        if "your answer is noted" in answer.text:
            self.said.append(Said(deal, kind, "mail:"))

    def _command(self, number: int, kind: AnswerKind, killed: float | None) -> None:
        """Run `dealgate signoff`, which works through the deal itself; some are killed at random too."""
        if len(self._running) >= _AT_ONCE:
            self._reap(self._running.pop(0))
        deal = self.ids[number]
        word = "reject" if kind is AnswerKind.NO else "approve"
        who = ("--as", "jan-smit", "--note", "So be it.", "--account", self.account)
        running = subprocess.Popen(
            [_DEALGATE, "signoff", word, deal, *who],
            env={**os.environ, **self.environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append((running, None if killed is None else time.monotonic() + killed))
        self.said.append(Said(deal, kind, "cli:", sure=killed is None))

    def _reap(self, one: tuple["subprocess.Popen[bytes]", float | None]) -> None:
        running, killed_at = one
        if killed_at is not None:
            try:
                running.wait(max(0.0, killed_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
        running.wait(180)
