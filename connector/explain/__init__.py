"""A verdict in words: one sentence for the badge, a tree for the terminal, the panel for machines."""

from connector.explain.alone import alone
from connector.explain.nodes import json as node_json
from connector.explain.nodes import lines as node_lines
from connector.explain.nodes import nodes
from connector.explain.panel import panel, told
from connector.explain.sentence import LONGEST, Decided, sentence
from connector.explain.tree import table, tree
from connector.explain.who import by, limits, named, waiting_on

__all__ = [
    "LONGEST",
    "Decided",
    "alone",
    "by",
    "limits",
    "named",
    "node_json",
    "node_lines",
    "nodes",
    "panel",
    "sentence",
    "table",
    "told",
    "tree",
    "waiting_on",
]
