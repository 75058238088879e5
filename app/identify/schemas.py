"""Response schemas of the identification."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, Field

from app.catalogue.carrier_schemas import NotCoveredOut
from app.catalogue.citations import cited_sources
from app.catalogue.codes import GENERIC_CARRIER, Clue, Confidence, Identity, Role
from app.catalogue.identification import IdentificationDocument
from app.catalogue.records import EditionView
from app.catalogue.schemas import CarrierRef, CatalogueResponse, SourceOut
from app.i18n import Language, LocalizedText
from app.identify.identification import Candidate, Identification, Reason
from app.links import carrier_url, link
from app.messages.keys import MessageKey
from app.messages.loader import translate


class ReasonOut(BaseModel):
    """Why a company is a candidate."""

    clue: Clue = Field(description="The clue from which the reason follows.")
    reason: str = Field(description="The reason as a sentence.")
    note: str | None = Field(description="What else the sources say about it; null if nothing.")
    sources: list[str] = Field(
        description="Ids in `sources` of this response; empty if the reason is a name in the "
        "catalogue."
    )


class CandidateOut(BaseModel):
    """A company and its role for the SIM."""

    role: Role
    carrier: CarrierRef | None = Field(description="Null if the company is not in the catalogue.")
    name: str
    confidence: Confidence
    because: list[ReasonOut] = Field(description="Why the company is a candidate.")


class NextClueOut(BaseModel):
    """The clue to look for next."""

    clue: Clue
    name: str = Field(description="The clue in words.")
    where: str = Field(description="Where to find the clue.")


class IdentificationOut(CatalogueResponse):
    """The companies that can be behind a SIM."""

    state: Identity
    explanation: str = Field(description="The state as a sentence.")
    candidates: list[CandidateOut] = Field(description="The most likely first.")
    next_clue: NextClueOut | None = Field(
        description="Null if the company is identified, or no other clue can help."
    )
    guide: str = Field(
        description="URL of the guide for the identified carrier or, if none is identified, for "
        "`generic`."
    )
    not_covered: list[NotCoveredOut] = Field(
        description="Kinds of contracts named in `words` that this service does not cover."
    )
    sources: list[SourceOut] = Field(description="The sources that the reasons cite.")

    @classmethod
    def of(
        cls,
        edition: EditionView,
        identification: Identification,
        names: Mapping[str, LocalizedText],
        not_covered: list[NotCoveredOut],
        language: Language,
    ) -> "IdentificationOut":
        """Return the identification in the language; `names` has the carriers' names by id."""
        document = edition.identification
        candidates = [
            _candidate(candidate, names, document, language)
            for candidate in identification.candidates
        ]
        cited = {
            source
            for candidate in candidates
            for reason in candidate.because
            for source in reason.sources
        }
        best_brand = next(
            (
                candidate
                for candidate in candidates
                if candidate.role is Role.BRAND and candidate.carrier
            ),
            None,
        )
        identified = best_brand if identification.state is Identity.IDENTIFIED else None
        carrier_id = identified.carrier.id if identified and identified.carrier else GENERIC_CARRIER
        return cls(
            edition=edition.number,
            language=language,
            state=identification.state,
            explanation=_explain(identification, candidates, language),
            candidates=candidates,
            next_clue=_next_clue(identification.next_clue, edition, language),
            guide=link(f"/v1/guide?carrier={carrier_id}"),
            not_covered=not_covered,
            sources=cited_sources(document.sources, cited),
        )


def _candidate(
    candidate: Candidate,
    names: Mapping[str, LocalizedText],
    document: IdentificationDocument,
    language: Language,
) -> CandidateOut:
    slug, name, carrier = candidate.carrier, candidate.name, None
    if slug is not None and slug in names:
        name = names[slug][language]
        carrier = CarrierRef(id=slug, name=name, url=carrier_url(slug))
    return CandidateOut(
        role=candidate.role,
        carrier=carrier,
        name=name,
        confidence=candidate.confidence,
        because=[_reason(reason, document, language) for reason in candidate.because],
    )


def _reason(reason: Reason, document: IdentificationDocument, language: Language) -> ReasonOut:
    values = dict(reason.values)
    if "country" in values:
        values["country"] = document.countries[values["country"]][language]
    return ReasonOut(
        clue=reason.clue,
        reason=translate(_REASONS[reason.key], language, **values),
        note=reason.note[language] if reason.note else None,
        sources=list(reason.sources),
    )


def _next_clue(clue: Clue | None, edition: EditionView, language: Language) -> NextClueOut | None:
    where = next(
        (row.where[language] for row in edition.identification.where_to_look if row.clue is clue),
        None,
    )
    if clue is None or where is None:
        return None
    return NextClueOut(clue=clue, name=edition.vocabulary.clues[clue].name[language], where=where)


def _explain(
    identification: Identification, candidates: list[CandidateOut], language: Language
) -> str:
    if identification.contradictory:
        return translate("identify.contradictory", language)
    role = Role.BRAND if identification.state is Identity.IDENTIFIED else Role.ISSUER
    name = next((candidate.name for candidate in candidates if candidate.role is role), "")
    if identification.state is Identity.ROAMING_FOREIGN and not name:
        return translate("identify.roaming_unnamed", language)
    return translate(_STATES[identification.state], language, name=name)


_STATES: Final[Mapping[Identity, MessageKey]] = {
    Identity.IDENTIFIED: "identify.identified",
    Identity.AMBIGUOUS: "identify.ambiguous",
    Identity.ROAMING_FOREIGN: "identify.roaming_foreign",
    Identity.ISSUER_ONLY: "identify.issuer_only",
    Identity.NOT_IDENTIFIED: "identify.not_identified",
}

_REASONS: Final[Mapping[str, MessageKey]] = {
    "words": "identify.reason.words",
    "name": "identify.reason.name",
    "product": "identify.reason.product",
    "variant": "identify.reason.variant",
    "variant_of": "identify.reason.variant_of",
    "shop": "identify.reason.shop",
    "name_or_network": "identify.reason.name_or_network",
    "apn_unconfirmed": "identify.reason.apn_unconfirmed",
    "apn": "identify.reason.apn",
    "apn_shared": "identify.reason.apn_shared",
    "apn_user": "identify.reason.apn_user",
    "sim_network": "identify.reason.sim_network",
    "iccid_prefix": "identify.reason.iccid_prefix",
    "smdp_host": "identify.reason.smdp_host",
    "smdp_label": "identify.reason.smdp_label",
    "visited_network": "identify.reason.visited_network",
}
"""The sentence for each key of a `Reason`."""
