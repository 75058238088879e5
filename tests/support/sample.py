"""A small catalogue: a carrier with a cut-off and an 8-day window, an eSIM, a rental."""

from typing import Any

from tests.support import builders
from tests.support.builders import Content


def rule(kind: str, **fields: object) -> Content:
    """Return a timing rule."""
    return {"kind": kind, "sources": ["S1"], **fields}


FULL_MONTH = {"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]}
EIGHT_DAYS = rule(
    "window",
    closes="window",
    length={"value": 8},
    after=["contract_received_on", "service_started_on"],
    first_day_counts=True,
    met_by="dispatch",
)


PHONE = {
    "channel": "phone",
    "address": "0120-000-000",
    "label": builders.text("Customer centre", "お客さまセンター", "客服中心"),
    "languages": ["ja"],
    "from_abroad": "impossible",
    "hours": {
        "weekly": [
            {"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "10:00", "closes": "18:00"}
        ],
        "public_holidays": "closed",
    },
    "sources": ["S1"],
}


def monthly() -> dict[str, Content]:
    """Return a carrier that handles requests until 20:00 and charges whole months."""
    return {
        "carrier": builders.carrier(
            products=["physical_sim", "esim"],
            contacts=[PHONE],
            designated_operator={"value": True, "sources": ["S1"]},
        ),
        "cancel-online": builders.procedure(
            from_abroad="possible",
            applies_to={"products": ["physical_sim", "esim"], "contracts": ["postpaid"]},
            timing=[
                rule("acceptance", same_day_until="20:00"),
                rule("contract_end", ends="at_once"),
            ],
            billing=FULL_MONTH,
            steps=[builders.step(needs=["account_login"])],
        ),
        "cancel-in-shop": builders.procedure(
            channel="store",
            from_abroad="impossible",
            steps=[builders.step(needs=["shop_visit", "papers"])],
            documents=["residence_card"],
        ),
        "port-out": builders.procedure(
            goal="port_out",
            outcome="number_moves",
            timing=[rule("porting_number", days=15), rule("contract_end", ends="number_moved")],
            billing=FULL_MONTH,
            steps=[builders.step(needs=["account_login", "new_carrier"])],
        ),
        "eight-days": builders.procedure(
            goal="initial_contract_cancellation", channel="post", timing=[EIGHT_DAYS]
        ),
    }


def sample() -> dict[str, dict[str, Any]]:
    """Return the files of all carriers."""
    return {"monthly": monthly(), "travel": travel(), "rental": rental(), "generic": generic()}


def travel() -> dict[str, Content]:
    """Return a seller of eSIMs: they expire, and are refunded until they are activated."""
    esim = {"products": ["esim"], "contracts": ["prepaid"]}
    return {
        "carrier": builders.carrier(
            name=builders.text("Example Travel", "例トラベル", "例旅行"),
            kind="travel_esim",
            audience=["tourists"],
            products=["esim"],
        ),
        "let-expire": builders.procedure(
            goal="let_expire",
            outcome="nothing_to_cancel",
            channel="none",
            from_abroad="possible",
            applies_to=esim,
            timing=[
                rule("expiry", after="activated_on", length="plan_days", first_day_counts=True)
            ],
            steps=[builders.step()],
        ),
        "refund": builders.procedure(
            goal="request_refund",
            outcome="money_back",
            channel="app",
            from_abroad="possible",
            applies_to=esim,
            timing=[
                rule(
                    "window",
                    closes="refund",
                    length={"value": 30},
                    after=["bought_on"],
                    closed_by=["activated"],
                )
            ],
        ),
        "remove-profile": builders.procedure(
            goal="remove_profile",
            outcome="profile_removed",
            channel="none",
            from_abroad="possible",
            applies_to=esim,
        ),
    }


def rental() -> dict[str, Content]:
    """Return a rental firm: free to cancel in time; the device is posted by noon."""
    wifi = {"products": ["pocket_wifi"], "contracts": ["prepaid"]}
    return {
        "carrier": builders.carrier(
            name=builders.text("Example Rental", "例レンタル", "例租赁"),
            kind="pocket_wifi_rental",
            audience=["tourists"],
            products=["pocket_wifi"],
        ),
        "cancel-booking": builders.procedure(
            goal="cancel_booking",
            outcome="money_back",
            from_abroad="possible",
            applies_to=wifi,
            timing=[
                rule(
                    "charge_tiers",
                    before="rental_starts_on",
                    tiers=[
                        {"until_days_before": 4, "percent": 0},
                        {"until_days_before": 1, "percent": 50},
                    ],
                )
            ],
        ),
        "return": builders.procedure(
            goal="return_rental",
            outcome="rental_ends",
            channel="post",
            from_abroad="unknown",
            applies_to=wifi,
            timing=[
                rule(
                    "return_by",
                    after="rental_ends_on",
                    length={"value": 1},
                    time="12:00",
                    counts="dispatch",
                )
            ],
            steps=[builders.step(needs=["post_from_japan"])],
        ),
    }


def generic() -> dict[str, Content]:
    """Return the procedures for customers who do not know their company."""
    return {
        "carrier": builders.carrier(
            name=builders.text("Any", "すべて", "任意"),
            kind="generic",
            products=["physical_sim", "esim"],
        ),
        "esim-online": builders.procedure(
            applies_to={"products": ["esim"], "contracts": ["postpaid"]}
        ),
        "sim-in-store": builders.procedure(channel="store", from_abroad="impossible"),
    }
