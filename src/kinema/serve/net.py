"""Calls that the server makes because somebody outside asked for them: pictures, webhooks.

A URL from outside must not become a way into the network that the server stands in. So the
address is looked at, not the name: after it was resolved and before anything is sent, at every
connection anew, and the connection goes to the address that was looked at. A redirect is a new
connection like any other; a name that leads elsewhere the second time leads nowhere.

No proxy is used, whatever the environment says: a proxy would resolve the names again.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Final

import httpcore
import httpx

from kinema.config import NetworkConfig
from kinema.errors import RequestError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]
"""(host, port) -> its addresses, as text; ``OSError`` where it has none."""

REDIRECTS_MAX: Final = 5
REPLY_MAX: Final = 4096
"""Bytes of the answer to a call that are kept, for the log."""

_AT_ONCE: Final = 8  # fetches; each holds a thread for as long as the other side likes
_URL_MAX: Final = 2048
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NEVER: Final = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # public by number, but a cloud's own machine answers its guests
            "192.0.0.0/24",  # protocols, and the metadata of another cloud
            "64:ff9b:1::/48",  # version 4 behind a gateway, whichever it likes
            "3fff::/20",  # for documentation
        ),
    )
)
"""What Python may take for public."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
_COMPATIBLE: Final = IPv6Network("::/96")


class TooBusy(Exception):
    """As much is being fetched as may be at once; it can be asked for again soon."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered to a call: the status of HTTP, and how the answer begins."""

    status: int
    beginning: bytes


