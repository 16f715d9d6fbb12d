"""One deal from the question to the close on the card, over real HTTP: the product serves, HubSpot signs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson
import pytest
import requests

from tests.cards.caller import signing
from tests.databases import SqliteFiles
from tests.worker.play import ANNA, LENA, Play, staged


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> Iterator[Play]:
    """The whole product as `dealgate serve` runs it, and the sandbox HubSpot that rings its webhooks."""
    with staged(tmp_path_factory.mktemp("served"), sqlite_files.new_database()) as found:
        yield found


@dataclass(frozen=True)
class Browser:
    """A user's card: HubSpot's server calls for it."""

    play: Play
    user: str

    def see(self, deal: str) -> Mapping[str, object]:
        """Return what the card shows once nothing is pending."""
        assert self.play.settle()
        return self._call("GET", f"/deals/{deal}", b"", 200)

    def do(self, deal: str, action: str, **body: object) -> None:
        self._call("POST", f"/deals/{deal}/{action}", orjson.dumps(body), 202)

    def what_if(self, deal: str, **values: object) -> Mapping[str, object]:
        return self._call("POST", f"/deals/{deal}/what-if", orjson.dumps({"values": values}), 200)

    def _call(self, method: str, path: str, body: bytes, status: int) -> Mapping[str, object]:
        made = signing(self.play)
        target = made.target(path, self.user)
        headers = made.headers(method, target, body)
        url = f"{made.public_url}{target}"
        answer = requests.request(method, url, data=body, headers=headers, timeout=10)
        assert answer.status_code == status, answer.text
        return answer.json()


def test_ask_question_answer_counter_offer_and_the_deal_clears_and_the_ledger_tells_it_in_order(
    served: Play,
) -> None:
    lena, anna = Browser(served, LENA), Browser(served, ANNA)
    deal = served.sell(18, stage="discovery")
    assert lena.see(deal)["viewer"]["may_ask"]

    lena.do(deal, "ask", case="They sign this week if we move.")
    assert lena.see(deal)["sentence"].startswith("Contract: waiting for Anna Bos (Operations) until")
    assert [one["role"] for one in anna.see(deal)["viewer"]["may_decide"]] == ["Operations"]

    anna.do(deal, "decide", answer="question", note="May we name them as a reference?")
    assert "May we name them as a reference?" in lena.see(deal)["sentence"]
    lena.do(deal, "reply", text="Yes, in writing.")
    assert lena.see(deal)["sentence"].startswith("Contract: waiting for Anna Bos")

    anna.do(deal, "decide", answer="yes-up-to", limit="15 %", note="For the reference.")
    assert "At 15 % Anna Bos says yes" in lena.see(deal)["sentence"]
    assert lena.what_if(deal, discount=16)["badge"] == "Waiting for sign-off"
    assert lena.what_if(deal, discount=15)["badge"] == "Ready"

    served.discount(deal, 15)
    served.by(LENA).move(deal, "contract")
    seen = lena.see(deal)
    assert (seen["badge"], served.place(deal)) == ("Ready", "contract")
    assert served.tasks(deal, ANNA[1:]) == {}

    told = " | ".join(one["text"] for one in seen["history"])
    order = (
        "Lena Fischer asks for a decision. They sign this week",
        "Anna Bos asked for Operations at Contract",
        "asks the rep",
        "Lena Fischer replied. Yes, in writing.",
        "Anna Bos said yes for Operations at Contract",
        "Contract was passed",
    )
    places = [told.find(words) for words in order]
    assert -1 not in places, told
    assert places == sorted(places), told
    assert served.desk.store.ledger.verify(served.desk.account).first_bad is None
