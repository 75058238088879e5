"""The response of the identification, in words."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, Field

from app.catalogue.citations import cited_sources
from app.catalogue.codes import Clue, Confidence, Identity, Role
from app.catalogue.identification import IdentificationDocument
from app.catalogue.records import EditionView
from app.catalogue.schemas import CarrierRef, CatalogueResponse, SourceOut
from app.i18n import Language
from app.identify.identification import Candidate, Identification, Reason
from app.links import carrier_url, link

Text = Mapping[str, str]


class ReasonOut(BaseModel):
    """Why a company is a candidate."""

    clue: Clue
    reason: str
    note: str | None
    sources: list[str] = Field(
        description="Ids in `sources` of the same answer; empty: the name stands in the catalogue."
    )


class CandidateOut(BaseModel):
    """A company and what it has to do with the SIM."""

    role: Role
    carrier: CarrierRef | None = Field(description="Null: the catalogue has no procedures of it.")
    name: str
    confidence: Confidence
    because: list[ReasonOut]


class NextClueOut(BaseModel):
    """The clue to look for next."""

    clue: Clue
    name: str
    where: str


class IdentificationOut(CatalogueResponse):
    """The companies that can be behind a SIM."""

    state: Identity
    explanation: str
    candidates: list[CandidateOut] = Field(description="The most likely first.")
    next_clue: NextClueOut | None = Field(
        description="Null: the company is found, or nothing is left to look for."
    )
    guide: str = Field(
        description="Address that says what to do: of the company found, else what holds for any."
    )
    sources: list[SourceOut]

    @classmethod
    def of(
        cls,
        edition: EditionView,
        identification: Identification,
        names: Mapping[str, Text],
        language: Language,
    ) -> "IdentificationOut":
        """Return the identification in the language; `names` are those of the carriers."""
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
        best = next(
            (
                candidate
                for candidate in candidates
                if candidate.role is Role.BRAND and candidate.carrier
            ),
            None,
        )
        identified = best if identification.state is Identity.IDENTIFIED else None
        guided = identified.carrier.id if identified and identified.carrier else "generic"
        return cls(
            edition=edition.number,
            language=language,
            state=identification.state,
            explanation=_explain(identification, candidates, language),
            candidates=candidates,
            next_clue=_next_clue(identification.next_clue, edition, language),
            guide=link(f"/v1/guide?carrier={guided}"),
            sources=cited_sources(document.sources, cited),
        )


def _candidate(
    candidate: Candidate,
    names: Mapping[str, Text],
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
        reason=_REASONS[reason.key][language].format(**values),
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
        return _CONTRADICTORY[language]
    role = Role.BRAND if identification.state is Identity.IDENTIFIED else Role.ISSUER
    name = next((candidate.name for candidate in candidates if candidate.role is role), "")
    key = (
        "roaming_unnamed"
        if identification.state is Identity.ROAMING_FOREIGN and not name
        else identification.state.value
    )
    return _STATES[key][language].format(name=name)


_STATES: Final[Mapping[str, Text]] = {
    "identified": {
        "en": "Most likely the company to deal with is {name}.",
        "ja": "手続きの相手は、おそらく {name} です。",
        "zh-Hans": "需要联系的公司很可能是 {name}。",
    },
    "ambiguous": {
        "en": "Several companies are possible. Look for the next clue before you contact one of them.",
        "ja": "複数の会社がありえます。連絡する前に、次の手がかりを確かめてください。",
        "zh-Hans": "可能是几家公司中的一家。请先查看下一条线索，再联系。",
    },
    "roaming_foreign": {
        "en": "The SIM was issued outside Japan by {name}; in Japan it only roams. No Japanese network can end it: ask the shop you "
        "bought it from, then the issuer. A prepaid card ends by itself.",
        "ja": "このSIMは日本国外の {name} が発行したもので、日本ではローミングしているだけです。日本の回線会社では解約できません。"
        "購入した店に、次に発行会社に確かめてください。プリペイドなら期限が来れば終わります。",
        "zh-Hans": "这张SIM卡由日本境外的 {name} 发行，在日本只是漫游，日本的网络公司无法为您办理解约。"
        "请先联系购买的门店，再联系发卡方。预付卡到期会自行终止。",
    },
    "roaming_unnamed": {
        "en": "The SIM was issued outside Japan; in Japan it only roams. No Japanese network can end it: ask the shop you bought it from.",
        "ja": "このSIMは日本国外で発行されたもので、日本ではローミングしているだけです。購入した店に確かめてください。",
        "zh-Hans": "这张SIM卡在日本境外发行，在日本只是漫游。请联系购买的门店。",
    },
    "issuer_only": {
        "en": "{name} made the SIM, but another company can have sold it. Look for the next clue.",
        "ja": "SIMを発行したのは {name} ですが、契約先は別の会社かもしれません。次の手がかりを確かめてください。",
        "zh-Hans": "这张SIM卡由 {name} 制作，但合约对象可能是另一家公司。请查看下一条线索。",
    },
    "not_identified": {
        "en": "The company cannot be told from this. Look for the next clue; until then, what holds for any company helps.",
        "ja": "これだけでは会社がわかりません。次の手がかりを確かめてください。それまでは、会社を問わない案内が役に立ちます。",
        "zh-Hans": "仅凭这些还无法判断是哪家公司。请查看下一条线索；在此之前，可先参考适用于任何公司的说明。",
    },
}

_CONTRADICTORY: Final[Text] = {
    "en": "The clues name different companies. All of them are listed; the order page or the invoice decides.",
    "ja": "手がかりが別々の会社を指しています。すべて挙げました。注文ページや領収書で確かめてください。",
    "zh-Hans": "各线索指向不同的公司，已全部列出。请以订单页面或账单为准。",
}

_REASONS: Final[Mapping[str, Text]] = {
    "words": {
        "en": "“{words}” is the name of a product of {company}.",
        "ja": "「{words}」は {company} の商品名です。",
        "zh-Hans": "“{words}”是 {company} 的产品名称。",
    },
    "name": {
        "en": "“{words}” is a name of this company.",
        "ja": "「{words}」はこの会社の名前です。",
        "zh-Hans": "“{words}”是这家公司的名称。",
    },
    "name_or_network": {
        "en": "“{words}” names this company, but sellers often mean only the network; the contract is then with somebody else.",
        "ja": "「{words}」にこの会社の名前がありますが、回線の名前にすぎないことが多く、その場合の契約相手は別の会社です。",
        "zh-Hans": "“{words}”中有这家公司的名称，但卖家往往只是指所用的网络，这时合约是与别的公司签的。",
    },
    "apn_unconfirmed": {
        "en": "{brand} can use the access point {apn} too; no data confirms it.",
        "ja": "APN {apn} は {brand} でも使われている可能性があります（確認できるデータはありません）。",
        "zh-Hans": "{brand} 也可能使用接入点 {apn}，但没有数据可以证实。",
    },
    "apn": {
        "en": "The access point {apn} is the one of {brand}.",
        "ja": "APN {apn} は {brand} のものです。",
        "zh-Hans": "接入点 {apn} 属于 {brand}。",
    },
    "apn_shared": {
        "en": "The access point {apn} is used by {brand}, and by others.",
        "ja": "APN {apn} は {brand} のほかの会社でも使われています。",
        "zh-Hans": "接入点 {apn} 由 {brand} 使用，其他公司也在使用。",
    },
    "apn_user": {
        "en": "With this user name, the access point {apn} is the one of {brand}.",
        "ja": "このユーザー名なら、APN {apn} は {brand} のものです。",
        "zh-Hans": "配合这个用户名，接入点 {apn} 属于 {brand}。",
    },
    "sim_network": {
        "en": "The network code {code} of the SIM belongs to {operator} ({country}).",
        "ja": "SIMのネットワーク番号 {code} は {operator}（{country}）のものです。",
        "zh-Hans": "SIM卡的网络代码 {code} 属于 {operator}（{country}）。",
    },
    "iccid_prefix": {
        "en": "SIM numbers that begin with {prefix} are assigned to {issuer} ({country}).",
        "ja": "{prefix} で始まるSIM番号は {issuer}（{country}）に割り当てられています。",
        "zh-Hans": "以 {prefix} 开头的SIM卡号分配给了 {issuer}（{country}）。",
    },
    "smdp_host": {
        "en": "The eSIM server is run by {platform}.",
        "ja": "このeSIMサーバーは {platform} が運営しています。",
        "zh-Hans": "该eSIM服务器由 {platform} 运营。",
    },
    "smdp_label": {
        "en": "The name of the eSIM server points to: {brand}.",
        "ja": "eSIMサーバーの名前からの推測：{brand}",
        "zh-Hans": "eSIM服务器的名称指向：{brand}。",
    },
    "visited_network": {
        "en": "The phone is using the network of {operator}. That does not tell who sold the line.",
        "ja": "いま使っている回線は {operator} です。契約先がどこかは、これではわかりません。",
        "zh-Hans": "手机正在使用 {operator} 的网络，但这并不能说明是谁售出的线路。",
    },
}