class Network:
    """The way out, shared by threads.

    Args:
        config: What may be reached, and how much one call may take.
        resolve: How names become addresses.

    Raises:
        RequestError: ``network.private`` holds something that is neither a name nor a range.
    """

    def __init__(self, config: NetworkConfig, resolve: Resolve | None = None) -> None:
        self._config = config
        self._resolve = resolve or _resolve
        self._guard = Guard(config.private)
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._tls = ssl.create_default_context()

    def fetch(self, url: str, path: Path, field: str) -> None:
        """Write what lies at a URL into a file; up to five redirects are followed.

        Args:
            url: Of http or https.
            path: The file; what is in it already is lost.
            field: What the client calls the URL, for messages.

        Raises:
            RequestError: It leads to an address that may not be reached, to more bytes or for
                more seconds than is allowed, or to something other than a file.
            TooBusy: Too much is being fetched already.

        Cost:
            At most the seconds and bytes of the configuration, whatever the other side does, and
            the time that the system's resolver allows itself besides.
        """
        if not self._free.acquire(blocking=False):
            raise TooBusy
        try:
            until = time.monotonic() + self._config.seconds
            with path.open("wb") as file:
                for piece in self._pieces(check_url(url, field), field, until):
                    file.write(piece)
        finally:
            self._free.release()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], field: str = "url") -> Reply:
        """Send bytes to a URL. A redirect is an answer like any other, and is not followed.

        Args:
            url: Of http or https.
            body: What is sent.
            headers: What is said of it.
            field: What the client calls the URL, for messages.

        Raises:
            RequestError: The URL leads to an address that may not be reached, or to nobody, or
                there was no answer within the seconds of the configuration.
        """
        until = time.monotonic() + self._config.seconds
        with self._opened("POST", check_url(url, field), field, until, headers, body) as response:
            beginning = b""
            for piece in response.iter_stream():
                beginning += piece
                if len(beginning) >= REPLY_MAX:
                    break
            return Reply(response.status, beginning[:REPLY_MAX])

    def _pieces(self, at: httpx.URL, field: str, until: float) -> Iterator[bytes]:
        """What lies at the end of the redirects, some at a time."""
        headers = {"accept": "image/png, image/jpeg, image/webp, */*;q=0.1"}
        for _ in range(REDIRECTS_MAX + 1):
            with self._opened("GET", at, field, until, headers) as response:
                said = {name.lower(): value for name, value in response.headers}
                if response.status in _REDIRECTS and b"location" in said:
                    at = _joined(at, said[b"location"], field)
                    continue
                self._check_answer(response.status, said, field)
                total = 0
                for piece in response.iter_stream():
                    total += len(piece)
                    self._check_length(total, field)
                    yield piece
                return
        raise RequestError(field, "is redirected too often", f"{REDIRECTS_MAX} redirects")

    def _check_answer(self, status: int, said: Mapping[bytes, bytes], field: str) -> None:
        if status != 200:
            raise RequestError(field, f"is answered with status {status}", "200")
        # Unpacked, a small answer may become a huge one.
        if said.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
            raise RequestError(field, "is sent packed though that was not asked for", "plain bytes")
        announced = said.get(b"content-length", b"")
        if announced.isdigit():
            self._check_length(int(announced), field)

    def _check_length(self, length: int, field: str) -> None:
        if length > self._config.bytes:
            raise RequestError(field, "leads to too much", f"{self._config.bytes} bytes")

    @contextmanager
    def _opened(
        self,
        method: str,
        at: httpx.URL,
        field: str,
        until: float,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> Iterator[httpcore.Response]:
        """A request that was sent, and the head of its answer."""
        place = httpcore.URL(
            scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path
        )
        all_headers = {
            "host": at.netloc.decode("ascii"),
            "user-agent": "Kinema",
            "accept-encoding": "identity",
            "connection": "close",
            **headers,
        }
        way = _Way(self._resolve, self._guard, field, until)
        try:
            with (
                httpcore.ConnectionPool(self._tls, network_backend=way) as pool,
                pool.stream(
                    method, place, headers=list(all_headers.items()), content=body or None
                ) as response,
            ):
                yield response
        except httpcore.TimeoutException as error:
            problem = f"{at.host} takes too long"
            raise RequestError(field, problem, f"{self._config.seconds} seconds") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise RequestError(field, f"{at.host} cannot be reached, or hung up") from error


def check_url(url: str, field: str) -> httpx.URL:
    """A URL that may be called, as far as can be told before its name is resolved.

    Raises:
        RequestError: It is no URL of http or https with a host, or it holds a password.
    """
    try:
        at = httpx.URL(url if len(url) <= _URL_MAX else "")
        is_good = (
            at.scheme in ("http", "https") and at.host and (at.port is None or 0 < at.port < 65536)
        )
    except (httpx.InvalidURL, UnicodeError, ValueError):
        at, is_good = httpx.URL(), False
    if not is_good:
        raise RequestError(
            field, "cannot be fetched", f"http(s) URL of up to {_URL_MAX} characters"
        )
    if at.userinfo:
        raise RequestError(field, "holds a user or a password", "a URL without")
    return at


def _joined(at: httpx.URL, location: bytes, field: str) -> httpx.URL:
    try:
        there = str(at.join(location.decode("latin-1")))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise RequestError(field, "is redirected to something that is no URL") from error
    return check_url(there, field)


class Guard:
    """Which addresses may be reached: public ones, and those that the owner names."""

    def __init__(self, private: Iterable[str]) -> None:
        self._hosts: set[str] = set()
        self._ranges: list[Any] = []
        for entry in private:
            try:
                self._ranges.append(ip_network(entry, strict=False))
            except ValueError as error:
                if not entry or "/" in entry or ":" in entry:
                    allowed = "host names and CIDR ranges"
                    raise RequestError("network.private", f"{entry!r}", allowed) from error
                self._hosts.add(entry.rstrip(".").lower())

    def allows(self, host: str, address: Address) -> bool:
        """Whether the address, which a host's name led to, may be reached."""
        if host.rstrip(".").lower() in self._hosts:
            return True
        meant = _meant(address)
        if any(one in range_ for one in (address, meant) for range_ in self._ranges):
            return True
        return _is_public(address) and _is_public(meant)


def _meant(address: Address) -> Address:
    """The version 4 address that one of version 6 stands for; itself for all others."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return True  # what it stands for decides
        if address.is_site_local:
            return False
    if any(address in range_ for range_ in _NEVER):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


class _Way(httpcore.NetworkBackend):
    """Connects to addresses that were looked at, and to no others."""

    def __init__(self, resolve: Resolve, guard: Guard, field: str, until: float) -> None:
        self._resolve, self._guard = resolve, guard
        self._field, self._until = field, until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that may be reached and answers."""
        try:
            found = [ip_address(text.partition("%")[0]) for text in self._resolve(host, port)]
        except (OSError, UnicodeError):
            found = []
        # The same words where a name leads inside and where there is none: nothing is told.
        addresses = [address for address in found if self._guard.allows(host, address)]
        failure: Exception = RequestError(
            self._field,
            f"{host} does not lead to an address that may be reached from here",
            "a host in the public network",
        )
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    str(address), port, _left(self._until, timeout), local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
                continue
            return _Hurried(stream, self._until)
        raise failure


class _Hurried(httpcore.NetworkStream):
    """A connection that ends at a time, however little the other side sends at once."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Wait for bytes until the time is over."""
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes until the time is over."""
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted, to the host that the URL names."""
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout))
        return _Hurried(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    """The seconds that a wait may take."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left if timeout is None else min(left, timeout)


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))
