"""Mail: a real SMTP conversation on loopback, and headers that nothing can break into."""

import email
import io
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connector.mail import Console, Mail, MailRefused, MailUnavailable, compose, mailer

SENDER = "dealgate@example.com"
MAIL = Mail("anna.bos@example.com", "Decide by Thu 14:00: Acme", "18 % discount\n", "north:31001:anna:1")


@dataclass
class Postbox:
    """What a small SMTP server was told; `answers` replaces its answer to a verb."""

    answers: dict[str, str] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    extensions: tuple[str, ...] = ()
    certificate: Path | None = None
    at_once: bool = False  # TLS from the start


class Conversation(socketserver.StreamRequestHandler):
    timeout = 5

    def secure(self) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.server.postbox.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.setup_files()

    def setup_files(self) -> None:
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)

    def handle(self) -> None:
        with suppress(OSError):  # whoever does not trust us leaves in the middle
            self.converse()
        self.connection.close()

    def converse(self) -> None:
        if self.server.postbox.at_once:
            self.secure()
        self.say("220 postbox")
        while line := self.rfile.readline():
            verb = line.split()[0].decode().upper()
            if verb == "STARTTLS":
                self.say("220 go on")
                self.secure()
                continue
            said = self.server.postbox.answers.get(verb)
            if said or verb != "DATA":
                self.say(said or self.usual(verb))
            else:
                self.receive()
            if verb == "QUIT":
                return

    def usual(self, verb: str) -> str:
        if verb != "EHLO":
            return {"QUIT": "221 bye", "AUTH": "235 welcome"}.get(verb, "250 ok")
        postbox = self.server.postbox
        plain = postbox.certificate is not None and not isinstance(self.connection, ssl.SSLSocket)
        names = ("postbox", *postbox.extensions, *(["STARTTLS"] if plain else []))
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
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}"
        finally:
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
        ("MAIL", 550, MailUnavailable),
        ("MAIL", 450, MailUnavailable),
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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(plain + made.public_bytes(encoding))
    return path


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_with_tls_a_mail_arrives_where_the_certificate_is_trusted_and_else_it_is_told(
    scheme: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    postbox = Postbox(extensions=("AUTH PLAIN",), certificate=certificate, at_once=scheme == "smtps")
    with serving(postbox) as url:
        ours = mailer(url.replace("smtp://127.0.0.1", f"{scheme}://user:secret@localhost"), SENDER, 5)
        with pytest.raises(MailUnavailable, match="certificate is not trusted: self-signed certificate"):
            ours.send(MAIL)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        ours.send(MAIL)
    assert len(postbox.messages) == 1


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
    with serving(postbox) as url, pytest.raises(MailUnavailable) as caught:
        mailer(url.replace("//", "//user:p%40ss@"), SENDER, 5).check()
    assert str(caught.value) == (
        "DEALGATE_SMTP_URL: The mail server does not let us in (535). Correct its user or password."
    )


def test_a_password_that_was_changed_at_the_server_loses_no_mail():
    postbox = Postbox({"AUTH": "535 no"}, extensions=("AUTH PLAIN",))
    with serving(postbox) as url:
        ours = mailer(url.replace("//", "//user:old@"), SENDER, 5)
        with pytest.raises(MailUnavailable):
            ours.send(MAIL)
        postbox.answers["AUTH"] = "235 welcome"
        ours.send(MAIL)
    assert len(postbox.messages) == 1


def test_no_password_goes_to_another_machine_in_the_clear():
    postbox = Postbox(extensions=("AUTH PLAIN",))
    with serving(postbox) as url:
        ours = mailer(
            url.replace("//127.0.0.1", "//user:old@127.1"), SENDER, 5
        )  # not written as this machine
        with pytest.raises(MailUnavailable, match="no TLS"):
            ours.send(MAIL)


def test_without_a_server_mail_is_printed():
    out = io.StringIO()
    Console(SENDER, out).send(MAIL)
    assert (
        out.getvalue()
        == "To: anna.bos@example.com\nSubject: Decide by Thu 14:00: Acme\n\n18 % discount\n\n\n"
    )
    assert isinstance(mailer(None, SENDER, 1), Console)
