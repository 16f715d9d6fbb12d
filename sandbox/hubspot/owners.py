"""The people of the account who can own records."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sandbox.clock import iso
from sandbox.hubspot.errors import JsonObject, not_found


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can own records. `id` owns, `user_id` acts; an archived owner has left."""

    id: str
    user_id: str | None
    email: str
    first_name: str = ""
    last_name: str = ""
    archived: bool = False
    created_ms: int = 0
    kind: str = "PERSON"  # or QUEUE
    teams: tuple[str, ...] = ()

    def shown(self) -> JsonObject:
        """Return the owner as the owners API does."""
        active = int(self.user_id) if self.user_id and not self.archived else None
        return {
            "id": self.id,
            "email": self.email,
            "type": self.kind,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userId": active,
            "userIdIncludingInactive": int(self.user_id) if self.user_id else None,
            "createdAt": iso(self.created_ms),
            "updatedAt": iso(self.created_ms),
            "archived": self.archived,
            "teams": [
                {"id": str(place), "name": team, "primary": place == 1}
                for place, team in enumerate(self.teams, start=1)
            ],
        }


class Owners:
    """The owners of one account, by owner id."""

    def __init__(self) -> None:
        self._owners: dict[str, Owner] = {}

    @property
    def ids(self) -> Iterable[str]:
        return self._owners.keys()

    def add(self, owner: Owner) -> None:
        self._owners[owner.id] = owner

    def archive(self, owner_id: str) -> None:
        """Let somebody leave the company."""
        self._owners[owner_id] = replace(self._owners[owner_id], archived=True)

    def all(self, *, archived: bool = False, email: str | None = None) -> tuple[Owner, ...]:
        return tuple(
            owner
            for owner in self._owners.values()
            if owner.archived == archived and (email is None or owner.email.lower() == email.lower())
        )

    def get(self, name: str, *, by_user: bool = False, archived: bool = False) -> Owner:
        """Return an owner by owner id, or by user id; 404 where there is none."""
        for owner in self._owners.values():
            if (owner.user_id if by_user else owner.id) == name and owner.archived == archived:
                return owner
        raise not_found(f"Owner with id {name} does not exist.")
