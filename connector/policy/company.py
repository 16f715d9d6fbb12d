"""Build what is sold: the standard offering."""

from connector.policy.model import Offering, Product, folded
from connector.policy.shapes import Loaded
from connector.policy.source import Path, Source


def offering(source: Source, given: Loaded, currency: str | None) -> Offering:
    """Return the standard offering; each spelling belongs to one product."""
    products: list[Product] = []
    by_name: dict[str, Product] = {}
    for place, one in enumerate(given.get("products", ())):
        path: Path = ("offering", "products", place)
        if source.broken(path):
            continue
        product = _product(source, path, one, given.get("currency", currency))
        for name in sorted(product.names):
            other = by_name.setdefault(name, product)
            if other is not product:
                source.problem(
                    path, f'found the name or sku "{name}", which is already that of {other.label}'
                )
        products.append(product)
    return Offering(tuple(products), by_name)


def _product(source: Source, path: Path, given: Loaded, currency: str | None) -> Product:
    price, named = given.get("list_price", (None, None))
    if price is not None and price <= 0:
        source.problem((*path, "list-price"), "found no price; allowed: more than 0")
    if price is not None and (named or currency) is None:
        source.problem((*path, "list-price"), "found an amount without a currency; write it as EUR 50,000")
    label: str = given["label"]
    sku: str = given.get("sku", label)
    names = frozenset(folded(name) for name in (sku, label, *given.get("also", ())))
    return Product(sku, label, names, price, named or currency)
