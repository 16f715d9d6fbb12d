"""`dealgate openapi`: the contract of the card's API."""

from importlib.metadata import version

import click
import orjson

from webhooks.cards.openapi import document


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the card's API (docs/cards.md)."""
    click.echo(orjson.dumps(document(version("dealgate")), option=orjson.OPT_INDENT_2).decode())
