"""`report ways-of-passing`: how won deals came through."""

from tests.cli.shop import LENA, Shop


def test_every_won_deal_says_how_it_passed_each_gate(shop: Shop) -> None:
    alone, signed, open_one = shop.sell(5), shop.sell(18), shop.sell(5)
    forced = shop.sell(25)
    assert shop.run("sweep").code == 0
    nothing = shop.run("report", "ways-of-passing")
    assert nothing.out == "No deal on record has been won in a pipeline with a gate.\n"
    assert shop.run("signoff", "approve", signed, "--as", "anna-bos").code == 0
    for deal in (alone, signed):
        shop.by(LENA).move(deal, "contract")
    assert shop.run("sweep").code == 0
    for deal in (alone, signed):
        shop.by(LENA).update(deal, {"start_date": "2031-03-01"})
        shop.by(LENA).move(deal, "closedwon")
    assert shop.run("sweep").code == 0
    told = shop.run("report", "ways-of-passing", "--json").json
    ways = {(one["deal"], one["gate"]): (one["way"], one["signed_by"]) for one in told["deals"]}
    assert told["won"] == 2
    assert ways[alone, "contract"] == ways[alone, "closing"] == ("nobody was asked", [])
    assert ways[signed, "contract"] == ("signed", ["Operations"])
    assert ways[signed, "closing"] == ("signed", ["Operations"])
    assert not {open_one, forced} & {deal for deal, _ in ways}
    listed = shop.run("report", "ways-of-passing", "--deals").out
    assert f"{signed}  contract  signed  Operations" in listed
