"""Whether the people whom blocking gates wait for can be reached: else such a gate shuts for good."""

from collections.abc import Iterator

from connector.adapters.base import Symptom
from connector.desk import Desk
from connector.directory import Directory
from connector.mail import MailRefused, MailUnavailable
from connector.policy.model import OWNER_MANAGER, Mode, Policy, Role


def people(policy: Policy, directory: Directory) -> Iterator[Symptom]:
    """Look at every role that a blocking gate may ask."""
    for name in sorted(_asked(policy)):
        role = policy.roles[name]
        managers = OWNER_MANAGER in role.holders
        asked = _managers(policy) if managers else role.holders
        away = [person for person in asked if not directory.reachable(person)]
        # Any holder may answer for a role; a rep has one manager only.
        well = not away if managers else len(away) < len(asked)
        said, hint = _said(asked, away), _hint(role, well=well)
        yield Symptom(f"people: {role.label}", well=well, message=said, hint=hint)


def mail(desk: Desk, policy: Policy | None) -> Iterator[Symptom]:
    """Look whether approvers hear of it by mail, too."""
    if desk.settings.smtp_url is None:
        well = policy is None or not _asked(policy)
        hint = "A blocking gate asks people: set DEALGATE_SMTP_URL, so that they hear of it."
        message = "printed only, since DEALGATE_SMTP_URL is not set"
        yield Symptom("mail", well=well, message=message, hint="" if well else hint)
        return
    try:
        desk.mailer.check()
    except (MailUnavailable, MailRefused) as error:
        yield Symptom(
            "mail", well=False, message=error.message, hint=error.hint or "Check DEALGATE_SMTP_URL."
        )
    else:
        yield Symptom("mail", well=True, message="the mail server answers")


def _asked(policy: Policy) -> set[str]:
    blocking = {name for gate in policy.gates if Mode.BLOCK in gate.modes for name in gate.matrices}
    return {role for name in blocking for row in policy.matrices[name].rows for role in row.roles}


def _managers(policy: Policy) -> tuple[str, ...]:
    return tuple(sorted({person.manager for person in policy.people.values() if person.manager}))


def _said(asked: tuple[str, ...], away: list[str]) -> str:
    said = f"{len(asked) - len(away)} of {len(asked)} are active users of the CRM"
    return f"{said}; not: {', '.join(away)}" if away else said


def _hint(role: Role, *, well: bool) -> str:
    if well:
        return ""
    return f"Name an active user in the policy ({role.where}), by e-mail or user id: else nobody can sign."
