"""Converts records of the catalogue into response schemas, in one language."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from app.catalogue.advice import Advice, AttachesTo
from app.catalogue.carrier_schemas import (
    CarrierBriefOut,
    CarrierOut,
    KnownBrandOut,
    MatchOut,
    NotCoveredOut,
    SearchHelpOut,
)
from app.catalogue.citations import all_sources
from app.catalogue.codes import CarrierKind, Device, Sale
from app.catalogue.content_presenter import ContentPresenter, related
from app.catalogue.documents import ProcedureContent
from app.catalogue.effort import effort
from app.catalogue.identification import NotCovered
from app.catalogue.naming import name_of
from app.catalogue.records import (
    CarrierView,
    EditionView,
    Match,
    ProcedureBrief,
    ProcedureView,
    RankedCarrier,
)
from app.catalogue.schemas import (
    AdviceOut,
    AppliesToOut,
    CarrierRef,
    PlanOut,
    ProcedureBriefOut,
    ProcedureLinks,
    ProcedureOut,
)
from app.catalogue.search_index import KnownBrand, SearchResult
from app.i18n import Language
from app.links import carrier_url, link, procedure_url
from app.messages.loader import translate

_NO_COUNTRY: Final = "ZZ"


def carrier_ref(carrier: CarrierView, language: Language) -> CarrierRef:
    """Return the carrier's id, name and address."""
    return CarrierRef(
        id=carrier.slug, name=carrier.document.name[language], url=carrier_url(carrier.slug)
    )


def carrier_brief(ranked: RankedCarrier, language: Language) -> CarrierBriefOut:
    """Return the short form of a carrier, with its match if there was a search."""
    carrier = ranked.carrier
    document = carrier.document
    return CarrierBriefOut(
        id=carrier.slug,
        name=document.name[language],
        kind=document.kind,
        audience=document.audience,
        products=document.products,
        match=_match_out(ranked.match, language) if ranked.match else None,
        url=carrier_url(carrier.slug),
    )


def _match_out(match: Match, language: Language) -> MatchOut:
    return MatchOut(
        kind=match.kind,
        text=match.text,
        weak=match.weak,
        note=match.note[language] if match.note else None,
    )


def known_brand(edition: EditionView, brand: KnownBrand, language: Language) -> KnownBrandOut:
    """Return the brand with a note of what is known about it."""
    countries = edition.identification.countries
    if brand.note:
        note = brand.note[language]
    elif brand.company:
        note = translate("search.brand_of_company", language, company=brand.company)
    elif brand.country in {None, _NO_COUNTRY}:
        note = translate("search.brand", language)
    else:
        country = countries[brand.country or ""][language]
        note = translate("search.brand_of_country", language, country=country)
    return KnownBrandOut(name=brand.name, weak=brand.weak, note=note)


def not_covered(
    edition: EditionView, rows: Iterable[NotCovered], language: Language
) -> list[NotCoveredOut]:
    """Return the kinds of contracts that are not covered, with where to get help."""
    kinds = edition.vocabulary.not_covered_kinds
    return [
        NotCoveredOut(
            kind=row.kind, name=name_of(row.kind, kinds, language), note=row.note[language]
        )
        for row in rows
    ]


def search_help(
    edition: EditionView, result: SearchResult, language: Language, *, has_weak_matches: bool
) -> SearchHelpOut:
    """Return next steps for a search that found no company for certain."""
    return SearchHelpOut(
        hint=translate("search.weak" if has_weak_matches else "search.nothing", language),
        not_covered=not_covered(edition, result.not_covered, language),
        identify=link("/v1/identify"),
        guide=link("/v1/guide?carrier=generic"),
    )


def carrier_out(
    edition: EditionView,
    carrier: CarrierView,
    briefs: Iterable[ProcedureBrief],
    language: Language,
) -> CarrierOut:
    """Return the carrier with the short forms of its procedures."""
    document = carrier.document
    presenter = ContentPresenter(language, document.sources, edition.vocabulary)
    return CarrierOut(
        edition=edition.number,
        language=language,
        id=carrier.slug,
        name=document.name[language],
        names={
            "en": document.name["en"],
            "ja": document.name["ja"],
            "zh-Hans": document.name["zh-Hans"],
        },
        aliases=document.aliases,
        operator=document.operator,
        designated_operator=(
            document.designated_operator.value if document.designated_operator else None
        ),
        kind=document.kind,
        networks=document.networks,
        audience=document.audience,
        products=document.products,
        contracts=document.contracts,
        website=document.website,
        scope=document.scope[language],
        plans=[PlanOut(id=plan, name=name[language]) for plan, name in document.plans.items()],
        contacts=[presenter.contact(contact) for contact in document.contacts],
        after_end=presenter.optional_claim(document.after_end),
        warnings=presenter.claims(document.warnings),
        conflicts=presenter.claims(document.conflicts),
        unknowns=[unknown.text[language] for unknown in document.unknowns],
        procedures=[procedure_brief(brief, language) for brief in briefs],
        sources=all_sources(document.sources),
        url=carrier_url(carrier.slug),
    )


