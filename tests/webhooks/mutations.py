"""Signed requests and small falsifications of them, each of which must be refused."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import orjson

from tests.webhooks.world import NORTH, NOW, PATH, PUBLIC_URL, changed, sign, stamp


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire; headers in order, doubled ones included."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


TIME, SIGNATURE = b"X-HubSpot-Request-Timestamp", b"X-HubSpot-Signature-v3"
METHODS = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "post", "POSTX")


def genuine(chance: random.Random) -> Request:
    target = PATH + chance.choice(("", "", "?tenant=7", "?mail=a%40b.com&x=%C3%A9"))
    events = [changed(chance.randrange(1, 10**9)) for _ in range(chance.choice((1, 1, 3)))]
    body = orjson.dumps(events)
    decoded = target.replace("%40", "@")
    at = stamp(NOW)
    signature = sign(body, NORTH, uri=PUBLIC_URL + decoded, at=at)
    return Request("POST", target, ((TIME, at.encode()), (SIGNATURE, signature.encode())), body)


def _flip(data: bytes, chance: random.Random) -> bytes:
    """Flip one bit, but never into or out of what HTTP itself strips or forbids."""
    while True:
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        made = bytearray(data)
        made[place] ^= bit
        if made[place] not in b"\x00\r\n \t":
            return bytes(made)


def _in_body(request: Request, chance: random.Random) -> Request:
    return replace(request, body=_flip(request.body, chance))


def _shorter_or_longer(request: Request, chance: random.Random) -> Request:
    cut = request.body[: chance.randrange(len(request.body))]
    return replace(request, body=chance.choice((cut, request.body + b" ", request.body + b"[]", b"")))


def _in_header(name: bytes) -> Callable[[Request, random.Random], Request]:
    def mutate(request: Request, chance: random.Random) -> Request:
        headers = tuple(
            (key, _flip(value, chance) if key == name else value) for key, value in request.headers
        )
        return replace(request, headers=headers)

    return mutate


def _without_header(request: Request, chance: random.Random) -> Request:
    gone = chance.choice((TIME, SIGNATURE))
    return replace(request, headers=tuple(header for header in request.headers if header[0] != gone))


def _doubled_header(request: Request, chance: random.Random) -> Request:
    return replace(request, headers=(*request.headers, chance.choice(request.headers)))


def _other_time(request: Request, chance: random.Random) -> Request:
    """Signed well, but too old or too new: a replay."""
    away = chance.choice((-1, 1)) * chance.randrange(300_001, 10**9)
    at = str(int(stamp(NOW)) + away)
    signature = sign(request.body, NORTH, uri=PUBLIC_URL + request.target.replace("%40", "@"), at=at)
    return replace(request, headers=((TIME, at.encode()), (SIGNATURE, signature.encode())))


def _in_target(request: Request, chance: random.Random) -> Request:
    flipped = _flip(request.target.encode(), chance)
    if any(byte <= 32 or byte >= 127 or byte == ord("#") for byte in flipped) or flipped[:1] != b"/":
        flipped = request.target.encode() + b"?" + str(chance.randrange(10**6)).encode()
    return replace(request, target=flipped.decode())


def _encoded_otherwise(request: Request, chance: random.Random) -> Request:
    """The same route in another spelling that HubSpot does not decode, or the same body in another encoding."""
    spelt = request.target.replace(
        "webhooks", chance.choice(("%77ebhooks", "webh%6Foks", "./webhooks", "x/../webhooks"))
    )
    body = chance.choice((request.body.decode().encode("utf-16"), b"\xef\xbb\xbf" + request.body))
    return chance.choice((replace(request, target=spelt), replace(request, body=body)))


def _other_secret(request: Request, chance: random.Random) -> Request:
    secret = "".join(chance.choices("abcdef0123456789", k=32))
    signature = sign(request.body, secret, uri=PUBLIC_URL + request.target.replace("%40", "@"))
    return replace(request, headers=(request.headers[0], (SIGNATURE, signature.encode())))


def _other_method(request: Request, chance: random.Random) -> Request:
    return replace(request, method=chance.choice(METHODS))


MUTATIONS: tuple[Callable[[Request, random.Random], Request], ...] = (
    _in_body,
    _shorter_or_longer,
    _in_header(TIME),
    _in_header(SIGNATURE),
    _without_header,
    _doubled_header,
    _other_time,
    _in_target,
    _encoded_otherwise,
    _other_secret,
    _other_method,
)
