"""Request and response schemas of the fee check."""

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
    """An early cancellation fee and the contract for which it is charged."""

    carrier: Slug | None = Field(
        default=None,
        description="Id of the carrier that charges the fee. For some carriers the catalogue knows "
        "the kind of operator.",
        examples=["rakuten-mobile"],
    )
    contract_started_on: Day | None = Field(
        default=None,
        description="The day on which the contract was made, YYYY-MM-DD; if omitted, the caps of "
        "all periods are listed.",
        examples=["2023-04-01"],
    )
    operator_kind: Operator | None = Field(
        default=None,
        description="How the law classifies the operator, if it is known. It takes precedence over "
        "the catalogue.",
        examples=["designated"],
    )
    quoted_jpy: Yen | None = Field(
        default=None, description="The charged fee, in yen with tax.", examples=[10450]
    )
    monthly_price_jpy: Yen | None = Field(
        default=None,
        description="The monthly price, in yen with tax, without temporary discounts.",
        examples=[3278],
    )


class DesignationOut(BaseModel):
    """Whether the law designates the carrier's operator, with sources."""

    value: bool = Field(description="Whether the operator is designated.")
    sources: list[SourceOut]
    evidence: Evidence


class FeeCaseOut(BaseModel):
    """The cap for one kind of operator and one period of contract dates."""

    operator_kind: Operator
    name: str = Field(description="The kind of operator in words.")
    contracted_from: dt.date | None = Field(
        description="First contract date of the period; null if the period has no start."
    )
    contracted_before: dt.date | None = Field(
        description="First contract date after the period; null if the period has no end."
    )
    cap_jpy: int | None = Field(
        description="The cap in yen with tax; null if there is none, or it depends on the monthly "
        "price."
    )
    above_cap: bool | None = Field(
        description="Whether the fee is above the cap; null if no fee was given, there is no cap, "
        "or it depends on the monthly price."
    )
    verdict: str = Field(description="The result as a sentence.")
    rule: ClaimOut | None = Field(description="The cap in words; null if no rule is known.")


class FeeCheckOut(CatalogueResponse):
    """Which legal cap applies, and how the fee compares with it."""

    carrier: CarrierRef | None = Field(description="Null if the query names no carrier.")
    designation: DesignationOut | None = Field(
        description="Whether the law designates the carrier's operator; null if not known."
    )
    contract_started_on: dt.date | None = Field(
        description="The day from the query; null if it was not given."
    )
    operator_kind: Operator | None = Field(
        description="The kind from the query or else from the catalogue; null if not known."
    )
    quoted_jpy: int | None = Field(
        description="The fee from the query, in yen with tax; null if it was not given."
    )
    cap_jpy: int | None = Field(
        description="The cap in yen with tax if it is the same in every case; null if it differs, "
        "there is none, or it depends on the monthly price."
    )
    above_cap: bool | None = Field(
        description="True if the fee is above the cap in every case, false if in none; null if the "
        "cases differ or it is not known."
    )
    verdict: str = Field(description="The result as a sentence.")
    rule: ClaimOut | None = Field(
        description="The cap in words if only one case is possible; otherwise null."
    )
    cases: list[FeeCaseOut] = Field(
        description="All possible cases: more than one if the kind of operator or the day of the "
        "contract is not known."
    )
    limits: list[ClaimOut] = Field(description="What the cap does not cover.")
    needs_facts: list[str] = Field(
        description="Missing parameters that would make the result more precise."
    )
    sources: list[SourceOut] = Field(description="The sources that the rules and limits cite.")

    @classmethod
    def of(
        cls,
        edition: EditionView,
        carrier: CarrierView | None,
        query: FeeCheckQuery,
        check: FeeCheck,
        language: Language,
    ) -> "FeeCheckOut":
        """Return the result of the check in the language."""
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
