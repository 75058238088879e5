"""The goals a customer can have, and the policy of the service for each: one row of `GOALS`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from app.catalogue.codes import EventCode, Outcome
from app.messages.keys import MessageKey


class Goal(StrEnum):
    """What the customer wants to achieve."""

    CANCEL_CONTRACT = "cancel_contract"
    PORT_OUT = "port_out"
    INITIAL_CONTRACT_CANCELLATION = "initial_contract_cancellation"
    LET_EXPIRE = "let_expire"
    STOP_RENEWAL = "stop_renewal"
    REQUEST_REFUND = "request_refund"
    RETURN_RENTAL = "return_rental"
    CANCEL_BOOKING = "cancel_booking"
    CANCEL_PURCHASE = "cancel_purchase"
    SUSPEND = "suspend"
    REPORT_LOSS = "report_loss"
    TAKE_OVER = "take_over"
    STILL_CHARGED = "still_charged"
    RESTORE_ACCESS = "restore_access"
    REMOVE_PROFILE = "remove_profile"
    CLOSE_ACCOUNT = "close_account"


LAST: Final = 7
"""The last rank: for goals that do not end the line or, if `only_if_asked`, were not stated."""


class GoalPolicy(NamedTuple):
    """How the checker, the timeline and the guide treat one goal.

    The order of the guide and its reasons: docs/decisions/0010.
    """

    outcomes: frozenset[Outcome]
    """Outcomes that a procedure with this goal can have. The checker refuses all others."""

    reason: MessageKey
    """Message with the reason why the guide recommends such a procedure."""

    events: tuple[EventCode, ...] = ()
    """Events that readers look for. The timeline lists them as unknown if no rule gives them."""

    names_missing_deadline: bool = False
    """Whether the timeline lists a deadline for the request as unknown if no source states it."""

    ends_line: bool = False
    """Whether the line ends. The guide recommends at most one such procedure."""

    rank: int = LAST
    """Order among goals that end the line, lowest first. Free procedures come first."""

    window: frozenset[str] = frozenset()
    """For a right that lapses: the `Window.closes` values of its windows. Otherwise empty."""

    lapses_at_start: bool = False
    """Whether the right also lapses on the first day of the rental."""

    only_if_asked: bool = False
    """Whether it is recommended only if the customer states this goal.

    Such procedures move the number or lose a balance.
    """

    keeps_number: bool | None = None
    """True if the phone number is kept, False if it is lost for certain, None if it depends."""

    ends_by_itself: bool = False
    """Whether the service ends without a request, because it is not paid for again."""

    follows_end: bool = False
    """Whether it accompanies a procedure that ends the line, such as returning the router."""


GOALS: Final[Mapping[Goal, GoalPolicy]] = {
    Goal.CANCEL_CONTRACT: GoalPolicy(
        outcomes=frozenset({Outcome.CONTRACT_ENDS}),
        reason="guide.cancel_contract",
        events=(EventCode.APPLY_BY, EventCode.TAKES_EFFECT),
        names_missing_deadline=True,
        ends_line=True,
        rank=4,
        keeps_number=False,
    ),
    Goal.PORT_OUT: GoalPolicy(
        outcomes=frozenset({Outcome.NUMBER_MOVES}),
        reason="guide.port_out",
        events=(EventCode.APPLY_BY, EventCode.PORTING_NUMBER_EXPIRES),
        names_missing_deadline=True,
        ends_line=True,
        rank=0,
        only_if_asked=True,
        keeps_number=True,
    ),
    Goal.INITIAL_CONTRACT_CANCELLATION: GoalPolicy(
        outcomes=frozenset({Outcome.CONTRACT_ENDS, Outcome.MONEY_BACK}),
        reason="guide.initial_contract_cancellation",
        events=(EventCode.WINDOW_CLOSES,),
        ends_line=True,
        rank=3,
        window=frozenset({"window"}),
    ),
    Goal.LET_EXPIRE: GoalPolicy(
        outcomes=frozenset({Outcome.NOTHING_TO_CANCEL, Outcome.CONTRACT_ENDS}),
        reason="guide.let_expire",
        events=(EventCode.EXPIRES,),
        ends_line=True,
        rank=2,
        ends_by_itself=True,
    ),
    Goal.STOP_RENEWAL: GoalPolicy(
        outcomes=frozenset({Outcome.RENEWAL_STOPS, Outcome.UNKNOWN}),
        reason="guide.stop_renewal",
        events=(EventCode.RENEWS,),
        ends_line=True,
        rank=2,
        ends_by_itself=True,
    ),
    Goal.REQUEST_REFUND: GoalPolicy(
        outcomes=frozenset({Outcome.MONEY_BACK}),
        reason="guide.request_refund",
        events=(EventCode.REFUND_CLOSES,),
        window=frozenset({"refund", "window"}),
        follows_end=True,
    ),
    Goal.RETURN_RENTAL: GoalPolicy(
        outcomes=frozenset({Outcome.RENTAL_ENDS}),
        reason="guide.return_rental",
        events=(EventCode.RETURN_BY,),
        follows_end=True,
    ),
    # A booking can still be cancelled after the cancellation has become more expensive.
    Goal.CANCEL_BOOKING: GoalPolicy(
        outcomes=frozenset({Outcome.MONEY_BACK, Outcome.CONTRACT_ENDS}),
        reason="guide.cancel_booking",
        events=(EventCode.APPLY_BY,),
        ends_line=True,
        rank=1,
        window=frozenset({"window"}),
        lapses_at_start=True,
    ),
    # The device has its own contract, which the eight-day cancellation does not undo.
    Goal.CANCEL_PURCHASE: GoalPolicy(
        outcomes=frozenset({Outcome.MONEY_BACK}),
        reason="guide.cancel_purchase",
        events=(EventCode.WINDOW_CLOSES,),
        window=frozenset({"window"}),
        follows_end=True,
    ),
    Goal.SUSPEND: GoalPolicy(outcomes=frozenset({Outcome.PAUSED}), reason="guide.suspend"),
    Goal.REPORT_LOSS: GoalPolicy(
        outcomes=frozenset({Outcome.PAUSED, Outcome.UNKNOWN}), reason="guide.report_loss"
    ),
    Goal.TAKE_OVER: GoalPolicy(
        outcomes=frozenset({Outcome.HOLDER_CHANGES}), reason="guide.take_over", keeps_number=True
    ),
    Goal.STILL_CHARGED: GoalPolicy(
        outcomes=frozenset({Outcome.CHARGES_EXPLAINED}),
        reason="guide.still_charged",
        events=(EventCode.CHARGED_UNTIL, EventCode.FINAL_BILL),
    ),
    Goal.RESTORE_ACCESS: GoalPolicy(
        outcomes=frozenset({Outcome.ACCESS_RESTORED}), reason="guide.restore_access"
    ),
    Goal.REMOVE_PROFILE: GoalPolicy(
        outcomes=frozenset({Outcome.PROFILE_REMOVED}), reason="guide.remove_profile"
    ),
    Goal.CLOSE_ACCOUNT: GoalPolicy(
        outcomes=frozenset({Outcome.ACCOUNT_CLOSED}),
        reason="guide.close_account",
        ends_line=True,
        rank=6,
        only_if_asked=True,
    ),
}
