"""Made-up carriers for tests of the guide, and a small catalogue of them with great variety."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from app.catalogue.codes import GENERIC_CARRIER, Outcome
from app.catalogue.documents import CarrierDocument, ProcedureDocument
from app.catalogue.goals import GOALS, Goal
from app.catalogue.vocabulary import Need
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.needs import NeedRelations
from app.guide.presenter import GuidePresenter
from app.guide.schemas import GuideOut
from app.guide.service import GuideService
from app.guide.situation import Situation
from app.i18n import DEFAULT_LANGUAGE, Language
from app.zones import JAPAN
from tests.support import builders
from tests.support.builders import Content
from tests.support.guide import AT, UNKNOWN, Guide, procedures_of


def _need(**fields: object) -> Need:
    return Need.model_validate({"name": builders.text(), **fields})


RELATIONS: Final = NeedRelations(
    {
        "account_login": _need(includes=["account_password"]),
        "account_password": _need(lost_with=["account_login"]),
        "sms_on_line": _need(),
        "working_phone": _need(),
        "line_pin": _need(),
        "birth_date": _need(asked=False),
        "registered_address": _need(asked=False),
        "in_japan": _need(asked=False),
        "shop_visit": _need(includes=["in_japan"], asked=False),
        "sim_card": _need(returned=True),
        "sim_number": _need(replaced_by=[["sim_card"]], asked=False),
        "return_envelope": _need(returned=True),
        "payment_method": _need(),
    }
)
"""How the needs of made-up carriers relate. The codes are of the vocabulary, which names them."""

OFFICIAL: Final = builders.source()
BLOG: Final = builders.source(id="T1", kind="third_party", url="https://blog.example/")

EIGHT_DAYS: Final[Content] = {
    "kind": "window",
    "closes": "window",
    "length": {"value": 8},
    "after": ["contract_received_on", "service_started_on"],
    "first_day_counts": True,
    "sources": ["S1"],
}
"""A right that lasts 8 days from the later of two dates, the date included."""

REFUND_UNTIL_ACTIVATED: Final[Content] = {
    "kind": "window",
    "closes": "refund",
    "length": {"value": 30},
    "after": ["bought_on"],
    "closed_by": ["activated"],
    "sources": ["S1"],
}

BOOKING_UNTIL_SHIPPED: Final[Content] = {
    "kind": "window",
    "closes": "window",
    "closed_by": ["shipped"],
    "sources": ["S1"],
}

ENDS_WHEN_UNPAID: Final[Content] = {
    "kind": "unpaid",
    "length": {"value": 14},
    "leads_to": "end",
    "sources": ["S1"],
}

EXPIRES: Final[Content] = {
    "kind": "expiry",
    "after": "last_topup_ended_on",
    "length": {"value": 180},
    "sources": ["S1"],
}


def procedure(
    goal: Goal = Goal.CANCEL_CONTRACT, *, needs: Iterable[str] = (), **fields: object
) -> Content:
    """Return a procedure for the goal, from anywhere and with one step that needs these."""
    outcome = next(each for each in Outcome if each in GOALS[goal].outcomes)
    return builders.procedure(
        goal=goal.value,
        outcome=outcome.value,
        from_abroad="possible",
        steps=[builders.step(needs=[*needs])],
    ) | dict(fields)


def expiry(**fields: object) -> Content:
    """Return a prepaid product that runs out, with nothing to cancel."""
    return procedure(Goal.LET_EXPIRE, channel="none", outcome="nothing_to_cancel") | dict(fields)


def in_shop(**fields: object) -> Content:
    """Return a cancellation in a shop."""
    return procedure(needs=["shop_visit"], channel="store", from_abroad="impossible") | dict(fields)


def applies_to(
    *products: str, contracts: Iterable[str] = ("postpaid",), **fields: object
) -> Content:
    """Return for which customers a procedure is: SIM cards that are paid monthly by default."""
    return {"products": [*(products or ["physical_sim"])], "contracts": [*contracts], **fields}


def company(
    procedures: Mapping[str, Content], *, slug: str = "example", **carrier: object
) -> CarrierProcedures:
    """Return a carrier with these procedures by slug; it sells the products that they are for."""
    documents = {
        name: ProcedureDocument.model_validate(content) for name, content in procedures.items()
    }
    products = {product for each in documents.values() for product in each.applies_to.products}
    content = builders.carrier(
        products=sorted(products) or ["physical_sim"], sources=[OFFICIAL, BLOG]
    )
    document = CarrierDocument.model_validate(content | carrier)
    return procedures_of(slug, document, documents, RELATIONS)


def generic(procedures: Mapping[str, Content], **carrier: object) -> CarrierProcedures:
    """Return generic procedures by slug."""
    return company(procedures, slug=GENERIC_CARRIER, kind="generic", **carrier)


def desk(**fields: object) -> Content:
    """Return a contact of a carrier: a page that is open to everybody."""
    return {
        "channel": "chat",
        "address": "https://example.jp/chat",
        "label": builders.text("Chat", "チャット", "聊天"),
        "languages": ["ja"],
        "from_abroad": "possible",
        "sources": ["S1"],
    } | fields


@cache
def sample_guide() -> Guide:
    """Return the guide over a catalogue that has every goal and many kinds of procedures."""
    with tempfile.TemporaryDirectory() as folder:
        return Guide(builders.read(builders.write(Path(folder), _carriers())))


def answer_for(
    own: CarrierProcedures,
    situation: Situation = UNKNOWN,
    others: CarrierProcedures | None = None,
    at: dt.datetime = AT,
    language: Language = DEFAULT_LANGUAGE,
) -> GuideOut:
    """Return the guide's whole answer about a made-up carrier; `others` are generic procedures."""
    stated = replace(situation, relations=own.relations)
    presenter = GuidePresenter(sample_guide().edition, stated, at, JAPAN.key, language)
    # As the router does for a catalogue without generic procedures.
    others = others or CarrierProcedures(own.carrier, (), own.relations)
    return GuideService(presenter, others).of_carrier(own)


