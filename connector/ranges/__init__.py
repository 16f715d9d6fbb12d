"""The clear range: the values of a deal's own fields inside which it is clear now.

A box: for each field a lowest and a highest value, ends included. It grows from a clear point along the
limits that rules and answers name, the only places where the engine's answer can change; between two of them
one point stands for all. Every point of the box is tried by the engine before it counts.
"""

from connector.ranges.axes import ranged, sides
from connector.ranges.box import Point, Tried
from connector.ranges.search import find
from connector.ranges.text import read, write

__all__ = ["Point", "Tried", "find", "ranged", "read", "sides", "write"]
