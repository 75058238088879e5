"""What the guide answers, in words: how each way out fits, and the one question worth asking next."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from app import dates
from app.catalogue.codes import Certainty, Contract, EventCode, Evidence, Goal, Verdict
from app.catalogue.evidence import grade_of
from app.catalogue.schemas import Answer, CarrierRef, ProcedureBriefOut
from app.catalogue.store import CarrierView, EditionView, ProcedureBrief, RevisionContent
from app.catalogue.timing_rules import Fact
from app.guide.query import Allowed
from app.guide.questions import Question, next_question
from app.guide.situation import CIRCUMSTANCES, Situation, Way
from app.guide.verdicts import Standing, aim, standings
from app.i18n import Language
from app.links import carrier_url, procedure_url
from app.timeline.build import timeline
from app.timeline.relevant_facts import facts_used
from app.timeline.schemas import Speech, fact_form

Text = Mapping[str, str]

GENERIC: Final = "generic"
"""Id of the carrier whose procedures hold for any."""

_MOST_EVENTS: Final = 3
_USABLE: Final = frozenset({Verdict.RECOMMENDED, Verdict.POSSIBLE, Verdict.UNVERIFIED})


class GuideEventOut(BaseModel):
    """A date to come."""

    code: EventCode
    name: str
    certainty: Certainty
    at: dt.datetime | None = Field(description="The instant in the reader's zone, where there is one.")
    on: dt.date = Field(description="The day in Japan.")
    why: str
    note: str | None = Field(description="What else the sources say about it.")
    evidence: Evidence | None = Field(description="How well the rule is backed; null where there is none.")


class GuideDatesOut(BaseModel):
    """The dates of a way out, in short."""

    next: list[GuideEventOut] = Field(description="The next dates that are known, three at most.")
    needs_facts: list[Fact] = Field(description="Facts that would tell more dates.")
    url: str = Field(description="The whole timeline with the facts told.")


class GuideAnswerOut(BaseModel):
    """A way out, and how it fits."""

    procedure: ProcedureBriefOut
    verdict: Verdict
    verdict_name: str
    reasons: list[str]
    blockers: list[str] = Field(description="What stands in the way; only with `blocked`.")
    effort: int = Field(description="0 to 100; see `effort` of the procedure for the reasons.")
    dates: GuideDatesOut | None = Field(description="Null where the way does not fit.")


class OptionOut(BaseModel):
    """One answer to the question: to give it, add `parameter=value` to the query and ask again."""

    parameter: str
    value: str
    label: str


class AskOut(BaseModel):
    """The question whose answer would tell most."""

    fact: str = Field(description="What is asked: a name of the query, or the code of a need.")
    question: str
    type: Literal["choice", "date", "integer"] = Field(description="With date and integer the answer is `fact=value`.")
    options: list[OptionOut] = Field(
        description="The answers to choose from; with a date or integer only the way to say that it is not known."
    )
    why: str


class GuideOut(Answer):
    """What to do: the ways out of this carrier with how each fits, the best first."""

    carrier: CarrierRef | None = Field(description="Null: not told.")
    at: dt.datetime = Field(description="The instant at which it is asked.")
    zone: str
    why: str = Field(description="What the answers are worth, in one sentence.")
    answers: list[GuideAnswerOut]
    generic: list[GuideAnswerOut] = Field(description="What holds for any company; filled when nothing of this one fits, or none is told.")
    contacts: str | None = Field(description="Address of the company's contacts; null while the company is not known.")
    ask: AskOut | None = Field(description="The next question; null: nothing more would change the answer.")


@dataclass(frozen=True)
class Guided:
    """A carrier and the newest state of its procedures."""

    carrier: CarrierView
    contents: Sequence[RevisionContent]

    @cached_property
    def ways(self) -> list[Way]:
        """The procedures that are ways out."""
        return [_way(content) for content in self.contents if not content.facts.companion]

    def can_have(self, way: Way) -> bool:
        """Return whether a way that holds for any company can hold for this one, by what it sells and how it is paid."""
        own = [content.facts for content in self.contents]
        products = {product for facts in own for product in facts.applies_to.products} or set(self.carrier.document.products)
        contracts = {contract for facts in own for contract in facts.applies_to.contracts} or set(Contract)
        to = way.facts.applies_to
        its_own = way.facts.goal is Goal.INITIAL_CONTRACT_CANCELLATION and any(facts.goal is way.facts.goal for facts in own)
        return not its_own and bool(products.intersection(to.products) and contracts.intersection(to.contracts))

    def allowed(self, edition: EditionView) -> Allowed:
        """Return what a situation can name with this carrier."""
        return Allowed(self.contents, list(self.carrier.document.plans), list(edition.vocabulary.needs))


def _way(content: RevisionContent) -> Way:
    of_steps = grade_of((source for step in content.steps for source in step.sources), content.sources) or content.evidence
    return Way(content.procedure, content.evidence, of_steps, content.facts, content.steps)


class Guide:
    """Answers what to do in a situation, in one language and for one zone."""

    def __init__(self, edition: EditionView, situation: Situation, at: dt.datetime, zone: str, language: Language) -> None:
        """Keep what all answers share."""
        self._edition = edition
        self._situation = situation
        self._at = at
        self._zone = zone
        self._language: Language = language
        self._speech = Speech(language, edition.vocabulary, at, ZoneInfo(zone))

    def of_carrier(self, guided: Guided, generic: Callable[[], Guided]) -> GuideOut:
        """Return the ways out of the carrier; those that hold for any, which are looked up then, where none of them fits."""
        found = standings(guided.ways, self._situation, self._at)
        verdicts = {standing.verdict for standing in found}
        question = next_question(guided.ways, self._situation, self._at)
        of_any = guided.carrier.slug == GENERIC
        others = [] if verdicts & _USABLE or of_any else self._of_any(generic(), guided)
        if not verdicts & _USABLE:
            dead_end = "blocked" if Verdict.BLOCKED in verdicts else "nothing"
            key = "unheard_of" if of_any else dead_end if others else f"{dead_end}_at_all"
        elif self._situation.goal and not aim(found, self._situation):
            key = "no_such_goal"
        elif Verdict.RECOMMENDED in verdicts:
            key = "found"
        else:
            key = "open" if question else "choose"
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=self._named(guided.carrier),
            at=self._at.astimezone(self._speech.zone),
            zone=self._zone,
            why=_WHY[key][self._language],
            answers=[self._answer(standing, guided) for standing in found] if verdicts - {Verdict.NOT_APPLICABLE} else [],
            generic=others,
            contacts=None if of_any else f"{carrier_url(guided.carrier.slug)}/contacts",
            ask=self._ask(question, guided.carrier) if question else None,
        )

    def of_unknown(self, generic: Guided, carriers: Sequence[tuple[str, Text]]) -> GuideOut:
        """Return what holds for any company, and the question which it is; `carriers` are ids and names."""
        options = [OptionOut(parameter="carrier", value=slug, label=name[self._language]) for slug, name in carriers]
        unknown = OptionOut(parameter="carrier", value=GENERIC, label=_UNKNOWN[self._language])
        question, why = _CARRIER_QUESTION[self._language]
        return GuideOut(
            edition=self._edition.number,
            language=self._language,
            carrier=None,
            at=self._at.astimezone(self._speech.zone),
            zone=self._zone,
            why=_WHY["which"][self._language],
            answers=[],
            generic=self._of_any(generic),
            contacts=None,
            ask=AskOut(fact="carrier", question=question, type="choice", options=[*options, unknown], why=why),
        )

    def _of_any(self, generic: Guided, company: Guided | None = None) -> list[GuideAnswerOut]:
        """Return what holds for any company, as far as it fits and the company, once known, can have it."""
        ways = [way for way in generic.ways if company is None or company.can_have(way)]
        found = standings(ways, self._situation, self._at)
        return [self._answer(standing, generic) for standing in found if standing.verdict is not Verdict.NOT_APPLICABLE]

    def _named(self, carrier: CarrierView) -> CarrierRef:
        return CarrierRef(id=carrier.slug, name=carrier.document.name[self._language], url=carrier_url(carrier.slug))

    def _answer(self, standing: Standing, guided: Guided) -> GuideAnswerOut:
        content = next(content for content in guided.contents if content.procedure == standing.way.slug)
        brief = ProcedureBrief(guided.carrier, content.procedure, content.number, content.evidence, content.facts)
        fits = standing.verdict is not Verdict.NOT_APPLICABLE
        return GuideAnswerOut(
            procedure=ProcedureBriefOut.of(brief, self._language),
            verdict=standing.verdict,
            verdict_name=self._speech.name(standing.verdict, self._edition.vocabulary.verdicts),
            reasons=[self._speech.wording.sentence(saying) for saying in standing.reasons],
            blockers=[self._speech.wording.sentence(saying) for saying in standing.blockers],
            effort=standing.way.effort.score,
            dates=self._dates(content) if fits else None,
        )

    def _dates(self, content: RevisionContent) -> GuideDatesOut:
        used = facts_used(content.facts)
        facts = {fact: value for fact, value in self._situation.facts.items() if fact in used}
        found = timeline(content.facts, facts, self._at)
        query = {str(fact): str(value).lower() if isinstance(value, bool) else str(value) for fact, value in facts.items()}
        address = f"{procedure_url(content.carrier, content.procedure)}/timeline"
        today = self._at.astimezone(dates.JAPAN).date()
        coming = [event for event in found.events if event.day is not None and not event.passed and (event.ends or event.day) >= today]
        return GuideDatesOut(
            next=[
                GuideEventOut(
                    code=event.code,
                    name=self._speech.name(event.code, self._edition.vocabulary.event_codes),
                    certainty=event.certainty,
                    at=event.at.astimezone(self._speech.zone) if event.at else None,
                    on=event.day,
                    why=self._speech.wording.sentence(event.why),
                    note=event.note[self._language] if event.note else None,
                    evidence=grade_of(event.sources, content.sources),
                )
                for event in coming[:_MOST_EVENTS]
                if event.day is not None
            ],
            needs_facts=list(found.needs),
            url=f"{address}?{urlencode(query)}" if query else address,
        )

    def _ask(self, question: Question, carrier: CarrierView) -> AskOut:
        kind, options = self._form(question, carrier)
        unknown = OptionOut(parameter="unknown", value=question.name, label=_UNKNOWN[self._language])
        words, why = self._words(question.name)
        return AskOut(fact=question.name, question=words, type=kind, options=[*options, unknown], why=why)

    def _form(self, question: Question, carrier: CarrierView) -> tuple[Literal["choice", "date", "integer"], list[OptionOut]]:
        name, language, vocabulary = question.name, self._language, self._edition.vocabulary
        named: Mapping[str, Text] = {
            "product": {code: term.name for code, term in vocabulary.products.items()},
            "contract": {code: term.name for code, term in vocabulary.contracts.items()},
            "applicant": {code: term.name for code, term in vocabulary.applicants.items()},
            "plan": carrier.document.plans,
            "location": _LOCATIONS,
        }.get(name, {})
        if named:
            labels = [(str(answer), named.get(str(answer))) for answer in question.answers]
            return "choice", [OptionOut(parameter=name, value=value, label=label[language] if label else value) for value, label in labels]
        if name in set(Fact):
            kind, _ = fact_form(Fact(name), None)
            if kind != "boolean":
                return ("date" if kind == "date" else "integer"), []
        if name in set(Fact) or name in CIRCUMSTANCES:
            return "choice", [OptionOut(parameter=name, value=value, label=_YES_NO[value][language]) for value in ("true", "false")]
        return "choice", [
            OptionOut(parameter="have", value=name, label=_YES_NO["true"][language]),
            OptionOut(parameter="lack", value=name, label=_YES_NO["false"][language]),
        ]

    def _words(self, name: str) -> tuple[str, str]:
        if name in _QUESTIONS:
            return _QUESTIONS[name][self._language]
        vocabulary = self._edition.vocabulary
        if name in set(Fact):
            return self._speech.name(name, vocabulary.facts), _TIME_LIMIT[self._language]
        return _AT_HAND[self._language].format(need=self._speech.name(name, vocabulary.needs)), _NOT_ALWAYS[self._language]


_WHY: Final[Mapping[str, Text]] = {
    "found": {
        "en": "What fits best what you told stands first.",
        "ja": "お聞きした内容に最も合う方法が先頭です。",
        "zh-Hans": "最符合您所述情况的方式排在最前。",
    },
    "open": {
        "en": "More than one way can fit. The answer to the question tells which.",
        "ja": "合う方法が複数あります。質問への答えで決まります。",
        "zh-Hans": "可能有多种方式适用，回答问题后即可确定。",
    },
    "choose": {
        "en": "These are the ways there are; nothing you told, or could tell, makes one of them the better.",
        "ja": "使える方法はこのとおりです。これ以上お聞きしても、どれが最適かは決まりません。",
        "zh-Hans": "可用的方式如下；已知情况不足以判断哪种更好。",
    },
    "no_such_goal": {
        "en": "No way of this company that fits what you told leads to what you want. These are the ways it has.",
        "ja": "お聞きした内容に合うこの会社の手続きに、ご希望の目的のものはありません。ほかの手続きは次のとおりです。",
        "zh-Hans": "这家公司没有既符合您的情况又能达到该目的的方式，现有方式如下。",
    },
    "nothing": {
        "en": "None of this company's ways fits what you told. What holds for any company is listed instead.",
        "ja": "この会社の手続きに、お聞きした内容に合うものはありません。会社を問わない案内を示します。",
        "zh-Hans": "这家公司没有符合您所述情况的方式，以下为适用于任何公司的说明。",
    },
    "nothing_at_all": {
        "en": "No way that is known fits what you told. Ask the company; its contacts are linked.",
        "ja": "お聞きした内容に合う手続きは、わかっていません。連絡先から会社に問い合わせてください。",
        "zh-Hans": "没有已知的方式符合您所述的情况。请通过所列的联系方式询问该公司。",
    },
    "unheard_of": {
        "en": "Nothing that holds for any company fits what you told. Find out first which company it is.",
        "ja": "会社を問わない案内に、お聞きした内容に合うものはありません。まず、どの会社のものかを確かめてください。",
        "zh-Hans": "适用于任何公司的说明中没有符合您情况的，请先弄清是哪家公司。",
    },
    "blocked_at_all": {
        "en": "Something stands in the way of each. Ask the company; its contacts are linked.",
        "ja": "どの方法にも妨げがあります。連絡先から会社に問い合わせてください。",
        "zh-Hans": "每种方式都有障碍。请通过所列的联系方式询问该公司。",
    },
    "blocked": {
        "en": "Something stands in the way of each. What holds for any company is listed too; the company's contacts can help.",
        "ja": "どの方法にも妨げがあります。会社を問わない案内も示します。会社の問い合わせ先にも相談できます。",
        "zh-Hans": "每种方式都有障碍。另列出适用于任何公司的说明；也可联系该公司。",
    },
    "which": {
        "en": "The company is not told yet. Until then, this holds for any.",
        "ja": "会社がまだわかりません。それまでは、会社を問わない案内を参考にしてください。",
        "zh-Hans": "尚不知道是哪家公司。在此之前，可参考适用于任何公司的说明。",
    },
}

_YES_NO: Final[Mapping[str, Text]] = {
    "true": {"en": "Yes", "ja": "はい", "zh-Hans": "是"},
    "false": {"en": "No", "ja": "いいえ", "zh-Hans": "否"},
}
_UNKNOWN: Final[Text] = {"en": "I do not know", "ja": "わからない", "zh-Hans": "不知道"}
_LOCATIONS: Final[Mapping[str, Text]] = {
    "japan": {"en": "In Japan", "ja": "日本国内", "zh-Hans": "在日本"},
    "abroad": {"en": "Outside Japan", "ja": "日本国外", "zh-Hans": "在日本境外"},
}

_CARRIER_QUESTION: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (
        "Which company is it?",
        "Every company has its own way. GET /v1/carriers?q= finds it by name, POST /v1/identify by clues on the phone.",
    ),
    "ja": (
        "どの会社のものですか。",
        "手続きは会社ごとに違います。名前からは GET /v1/carriers?q=、端末の手がかりからは POST /v1/identify で探せます。",
    ),
    "zh-Hans": (
        "是哪家公司的？",
        "每家公司的办理方式不同。可用 GET /v1/carriers?q= 按名称查找，或用 POST /v1/identify 按手机上的线索查找。",
    ),
}

_QUESTIONS: Final[Mapping[str, Mapping[Language, tuple[str, str]]]] = {
    "product": {
        "en": ("What did you buy?", "The ways differ by product."),
        "ja": ("購入したものは何ですか。", "商品によって手続きが違います。"),
        "zh-Hans": ("您购买的是什么？", "不同产品的办理方式不同。"),
    },
    "contract": {
        "en": ("How is it paid?", "What was paid in advance ends differently from what is billed every month."),
        "ja": ("支払い方法はどれですか。", "前払いと月ごとの請求とでは、終わり方が違います。"),
        "zh-Hans": ("付费方式是什么？", "预付与按月扣费的终止方式不同。"),
    },
    "plan": {
        "en": ("Which plan is it?", "The ways differ by plan."),
        "ja": ("どのプランですか。", "プランによって手続きが違います。"),
        "zh-Hans": ("是哪个套餐？", "不同套餐的办理方式不同。"),
    },
    "applicant": {
        "en": ("Who asks for it?", "What the holder cannot do, somebody else may be able to."),
        "ja": ("申し込むのは誰ですか。", "本人にできなくても、ほかの人ならできることがあります。"),
        "zh-Hans": ("由谁来办理？", "本人无法办理时，或可由他人办理。"),
    },
    "location": {
        "en": ("Where are you?", "Some of it can only be done in Japan."),
        "ja": ("今どこにいますか。", "日本国内でしかできない手続きがあります。"),
        "zh-Hans": ("您现在在哪里？", "部分手续只能在日本办理。"),
    },
    "keep_number": {
        "en": ("Do you want to keep the phone number?", "Cancelling loses it, porting out keeps it; only one of them can be done."),
        "ja": ("電話番号を残しますか。", "解約すると番号はなくなり、MNP転出なら残ります。できるのはどちらか一方です。"),
        "zh-Hans": ("要保留电话号码吗？", "解约会失去号码，转出则保留；两者只能选其一。"),
    },
}
_TIME_LIMIT: Final[Text] = {
    "en": "It tells whether something with a time limit is still in time.",
    "ja": "期限のある手続きに間に合うかどうかがわかります。",
    "zh-Hans": "由此可知有期限的手续是否还来得及。",
}
_AT_HAND: Final[Text] = {"en": "Do you have this: {need}?", "ja": "手元にありますか：{need}", "zh-Hans": "您有这个吗：{need}？"}
_NOT_ALWAYS: Final[Text] = {
    "en": "Some of the ways need it, others do not.",
    "ja": "必要な手続きと、なくてもできる手続きがあります。",
    "zh-Hans": "有的方式需要它，有的不需要。",
}
