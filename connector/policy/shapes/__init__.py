"""The marshmallow fields of a policy file. Every message says what was found and what is allowed."""

from connector.policy.shapes.blocks import MOST_ROWS, Block, Brief, Many, Named, Of, block
from connector.policy.shapes.said import Loaded, Said
from connector.policy.shapes.texts import Choice, Currency, Identity, Like, Pattern, Text, Words
from connector.policy.shapes.values import Day, Flag, Money, Number, Percent, Whole

__all__ = [
    "MOST_ROWS",
    "Block",
    "Brief",
    "Choice",
    "Currency",
    "Day",
    "Flag",
    "Identity",
    "Like",
    "Loaded",
    "Many",
    "Money",
    "Named",
    "Number",
    "Of",
    "Pattern",
    "Percent",
    "Said",
    "Text",
    "Whole",
    "Words",
    "block",
]
