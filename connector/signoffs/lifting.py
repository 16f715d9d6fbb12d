"""A no that stands, and who may take it back."""

from connector.signoffs.cover import vetoes
from connector.signoffs.ground import Ground
from connector.signoffs.obstacles import rights
from connector.standing import Signoff, SignoffState


def standing_vetoes(ground: Ground) -> tuple[Signoff, ...]:
    """Return the answers that stop the deal as it is now, in the order in which they were asked for."""
    refused = (one for one in ground.context.standing.signoffs if one.state is SignoffState.REJECTED)
    return tuple(one for one in refused if vetoes(one, ground))


def may_lift(veto: Signoff, ground: Ground) -> tuple[str, ...]:
    """Return the people of the policy whose yes would lift it now."""
    return tuple(person for person in ground.policy.people if rights(person, (veto,), ground))
