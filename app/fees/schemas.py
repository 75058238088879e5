"""Schemas of the fee check."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from app.catalogue.citations import cited_sources
from app.catalogue.codes import Operator
from app.catalogue.documents import Claim
from app.catalogue.presenter import ContentPresenter
from app.catalogue.records import EditionView
from app.catalogue.schemas import CatalogueResponse, ClaimOut, SourceOut
from app.facts.query import Day
from app.fees.fee_cap import FeeCheck
from app.i18n import Language, ReadQuery
from app.messages.formatter import format_number
from app.messages.keys import MessageKey
from app.messages.loader import translate

Yen = Annotated[int, Field(ge=0, le=10_000_000)]


class FeeCheckQuery(ReadQuery):
    """A fee that an operator charges for leaving early."""

    contract_started_on: Day = Field(
        description="When the contract was made.", examples=["2023-04-01"]
    )
    operator_kind: Operator = Field(
        description="How the law classifies the operator.", examples=["designated"]
    )
    quoted_jpy: Yen | None = Field(
        default=None, description="The fee that is charged, in yen with tax.", examples=[10450]
    )
    monthly_price_jpy: Yen | None = Field(
        default=None,
        description="The price of a month, in yen with tax, without temporary discounts.",
        examples=[3278],
    )


class FeeCheckOut(CatalogueResponse):
    """Which legal cap applies, and how the fee compares with it."""

    contract_started_on: dt.date
    operator_kind: Operator
    quoted_jpy: int | None
    cap_jpy: int | None = Field(
        description="The most the law allows, in yen; null: no cap, or it needs a month's price."
    )
    above_cap: bool | None = Field(
        description="Null: nothing was quoted, there is no cap, or it needs a month's price."
    )
    verdict: str
    rule: ClaimOut | None = Field(description="The cap in words; null: no rule is known.")
    limits: list[ClaimOut] = Field(description="What the cap does not cover.")
    needs_facts: list[str] = Field(description="Facts that would complete the check.")
    sources: list[SourceOut]

    @classmethod
    def of(
        cls, edition: EditionView, query: FeeCheckQuery, check: FeeCheck, language: Language
    ) -> "FeeCheckOut":
        """Return the check in the language."""
        regulation = edition.regulation
        context = ContentPresenter(language, regulation.sources, edition.vocabulary)
        rule = (
            context.claim(Claim(text=check.cap.text, sources=check.cap.sources))
            if check.cap
            else None
        )
        limits = context.claims(regulation.limits)
        cited = {
            source for claim in (*([rule] if rule else []), *limits) for source in claim.sources
        }
        return cls(
            edition=edition.number,
            language=language,
            contract_started_on=query.contract_started_on,
            operator_kind=query.operator_kind,
            quoted_jpy=query.quoted_jpy,
            cap_jpy=check.cap_jpy,
            above_cap=check.is_above,
            verdict=_verdict(query, check, language),
            rule=rule,
            limits=limits,
            needs_facts=["monthly_price_jpy"] if check.needs_monthly_price else [],
            sources=cited_sources(regulation.sources, cited),
        )


def _verdict(query: FeeCheckQuery, check: FeeCheck, language: Language) -> str:
    return translate(
        _verdict_key(check),
        language,
        quoted=format_number(query.quoted_jpy or 0, language),
        cap=format_number(check.cap_jpy or 0, language),
    )


def _verdict_key(check: FeeCheck) -> MessageKey:
    if check.cap is None or check.cap.kind == "none":
        return "fee_check.no_cap"
    if check.is_above is True:
        return "fee_check.above"
    if check.is_above is False:
        return "fee_check.within"
    return "fee_check.needs_price" if check.needs_monthly_price else "fee_check.nothing_quoted"
