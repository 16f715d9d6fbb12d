"""Ids in paths: digits only, as HubSpot writes them."""

from werkzeug.routing import BaseConverter


class Digits(BaseConverter):
    """An id of a HubSpot record."""

    regex = "[0-9]{1,20}"