def _carriers() -> dict[str, dict[str, Content]]:
    return {
        "monthly": _monthly(),
        "simple": _simple(),
        "by-others": _by_others(),
        "account": _account(),
        "travel": _travel(),
        "rental": _rental(),
        "lapsing": _lapsing(),
        "generic": _generic(),
    }


def _monthly() -> dict[str, Content]:
    """Return an operator with shops, two plans, and rights of the first days."""
    lines = applies_to("physical_sim", "esim")
    in_japan: Content = {"channel": "store", "from_abroad": "impossible", "applies_to": lines}
    return {
        "carrier": builders.carrier(
            products=["physical_sim", "esim"],
            plans={"large": builders.text(), "small": builders.text()},
            sources=[OFFICIAL, BLOG],
            contacts=[desk(), desk(from_abroad="impossible", topics=["loss"])],
        ),
        "cancel-online": procedure(needs=["account_login", "sms_on_line"], applies_to=lines),
        "cancel-in-shop": procedure(needs=["shop_visit", "papers"], **in_japan),
        "cancel-in-shop-by-proxy": procedure(
            needs=["shop_visit"], **in_japan | {"applies_to": lines | {"applicants": ["proxy"]}}
        ),
        "cancel-by-post": procedure(
            needs=["registered_address"],
            channel="post",
            from_abroad="unknown",
            conditional=True,
            only_lacking=["account_login"],
        ),
        "cancel-small-by-phone": procedure(
            needs=["working_phone"], channel="phone", applies_to=lines | {"plans": ["small"]}
        ),
        "cancel-as-others-say": procedure(
            channel="chat",
            applies_to=lines,
            steps=[builders.step(needs=["account_login"], sources=["T1"])],
        ),
        "cancel-after-death": procedure(
            channel="post", applies_to=lines | {"applicants": ["heir"]}, needs=["papers"]
        ),
        "cancel-business": procedure(
            channel="counter", applies_to=lines | {"applicants": ["company"]}
        ),
        "port-out": procedure(
            Goal.PORT_OUT, needs=["account_login", "new_carrier"], applies_to=lines
        ),
        "eight-days": procedure(
            Goal.INITIAL_CONTRACT_CANCELLATION,
            channel="post",
            from_abroad="unknown",
            applies_to=lines,
            timing=[EIGHT_DAYS],
        ),
        "undo-purchase": procedure(
            Goal.CANCEL_PURCHASE,
            applies_to=lines | {"sales": ["telephone", "door"], "devices": ["bought"]},
            timing=[EIGHT_DAYS],
        ),
        "suspend": procedure(Goal.SUSPEND, needs=["account_login"], applies_to=lines),
        "report-loss": procedure(Goal.REPORT_LOSS, channel="phone", applies_to=lines),
        "take-over": procedure(Goal.TAKE_OVER, **in_japan | {"applies_to": lines}),
        "still-charged": procedure(
            Goal.STILL_CHARGED, applies_to=lines | {"lines": ["in_use", "ended", "moved"]}
        ),
        "recover-sign-in": procedure(
            Goal.RESTORE_ACCESS,
            supporting=True,
            restores=["account_login", "account_password"],
            needs=["registered_email"],
            applies_to=lines,
        ),
    }


def _simple() -> dict[str, Content]:
    """Return a carrier with one procedure that asks for nothing."""
    return {"cancel": procedure()}


def _by_others() -> dict[str, Content]:
    """Return a carrier that takes cancellations only from people who act for the holder."""
    return {
        "cancel-by-proxy": procedure(applies_to=applies_to(applicants=["proxy", "guardian"])),
        "cancel-by-family": procedure(applies_to=applies_to(applicants=["family"])),
    }


