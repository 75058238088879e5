"""The deadline of a request, which threads of the request share."""

import asyncio
import contextvars
import time

from app.database.deadline import is_over, set_deadline, time_left


def test_without_a_deadline_nothing_is_over() -> None:
    """A context without a deadline has no time left to count, and is never over."""

    def look() -> tuple[float | None, bool]:
        set_deadline(None)
        return time_left(), is_over()

    assert contextvars.Context().run(look) == (None, False)


def test_a_deadline_in_the_future_leaves_time() -> None:
    """Until the deadline some seconds are left."""

    def look() -> tuple[float | None, bool]:
        set_deadline(time.monotonic() + 60)
        return time_left(), is_over()

    left, over = contextvars.Context().run(look)

    assert left is not None
    assert 50 < left <= 60
    assert not over


def test_a_deadline_in_the_past_is_over() -> None:
    """After the deadline the seconds left are negative."""

    def look() -> tuple[float | None, bool]:
        set_deadline(time.monotonic() - 1)
        return time_left(), is_over()

    left, over = contextvars.Context().run(look)

    assert left is not None
    assert left < 0
    assert over


def test_a_thread_of_the_request_has_its_deadline() -> None:
    """`asyncio.to_thread` passes the deadline on; a request beside it has its own."""

    async def request(seconds: float) -> float | None:
        set_deadline(time.monotonic() + seconds)
        await asyncio.sleep(0)
        return await asyncio.to_thread(time_left)

    async def both() -> list[float | None]:
        requests = [asyncio.create_task(request(seconds)) for seconds in (10, 100)]
        return await asyncio.gather(*requests)

    short, long = asyncio.run(both())

    assert short is not None
    assert long is not None
    assert short <= 10
    assert long > 90
