"""Mail: a real SMTP conversation on loopback, and headers that nothing can break into."""

import email
import io
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.policy import default
from threading import Thread

import pytest

from connector.mail import Console, Mail, MailRefused, MailUnavailable, compose, mailer

SENDER = "dealgate@example.com"
MAIL = Mail("anna.bos@example.com", "Decide by Thu 14:00: Acme", "18 % discount\n", "north:31001:anna:1")


@dataclass
class Postbox:
    """What a small SMTP server was told; `answers` replaces its answer to a verb."""

    answers: dict[str, str] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    extensions: tuple[str, ...] = ()


class Conversation(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        self.say("220 postbox")
        while line := self.rfile.readline():
            verb = line.split()[0].decode().upper()
            said = self.server.postbox.answers.get(verb)
            if said or verb != "DATA":
                self.say(said or self.usual(verb))
            else:
                self.receive()
            if verb == "QUIT":
                return

    def usual(self, verb: str) -> str:
        if verb != "EHLO":
            return "221 bye" if verb == "QUIT" else "250 ok"
        names = ("postbox", *self.server.postbox.extensions)
        return "\r\n".join(f"250{'-' if name is not names[-1] else ' '}{name}" for name in names)

    def receive(self) -> None:
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.postbox.messages.append(b"".join(lines))
        self.say("250 taken")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def serving(postbox: Postbox) -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        server.postbox = postbox
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_mail_arrives():
    postbox = Postbox()
    with serving(postbox) as url:
        mailer(url, SENDER, 5).send(MAIL)
    message = email.message_from_bytes(postbox.messages[0], policy=default)
    assert (message["To"], message["From"], message["Subject"]) == (MAIL.to, SENDER, MAIL.subject)
    assert message.get_content().strip() == "18 % discount"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "name",
    [
        "Acme\r\nBcc: all@example.com",
        "Acme\nX: y",
        "Acme\x00",
        "Acme\u2028Bcc: a@b.c",
        "Acme\x85x",
        "\ud800",
        "é" * 400,
        "",
    ],
)
def test_a_deals_name_can_start_no_header(name: str):
    sent = bytes(compose(Mail(MAIL.to, f"Decide: {name}", f"about {name}", "key"), SENDER))
    message = email.message_from_bytes(sent, policy=default)
    assert sorted(message.keys()) == sorted(
        [
            "Date",
            "From",
            "To",
            "Subject",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ]
    )
    assert message["Subject"].startswith("Decide:")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@example.com\nBcc: b@example.com",
        "a@example.com\n",
        "a@example.com, b@example.com",
        "a b@example.com",
    ],
)
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(MailRefused):
        compose(Mail(address, "x", "y", "key"), SENDER)


def test_the_same_key_is_the_same_message():
    first, again, other = (compose(Mail(MAIL.to, "s", "b", key), SENDER)["Message-ID"] for key in "aab")
    assert first == again != other


@pytest.mark.parametrize(
    ("verb", "code", "error"),
    [
        ("RCPT", 550, MailRefused),
        ("RCPT", 450, MailUnavailable),
        ("MAIL", 552, MailRefused),
        ("DATA", 451, MailUnavailable),
        ("DATA", 554, MailRefused),
    ],
)
def test_a_lasting_no_is_refused_and_a_passing_one_is_tried_again(
    verb: str, code: int, error: type[Exception]
):
    with (
        serving(Postbox({verb: f"{code} no to anna.bos@example.com"})) as url,
        pytest.raises(error) as caught,
    ):
        mailer(url, SENDER, 5).send(MAIL)
    assert str(code) in str(caught.value)
    assert "anna" not in str(caught.value)


def test_a_server_that_is_not_there_is_unavailable_at_once():
    with pytest.raises(MailUnavailable):
        mailer("smtp://127.0.0.1:1", SENDER, 1).send(MAIL)


def test_a_server_that_says_nothing_is_given_up():
    with socketserver.TCPServer(
        ("127.0.0.1", 0), socketserver.BaseRequestHandler, bind_and_activate=True
    ) as silent:
        url = f"smtp://127.0.0.1:{silent.server_address[1]}"
        with pytest.raises(MailUnavailable):
            mailer(url, SENDER, 0.2).check()


def test_a_login_is_made_and_its_refusal_told_without_the_password():
    postbox = Postbox({"AUTH": "535 no"}, extensions=("AUTH PLAIN",))
    with serving(postbox) as url, pytest.raises(MailRefused) as caught:
        mailer(url.replace("//", "//user:p%40ss@"), SENDER, 5).check()
    assert "p@ss" not in str(caught.value)


def test_without_a_server_mail_is_printed():
    out = io.StringIO()
    Console(SENDER, out).send(MAIL)
    assert (
        out.getvalue()
        == "To: anna.bos@example.com\nSubject: Decide by Thu 14:00: Acme\n\n18 % discount\n\n\n"
    )
    assert isinstance(mailer(None, SENDER, 1), Console)
