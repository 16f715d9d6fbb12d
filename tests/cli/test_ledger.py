"""`ledger verify|show|authority|export|erase`."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.shop import Shop

GENESIS = "0" * 64


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def resealed(entry: dict) -> str:
    """Seal an exported line again with nothing but the standard library, as docs/ledger.md says."""
    at = datetime.fromisoformat(entry["at"])
    milliseconds = round(at.timestamp() * 1000)
    sealed = [
        entry["account"], entry["seq"], milliseconds,
        entry["kind"], entry["deal"], compact(entry["body"]), entry["prev"],
    ]  # fmt: skip
    text = json.dumps(sealed, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_an_untouched_record_is_whole_and_its_head_is_told(shop: Shop) -> None:
    shop.asked()
    ran = shop.run("ledger", "verify", "--json")
    assert (ran.code, ran.json["whole"], ran.json["erased"]) == (0, True, 0)
    head = ran.json["head"]
    assert ran.json["entries"] == int(head.partition(":")[0]) > 0
    shop.run("ledger", "verify", "--anchor", head).told("are whole", head)


def test_a_head_that_was_kept_elsewhere_and_does_not_fit_is_a_no(shop: Shop) -> None:
    shop.asked()
    seq, _, sealed = shop.run("ledger", "verify", "--json").json["head"].partition(":")
    other = shop.run("ledger", "verify", "--anchor", f"{seq}:{'0' * 64}")
    assert other.code == 1
    other.told(f"Entry {seq}", "kept outside")
    later = shop.run("ledger", "verify", "--json", "--anchor", f"{int(seq) + 5}:{sealed}")
    assert (later.code, later.json["first_bad"]) == (1, int(seq) + 1)


@pytest.mark.parametrize("anchor", ["", "12", "12:abc", "x:" + "0" * 64, ":" + "0" * 64])
def test_what_is_no_anchor_is_told(shop: Shop, anchor: str) -> None:
    shop.run("ledger", "verify", "--anchor", anchor).refused("--anchor", "SEQ:HASH")


def test_an_export_can_be_verified_without_us(shop: Shop) -> None:
    deal = shop.asked()
    shop.run(
        "signoff", "approve", deal, "--as", "anna-bos", "--note", "Ein Referenzkunde, größer als M\u00fcller"
    )
    ran = shop.run("ledger", "export")
    entries = lines(ran.out)
    assert {entry["kind"] for entry in entries} >= {"verdict", "sign-off", "decision"}
    before = GENESIS
    for entry in entries:
        assert (entry["prev"], entry["hash"]) == (before, resealed(entry))
        before = entry["hash"]
        for name, one in entry["beside"].items():
            sealed = hashlib.sha256(f"{one['salt']}{one['value']}".encode()).hexdigest()
            assert entry["body"]["personal"][name] == sealed


def test_one_deals_entries_go_into_a_new_file_and_never_over_an_old_one(shop: Shop) -> None:
    deal, other = shop.asked(), shop.sell(5)
    shop.run("sweep")
    ran = shop.run("ledger", "export", "--deal", deal, "--to", "acme.jsonl")
    assert ran.code == 0
    written = lines((Path(shop.folder) / "acme.jsonl").read_text())
    assert {entry["deal"] for entry in written} == {deal} != {other}
    shop.run("ledger", "export", "--to", "acme.jsonl").refused("acme.jsonl", "not there yet")


def test_a_person_is_erased_and_the_chain_stays_whole(shop: Shop) -> None:
    deal = shop.asked()
    shop.run("signoff", "approve", deal, "--as", "anna-bos", "--note", "Anna Bos knows them")
    assert "Anna Bos" in shop.run("ledger", "export").out
    ran = shop.run("ledger", "erase", "--person", "anna-bos", "--json", "--yes")
    assert ran.code == 0
    assert ran.json["erased"] > 0
    assert ran.json["in_the_live_policy"]  # she still decides there
    again = shop.run("ledger", "erase", "--person", "anna-bos", "--yes")
    again.told("anna-bos is in the live policy", "Publish a policy without, and erase again.")
    after = shop.run("ledger", "export").out
    assert "anna" not in after.casefold()
    verified = shop.run("ledger", "verify", "--json").json
    assert (verified["whole"], verified["erased"]) == (True, ran.json["erased"])


def test_erasing_asks_first(shop: Shop) -> None:
    deal = shop.asked()
    assert shop.run("ledger", "erase", "--deal", deal, given="n\n").code == 1
    shop.run("ledger", "erase", "--deal", deal, "--json").refused("With --json nothing is asked", "--yes")
    assert shop.run("ledger", "verify", "--json").json["erased"] == 0
    assert shop.run("ledger", "erase", "--deal", deal, given="y\n").code == 0
    assert shop.run("ledger", "verify", "--json").json["erased"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "one of --person, --mentioning, --deal"),
        (("--deal", "1", "--person", "anna-bos"), "one of --person, --mentioning, --deal"),
        (("--person", "ana-bos"), "anna-bos"),
        (("--mentioning", "e"), "'e' is too short"),
        (("--mentioning", " "), "too short"),
    ],
)
def test_whose_texts_to_erase_must_be_said(shop: Shop, arguments: tuple[str, ...], said: str) -> None:
    shop.run("ledger", "erase", "--yes", *arguments).refused(said)


def test_the_story_tells_who_said_what_by_which_right_in_order(shop: Shop) -> None:
    deal = shop.asked()
    shop.run("signoff", "approve", deal, "--as", "lena-fischer")
    shop.run("signoff", "approve", deal, "--as", "anna-bos", "--up-to", "15", "--note", "A good reference.")
    ran = shop.run("ledger", "show", "--deal", deal)
    assert ran.code == 0
    told = ran.out.splitlines()
    in_order = (
        'Badge "Waiting for sign-off"',
        "Anna Bos asked for Operations at Contract. 18 % discount is over your 10 %.",
        "Lena Fischer wrote: yes. It did not count. Your yes for Acme does not count: you own this deal.",
        "Anna Bos said yes for Operations at Contract, holding Operations, for discount up to 15 %",
        'Badge "Your turn"',
    )
    places = [next(place for place, line in enumerate(told) if said in line) for said in in_order]
    assert places == sorted(places)
    story = shop.run("ledger", "show", "--deal", deal, "--json").json["story"]
    assert [line["said"] for line in story] == [line[18:] for line in told]


def test_the_story_is_told_without_the_names_of_who_was_erased(shop: Shop) -> None:
    deal = shop.asked()
    shop.run("signoff", "approve", deal, "--as", "anna-bos")
    shop.run("ledger", "erase", "--deal", deal, "--yes")
    ran = shop.run("ledger", "show", "--deal", deal)
    assert ran.code == 0
    assert "Anna" not in ran.out
    ran.told("somebody (erased) said yes for Operations at Contract, holding Operations")


def test_a_deal_that_is_not_on_record_is_told(shop: Shop) -> None:
    shop.run("ledger", "show", "--deal", "999").refused("--deal", "999")


def test_had_she_the_authority_that_day(shop: Shop) -> None:
    shop.asked()
    today = datetime.now(UTC).date()
    ran = shop.run("ledger", "authority", "anna-bos", "--on", f"{today}")
    assert ran.code == 0
    ran.told("anna-bos held Operations")
    nobody = shop.run("ledger", "authority", "lena-fischer", "--on", f"{today}", "--json")
    assert (nobody.code, nobody.json["policies"][0]["rights"]) == (1, [])
    before = shop.run("ledger", "authority", "anna-bos", "--on", f"{today - timedelta(days=9)}")
    before.refused("--on", "No policy counted", "published on")
    shop.run("ledger", "authority", "ana-bos", "--on", f"{today}").refused(
        "no person of the policy", "anna-bos"
    )
    shop.run("ledger", "authority", "anna-bos", "--on", "yesterday").refused("--on", "2026-03-02")
