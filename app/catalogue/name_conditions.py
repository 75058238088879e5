"""SQL conditions for finding a carrier by its names, which are stored folded."""

from sqlalchemy import ColumnElement, case, literal
from sqlmodel import col, func, or_, select

from app.catalogue import search
from app.catalogue.models import Carrier, CarrierName


def match_rank(query: str) -> ColumnElement[int]:
    """Return how well the best name of a carrier matches the query.

    0 if it is the query, 1 if it begins with it, 2 if it holds it, 3 otherwise.
    """
    whole = search.fold(query)
    quality = case(
        (col(CarrierName.folded) == whole, 0), (_named_like(f"{_escaped(whole)}%"), 1), else_=2
    )
    best = (
        select(func.min(quality))
        .where(CarrierName.carrier_id == Carrier.id, _named_like(f"%{_escaped(whole)}%"))
        .correlate(Carrier)
        .scalar_subquery()
    )
    return func.coalesce(best, 3)


def matches_name(query: str) -> ColumnElement[bool]:
    """Return the condition that names of a carrier hold the query, or each of its words."""
    whole = search.fold(query)
    if not whole:
        return literal(value=False)
    every_word: ColumnElement[bool] = literal(value=True)
    for word in search.words(query):
        every_word = every_word & _name_holds(word)
    return or_(_name_holds(whole), every_word)


def _name_holds(part: str) -> ColumnElement[bool]:
    return (
        select(CarrierName.carrier_id)
        .where(CarrierName.carrier_id == Carrier.id, _named_like(f"%{_escaped(part)}%"))
        .correlate(Carrier)
        .exists()
    )


def _named_like(pattern: str) -> ColumnElement[bool]:
    return col(CarrierName.folded).like(pattern, escape="\\")


def _escaped(folded: str) -> str:
    return folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
