"""Presents the guide's questions in one language, with the answers to choose from.

Questions about circumstances have texts of their own. Facts and needs are asked about by their
names in the vocabulary.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from app.catalogue.codes import GENERIC_CARRIER
from app.catalogue.naming import name_of
from app.catalogue.records import CarrierView
from app.catalogue.vocabulary import VocabularyDocument
from app.facts.specs import SPECS, Fact
from app.guide.questions import MOST_QUESTIONS, Question
from app.guide.schemas import OptionOut, QuestionOut
from app.guide.situation import CIRCUMSTANCES, Location
from app.i18n import Language, LocalizedText
from app.messages.keys import MessageKey
from app.messages.loader import get_text, translate


class _QuestionKeys(NamedTuple):
    """The keys of a question's text, and of the reason why it is asked."""

    text: MessageKey
    why: MessageKey


_QUESTIONS: Final[Mapping[str, _QuestionKeys]] = {
    "product": _QuestionKeys("question.product.text", "question.product.why"),
    "contract": _QuestionKeys("question.contract.text", "question.contract.why"),
    "plan": _QuestionKeys("question.plan.text", "question.plan.why"),
    "applicant": _QuestionKeys("question.applicant.text", "question.applicant.why"),
    "sale": _QuestionKeys("question.sale.text", "question.sale.why"),
    "device": _QuestionKeys("question.device.text", "question.device.why"),
    "location": _QuestionKeys("question.location.text", "question.location.why"),
    "keep_number": _QuestionKeys("question.keep_number.text", "question.keep_number.why"),
}

_LOCATIONS: Final[Mapping[Location, MessageKey]] = {
    "japan": "location.japan",
    "abroad": "location.abroad",
}


class QuestionPresenter:
    """Turns questions into response schemas."""

    def __init__(self, vocabulary: VocabularyDocument, language: Language) -> None:
        """Present in `language`, with the names of `vocabulary`."""
        self._vocabulary = vocabulary
        self._language: Language = language

    def carrier_question(self, carriers: Sequence[tuple[str, LocalizedText]]) -> QuestionOut:
        """Return the question which carrier it is; `carriers` are pairs of id and name."""
        options = [
            OptionOut(parameter="carrier", value=slug, label=name[self._language])
            for slug, name in carriers
        ]
        unknown = OptionOut(parameter="carrier", value=GENERIC_CARRIER, label=self._unknown())
        return QuestionOut(
            fact="carrier",
            question=translate("question.carrier.text", self._language),
            type="choice",
            options=[*options, unknown],
            why=translate("question.carrier.why", self._language),
            left_at_most=MOST_QUESTIONS,
        )

    def product_question(self, carrier: CarrierView) -> QuestionOut:
        """Return the question for a product that the carrier does not sell: which one is wrong."""
        products = self._vocabulary.products
        options = [
            OptionOut(
                parameter="product", value=code, label=name_of(code, products, self._language)
            )
            for code in carrier.document.products
        ]
        other = OptionOut(
            parameter="carrier",
            value=GENERIC_CARRIER,
            label=translate("option.other_company", self._language),
        )
        return QuestionOut(
            fact="product",
            question=translate("question.product_or_company.text", self._language),
            type="choice",
            options=[*options, other],
            why=translate("question.product_or_company.why", self._language),
            left_at_most=MOST_QUESTIONS,
        )

    def question(self, question: Question, carrier: CarrierView, left_at_most: int) -> QuestionOut:
        """Return the question with its options; the last one is that the answer is not known."""
        texts = self._texts(question.name)
        unknown = OptionOut(parameter="unknown", value=question.name, label=self._unknown())
        answer_type = _answer_type(question.name)
        options = self._options(question, carrier) if answer_type == "choice" else []
        return QuestionOut(
            fact=question.name,
            question=texts.text,
            type=answer_type,
            options=[*options, unknown],
            why=texts.why,
            left_at_most=left_at_most,
        )

    def _unknown(self) -> str:
        return translate("option.unknown", self._language)

    def _options(self, question: Question, carrier: CarrierView) -> list[OptionOut]:
        name, language = question.name, self._language
        if names := self._names_of_answers(name, carrier):
            return [
                OptionOut(parameter=name, value=code, label=names[code][language])
                if code in names
                else OptionOut(parameter=name, value=code, label=code)
                for code in map(str, question.offered or question.answers)
            ]
        yes, no = translate("option.yes", language), translate("option.no", language)
        if name in set(Fact) or name in CIRCUMSTANCES:
            return [
                OptionOut(parameter=name, value="true", label=yes),
                OptionOut(parameter=name, value="false", label=no),
            ]
        return [
            OptionOut(parameter="have", value=name, label=yes),
            OptionOut(parameter="lack", value=name, label=no),
        ]

    def _names_of_answers(self, question: str, carrier: CarrierView) -> Mapping[str, LocalizedText]:
        """Return the names of the answers by code; empty if the answers are yes and no."""
        if question == "plan":
            return carrier.document.plans
        if question == "location":
            return {location: get_text(key) for location, key in _LOCATIONS.items()}
        terms = {
            "product": self._vocabulary.products,
            "contract": self._vocabulary.contracts,
            "applicant": self._vocabulary.applicants,
            "sale": self._vocabulary.sales,
            "device": self._vocabulary.devices,
        }
        return {code: term.name for code, term in terms.get(question, {}).items()}

    def _texts(self, question: str) -> "_QuestionTexts":
        vocabulary, language = self._vocabulary, self._language
        if keys := _QUESTIONS.get(question):
            return _QuestionTexts(translate(keys.text, language), translate(keys.why, language))
        if question in set(Fact):
            name = name_of(question, vocabulary.facts, language)
            return _QuestionTexts(name, translate("question.time_limit.why", language))
        need = name_of(question, vocabulary.needs, language)
        return _QuestionTexts(
            translate("question.need.text", language, need=need),
            translate("question.need.why", language),
        )


class _QuestionTexts(NamedTuple):
    """A question in one language, and the reason why it is asked."""

    text: str
    why: str


def _answer_type(question: str) -> Literal["choice", "date", "integer"]:
    if question not in set(Fact):
        return "choice"
    match SPECS[Fact(question)].type:
        case "boolean":
            return "choice"
        case "date":
            return "date"
        case _:
            return "integer"