def procedure_brief(brief: ProcedureBrief, language: Language) -> ProcedureBriefOut:
    """Return the short form of a procedure."""
    procedure = brief.procedure
    return ProcedureBriefOut(
        carrier=brief.carrier.slug,
        id=brief.slug,
        title=procedure.title[language],
        goal=procedure.goal,
        outcome=procedure.outcome,
        channel=procedure.channel,
        applies_to=_applies_to(procedure, brief.carrier, language),
        from_abroad=procedure.from_abroad,
        evidence=brief.evidence,
        revision=brief.number,
        url=procedure_url(brief.carrier.slug, brief.slug),
    )


def procedure_out(view: ProcedureView, language: Language) -> ProcedureOut:
    """Return the procedure with all its content."""
    content, carrier = view.content, view.carrier
    procedure = content.procedure
    presenter = ContentPresenter(language, content.sources, view.edition.vocabulary)
    address = procedure_url(carrier.slug, content.slug)
    return ProcedureOut(
        edition=view.edition.number,
        language=language,
        carrier=carrier_ref(carrier, language),
        id=content.slug,
        revision=content.number,
        newest_revision=view.newest_revision,
        title=procedure.title[language],
        goal=procedure.goal,
        outcome=procedure.outcome,
        channel=procedure.channel,
        applies_to=_applies_to(procedure, carrier, language),
        from_abroad=procedure.from_abroad,
        supporting=procedure.supporting,
        conditional=procedure.conditional,
        condition=presenter.optional_claim(procedure.condition),
        only_lacking=presenter.terms(procedure.only_lacking, presenter.vocabulary.needs),
        restores=presenter.terms(procedure.restores, presenter.vocabulary.needs),
        evidence=content.evidence,
        effort=presenter.effort(effort(procedure, content.steps)),
        steps=[presenter.step(position, step) for position, step in enumerate(content.steps, 1)],
        documents=presenter.papers(procedure.documents),
        acceptance=presenter.optional_claim(procedure.acceptance),
        deadline=presenter.optional_claim(procedure.deadline),
        takes_effect=presenter.optional_claim(procedure.takes_effect),
        confirmation=presenter.optional_claim(procedure.confirmation),
        duration=presenter.optional_claim(procedure.duration),
        timing=[presenter.rule(rule) for rule in procedure.timing],
        fees=[
            presenter.fee(fee, carrier.slug, procedure.billing.price_jpy) for fee in procedure.fees
        ],
        still_charged=presenter.claims(procedure.still_charged),
        billing=presenter.billing(procedure.billing),
        return_items=presenter.return_items(procedure.return_items),
        warnings=presenter.claims(procedure.warnings),
        conflicts=presenter.claims(procedure.conflicts),
        unknowns=[unknown.text[language] for unknown in procedure.unknowns],
        advice=_advice(procedure, carrier.kind, view.edition, language),
        related=[related(address, carrier.slug) for address in procedure.related],
        sources=all_sources(content.sources),
        compiled_on=procedure.compiled_on,
        live_checked_on=procedure.live_checked_on,
        links=ProcedureLinks(
            self=address, carrier=carrier_url(carrier.slug), revisions=f"{address}/revisions"
        ),
    )


def _advice(
    procedure: ProcedureContent, kind: CarrierKind, edition: EditionView, language: Language
) -> list[AdviceOut]:
    presenter = ContentPresenter(language, edition.advice.sources, edition.vocabulary)
    return [presenter.advice(advice) for advice in advice_for(procedure, kind, edition)]


def advice_for(
    procedure: ProcedureContent, kind: CarrierKind, edition: EditionView
) -> list[Advice]:
    """Return the advice to show with a procedure of a carrier of this kind."""
    return [
        advice for advice in edition.advice.advice if _attaches(advice.attaches_to, procedure, kind)
    ]


def _attaches(attaches_to: AttachesTo, procedure: ProcedureContent, kind: CarrierKind) -> bool:
    """Return whether the procedure matches every non-empty list."""
    pairs: tuple[tuple[Collection[Any], Iterable[Any]], ...] = (
        (attaches_to.goals, [procedure.goal]),
        (attaches_to.outcomes, [procedure.outcome]),
        (attaches_to.products, procedure.applies_to.products),
        (attaches_to.contracts, procedure.applies_to.contracts),
        (attaches_to.channels, [procedure.channel]),
        (attaches_to.kinds, [kind]),
        (attaches_to.applicants, procedure.applies_to.applicants),
        (attaches_to.devices, procedure.applies_to.devices or tuple(Device)),
        (attaches_to.sales, procedure.applies_to.sales or tuple(Sale)),
    )
    return all(not required or set(required) & set(actual) for required, actual in pairs)


def _applies_to(
    procedure: ProcedureContent, carrier: CarrierView, language: Language
) -> AppliesToOut:
    names = carrier.document.plans
    applies_to = procedure.applies_to
    return AppliesToOut(
        products=applies_to.products,
        contracts=applies_to.contracts,
        plans=[
            PlanOut(id=plan, name=names[plan][language] if plan in names else plan)
            for plan in applies_to.plans
        ],
        applicants=applies_to.applicants,
        lines=applies_to.lines,
        sales=applies_to.sales,
        devices=applies_to.devices,
    )
