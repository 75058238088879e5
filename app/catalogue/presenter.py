"""Turns records of the catalogue into responses, in one language."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from app.catalogue import documents, evidence
from app.catalogue.advice import Advice, AttachesTo
from app.catalogue.carrier_schemas import (
    CarrierBriefOut,
    CarrierOut,
    ContactOut,
    KnownBrandOut,
    MatchOut,
    NotCoveredOut,
    PhoneOut,
    SearchHelpOut,
)
from app.catalogue.charges import Billing, Fee
from app.catalogue.citations import all_sources
from app.catalogue.codes import CarrierKind, Device, Evidence, FeeKind, Sale
from app.catalogue.documents import Claim, ProcedureContent, Source
from app.catalogue.effort import Effort, effort
from app.catalogue.identification import NotCovered
from app.catalogue.naming import name_of
from app.catalogue.phone_numbers import effective_from_abroad
from app.catalogue.records import (
    CarrierView,
    EditionView,
    ProcedureBrief,
    ProcedureView,
    RankedCarrier,
)
from app.catalogue.schemas import (
    AdviceOut,
    AmountOut,
    AppliesToOut,
    BillingOut,
    CarrierRef,
    ClaimOut,
    EffortOut,
    EffortReasonOut,
    FeeOut,
    LinkOut,
    NeedOut,
    PaperOut,
    PhraseOut,
    PlanOut,
    ProcedureBriefOut,
    ProcedureLinks,
    ProcedureOut,
    RelatedOut,
    ReturnItemsOut,
    StepOut,
    TermOut,
)
from app.catalogue.search_index import KnownBrand, SearchResult
from app.catalogue.timing_rules import TimingRule
from app.catalogue.vocabulary import Term, VocabularyDocument
from app.i18n import Language, LocalizedText
from app.links import carrier_url, fee_check_url, link, procedure_url
from app.messages.loader import translate

_NO_COUNTRY: Final = "ZZ"


class ContentPresenter:
    """Presents parts of a document with its sources and the names of codes."""

    def __init__(
        self, language: Language, sources: Iterable[Source], vocabulary: VocabularyDocument
    ) -> None:
        """Present in the language what cites these sources and uses this vocabulary."""
        self.language: Language = language
        self.vocabulary = vocabulary
        self._sources = {source.id: source for source in sources}

    def grade(self, ids: Iterable[str]) -> Evidence:
        """Return how well a claim that cites these ids is backed."""
        return evidence.grade(self._sources[source] for source in ids)

    def text(self, text: LocalizedText | None) -> str | None:
        """Return the text in the language, if there is one."""
        return text[self.language] if text else None

    def claim(self, claim: Claim) -> ClaimOut:
        """Return the claim in the language."""
        return ClaimOut(
            text=claim.text[self.language],
            sources=claim.sources,
            evidence=self.grade(claim.sources),
        )

    def optional_claim(self, claim: Claim | None) -> ClaimOut | None:
        """Return the claim in the language, if there is one."""
        return self.claim(claim) if claim else None

    def claims(self, claims: Iterable[Claim]) -> list[ClaimOut]:
        """Return the claims in the language."""
        return [self.claim(claim) for claim in claims]

    def term(self, code: str, names: Mapping[str, Term]) -> TermOut:
        """Return the code with its name; a code that has left the vocabulary is its own name."""
        return TermOut(code=code, name=name_of(code, names, self.language))

    def terms(self, codes: Iterable[str], names: Mapping[str, Term]) -> list[TermOut]:
        """Return the codes with their names."""
        return [self.term(code, names) for code in codes]

    def need(self, code: str, step: documents.Step) -> NeedOut:
        """Return a need of the step with what replaces it, in the step or anywhere."""
        names = self.vocabulary.needs
        anywhere = names[code].replaced_by if code in names else ()
        return NeedOut(
            **dict(self.term(code, names)),
            replaced_by=[
                self.terms(replacement, names)
                for replacement in (*step.replaced_by.get(code, ()), *anywhere)
            ],
        )

    def papers(self, papers: Iterable[documents.Paper]) -> list[PaperOut]:
        """Return the papers of a procedure."""
        names = self.vocabulary.documents
        return [
            PaperOut(
                **dict(self.term(paper.code, names)),
                instead_of=self.terms(paper.instead_of, names),
                only_with=self.terms(paper.only_with, names),
            )
            for paper in papers
        ]

    def step(self, position: int, step: documents.Step) -> StepOut:
        """Return the step in the language."""
        return StepOut(
            key=step.key,
            position=position,
            phase=step.phase,
            actor=step.actor,
            title=step.title[self.language],
            detail=step.detail[self.language],
            needs=[self.need(need, step) for need in step.needs],
            screen_words=[self._phrase(phrase) for phrase in step.screen_words],
            say=[self._phrase(phrase) for phrase in step.say],
            irreversible=step.irreversible,
            loses=self.terms(step.loses, self.vocabulary.losses),
            requires=step.requires,
            optional=step.optional,
            links=[LinkOut(url=link.url, title=link.title[self.language]) for link in step.links],
            sources=step.sources,
            evidence=self.grade(step.sources),
        )

    def fee(self, fee: Fee, carrier: str, price_jpy: int | None) -> FeeOut:
        """Return the fee in the language; `price_jpy` is what a period costs, where it is known."""
        return FeeOut(
            what=fee.what[self.language],
            kind=fee.kind,
            amount=AmountOut(**vars(fee.amount)) if fee.amount else None,
            condition=self.text(fee.condition),
            period=fee.period,
            check=_fee_check(fee, carrier, price_jpy),
            sources=fee.sources,
            evidence=self.grade(fee.sources),
        )

    def rule(self, rule: TimingRule) -> dict[str, Any]:
        """Return the timing rule with its note in the language, and how well it is backed."""
        return {
            **rule.model_dump(mode="json"),
            "note": self.text(rule.note),
            "evidence": self.grade(rule.sources),
        }

    def billing(self, billing: Billing) -> BillingOut:
        """Return how the end is billed, with its note in the language."""
        return BillingOut(**self._with_note(billing))

    def return_items(self, return_items: documents.ReturnItems) -> ReturnItemsOut:
        """Return what has to be returned, with its note in the language."""
        return ReturnItemsOut(**self._with_note(return_items))

    def effort(self, effort: Effort) -> EffortOut:
        """Return the effort with its reasons named."""
        names = self.vocabulary.effort_reasons
        return EffortOut(
            score=effort.score,
            reasons=[
                EffortReasonOut(code=code, name=names[code].name[self.language], weight=weight)
                for code, weight in effort.reasons.items()
            ],
        )

    def contact(self, contact: documents.Contact) -> ContactOut:
        """Return the contact in the language."""
        phone = contact.phone
        return ContactOut(
            channel=contact.channel,
            address=contact.address,
            phone=PhoneOut(**phone._asdict()) if phone else None,
            label=contact.label[self.language],
            topics=contact.topics,
            languages=contact.languages,
            from_abroad=effective_from_abroad(contact.from_abroad, phone),
            hours=contact.hours,
            sources=contact.sources,
            evidence=self.grade(contact.sources),
        )

    def advice(self, advice: Advice) -> AdviceOut:
        """Return the advice in the language."""
        return AdviceOut(
            key=advice.key,
            kind=advice.kind,
            title=advice.title[self.language],
            text=advice.text[self.language],
            evidence=self.grade(advice.sources),
            procedures=[related(address) for address in advice.procedures],
        )

    def _with_note(self, part: Billing | documents.ReturnItems) -> dict[str, Any]:
        return {
            **vars(part),
            "note": self.text(part.note),
            "evidence": self.grade(part.sources) if part.sources else None,
        }

    def _phrase(self, phrase: documents.Phrase) -> PhraseOut:
        return PhraseOut(ja=phrase.ja, meaning=phrase.meaning.get(self.language))


def related(address: str, carrier: str = "") -> RelatedOut:
    """Return the procedure that `carrier/procedure` names, or `procedure` alone of this carrier."""
    owner, _, procedure = address.rpartition("/")
    return RelatedOut(
        carrier=owner or carrier,
        procedure=procedure,
        url=procedure_url(owner or carrier, procedure),
    )


def carrier_ref(carrier: CarrierView, language: Language) -> CarrierRef:
    """Return the carrier by name and address."""
    return CarrierRef(
        id=carrier.slug, name=carrier.document.name[language], url=carrier_url(carrier.slug)
    )


def carrier_brief(ranked: RankedCarrier, language: Language) -> CarrierBriefOut:
    """Return the carrier as lists show it, with what a search found it by."""
    carrier, match = ranked.carrier, ranked.match
    document = carrier.document
    return CarrierBriefOut(
        id=carrier.slug,
        name=document.name[language],
        kind=document.kind,
        audience=document.audience,
        products=document.products,
        match=MatchOut(
            kind=match.kind,
            text=match.text,
            weak=match.weak,
            note=match.note[language] if match.note else None,
        )
        if match
        else None,
        url=carrier_url(carrier.slug),
    )


def known_brand(edition: EditionView, brand: KnownBrand, language: Language) -> KnownBrandOut:
    """Return the brand, with what is known of it."""
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
    """Return the kinds of contracts that are not covered, in the language."""
    kinds = edition.vocabulary.not_covered_kinds
    return [
        NotCoveredOut(
            kind=row.kind, name=name_of(row.kind, kinds, language), note=row.note[language]
        )
        for row in rows
    ]


def search_help(
    edition: EditionView, result: SearchResult, language: Language, *, found: bool
) -> SearchHelpOut:
    """Return what to do where no company is found for sure; `found`: there are weak ones."""
    return SearchHelpOut(
        hint=translate("search.weak" if found else "search.nothing", language),
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
    """Return the carrier with its procedures in brief."""
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
    """Return the procedure as lists show it."""
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
    """Return the procedure with everything that is known of it."""
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


def _fee_check(fee: Fee, carrier: str, price_jpy: int | None) -> str | None:
    amount = fee.amount
    if fee.kind is not FeeKind.EARLY_CANCELLATION or (amount is not None and amount.exact == 0):
        return None
    if amount is None:
        return fee_check_url(carrier)
    if amount.currency != "JPY":
        return None
    # The caps are with tax: an amount without it would look lower than it is.
    is_comparable = amount.tax != "excluded" and amount.per == "once"
    quoted_jpy = int(amount.exact) if is_comparable and amount.exact is not None else None
    return fee_check_url(carrier, quoted_jpy=quoted_jpy, monthly_price_jpy=price_jpy)


def _advice(
    procedure: ProcedureContent, kind: CarrierKind, edition: EditionView, language: Language
) -> list[AdviceOut]:
    presenter = ContentPresenter(language, edition.advice.sources, edition.vocabulary)
    return [presenter.advice(advice) for advice in advice_for(procedure, kind, edition)]


def advice_for(
    procedure: ProcedureContent, kind: CarrierKind, edition: EditionView
) -> list[Advice]:
    """Return the advice that attaches to a procedure of a carrier of this kind."""
    return [
        advice for advice in edition.advice.advice if _attaches(advice.attaches_to, procedure, kind)
    ]


def _attaches(attaches_to: AttachesTo, procedure: ProcedureContent, kind: CarrierKind) -> bool:
    """Return whether the procedure matches every list that is not empty."""
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
    return all(not listed or set(listed) & set(own) for listed, own in pairs)


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
