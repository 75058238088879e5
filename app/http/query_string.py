"""Raw query strings, read before a request is routed."""

from urllib.parse import parse_qsl


def has_parameter(query: bytes, name: str) -> bool:
    """Return whether the query has the parameter, also if its name is escaped (`%61t=` is `at=`).

    Queries without the parameter and without `%` are answered without parsing.
    """
    plain = name.encode() + b"="
    if query.startswith(plain) or b"&" + plain in query:
        return True
    return b"%" in query and any(
        each == name for each, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    )
