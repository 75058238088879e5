"""Schemas of the fee check."""

import datetime as dt
from typing import Annotated, Final

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
    if check.cap is None or check.cap.kind == "none":
        key = "no_cap"
    elif check.is_above is True:
        key = "above"
    elif check.is_above is False:
        key = "within"
    else:
        key = "needs_price" if check.needs_monthly_price else "nothing_quoted"
    return _VERDICTS[key][language].format(
        quoted=f"{query.quoted_jpy or 0:,}", cap=f"{check.cap_jpy or 0:,}"
    )


_VERDICTS: Final[dict[str, dict[Language, str]]] = {
    "above": {
        "en": "{quoted} yen is more than the law allows. Ask what it consists of: instalments and installation are not part of the cap.",
        "ja": "{quoted}円は法律の上限を超えています。内訳を確かめてください。端末の分割払いや工事費は上限に含まれません。",
        "zh-Hans": "{quoted}日元超过了法律规定的上限。请确认其构成：手机分期和安装费不计入该上限。",
    },
    "within": {
        "en": "{quoted} yen is within what the law allows ({cap} yen).",
        "ja": "{quoted}円は法律の上限（{cap}円）の範囲内です。",
        "zh-Hans": "{quoted}日元没有超过法律规定的上限（{cap}日元）。",
    },
    "no_cap": {
        "en": "No cap of the law was found for such a contract; the operator's own terms decide.",
        "ja": "このような契約について、法律上の上限は見つかっていません。会社の条件によります。",
        "zh-Hans": "没有查到适用于此类合约的法定上限，以运营商的条款为准。",
    },
    "needs_price": {
        "en": "The cap depends on what a month costs: add monthly_price_jpy.",
        "ja": "上限は1か月分の料金によって決まります。monthly_price_jpy を加えてください。",
        "zh-Hans": "上限取决于每月费用，请补充 monthly_price_jpy。",
    },
    "nothing_quoted": {
        "en": "Add quoted_jpy to have a fee compared with the cap.",
        "ja": "quoted_jpy を加えると、上限と比べます。",
        "zh-Hans": "补充 quoted_jpy 后即可与上限比较。",
    },
}
