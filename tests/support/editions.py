"""A published edition as the presenters see it, without a database."""

import datetime as dt

from app.catalogue.advice import AdviceDocument
from app.catalogue.documents import CarrierDocument
from app.catalogue.identification import IdentificationDocument
from app.catalogue.records import CarrierView, EditionView
from app.catalogue.regulation import RegulationDocument
from tests.support import builders


def edition(
    *,
    advice: AdviceDocument | None = None,
    identification: IdentificationDocument | None = None,
    regulation: RegulationDocument | None = None,
) -> EditionView:
    """Return an edition with the project's vocabulary and these documents."""
    return EditionView(
        1,
        dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
        builders.vocabulary(),
        advice or AdviceDocument(advice=(), sources=()),
        identification or IdentificationDocument(),
        regulation or RegulationDocument(),
    )


def carrier_view(slug: str = "example", **fields: object) -> CarrierView:
    """Return a carrier whose file has these fields."""
    document = CarrierDocument.model_validate(builders.carrier(**fields))
    return CarrierView(1, slug, document.kind, document)
