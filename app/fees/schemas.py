"""Schemas of the fee check."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, Field

from app.catalogue.citations import cited_sources
from app.catalogue.codes import Evidence, Operator
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.documents import CarrierDocument, Claim, Slug
from app.catalogue.evidence import grade_of
from app.catalogue.presenter import carrier_ref
from app.catalogue.records import CarrierView, EditionView
from app.catalogue.schemas import CarrierRef, CatalogueResponse, ClaimOut, SourceOut
from app.facts.query import Day
from app.fees.fee_cap import FeeCase, FeeCheck
from app.i18n import Language, ReadQuery
from app.messages.formatter import format_number
from app.messages.keys import MessageKey
from app.messages.loader import translate

Yen = Annotated[int, Field(ge=0, le=10_000_000)]


class FeeCheckQuery(ReadQuery):
    """A fee that an operator charges for leaving early."""

    carrier: Slug | None = Field(
        default=None,
        description="Whose fee it is. The catalogue then tells the kind of operator, where a "
        "source does.",
        examples=["rakuten-mobile"],
    )
    contract_started_on: Day | None = Field(
        default=None,
        description="When the contract was made; null: the caps of all times are answered.",
        examples=["2023-04-01"],
    )
    operator_kind: Operator | None = Field(
        default=None,
        description="How the law classifies the operator, for those who know it; it wins over "
        "what the catalogue says of the carrier.",
        examples=["designated"],
    )
    quoted_jpy: Yen | None = Field(
        default=None, description="The fee that is charged, in yen with tax.", examples=[10450]
    )
    monthly_price_jpy: Yen | None = Field(
        default=None,
        description="The price of a month, in yen with tax, without temporary discounts.",
        examples=[3278],
    )


class DesignationOut(BaseModel):
    """Whether the law designates the carrier's operator, and where that was read."""

    value: bool
    sources: list[SourceOut]
    evidence: Evidence


class FeeCaseOut(BaseModel):
    """What the law says of one kind of operator and the contracts of some days."""

    operator_kind: Operator
    name: str = Field(description="The kind of operator in words.")
    contracted_from: dt.date | None = Field(description="First day of such contracts.")
    contracted_before: dt.date | None = Field(description="First day after such contracts.")
    cap_jpy: int | None = Field(
        description="The most the law allows, in yen; null: no cap, or it needs a month's price."
    )
    above_cap: bool | None = Field(
        description="Null: nothing was quoted, there is no cap, or it needs a month's price."
    )
    verdict: str
    rule: ClaimOut | None = Field(description="The cap in words; null: no rule is known.")


class FeeCheckOut(CatalogueResponse):
    """Which legal cap applies, and how the fee compares with it."""

    carrier: CarrierRef | None = Field(description="Null: none was named.")
    designation: DesignationOut | None = Field(
        description="What the catalogue says of the carrier's operator; null: not known."
    )
    contract_started_on: dt.date | None
    operator_kind: Operator | None = Field(
        description="As given, or as the catalogue says of the carrier; null: not known."
    )
    quoted_jpy: int | None
    cap_jpy: int | None = Field(
        description="The most the law allows, in yen, where it is the same in every case; null: "
        "it differs, there is no cap, or it needs a month's price."
    )
    above_cap: bool | None = Field(
        description="Whether the fee is above it in every case, or in none; null: it differs or "
        "cannot be said."
    )
    verdict: str
    rule: ClaimOut | None = Field(
        description="The cap in words, where only one case is possible; null otherwise."
    )
    cases: list[FeeCaseOut] = Field(
        description="Every case that is possible: several where the kind of operator or the day "
        "of the contract is not known."
    )
    limits: list[ClaimOut] = Field(description="What the cap does not cover.")
    needs_facts: list[str] = Field(description="Facts that would complete the check.")
    sources: list[SourceOut]

    @classmethod
    def of(
        cls,
        edition: EditionView,
        carrier: CarrierView | None,
        query: FeeCheckQuery,
        check: FeeCheck,
        language: Language,
    ) -> "FeeCheckOut":
        """Return the check in the language."""
        regulation = edition.regulation
        context = ContentPresenter(language, regulation.sources, edition.vocabulary)
        cases = [_case(case, query, context) for case in check.cases]
        limits = context.claims(regulation.limits)
        rules = [case.rule for case in cases if case.rule]
        cited = {source for claim in (*rules, *limits) for source in claim.sources}
        operators = {case.operator for case in check.cases}
        needs_facts = {
            "contract_started_on": query.contract_started_on is None,
            "monthly_price_jpy": check.needs_monthly_price,
        }
        return cls(
            edition=edition.number,
            language=language,
            carrier=carrier_ref(carrier, language) if carrier else None,
            designation=_designation(carrier.document) if carrier else None,
            contract_started_on=query.contract_started_on,
            operator_kind=operators.pop() if len(operators) == 1 else None,
            quoted_jpy=query.quoted_jpy,
            cap_jpy=check.cap_jpy,
            above_cap=check.is_above,
            verdict=_verdict(query, check, language),
            rule=cases[0].rule if check.only_case else None,
            cases=cases,
            limits=limits,
            needs_facts=[fact for fact, is_needed in needs_facts.items() if is_needed],
            sources=cited_sources(regulation.sources, cited),
        )


def _designation(carrier: CarrierDocument) -> DesignationOut | None:
    designation = carrier.designated_operator
    if designation is None:
        return None
    sources = cited_sources(carrier.sources, set(designation.sources))
    return DesignationOut(
        value=designation.value,
        sources=sources,
        evidence=grade_of(designation.sources, carrier.sources),
    )


def _case(case: FeeCase, query: FeeCheckQuery, context: ContentPresenter) -> FeeCaseOut:
    cap = case.cap
    return FeeCaseOut(
        operator_kind=case.operator,
        name=context.term(case.operator, context.vocabulary.operators).name,
        contracted_from=cap.contracted_from if cap else None,
        contracted_before=cap.contracted_before if cap else None,
        cap_jpy=case.cap_jpy,
        above_cap=case.is_above,
        verdict=_verdict_of_case(query, case, context.language),
        rule=context.claim(Claim(text=cap.text, sources=cap.sources)) if cap else None,
    )


def _verdict(query: FeeCheckQuery, check: FeeCheck, language: Language) -> str:
    if check.only_case:
        return _verdict_of_case(query, check.only_case, language)
    if check.is_above is True:
        quoted = format_number(query.quoted_jpy or 0, language)
        return translate("fee_check.above_in_all_cases", language, quoted=quoted)
    if query.contract_started_on is None:
        return translate("fee_check.needs_date", language)
    return translate("fee_check.operator_unknown", language)


def _verdict_of_case(query: FeeCheckQuery, case: FeeCase, language: Language) -> str:
    return translate(
        _verdict_key(case),
        language,
        quoted=format_number(query.quoted_jpy or 0, language),
        cap=format_number(case.cap_jpy or 0, language),
    )


def _verdict_key(case: FeeCase) -> MessageKey:
    if case.cap is None or case.cap.kind == "none":
        return "fee_check.no_cap"
    if case.is_above is True:
        return "fee_check.above"
    if case.is_above is False:
        return "fee_check.within"
    return "fee_check.needs_price" if case.needs_monthly_price else "fee_check.nothing_quoted"
