"""After any sequence of requests, sessions agree with a plain model."""

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.support.sessions import STEPS, Served

KEYS = [step["key"] for step in STEPS]
REQUIRES = {step["key"]: step.get("requires", []) for step in STEPS}
IRREVERSIBLE = {step["key"] for step in STEPS if step.get("irreversible")}


class Sessions(RuleBasedStateMachine):
    """Starts, ticks, upgrades and deletes sessions, and models their expected states."""

    address: str
    begun = Bundle("begun")

    def __init__(self) -> None:
        super().__init__()
        self.http = httpx.Client(base_url=self.address)
        self.model: dict[str, dict[str, str]] = {}
        self.owners: dict[str, dict[str, str]] = {}
        self.etags: dict[str, str] = {}

    def teardown(self) -> None:
        self.http.close()

    @rule(target=begun)
    def begin(self) -> str:
        created = self.http.post("/v1/sessions", json={"carrier": "example", "procedure": "cancel"})
        at = created.headers["location"]
        self.owners[at] = {"Authorization": f"Bearer {created.json()['token']}"}
        self.model[at] = dict.fromkeys(KEYS, "todo")
        self.etags[at] = created.headers["etag"]
        return at

    @rule(
        at=begun,
        key=st.sampled_from(KEYS),
        state=st.sampled_from(["todo", "done", "skipped", "blocked"]),
        acknowledge=st.booleans(),
        stale=st.booleans(),
    )
    def tick(self, at: str, key: str, state: str, *, acknowledge: bool, stale: bool) -> None:
        headers = self.owners[at] | ({"If-Match": '"0"'} if stale else {})
        answer = self.http.patch(
            f"{at}/steps/{key}", json={"state": state, "acknowledge": acknowledge}, headers=headers
        )

        missing = [
            required
            for required in REQUIRES[key]
            if self.model[at][required] in {"todo", "blocked"}
        ]
        if stale:
            assert answer.status_code == 412
        elif state == "done" and not acknowledge and (missing or key in IRREVERSIBLE):
            assert answer.status_code == 409
            assert answer.json()["missing"] == missing
        else:
            assert answer.status_code == 200
            assert answer.headers["etag"] != self.etags[at]
            self.model[at][key] = state
            self.etags[at] = answer.headers["etag"]

    @rule(at=begun)
    def upgrade(self, at: str) -> None:
        answer = self.http.post(f"{at}/upgrade", headers=self.owners[at])

        # There is no newer revision, so nothing changes.
        assert answer.headers["etag"] == self.etags[at]

    @rule(at=consumes(begun))
    def delete(self, at: str) -> None:
        assert self.http.delete(at, headers=self.owners[at]).status_code == 204
        assert self.http.get(at, headers=self.owners[at]).status_code == 404
        del self.model[at]

    @invariant()
    def every_session_is_what_the_model_says(self) -> None:
        for at, states in self.model.items():
            session = self.http.get(at, headers=self.owners[at]).json()
            assert {step["key"]: step["state"] for step in session["steps"]} == states
            done = sum(state == "done" for state in states.values())
            assert (session["progress"]["done"], session["progress"]["total"]) == (done, len(KEYS))


def test_sessions_agree_with_a_model(served: Served) -> None:
    """Random starts, ticks, upgrades and deletions give the states that a plain model has."""
    machine = type("SessionsOfServer", (Sessions,), {"address": served.address})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
