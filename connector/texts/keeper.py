"""Mails to whoever keeps the record of an account."""


def anchor_subject(account: str, entries: int) -> str:
    counted = "1 entry" if entries == 1 else f"{entries} entries"
    return f"Dealgate: {account} has {counted} on record"


def anchor_body(account: str, head: str) -> str:
    return (
        f"Keep this mail. It proves later that the record of {account} was not rewritten and its end not cut"
        f" off:\n\n{head}\n\nTo check it: dealgate ledger verify --anchor {head}"
    )
