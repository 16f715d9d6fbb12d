"""A verdict in words: one sentence for the badge, a table for the terminal, a tree for machines."""

from connector.explain.panel import panel
from connector.explain.sentence import LONGEST, sentence
from connector.explain.tree import table, tree
from connector.explain.who import by, limits, named, waiting_on

__all__ = ["LONGEST", "by", "limits", "named", "panel", "sentence", "table", "tree", "waiting_on"]
