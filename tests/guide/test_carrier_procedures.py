"""A carrier's procedures, and which generic ones agree with what is known of it."""

from app.catalogue.codes import Contract, LastMonth, Product
from app.catalogue.goals import Goal
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.situation import Situation
from tests.support.builders import Content
from tests.support.guide import UNKNOWN
from tests.support.guide_sample import (
    EIGHT_DAYS,
    applies_to,
    company,
    desk,
    expiry,
    generic,
    in_shop,
    procedure,
)

EIGHT_DAY_RIGHT = procedure(Goal.INITIAL_CONTRACT_CANCELLATION, timing=[EIGHT_DAYS])
RECOVERY = procedure(Goal.RESTORE_ACCESS, supporting=True, restores=["sms_on_line"])
AFTER_END: Content = {"kind": "after_end", "sources": ["S1"]}
STILL_CHARGED = procedure(
    Goal.STILL_CHARGED, applies_to=applies_to(lines=["ended"]), timing=[AFTER_END]
)


def usable(own: CarrierProcedures, **procedures: Content) -> list[str]:
    return [candidate.slug for candidate in own.usable(generic(procedures))]


def test_supporting_procedures_are_no_candidates() -> None:
    """A supporting procedure is not among the candidates, of the carrier and of `generic`."""
    own = company({"cancel": procedure(), "replace-sim": RECOVERY})
    profile = procedure(Goal.REMOVE_PROFILE, supporting=True)

    assert [candidate.slug for candidate in own.candidates] == ["cancel"]
    assert [content.slug for content in own.supporting] == ["replace-sim"]
    assert usable(own, profile=profile) == []


def test_recoveries_are_candidates_for_their_goal() -> None:
    """What restores access is a candidate for that goal, of the carrier and of `generic`."""
    own = company({"cancel": procedure(), "replace-sim": RECOVERY})

    assert [candidate.slug for candidate in own.recoveries] == ["replace-sim"]
    assert [each.slug for each in own.usable_recoveries(generic({"any": RECOVERY}))] == ["any"]


def test_generic_procedures_are_for_what_is_sold() -> None:
    """A generic procedure for products or contracts that the carrier lacks is left out.

    A rented router does not run out by itself, as a prepaid SIM does.
    """
    sim_runs_out = expiry(applies_to=applies_to("physical_sim", "esim", contracts=["prepaid"]))
    returned = procedure(
        Goal.RETURN_RENTAL, applies_to=applies_to("pocket_wifi", contracts=["prepaid"])
    )
    booking = procedure(
        Goal.CANCEL_BOOKING, applies_to=applies_to("pocket_wifi", contracts=["prepaid"])
    )
    rental = company({"cancel-booking": booking})

    assert rental.products == {Product.POCKET_WIFI}
    assert rental.contracts == {Contract.PREPAID}
    assert usable(rental, sim=sim_runs_out, rented=returned, monthly=procedure()) == ["rented"]


def test_unknown_payment_can_be_any() -> None:
    """Where no procedure says how customers pay, any kind of contract is possible."""
    own = company({})

    assert own.contracts == set(Contract)


def test_generic_shop_needs_a_shop() -> None:
    """A generic procedure in a shop is left out unless the carrier is known to have shops."""
    without = company({"online": procedure()})
    with_procedure = company({"shop": in_shop()})
    with_contact = company({"online": procedure()}, contacts=[desk(channel="store")])

    assert usable(without, shop=in_shop()) == []
    assert usable(with_procedure, shop=in_shop()) == ["shop"]
    assert usable(with_contact, shop=in_shop()) == ["shop"]


def test_own_right_of_the_first_days_replaces_the_generic_one() -> None:
    """The generic right of the first days is left out if the carrier has one."""
    assert usable(company({"online": procedure()}), eight=EIGHT_DAY_RIGHT) == ["eight"]
    assert usable(company({"own": EIGHT_DAY_RIGHT}), eight=EIGHT_DAY_RIGHT) == []


def test_generic_heirs_procedure_is_for_every_carrier() -> None:
    """The generic procedure for heirs is a candidate with every carrier that it fits."""
    heirs = procedure(applies_to=applies_to(applicants=["heir"]))

    assert usable(company({"online": procedure()}), heirs=heirs) == ["heirs"]


def test_generic_customers_get_no_second_copy() -> None:
    """`generic` itself has no usable generic procedures besides its own."""
    own = generic({"cancel": procedure()})

    assert own.is_generic
    assert own.usable(own) == []
    assert own.usable_recoveries(own) == []


def billed(last_month: str, **fields: object) -> Content:
    billing = {"last_month": last_month, "cycle": "calendar_month", "sources": ["S1"]}
    return procedure(billing=billing) | fields


def last_month(own: CarrierProcedures, situation: Situation = UNKNOWN) -> LastMonth:
    (content,) = generic({"still-charged": STILL_CHARGED}).contents
    return own.with_own_billing(content, situation).procedure.billing.last_month


def test_generic_dates_follow_the_carriers_billing() -> None:
    """A generic procedure is dated by the carrier's billing, if its procedures agree on that."""
    alike = company({"online": billed("full"), "phone": billed("full", channel="phone")})
    differing = company(
        {"online": billed("full"), "esim": billed("prorated", applies_to=applies_to("esim"))}
    )

    assert last_month(alike) is LastMonth.FULL
    assert last_month(differing) is LastMonth.UNKNOWN
    assert last_month(differing, Situation(product=Product.ESIM)) is LastMonth.PRORATED


def test_other_generic_procedures_keep_their_billing() -> None:
    """A generic procedure whose dates do not follow from the billing stays as it is."""
    own = company({"online": billed("full")})
    (content,) = generic({"cancel": procedure()}).contents

    assert own.with_own_billing(content, UNKNOWN) is content
