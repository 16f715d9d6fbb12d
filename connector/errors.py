"""The one error hierarchy: each error has a stable kebab-case reason and says where and what to do."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class DealgateError(Exception):
    """Say what was wrong, where (file:line, field, deal) and what to do about it."""

    message: str
    where: str = ""
    hint: str = ""
    reason: str = "dealgate-error"

    @property
    def placed(self) -> str:
        """What was wrong, and where."""
        return f"{self.where}: {self.message}" if self.where else self.message

    def __str__(self) -> str:
        return f"{self.placed} {self.hint}".rstrip()


@dataclass(slots=True, eq=False)
class ConfigurationError(DealgateError):
    """A setting, the policy or a command's input is wrong; the command line exits with 2."""

    reason: str = "configuration-invalid"


@dataclass(slots=True, eq=False)
class PolicyUnreadable(ConfigurationError):
    """A published policy is one that this version of Dealgate does not read any more."""

    reason: str = "policy-unreadable"


@dataclass(slots=True, eq=False)
class CrmError(DealgateError):
    """A call to the CRM did not give an answer that can be used."""

    reason: str = "crm-error"


@dataclass(slots=True, eq=False)
class CrmUnavailable(CrmError):
    """The CRM is down, slow, or refuses for a while; worth trying again after `retry_after` seconds."""

    reason: str = "crm-unavailable"
    retry_after: float = 0.0


@dataclass(slots=True, eq=False)
class CrmRefused(CrmError):
    """The CRM refuses for good until an admin acts: token, scope, permission."""

    reason: str = "crm-refused"


@dataclass(slots=True, eq=False)
class StoreUnavailable(DealgateError):
    """The database does not answer."""

    reason: str = "store-unavailable"


@dataclass(slots=True, eq=False)
class StoreUnusable(StoreUnavailable):
    """The database will not answer until somebody changes something: its file, a right, a setting."""


@dataclass(slots=True, eq=False)
class LeaseLost(DealgateError):
    """Another worker has taken over; nothing of this batch may be committed."""

    reason: str = "lease-lost"
