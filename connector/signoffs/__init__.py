"""Sign-offs: who may give one, what it covers, when it is due, and how an answer moves it."""

from connector.signoffs.answers import Counted, Heard, Hearing, count
from connector.signoffs.states import ALLOWED, FINAL, moved

__all__ = ["ALLOWED", "FINAL", "Counted", "Heard", "Hearing", "count", "moved"]
