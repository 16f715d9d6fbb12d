"""Whatever somebody does to a policy file, the answer is a policy or a list of problems."""

import random

import pytest

from tests.policy.samples import BASE, refusal

WHOLE = (
    BASE
    + """\
calendar: {zone: Europe/Amsterdam, opens: 8, closes: 18, days: [mon, sat], answer-hours: 4}
tell: {rep: mail}
brakes: {tasks-per-hour: 7, move-back-minutes: 30}
"""
)
SNIPPETS = [
    "", " ", "\n", ":", ": ", "- ", "[", "]", "{", "}", '"', "'", "#", "&a ", "*a", "!x ", "|", ">", "%", ",", "?", "~",
    "null", "true", "[]", "{}", "0", "-1", "1e999", "NaN", "9" * 400, "\t", "\x00", "\ud800", "\u202e", "é",
    "owner.manager", "id", "_schema", "<<", "2026-13-01", "(1..", "not(", "---\n", "a: " * 30,
]  # fmt: skip


def mutated(text: str, dice: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(dice.randint(1, 3)):
        match dice.randrange(7):
            case 0:
                at = dice.randrange(len(text) + 1)
                text = text[:at] + dice.choice(SNIPPETS) + text[at:]
            case 1:
                at = dice.randrange(len(text) + 1)
                text = text[:at] + text[at + dice.randint(1, 12) :]
            case 2:
                words = text.split(" ")
                words[dice.randrange(len(words))] = dice.choice([*words, *SNIPPETS])
                text = " ".join(words)
            case 3:
                lines = text.splitlines(keepends=True) or [""]
                lines.insert(dice.randrange(len(lines)), dice.choice(lines))
                text = "".join(lines)
            case 4:
                lines = text.splitlines(keepends=True) or [""]
                lines.pop(dice.randrange(len(lines)))
                text = "".join(lines)
            case 5:
                lines = text.splitlines(keepends=True) or [""]
                place = dice.randrange(len(lines))
                lines[place] = " " * dice.randint(1, 4) + lines[place]
                text = "".join(lines)
            case _:
                parts = text.split(": ")
                parts[dice.randrange(len(parts))] = dice.choice([*parts, *SNIPPETS])
                text = ": ".join(parts)
    return text


def read(text: str) -> bool:
    error = refusal(text)
    assert error is None or error.problems
    assert error is None or all(problem.line >= 1 and problem.message for problem in error.problems)
    return error is None


def run(count: int, seed: int) -> tuple[int, int]:
    dice = random.Random(seed)
    answers = [read(mutated(WHOLE, dice)) for _ in range(count)]
    return answers.count(True), answers.count(False)


def test_mutated_policies_are_read_or_refused_by_name() -> None:
    good, bad = run(300, 7)
    assert good > 5
    assert bad > 150


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_mutated_policies_are_read_or_refused_by_name() -> None:
    good, bad = run(10_000, 11)
    assert good > 100
    assert bad > 5_000
