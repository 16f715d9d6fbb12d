"""What is wrong with a policy, all of it at once: file:line, the path, what was found and what is allowed."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from connector.errors import ConfigurationError

_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; `path` names the place: `gates.contract.stage`."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


@dataclass(slots=True, eq=False)
class PolicyInvalid(ConfigurationError):
    """The policy cannot be used; `problems` holds every reason, in the order of the file."""

    reason: str = "policy-invalid"
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, problems: Collection[Problem]) -> "PolicyInvalid":
        """Make the error of these problems."""
        ordered = tuple(sorted(set(problems)))
        return cls("\n".join(map(str, ordered)), problems=ordered)


def shown(found: object) -> str:
    """Write what was found, shortened."""
    match found:
        case None | "":
            return "nothing"
        case dict():
            return "a block of keys"
        case []:
            return "an empty list"
        case list():
            return "a list"
        case _:
            text = str(found)
            return f'"{text}"' if len(text) <= 60 else f'"{text[:57]}..."'


def one_of(found: object, allowed: Collection[str]) -> str:
    """Write what is allowed, with the nearest name where the found one looks misspelt."""
    names = [str(name) for name in allowed]
    if not names:
        return "nothing yet: none is defined"
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    listed = f"one of {', '.join(names[:_MOST_SHOWN])}{more}" if len(names) > 1 else names[0]
    return f"{listed}{meant(found, names)}"


def nearest(found: object, names: Collection[str]) -> str | None:
    """Return the name that was most likely meant, None where none is near."""
    folded = {name.casefold(): name for name in names}
    if not isinstance(found, str) or len(found) > 200:
        return None
    near = get_close_matches(found.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def meant(found: object, names: Collection[str]) -> str:
    """Ask for the name that was most likely meant; nothing where none is near."""
    near = nearest(found, names)
    return f". Did you mean {near}?" if near else ""
