"""The room of the response cache: what is stored, and what is evicted first."""

from app.http.cache.representation import Representation
from app.http.cache.store import Generation, IndexedResponse, Key, RawRequest, ResponseStore

SIZE = Representation([], b"", b"").size
ROOM = 8 * SIZE


def response() -> Representation:
    return Representation([], b"", b"")


def key(name: str, *, stable: bool = True) -> Key:
    return Key(f"/{name}", b"", "en", stable=stable)


def names(store: ResponseStore) -> set[str]:
    return {each.path[1:] for each in store.keys()}  # noqa: SIM118 - a method of the store


def filled(evicted: list[Representation]) -> ResponseStore:
    """Return a store that is full with the responses 0 to 7."""
    store = ResponseStore(ROOM, evicted.append)
    for number in range(8):
        store.put(key(f"{number}"), response())
    return store


def test_the_oldest_response_is_evicted_first() -> None:
    """A response more than there is room for evicts the one stored first."""
    evicted: list[Representation] = []
    store = filled(evicted)
    oldest = store.get(key("0"))

    store.put(key("new"), response())

    assert evicted == [oldest]
    assert names(store) == {"1", "2", "3", "4", "5", "6", "7", "new"}
    assert (store.size, store.evicted) == (ROOM, 1)


def test_a_used_response_is_passed_over_once() -> None:
    """CLOCK: a response used since the last round stays, and goes in the next round."""
    store = filled([])
    oldest = store.get(key("0"))
    assert oldest is not None
    oldest.used = True

    store.put(key("new"), response())
    assert "0" in names(store)
    assert "1" not in names(store)

    for number in range(8):
        store.put(key(f"later-{number}"), response())
    assert "0" not in names(store)


def test_a_response_over_an_eighth_is_not_stored() -> None:
    """A response that would take more than an eighth of the room is not stored."""
    store = ResponseStore(ROOM, lambda _: None)
    large = response()
    large.size += 1

    store.put(key("eighth"), response())
    store.put(key("large"), large)

    assert names(store) == {"eighth"}


def test_growth_evicts_until_everything_fits() -> None:
    """When a stored response gets a further encoding, older ones are evicted for it."""
    evicted: list[Representation] = []
    store = filled(evicted)

    store.grow(2 * SIZE + 1)

    assert len(evicted) == 3
    assert store.size <= ROOM


def test_used_responses_are_listed_first() -> None:
    """`keys` begins with the responses that were used again: those are renewed first."""
    store = filled([])
    used = store.get(key("5"))
    assert used is not None
    used.used = True

    assert store.keys()[0] == key("5")


def test_free_text_evicts_only_free_text() -> None:
    """Responses that are not stable have an eighth of the room, and leave stable ones alone."""
    generation = Generation(64 * SIZE)
    generation.stable.put(key("stable"), response())

    for number in range(100):
        free_text = key(f"{number}", stable=False)
        generation.store(free_text).put(free_text, response())

    assert names(generation.stable) == {"stable"}
    assert generation.transient.size <= 8 * SIZE
    assert generation.size <= 64 * SIZE
    assert generation.evicted > 0


def test_an_evicted_response_leaves_the_index() -> None:
    """The index forgets each request that an evicted response answered."""
    generation = Generation(64 * SIZE)
    evicted, stays = response(), response()
    generation.transient.put(key("evicted", stable=False), evicted)
    requests: list[RawRequest] = [("/evicted", query, b"", b"") for query in (b"", b"a=1")]
    for request in requests:
        generation.index(request, IndexedResponse(evicted, evicted.identity))
    other: RawRequest = ("/stays", b"", b"", b"")
    generation.index(other, IndexedResponse(stays, stays.identity))

    generation.transient.grow(8 * SIZE)

    assert list(generation.request_index) == [other]
