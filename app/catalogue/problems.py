"""Problems of requests for carriers, procedures and revisions."""

from collections.abc import Mapping
from http import HTTPStatus

from app.links import carrier_url, procedure_url
from app.problems.base import Problem


class NothingPublished(Problem):
    """No edition of the catalogue has been published yet."""

    slug = "nothing-published"
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, *, members: Mapping[str, str] | None = None, retry_after: int = 60) -> None:
        """Ask the client to try again after `retry_after` seconds."""
        super().__init__(members=members, headers={"Retry-After": str(retry_after)})


class CarrierNotFound(Problem):
    """No carrier has this id. `closest` is the most similar id, or null if none is similar."""

    slug = "carrier-not-found"
    status = HTTPStatus.NOT_FOUND

    def __init__(self, *, carrier: str, closest: str | None) -> None:
        """Report the requested id and the most similar one."""
        super().__init__(carrier=carrier, members={"carrier": carrier, "closest": closest})


class ProcedureNotFound(Problem):
    """The carrier has no procedure with this id. `closest` is the most similar id, or null."""

    slug = "procedure-not-found"
    status = HTTPStatus.NOT_FOUND

    def __init__(self, *, carrier: str, procedure: str, closest: str | None) -> None:
        """Report the requested id and the most similar one of the carrier."""
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            members={"carrier": carrier, "procedure": procedure, "closest": closest},
        )


class RevisionNotFound(Problem):
    """The procedure has no revision with this number. `newest` is the highest number."""

    slug = "revision-not-found"
    status = HTTPStatus.NOT_FOUND

    def __init__(self, *, carrier: str, procedure: str, revision: int, newest: int) -> None:
        """Report the requested revision and the newest one."""
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            number=revision,
            newest=newest,
            members={
                "carrier": carrier,
                "procedure": procedure,
                "revision": revision,
                "newest": newest,
            },
        )


class CarrierRetired(Problem):
    """The carrier was removed from the catalogue. `successor` is its replacement, or null."""

    slug = "carrier-retired"
    status = HTTPStatus.GONE

    def __init__(self, *, carrier: str, edition: int, successor: str | None) -> None:
        """Report the first edition without it. `successor` is the id of a carrier."""
        address = carrier_url(successor) if successor else None
        super().__init__(
            carrier=carrier, edition=edition, members={"carrier": carrier, "successor": address}
        )


class ProcedureRetired(Problem):
    """The procedure was removed. `successor` is its replacement, or null. Its revisions stay."""

    slug = "procedure-retired"
    status = HTTPStatus.GONE

    def __init__(
        self, *, carrier: str, procedure: str, edition: int, successor: str | None
    ) -> None:
        """Report the first edition without it. `successor` has the form `carrier/procedure`."""
        address = procedure_url(*successor.split("/")) if successor else None
        super().__init__(
            carrier=carrier,
            procedure=procedure,
            edition=edition,
            members={"carrier": carrier, "procedure": procedure, "successor": address},
        )
