"""What is wrong with a text that is no YAML, in words for whoever wrote it."""

import re

import yaml

_OPEN = "what opens in line {begin} is not closed before this; write {found}, or put a text that holds one of"
_BEGINS = "found {found}, with which no text begins; put the text between quotes, and look whether"
_SAID = (  # what the parser's own words hold, and what whoever wrote the file can do about it
    (r"found character '\\t'", "found a tab; indent with spaces"),
    ("mapping values are not allowed", "found another colon in the line; put the text between quotes"),
    ("expected <block end>", "the line is indented otherwise than those above it; begin them in one column"),
    (r"expected ',' or '(.)'", f"{_OPEN} : , # [ ] {{{{ }}}} between quotes"),
    ("unexpected end of stream", "a quote that opens in line {begin} is not closed"),
    ("unexpected document separator", "a quote that opens in line {begin} is not closed"),
    ("expected alphabetic or numeric", "found a text that begins with * or &; put it between quotes"),
    (r"character '(.)' that cannot start", f"{_BEGINS} a quote or bracket before it is closed"),
    ("could not find expected ':'", "found no colon in line {begin}; write `key: value`"),
    ("escape", "found a backslash between double quotes; take single ones"),
)


def unreadable(error: yaml.MarkedYAMLError) -> str:
    """Say what is wrong; in the parser's words where ours know nothing better."""
    problem = error.problem or error.context or "it cannot be parsed"
    begin = error.context_mark.line + 1 if error.context_mark else 1
    for pattern, said in _SAID:
        found = re.search(pattern, problem)
        if found:
            return said.format(begin=begin, found=found[1] if found.re.groups else "")
    return problem
