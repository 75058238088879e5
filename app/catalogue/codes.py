"""The closed sets of codes that the catalogue, the database and the API share.

Their names and explanations in each language are in `catalogue/vocabulary.yaml`
(docs/decisions/0002).
"""

from enum import StrEnum
from typing import Final

GENERIC_CARRIER: Final = "generic"
"""Id of the entry with procedures and contacts for customers of any carrier."""


class CarrierKind(StrEnum):
    """The kind of company."""

    GENERIC = "generic"
    MNO = "mno"
    MNO_SUB_BRAND = "mno_sub_brand"
    MVNO = "mvno"
    PREPAID_VISITOR_SIM = "prepaid_visitor_sim"
    TRAVEL_ESIM = "travel_esim"
    POCKET_WIFI_RENTAL = "pocket_wifi_rental"


class Audience(StrEnum):
    """A group of customers that a carrier sells to."""

    TOURISTS = "tourists"
    LONG_STAY_FOREIGNERS = "long_stay_foreigners"
    RESIDENTS = "residents"


class Product(StrEnum):
    """The kind of product."""

    PHYSICAL_SIM = "physical_sim"
    ESIM = "esim"
    POCKET_WIFI = "pocket_wifi"
    HOME_ROUTER = "home_router"


class Contract(StrEnum):
    """How the customer pays for the service."""

    POSTPAID = "postpaid"
    PREPAID = "prepaid"
    SUBSCRIPTION = "subscription"
    TOP_UP = "top_up"


class Applicant(StrEnum):
    """The person who makes the request."""

    HOLDER = "holder"
    FAMILY = "family"
    PROXY = "proxy"
    GUARDIAN = "guardian"
    COMPANY = "company"
    HEIR = "heir"


class Line(StrEnum):
    """The state of the line."""

    IN_USE = "in_use"
    SUSPENDED = "suspended"
    ENDED = "ended"
    MOVED = "moved"


class Sale(StrEnum):
    """Where or how the contract was made."""

    SHOP = "shop"
    ONLINE = "online"
    TELEPHONE = "telephone"
    DOOR = "door"
    MARKETPLACE = "marketplace"


class Device(StrEnum):
    """Whether the phone or router of the contract is rented or bought."""

    RENTED = "rented"
    BOUGHT = "bought"
    INSTALMENTS = "instalments"
    NONE = "none"


class Outcome(StrEnum):
    """The result of a procedure."""

    CONTRACT_ENDS = "contract_ends"
    NUMBER_MOVES = "number_moves"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    RENEWAL_STOPS = "renewal_stops"
    MONEY_BACK = "money_back"
    RENTAL_ENDS = "rental_ends"
    PAUSED = "paused"
    PROFILE_REMOVED = "profile_removed"
    ACCOUNT_CLOSED = "account_closed"
    HOLDER_CHANGES = "holder_changes"
    ACCESS_RESTORED = "access_restored"
    CHARGES_EXPLAINED = "charges_explained"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How the procedure is carried out with the carrier."""

    WEB = "web"
    APP = "app"
    PHONE = "phone"
    STORE = "store"
    POST = "post"
    EMAIL = "email"
    CHAT = "chat"
    COUNTER = "counter"
    NONE = "none"
    UNKNOWN = "unknown"


class ContactTopic(StrEnum):
    """A topic that a contact is for."""

    CONTRACTS = "contracts"
    LOSS = "loss"
    PAYMENT = "payment"
    ACCESS = "access"
    BUSINESS = "business"
    REFUNDS = "refunds"
    COMPLAINTS = "complaints"


class Possibility(StrEnum):
    """Whether something is possible, if known."""

    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """The part of a procedure that a step belongs to."""

    PREPARE = "prepare"
    ACT = "act"
    CONFIRM = "confirm"
    AFTERCARE = "aftercare"


class Actor(StrEnum):
    """Who does a step. `device`: you do it, on your own phone."""

    YOU = "you"
    CARRIER = "carrier"
    DEVICE = "device"


class LastMonth(StrEnum):
    """How the last billing period is charged."""

    FULL = "full"
    PRORATED = "prorated"
    BY_USAGE = "by_usage"
    PREPAID = "prepaid"
    UNKNOWN = "unknown"


class BillingCycle(StrEnum):
    """How billing periods are determined."""

    CALENDAR_MONTH = "calendar_month"
    CLOSING_DAY = "closing_day"
    CONTRACT_DAY = "contract_day"
    UNKNOWN = "unknown"


class Requirement(StrEnum):
    """Whether an action is required."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NOT_REQUIRED = "not_required"
    UNKNOWN = "unknown"


