"""A queue that is asked: its task is the queue's, and each of its members who may answer is written to."""

from collections.abc import Sequence

from connector.directory import Directory
from connector.signoffs.ground import Ground
from connector.signoffs.people import bars, is_away
from connector.standing import Signoff


def readers(name: str, signoff: Signoff, ground: Ground) -> tuple[str, ...]:
    """Return who is written to where `name` is asked: the person; of a queue those members who may answer and
    are there, all who may where none is. Who is asked beside the queue has a mail of his own already."""
    policy, directory = ground.policy, ground.context.directory
    if name not in directory.queues:
        return (name,) if name in policy.people else ()
    barred = bars(ground)
    able = [one for one in directory.members.get(name, ()) if one not in barred and one not in signoff.asked]
    there = [one for one in able if not is_away(one, ground)]
    return tuple(there or able)


def by_mail(name: str, signoff: Signoff, ground: Ground) -> tuple[str, ...]:
    """Return who gets a mail at once: of a queue not those who want one mail a day, it has all."""
    found = readers(name, signoff, ground)
    if name not in ground.context.directory.queues:
        return found
    return tuple(one for one in found if ground.policy.people[one].digest is None)


def asked_as(person: str, asked: Sequence[str], directory: Directory) -> str | None:
    """Return the name by which the person is asked: his own, or a queue's that he is in; None where he is
    not."""
    if person in asked:
        return person
    queues = (name for name in asked if name in directory.queues)
    return next((name for name in queues if person in directory.members.get(name, ())), None)