def _account() -> dict[str, Content]:
    """Return a seller whose accounts can be closed more easily than its renewals are stopped."""
    renewing = applies_to("esim", contracts=["subscription"])
    return {
        "carrier": builders.carrier(kind="travel_esim", products=["esim"]),
        "close-account": procedure(Goal.CLOSE_ACCOUNT, applies_to=renewing),
        "stop-renewal": procedure(Goal.STOP_RENEWAL, needs=["account_login"], applies_to=renewing),
    }


def _travel() -> dict[str, Content]:
    """Return a seller of eSIMs: some run out, some renew themselves."""
    prepaid = applies_to("esim", contracts=["prepaid"])
    renewing = applies_to("esim", contracts=["subscription"])
    both = applies_to("esim", contracts=["prepaid", "subscription"])
    return {
        "carrier": builders.carrier(kind="travel_esim", audience=["tourists"], products=["esim"]),
        "let-expire": expiry(applies_to=prepaid),
        "stop-renewal": procedure(
            Goal.STOP_RENEWAL, needs=["account_login"], applies_to=renewing, channel="app"
        ),
        "stop-somehow": procedure(Goal.STOP_RENEWAL, outcome="unknown", applies_to=renewing),
        "refund": procedure(Goal.REQUEST_REFUND, applies_to=both, timing=[REFUND_UNTIL_ACTIVATED]),
        "close-account": procedure(Goal.CLOSE_ACCOUNT, needs=["account_login"], applies_to=both),
        "remove-profile": procedure(Goal.REMOVE_PROFILE, supporting=True, applies_to=prepaid),
    }


def _rental() -> dict[str, Content]:
    """Return a rental firm with bookings, returns and a monthly contract."""
    booked = applies_to("pocket_wifi", contracts=["prepaid"])
    monthly = applies_to("pocket_wifi", "home_router")
    all_rentals = monthly | {"contracts": ["prepaid", "postpaid"]}
    return {
        "carrier": builders.carrier(
            kind="pocket_wifi_rental",
            audience=["tourists"],
            products=["pocket_wifi", "home_router"],
        ),
        "cancel-booking": procedure(
            Goal.CANCEL_BOOKING, applies_to=booked, timing=[BOOKING_UNTIL_SHIPPED]
        ),
        "return-by-post": procedure(
            Goal.RETURN_RENTAL,
            channel="post",
            from_abroad="unknown",
            needs=["device_in_hand"],
            applies_to=all_rentals,
        ),
        "return-at-airport": procedure(
            Goal.RETURN_RENTAL,
            channel="counter",
            from_abroad="impossible",
            applies_to=all_rentals | {"devices": ["rented"]},
        ),
        "cancel-contract": procedure(applies_to=monthly, needs=["customer_number"]),
        "report-loss": procedure(Goal.REPORT_LOSS, applies_to=all_rentals),
    }


def _lapsing() -> dict[str, Content]:
    """Return a carrier whose contracts lapse without a top-up, or when they are not paid."""
    topped_up = applies_to(contracts=["top_up"])
    return {
        "let-lapse": procedure(
            Goal.LET_EXPIRE, channel="none", applies_to=topped_up, timing=[EXPIRES]
        ),
        "cancel-online": procedure(needs=["account_login", "line_pin"], applies_to=topped_up),
        "port-out": procedure(Goal.PORT_OUT, needs=["line_pin"], applies_to=topped_up),
        "stop-paying": procedure(Goal.LET_EXPIRE, channel="none", timing=[ENDS_WHEN_UNPAID]),
        "cancel-somehow": procedure(channel="unknown", from_abroad="unknown"),
    }


def _generic() -> dict[str, Content]:
    """Return procedures for customers of any carrier."""
    lines = applies_to("physical_sim", "esim")
    prepaid = applies_to("physical_sim", "esim", contracts=["prepaid"])
    return {
        "carrier": builders.carrier(
            kind="generic",
            products=["physical_sim", "esim", "pocket_wifi"],
            contacts=[desk(topics=["complaints"], languages=["en"])],
        ),
        "cancel-in-shop": in_shop(),
        "cancel-by-post": procedure(channel="post", from_abroad="unknown", applies_to=lines),
        "cancel-after-death": procedure(applies_to=lines | {"applicants": ["heir"]}),
        "port-out": procedure(Goal.PORT_OUT, needs=["new_carrier"], applies_to=lines),
        "let-run-out": expiry(applies_to=prepaid),
        "eight-days": procedure(
            Goal.INITIAL_CONTRACT_CANCELLATION, applies_to=lines, timing=[EIGHT_DAYS]
        ),
        "return-rental": procedure(
            Goal.RETURN_RENTAL,
            channel="post",
            from_abroad="unknown",
            applies_to=applies_to("pocket_wifi", contracts=["prepaid"], devices=["rented"]),
        ),
        "still-charged": procedure(
            Goal.STILL_CHARGED, applies_to=lines | {"lines": ["ended", "moved"]}
        ),
        "replace-sim": procedure(
            Goal.RESTORE_ACCESS, supporting=True, restores=["sms_on_line"], applies_to=lines
        ),
    }
