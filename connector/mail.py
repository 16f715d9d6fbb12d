"""Mail to one person: by SMTP where DEALGATE_SMTP_URL is set, else printed."""

import re
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from hashlib import sha256
from typing import Protocol, TextIO
from urllib.parse import unquote, urlsplit

from marshmallow import ValidationError, validate

from connector.errors import DealgateError

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_SUBJECT_LENGTH = 200
_SERVER = "DEALGATE_SMTP_URL"


@dataclass(slots=True, eq=False)
class MailUnavailable(DealgateError):
    """The mail server does not take it now; worth trying again."""

    reason: str = "mail-unavailable"


@dataclass(slots=True, eq=False)
class MailRefused(DealgateError):
    """The mail server, or the address, will never take it."""

    reason: str = "mail-refused"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. `key` is the effect's: the same key gives the same Message-ID, so a doubled one is known."""

    to: str
    subject: str
    body: str
    key: str


class Mailer(Protocol):
    def send(self, mail: Mail) -> None:
        """Hand the mail over; MailUnavailable or MailRefused where it is not taken."""
        ...

    def check(self) -> None:
        """Say whether mail could be sent now, without sending; raises as `send` does."""
        ...


def mailer(url: str | None, sender: str, timeout: float) -> Mailer:
    """Return the mailer of this URL, or the one that prints. `timeout` in seconds for each step."""
    return Smtp(url, sender, timeout) if url else Console(sender, sys.stdout)


@dataclass(frozen=True, slots=True)
class Console:
    """Print mail: for trying out, and for accounts without a mail server."""

    sender: str
    stream: TextIO

    def send(self, mail: Mail) -> None:
        """Print the mail as it would be sent."""
        message = compose(mail, self.sender)
        self.stream.write(f"To: {message['To']}\nSubject: {message['Subject']}\n\n{mail.body}\n\n")
        self.stream.flush()

    def check(self) -> None:
        """Printing always works."""


class Smtp:
    """Send by SMTP, one connection a mail. A password is sent over TLS only, except to this machine."""

    def __init__(self, url: str, sender: str, timeout: float) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender, self._timeout = sender, timeout

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server."""
        message = compose(mail, self._sender)
        with _answering(), self._session() as session:
            session.send_message(message)

    def check(self) -> None:
        """Connect and log in."""
        with _answering(), self._session() as session:
            session.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        secure = ssl.create_default_context()
        if self._tls:
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=secure
            )
        else:
            session = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        with session:
            if not self._tls:
                self._start_tls(session, secure)
            if self._user:
                session.login(self._user, self._password)
            yield session

    def _start_tls(self, session: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        session.ehlo()
        if session.has_extn("starttls"):
            session.starttls(context=secure)
            session.ehlo()
        elif self._password and self._host not in ("localhost", "127.0.0.1", "::1"):
            raise MailUnavailable(
                "The mail server offers no TLS, and a password must not be sent in the clear.",
                where=_SERVER,
                hint="Use smtps://, or a server that offers STARTTLS.",
            )


@contextmanager
def _answering() -> Iterator[None]:
    """Translate the library's errors; their texts may quote addresses and are not kept.

    Only a no to the recipient or to the text is about this mail. Whatever else is refused is a matter of
    settings: the mail waits until they are right.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _about_the_mail(max((code for code, _ in error.recipients.values()), default=451)) from error
    except smtplib.SMTPDataError as error:
        raise _about_the_mail(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _about_the_server(error) from error


def _about_the_mail(code: int) -> DealgateError:
    """Codes of 500 and above are for good: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1"""
    kind = MailRefused if code >= 500 else MailUnavailable
    return kind(f"The mail server answered {code}.", where=_SERVER)


def _about_the_server(error: Exception) -> MailUnavailable:
    match error:
        case smtplib.SMTPAuthenticationError():
            said = f"The mail server does not let us in ({error.smtp_code})."
            return MailUnavailable(said, where=_SERVER, hint="Correct its user or password.")
        case smtplib.SMTPSenderRefused():
            said = f"The mail server takes no mail from this sender ({error.smtp_code})."
            return MailUnavailable(said, where="DEALGATE_MAIL_FROM", hint="Name one that it knows.")
        case smtplib.SMTPResponseException():
            return MailUnavailable(f"The mail server answered {error.smtp_code}.", where=_SERVER)
        case ssl.SSLCertVerificationError():
            said = f"The mail server's certificate is not trusted: {error.verify_message}."
            return MailUnavailable(said, where=_SERVER, hint="Name its authority's file in SSL_CERT_FILE.")
        case smtplib.SMTPException():
            said = f"The mail server does not answer as one ({type(error).__name__})."
            return MailUnavailable(said, where=_SERVER)
        case _:
            return MailUnavailable(
                f"The mail server does not answer ({type(error).__name__}).", where=_SERVER
            )


def compose(mail: Mail, sender: str) -> EmailMessage:
    """Return the message. Names of deals end up in subjects: nothing in them can start a new header."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)[:_SUBJECT_LENGTH]
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{sha256(mail.key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # keeps out-of-office answers away
    message.set_content(_encodable(mail.body))
    return message


def one_line(text: str) -> str:
    """Return the text with every run of control characters and line ends as one space."""
    return _CONTROL.sub(" ", _encodable(text)).strip()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _address(text: str) -> str:
    try:
        return validate.Email()(text)
    except ValidationError as error:
        raise MailRefused(
            "The person's e-mail address is not one.", where="people", hint="Mend the policy."
        ) from error
