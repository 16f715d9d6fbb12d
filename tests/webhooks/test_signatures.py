"""Signatures: the vendor's vectors, the window to the millisecond, rotation, and nonsense."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tests.webhooks.world import NOW, PATH, PUBLIC_URL, sign, stamp
from webhooks import signatures
from webhooks.signatures import Signed, decoded

VENDOR_SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
BODY = b'[{"objectId":1}]'


def signer(request: Signed, secrets: Iterable[str], now: datetime) -> str | None:
    return signatures.signer(request, signatures.keys(secrets), now)


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def signed(signature: str | None = None, timestamp: str | None = stamp(NOW), **changes: object) -> Signed:
    members = {"method": "POST", "uri": PUBLIC_URL + PATH, "body": BODY} | changes
    return Signed(**members, timestamp=timestamp, signature=sign(BODY) if signature is None else signature)


def test_the_vendors_own_vector_is_accepted():
    request = Signed(
        "POST",
        "https://www.example.com/webhook_uri",
        b"{'example_field':'example_value'}",
        "1693657560000",
        "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    )
    assert signer(request, [VENDOR_SECRET], at(1693657560000)) == VENDOR_SECRET


def test_the_address_is_decoded_before_it_is_signed():
    request = Signed(
        "POST",
        "https://ops.example.com/hubspot/card?portalId=1&userId=7&userEmail=a%40b.com&appId=9",
        b'{"dealId":5}',
        "1790000000000",
        "xYZlCWSM5kCC4k7GHv4eXCDBQXenByE3F6toPh3zNuo=",
    )
    assert signer(request, ["test-secret"], at(1790000000000)) == "test-secret"


def test_exactly_twelve_sequences_are_decoded_and_each_once():
    assert decoded("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B") == ":/?@!$'()*,;"
    kept = "%20%26%3D%2B%23%25%C3%A9%253A%3a"
    assert decoded(kept) == kept


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [
        (0, True),
        (299.999, True),
        (300, True),
        (300.001, False),
        (-299.999, True),
        (-300, True),
        (-300.001, False),
    ],
)
def test_the_window_is_five_minutes_both_ways(seconds: float, accepted: bool):
    found = signer(signed(), ["secret-of-north"], NOW + timedelta(seconds=seconds))
    assert found == ("secret-of-north" if accepted else None)


def test_during_rotation_the_secret_that_matched_is_named():
    secrets = ["new-secret", "secret-of-north", "new-secret"]
    assert signer(signed(), secrets, NOW) == "secret-of-north"
    assert signer(signed(sign(BODY, "new-secret")), secrets, NOW) == "new-secret"


def test_without_secrets_nobody_signed():
    assert signer(signed(), [], NOW) is None


@pytest.mark.parametrize(
    "signature", ["", "x", "é" * 44, "\udcff", "\u20ac", "=" * 44, "\x00", sign(BODY)[:-1], sign(BODY) + "="]
)
def test_a_garbage_signature_is_refused_not_raised(signature: str):
    assert signer(signed(signature), ["secret-of-north"], NOW) is None


@pytest.mark.parametrize(
    "timestamp",
    [None, "", "abc", "1e12", "-1", "+1", " 1", "1_0", "١٢٣", "9" * 400, "1693657560000.0", "\x00"],
)
def test_a_garbage_timestamp_is_refused_even_when_it_is_signed(timestamp: str | None):
    signature = sign(BODY, at=timestamp or "")
    assert signer(signed(signature, timestamp), ["secret-of-north"], NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        {"method": "GET"},
        {"method": "post"},
        {"uri": PUBLIC_URL + PATH + "?"},
        {"uri": "http://ops.example.com" + PATH},
        {"body": BODY + b" "},
    ],
)
def test_every_signed_part_counts(change: dict[str, object]):
    assert signer(signed(**change), ["secret-of-north"], NOW) is None


def test_a_missing_signature_is_refused():
    request = Signed("POST", PUBLIC_URL + PATH, BODY, stamp(NOW), None)
    assert signer(request, ["secret-of-north"], NOW) is None
