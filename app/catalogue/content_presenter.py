"""Converts parts of catalogue documents into response schemas, in one language."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.catalogue import documents, evidence
from app.catalogue.advice import Advice
from app.catalogue.carrier_schemas import ContactOut, PhoneOut
from app.catalogue.charges import Billing, Fee
from app.catalogue.codes import Evidence, FeeKind
from app.catalogue.documents import Claim, Source
from app.catalogue.effort import Effort
from app.catalogue.naming import name_of
from app.catalogue.phone_numbers import effective_from_abroad
from app.catalogue.schemas import (
    AdviceOut,
    AmountOut,
    BillingOut,
    ClaimOut,
    EffortOut,
    EffortReasonOut,
    FeeOut,
    LinkOut,
    NeedOut,
    PaperOut,
    PhraseOut,
    RelatedOut,
    ReturnItemsOut,
    StepOut,
    TermOut,
)
from app.catalogue.timing_rules import TimingRule
from app.catalogue.vocabulary import Term, VocabularyDocument
from app.i18n import Language, LocalizedText
from app.links import fee_check_url, procedure_url


class ContentPresenter:
    """Converts parts of one document, with its sources and the names of codes."""

    def __init__(
        self, language: Language, sources: Iterable[Source], vocabulary: VocabularyDocument
    ) -> None:
        """Present a document that cites these sources, with names from the vocabulary."""
        self.language: Language = language
        self.vocabulary = vocabulary
        self._sources = {source.id: source for source in sources}

    def grade(self, ids: Iterable[str]) -> Evidence:
        """Return how well the sources with these ids support a claim.

        Raises `KeyError` for an id that is not a source of the document.
        """
        return evidence.grade(self._sources[source] for source in ids)

    def text(self, text: LocalizedText | None) -> str | None:
        """Return the text in the language, or None if there is no text."""
        return text[self.language] if text else None

    def claim(self, claim: Claim) -> ClaimOut:
        """Return the claim in the language."""
        return ClaimOut(
            text=claim.text[self.language],
            sources=claim.sources,
            evidence=self.grade(claim.sources),
        )

    def optional_claim(self, claim: Claim | None) -> ClaimOut | None:
        """Return the claim in the language, or None if there is no claim."""
        return self.claim(claim) if claim else None

    def claims(self, claims: Iterable[Claim]) -> list[ClaimOut]:
        """Return the claims in the language."""
        return [self.claim(claim) for claim in claims]

    def term(self, code: str, names: Mapping[str, Term]) -> TermOut:
        """Return the code with its name. A code that left the vocabulary is its own name."""
        return TermOut(code=code, name=name_of(code, names, self.language))

    def terms(self, codes: Iterable[str], names: Mapping[str, Term]) -> list[TermOut]:
        """Return the codes with their names."""
        return [self.term(code, names) for code in codes]

    def need(self, code: str, step: documents.Step) -> NeedOut:
        """Return a need of the step with the lists of needs that replace it.

        They come from the step itself and from the vocabulary, which applies to all steps.
        """
        names = self.vocabulary.needs
        replaced_everywhere = names[code].replaced_by if code in names else ()
        return NeedOut(
            **dict(self.term(code, names)),
            replaced_by=[
                self.terms(replacement, names)
                for replacement in (*step.replaced_by.get(code, ()), *replaced_everywhere)
            ],
        )

    def papers(self, papers: Iterable[documents.Paper]) -> list[PaperOut]:
        """Return the required papers of a procedure."""
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
        """Return the step in the language. `position` counts from 1."""
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
        """Return the fee in the language. `price_jpy` is the price of a period, if it is known."""
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
        """Return the fields of the timing rule, its note in the language, and its evidence."""
        return {
            **rule.model_dump(mode="json"),
            "note": self.text(rule.note),
            "evidence": self.grade(rule.sources),
        }

    def billing(self, billing: Billing) -> BillingOut:
        """Return the billing with its note in the language."""
        return BillingOut(**self._with_note(billing))

    def return_items(self, return_items: documents.ReturnItems) -> ReturnItemsOut:
        """Return the items to return, with their note in the language."""
        return ReturnItemsOut(**self._with_note(return_items))

    def effort(self, effort: Effort) -> EffortOut:
        """Return the effort with the names of its reasons."""
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
    """Return a link to the procedure at `carrier/procedure`.

    An address without a carrier is a procedure of `carrier`.
    """
    named_carrier, _, procedure = address.rpartition("/")
    carrier = named_carrier or carrier
    return RelatedOut(carrier=carrier, procedure=procedure, url=procedure_url(carrier, procedure))


def _fee_check(fee: Fee, carrier: str, price_jpy: int | None) -> str | None:
    """Return the address that checks the fee against the legal caps; None if they do not apply."""
    amount = fee.amount
    if fee.kind is not FeeKind.EARLY_CANCELLATION or (amount is not None and amount.exact == 0):
        return None
    if amount is None:
        return fee_check_url(carrier)
    if amount.currency != "JPY":
        return None
    # The legal caps include tax, so an amount without tax would wrongly look lower.
    is_comparable = amount.tax != "excluded" and amount.per == "once"
    quoted_jpy = int(amount.exact) if is_comparable and amount.exact is not None else None
    return fee_check_url(carrier, quoted_jpy=quoted_jpy, monthly_price_jpy=price_jpy)
