"""A backtest of files that a company writes itself."""

from pathlib import Path

import pytest

from tests.cli.shop import COMPANY, Ran, run

STAGES = """pipeline,stage,kind
Sales Pipeline,Discovery,open
Sales Pipeline,Proposal,open
Sales Pipeline,Contract,open
Sales Pipeline,Closed Won,won
Sales Pipeline,Closed Lost,lost
"""
HEAD = "deal,at,pipeline,stage,owner,amount,currency,discount,products-not-offered,deviation-count"
HEAD += ",delivery-address,number-of-users,start-date\n"
GOOD = [
    "1,2026-01-05T09:00,Sales Pipeline,Proposal,Mia de Vries,100,EUR,5,0,0,Kade 1,10,2026-05-01",
    "1,2026-01-12T09:00,Sales Pipeline,Contract,Mia de Vries,100,EUR,5,0,0,Kade 1,10,2026-05-01",
    "2,2026-01-13T09:00,Sales Pipeline,Contract,Tom Baker,200,EUR,18%,0,0,Kade 1,10,2026-05-01",
    "3,2026-01-14T09:00,Sales Pipeline,Contract,Tom Baker,300,EUR,35,0,0,Kade 1,10,2026-05-01",
    "4,2026-01-15T09:00,Sales Pipeline,Contract,Tom Baker,400,EUR,5,0,0,,10,2026-05-01",
    "5,2026-01-16T09:00,Sales Pipeline,Contract,Tom Baker,500,EUR,?,0,0,Kade 1,10,2026-05-01",
    "6,2026-01-17T09:00,Sales Pipeline,Closed Lost,Tom Baker,500,EUR,50,9,9,,,",
]


def told(folder: Path, lines: list[str], stages: str = STAGES, head: str = HEAD, *more: str) -> Ran:
    (folder / "stages.csv").write_text(stages)
    (folder / "crossings.csv").write_text(head + "\n".join(lines) + "\n")
    return run("policy", "backtest", str(COMPANY), "--data", str(folder), *more, folder=folder, environ={})


def test_each_crossing_ends_in_one_way(tmp_path: Path) -> None:
    found = told(tmp_path, GOOD, STAGES, HEAD, "--json").json
    counts = found["crossings"]
    assert [counts[name] for name in ("all", "decidable", "clear", "sign_off", "missing", "forbidden")] == [
        5, 4, 1, 1, 1, 1,
    ]  # fmt: skip
    assert found["decidable_share"] == 0.8
    assert {one["rule"] for one in found["rules"]} == {
        "commercial: medium",
        "commercial: never",
        "required-data: delivery-address",
    }
    assert found["teams"]["Eva Lang"]["all"] == 5


def test_the_report_begins_with_what_can_be_decided(tmp_path: Path) -> None:
    out = told(tmp_path, GOOD).out.splitlines()
    assert out[0].startswith("80.0 % can be decided: 4 of 5 crossings of 5 deals")
    assert (
        "no history at that time: deviations: discount (1) and commercial: discount not known (1)" in out[1]
    )


def test_a_deal_that_jumps_crosses_every_gate_on_its_way(tmp_path: Path) -> None:
    jump = ["1,2026-01-05T09:00,Sales Pipeline,Closed Won,Mia de Vries,100,EUR,18,0,0,Kade 1,10,2026-05-01"]
    found = told(tmp_path, jump, STAGES, HEAD, "--json").json
    assert {gate: row["sign_off"] for gate, row in found["gates"].items()} == {"contract": 1, "closing": 1}


def test_nothing_to_judge_is_said(tmp_path: Path) -> None:
    ran = told(tmp_path, GOOD[:1])
    assert (ran.code, ran.out) == (0, "No deal came through a gate of this policy in that time.\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,yesterday,Sales Pipeline,Contract,,,,,,,,,", 'crossings.csv:2: at: found "yesterday"'),
        (
            "1,2026-01-05,Sales Pipeline,Handshake,,,,,,,,,",
            'stage: found "Handshake"; allowed: one of Discovery',
        ),
        ("1,2026-01-05,Renewals,Contract,,,,,,,,,", 'pipeline: found "Renewals"'),
        ("1,2026-01-05,Sales Pipeline,Contract,,,,a lot,,,,,", 'discount: found "a lot"; allowed: a number'),
        ("1,2026-01-05,Sales Pipeline,Contract,,,,,,,,,soon", 'start-date: found "soon"; allowed: a date'),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(tmp_path: Path, line: str, said: str) -> None:
    told(tmp_path, [line]).refused(said)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    words = ("policy", "backtest", str(COMPANY), "--data")
    run(*words, str(tmp_path), folder=tmp_path, environ={}).refused("It has no stages.csv", "crm_sales")
    run(*words, "nowhere", folder=tmp_path, environ={}).refused("nowhere", "does not exist")
    told(tmp_path, [], STAGES, "deal,stage\n").refused("crossings.csv:1", "no column at, pipeline")
    told(tmp_path, [], "pipeline,stage,kind\nA,B,gone\n").refused("stages.csv:2", 'kind: found "gone"')


def test_a_time_that_cannot_be_read(tmp_path: Path) -> None:
    told(tmp_path, GOOD, STAGES, HEAD, "--since", "lately").refused("--since", "'lately' is no time", "90d")
