"""Reads a curl command and builds the bytes that curl would send. An unknown option is an error."""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn
from urllib.parse import quote, urlsplit

_FLAGS: Final = {
    "-G": "get",
    "--get": "get",
    "-i": "shown",
    "--include": "shown",
    "-s": "shown",
    "--silent": "shown",
    "-S": "shown",
    "--show-error": "shown",
    "-f": "shown",
    "--fail": "shown",
}
"""Options without a value. What is `shown` changes the output alone, never the request."""

_VALUES: Final = {
    "-X": "method",
    "--request": "method",
    "-H": "header",
    "--header": "header",
    "-d": "data",
    "--data": "data",
    "--data-urlencode": "urlencode",
    "--json": "json",
    "-o": "output",
    "--output": "output",
}
_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class UnknownCurlError(Exception):
    """The command has an option or an address that this module, or curl itself, does not take."""


def _refuse(message: str) -> NoReturn:
    raise UnknownCurlError(message)


@dataclass
class _Options:
    urls: list[str] = field(default_factory=list)
    method: str | None = None
    headers: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    json: bool = False
    get: bool = False

    def take(self, kind: str, value: str) -> None:
        match kind:
            case "method":
                self.method = value
            case "header":
                self.headers.append(value)
            case "data" | "json":
                if value.startswith("@"):
                    _refuse(f"cannot read a file: {value}")
                self.data.append(value)
                self.json = self.json or kind == "json"
            case "urlencode":
                self.data.append(_urlencoded(value))
            case "get":
                self.get = True


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire."""

    host: str
    port: int
    method: str
    target: str
    headers: tuple[str, ...]
    body: bytes

    def bytes(self) -> bytes:
        """Return the bytes to send; the target in UTF-8, as curl copies it from the command."""
        length = (f"Content-Length: {len(self.body)}",) if self.body else ()
        lines = (f"{self.method} {self.target} HTTP/1.1", *self.headers, *length)
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body

    def send(self, host: str, port: int) -> tuple[int, str]:
        """Send the bytes to a server; return the status and the whole answer as text."""
        with socket.create_connection((host, port), timeout=30) as connection:
            connection.sendall(self.bytes().replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            answer = b""
            while received := connection.recv(65536):
                answer += received
        status = _STATUS.match(answer)
        return int(status[1]) if status else 0, answer.decode("utf-8", "replace")


def read(words: Sequence[str]) -> Request:
    """Return the request of a command, given as the shell splits it. Raises `UnknownCurlError`."""
    options = _Options()
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            options.urls.append(word)
        elif word in _FLAGS:
            options.take(_FLAGS[word], "")
        elif word in _VALUES:
            options.take(_VALUES[word], next(rest))
        elif word[1] != "-" and {f"-{flag}" for flag in word[1:]} <= set(_FLAGS):
            for flag in word[1:]:
                options.take(_FLAGS[f"-{flag}"], "")
        else:
            _refuse(f"unknown option: {word}")
    return _request(options)


def _request(options: _Options) -> Request:
    if len(options.urls) != 1:
        _refuse(f"one address is needed, not {options.urls}")
    url = options.urls[0]
    # curl refuses a space, and reads brackets and braces as a list of addresses.
    if re.search(r"[\s\[\]{}]", url):
        _refuse(f"curl does not take this address: {url}")
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None or parts.port is None:
        _refuse(f"not an address of the served instance: {url}")
    data = "&".join(options.data)
    query = "&".join(part for part in (parts.query, data if options.get else "") if part)
    sends_body = bool(options.data) and not options.get
    return Request(
        host=parts.hostname,
        port=parts.port,
        method=options.method or ("POST" if sends_body else "GET"),
        target=(parts.path or "/") + (f"?{query}" if query else ""),
        headers=_headers(parts.netloc, options, sends_body=sends_body),
        body=data.encode() if sends_body else b"",
    )


def _headers(host: str, options: _Options, *, sends_body: bool) -> tuple[str, ...]:
    defaults = {"Host": host, "User-Agent": "curl/8.0.0", "Accept": "*/*"}
    if options.json:
        defaults |= {"Accept": "application/json", "Content-Type": "application/json"}
    elif sends_body:
        defaults["Content-Type"] = "application/x-www-form-urlencoded"
    given = {header.partition(":")[0].lower() for header in options.headers}
    kept = [f"{name}: {value}" for name, value in defaults.items() if name.lower() not in given]
    return (*kept, *options.headers)


def _urlencoded(value: str) -> str:
    """Return what `--data-urlencode` makes of `content`, `=content` or `name=content`."""
    name, separator, content = value.partition("=")
    if not separator:
        name, content = "", value
        if "@" in value:
            _refuse(f"cannot read a file: {value}")
    encoded = quote(content, safe="-._~")
    return f"{name}={encoded}" if name else encoded