class SourceKind(StrEnum):
    """The kind of publisher of a source."""

    OFFICIAL = "official"
    REGULATOR = "regulator"
    STANDARD = "standard"
    PUBLIC_DATASET = "public_dataset"
    THIRD_PARTY = "third_party"


class Evidence(StrEnum):
    """How well sources support a claim. Computed from the kinds of its sources."""

    OFFICIAL = "official"
    MIXED = "mixed"
    THIRD_PARTY = "third_party"
    SINGLE_SOURCE = "single_source"


class EventCode(StrEnum):
    """An event of a timeline: an action that is due, or something that happens by itself."""

    APPLY_BY = "apply_by"
    PROCESSED = "processed"
    TAKES_EFFECT = "takes_effect"
    CHARGED_UNTIL = "charged_until"
    FINAL_BILL = "final_bill"
    LATE_CHARGES_UNTIL = "late_charges_until"
    RENEWS = "renews"
    WINDOW_CLOSES = "window_closes"
    REFUND_CLOSES = "refund_closes"
    START_BY = "start_by"
    EXTEND_BY = "extend_by"
    WITHDRAW_BY = "withdraw_by"
    SUSPENDED = "suspended"
    EXPIRES = "expires"
    RETURN_BY = "return_by"
    COUNTED_AS_LOST = "counted_as_lost"
    PORTING_NUMBER_USE_BY = "porting_number_use_by"
    PORTING_NUMBER_EXPIRES = "porting_number_expires"
    ACCOUNT_PAGE_CLOSES = "account_page_closes"
    FEE_FREE = "fee_free"
    REFUND_EXPECTED = "refund_expected"


class Certainty(StrEnum):
    """How reliable the date of an event is."""

    EXACT = "exact"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """How a procedure fits a person's situation."""

    RECOMMENDED = "recommended"
    POSSIBLE = "possible"
    UNVERIFIED = "unverified"
    CONDITIONAL = "conditional"
    BLOCKED = "blocked"
    NOT_APPLICABLE = "not_applicable"


class Role(StrEnum):
    """A company's role for a SIM. The contract can only be with a seller or brand."""

    SELLER = "seller"
    BRAND = "brand"
    ISSUER = "issuer"
    HOST_NETWORK = "host_network"
    ESIM_SERVER = "esim_server"


class Confidence(StrEnum):
    """How reliably a clue identifies a company."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Identity(StrEnum):
    """Whether the clues identify the company that the contract is with."""

    IDENTIFIED = "identified"
    AMBIGUOUS = "ambiguous"
    ROAMING_FOREIGN = "roaming_foreign"
    ISSUER_ONLY = "issuer_only"
    NOT_IDENTIFIED = "not_identified"


class Clue(StrEnum):
    """Information on a phone or an order that can identify the company."""

    WORDS = "words"
    APN = "apn"
    APN_USERNAME = "apn_username"
    SIM_NETWORK = "sim_network"
    ICCID_PREFIX = "iccid_prefix"
    SMDP_HOST = "smdp_host"
    VISITED_NETWORK = "visited_network"


class MatchKind(StrEnum):
    """The kind of name by which a search found a carrier."""

    NAME = "name"
    ALIAS = "alias"
    OPERATOR = "operator"
    BRAND = "brand"
    VARIANT = "variant"
    PRODUCT = "product"
    SHOP = "shop"


class NotCoveredKind(StrEnum):
    """A kind of contract that the catalogue does not cover."""

    FIXED_INTERNET = "fixed_internet"
    FIXED_PHONE = "fixed_phone"
    TELEVISION = "television"
    ELECTRICITY = "electricity"


class Operator(StrEnum):
    """The kind of operator: a large one that the law on cancellation fees designates, or other."""

    DESIGNATED = "designated"
    OTHER = "other"


class FeeKind(StrEnum):
    """What a fee is for. The legal caps apply only to `early_cancellation`."""

    EARLY_CANCELLATION = "early_cancellation"
    HANDLING = "handling"
    DEVICE = "device"
    RETURN = "return"
    PORTING = "porting"
    OTHER = "other"


class EffortReason(StrEnum):
    """A reason why a procedure takes effort."""

    STEPS = "steps"
    CHANNEL = "channel"
    NEEDS = "needs"
    PAPERS = "papers"
    RETURN = "return"
    CUT_OFF = "cut_off"
    WAITING = "waiting"
    NOT_FROM_ABROAD = "not_from_abroad"
    UNKNOWNS = "unknowns"
