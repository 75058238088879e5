"""Policies that endpoints declare, for the middleware in front of them."""

from collections.abc import Callable
from typing import Any, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class UndeclaredPolicyError(Exception):
    """A route declares no cache policy or no rate policy."""


def declare(endpoint: Endpoint, name: str, policy: object) -> Endpoint:
    """Attach the policy to the endpoint under this name, and return the endpoint."""
    setattr(endpoint, name, policy)
    return endpoint


def declared(endpoint: Callable[..., Any], name: str) -> Any:  # noqa: ANN401 - any declaration
    """Return the policy that the endpoint declares under this name.

    Raises `UndeclaredPolicyError` if it declares none.
    """
    try:
        return getattr(endpoint, name)
    except AttributeError:
        raise UndeclaredPolicyError(
            f"{endpoint} has no {name}. Below @router.…, declare it with @cacheable(…) or "
            "@uncacheable, and @counted(…)."
        ) from None
