"""Calls out: what is reached, what never is, and what is given up."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.config import NetworkConfig
from kinema.errors import RequestError
from kinema.serve.net import REDIRECTS_MAX, Guard, Network, TooBusy, check_url
from tests.serve.site import Site, bytes_of, drip, redirect

INSIDE = [
    "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
    "fe80::1%lo", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::",
    "2002:a00:1::1",
]  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.close()


@pytest.fixture
def fetched(tmp_path: Path) -> Callable[..., bytes]:
    """Fetch a URL as a client asked for it; loopback is allowed unless said."""

    def fetch(url: str, network: Network | None = None, **limits: int) -> bytes:
        allowed = NetworkConfig(private=("127.0.0.0/8",), **limits)
        path = tmp_path / "fetched"
        (network or Network(allowed)).fetch(url, path, "image_url")
        return path.read_bytes()

    return fetch


def leading_to(*addresses: str) -> Callable[[str, int], list[str]]:
    """Every name has these addresses."""
    return lambda _host, _port: list(addresses)


def refused(work: Callable[[], object]) -> RequestError:
    with pytest.raises(RequestError) as caught:
        work()
    assert caught.value.field == "image_url"
    return caught.value


def test_a_file_is_fetched_where_its_address_is_allowed(
    site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/fox.png?a=1"] = bytes_of(b"picture")
    assert fetched(f"{site.url}/fox.png?a=1#part") == b"picture"
    method, _, headers, _ = site.asked[0]
    assert method == "GET"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers["accept-encoding"] == "identity"
    assert "authorization" not in headers
    assert "cookie" not in headers


def test_a_host_may_be_allowed_by_its_name(site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/"] = bytes_of(b"picture")
    config = NetworkConfig(private=("Pictures.example.",))
    network = Network(config, leading_to("127.0.0.1"))
    assert fetched(f"http://pictures.example:{site.port}/", network) == b"picture"
    assert site.asked[0][2]["host"] == f"pictures.example:{site.port}"
    refused(lambda: fetched(f"http://others.example:{site.port}/", network))
    assert len(site.asked) == 1


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_reached_by_a_name(
    address: str, fetched: Callable[..., bytes]
) -> None:
    network = Network(NetworkConfig(), leading_to(address))
    error = refused(lambda: fetched("http://innocent.example/", network))
    assert "does not lead to" in error.problem


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
        "0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "%31%32%37.0.0.1",
        "127。0。0。1", "①②⑦.0.0.1", "169.254.169.254", "[fe80::1]",
    ],
)  # fmt: skip
def test_no_way_to_write_loopback_reaches_it(
    host: str, site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/"] = bytes_of(b"secret")
    refused(lambda: fetched(f"http://{host}:{site.port}/", Network(NetworkConfig())))
    assert site.asked == []


@given(address=st.ip_addresses(v=4))
def test_an_address_and_its_disguises_are_judged_alike(address: object) -> None:
    guard = Guard(())

    def is_refused(text: str) -> bool:
        return not guard.allows("innocent.example", ip_address(text))

    number = int(ip_address(str(address)))
    plain = is_refused(str(address))
    assert is_refused(f"::ffff:{address}") == plain
    assert is_refused(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}") == plain
    assert is_refused(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1") >= plain


def test_the_connection_goes_to_the_address_that_was_looked_at(
    site: Site, fetched: Callable[..., bytes]
) -> None:
    # Allowed when it is looked at, and inside if anybody looked again.
    site.pages["/"] = bytes_of(b"secret")
    answers = iter([["127.0.0.9"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    def fetch() -> bytes:
        config = NetworkConfig(private=("127.0.0.9/32",))
        return fetched(f"http://rebound.example:{site.port}/", Network(config, resolve))

    refused(fetch)
    assert asked == ["rebound.example"]
    assert site.asked == []


def test_of_many_addresses_only_public_ones_are_tried(
    site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/"] = bytes_of(b"secret")
    config = NetworkConfig(private=("127.0.0.2/32",))
    network = Network(config, leading_to("127.0.0.1", "::1", "127.0.0.2"))
    refused(lambda: fetched(f"http://mixed.example:{site.port}/", network))
    assert site.asked == []


def test_another_address_is_tried_where_one_does_not_answer(
    site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/"] = bytes_of(b"picture")
    config = NetworkConfig(private=("127.0.0.0/8",))
    network = Network(config, leading_to("127.0.0.9", "127.0.0.1"))
    assert fetched(f"http://two.example:{site.port}/", network) == b"picture"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_only_to_where_one_may_go(
    status: int, site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/a"] = redirect("/b?c=1", status)
    site.pages["/b?c=1"] = bytes_of(b"picture")
    assert fetched(f"{site.url}/a") == b"picture"

    site.asked.clear()
    site.pages["/a"] = redirect(f"http://localhost:{site.port}/b?c=1", status)
    config = NetworkConfig(private=("outside.example",))
    network = Network(config, leading_to("127.0.0.1"))
    refused(lambda: fetched(f"http://outside.example:{site.port}/a", network))
    assert [path for _, path, *_ in site.asked] == ["/a"]


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://a/",
        "http://",
        "http://u:p@a/",
        "data:,x",
    ],
)
def test_a_redirect_to_another_scheme_is_refused(
    to: str, site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/"] = redirect(to)
    refused(lambda: fetched(f"{site.url}/"))


def test_a_ring_of_redirects_ends(site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/"] = redirect("/")
    assert "too often" in refused(lambda: fetched(f"{site.url}/")).problem
    assert len(site.asked) == REDIRECTS_MAX + 1


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "//a/b", "ftp://a/b", "file:///etc/passwd", "javascript:1", "http://", "http:///a",
        "http://a:0/", "http://a:99999/", "http://[::1", "http://user:secret@a/", "http://user@a/",
        "http://" + "a" * 3000, "http://a\n/", "http://a/\x00",
    ],
)  # fmt: skip
def test_a_bad_url_is_refused_before_anything_is_asked(url: str) -> None:
    refused(lambda: check_url(url, "image_url"))


@given(st.text(max_size=60))
def test_any_text_is_a_good_url_or_is_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"https://a/{text}"):
        try:
            found = check_url(url, "image_url")
        except RequestError:
            continue
        assert found.scheme in ("http", "https")
        assert found.host


def test_too_much_is_refused_announced_or_not(site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/announced"] = bytes_of(b"x" * 1001)
    assert "too much" in refused(lambda: fetched(f"{site.url}/announced", bytes=1000)).problem
    site.pages["/endless"] = drip(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 400)
    assert "too much" in refused(lambda: fetched(f"{site.url}/endless", bytes=1000)).problem
    site.pages["/just"] = bytes_of(b"x" * 1000)
    assert len(fetched(f"{site.url}/just", bytes=1000)) == 1000


def test_a_packed_answer_is_not_unpacked(site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/"] = bytes_of(gzip.compress(b"0" * 10_000_000), content_encoding="gzip")
    assert "packed" in refused(lambda: fetched(f"{site.url}/", bytes=20_000)).problem


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.0 200 OK\r\n", b"x-more: 1\r\n"),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "headers", "status line", "chunks"],
)
def test_an_answer_that_drips_is_given_up(
    head: bytes, piece: bytes, site: Site, fetched: Callable[..., bytes]
) -> None:
    site.pages["/"] = drip(head, piece)
    began = time.monotonic()
    refused(lambda: fetched(f"{site.url}/", seconds=1))
    assert time.monotonic() - began < 20


def test_silence_is_given_up(fetched: Callable[..., bytes]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "too long" in refused(lambda: fetched(url, seconds=1)).problem
        with socket.create_server(("127.0.0.1", 0)) as other:
            encrypted = f"https://127.0.0.1:{other.getsockname()[1]}/"
            assert "too long" in refused(lambda: fetched(encrypted, seconds=1)).problem


@pytest.mark.parametrize("status", [204, 206, 304, 400, 404, 500])
def test_only_a_whole_file_will_do(status: int, site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/"] = bytes_of(b"", status)
    assert str(status) in refused(lambda: fetched(f"{site.url}/")).problem


def test_nonsense_and_hanging_up_are_refused(site: Site, fetched: Callable[..., bytes]) -> None:
    site.pages["/none"] = lambda handler: setattr(handler, "close_connection", True)
    site.pages["/nonsense"] = bytes_of(b"", 99)
    site.pages["/short"] = bytes_of(b"xx", content_length="5")
    for path in ("/none", "/nonsense", "/short"):
        refused(lambda path=path: fetched(site.url + path))


def test_only_so_much_is_fetched_at_once(site: Site, tmp_path: Path) -> None:
    go = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        go.wait(20)
        bytes_of(b"picture")(handler)

    site.pages["/"] = wait
    network = Network(NetworkConfig(private=("127.0.0.1/32",)))
    threads = [
        threading.Thread(target=network.fetch, args=(f"{site.url}/", tmp_path / str(n), "url"))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    while len(site.asked) < 8:
        time.sleep(0.01)
    with pytest.raises(TooBusy):
        network.fetch(f"{site.url}/", tmp_path / "more", "url")
    go.set()
    for thread in threads:
        thread.join()
    network.fetch(f"{site.url}/", tmp_path / "more", "url")
    assert (tmp_path / "more").read_bytes() == b"picture"


def test_a_call_is_sent_byte_for_byte_and_a_redirect_is_its_answer(site: Site) -> None:
    site.pages["/hook"] = redirect("/elsewhere", 307)
    network = Network(NetworkConfig(private=("127.0.0.0/8",)))
    body = b'{"a": 1}\n'
    reply = network.post(f"{site.url}/hook", body, {"webhook-id": "evt_1"})
    assert (reply.status, reply.beginning) == (307, b"elsewhere")
    method, path, headers, sent = site.asked[0]
    assert (method, path, sent) == ("POST", "/hook", body)
    assert headers["webhook-id"] == "evt_1"
    assert headers["content-length"] == str(len(body))
    assert len(site.asked) == 1


def test_a_call_never_goes_inside_unless_allowed(site: Site) -> None:
    site.pages["/"] = bytes_of(b"")
    with pytest.raises(RequestError, match="does not lead to"):
        Network(NetworkConfig()).post(f"{site.url}/", b"", {})
    assert site.asked == []


def test_of_an_endless_reply_only_the_beginning_is_read(site: Site) -> None:
    site.pages["/"] = drip(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 3000)
    reply = Network(NetworkConfig(private=("127.0.0.1",))).post(f"{site.url}/", b"", {})
    assert (reply.status, len(reply.beginning)) == (200, 4096)


@pytest.mark.parametrize("entry", ["", "10.0.0.0/40", "a/b", "::/200", "fe80:::1"])
def test_a_range_that_is_none_is_named(entry: str) -> None:
    with pytest.raises(RequestError) as caught:
        Network(NetworkConfig(private=(entry,)))
    assert caught.value.field == "network.private"


def test_a_proxy_of_the_environment_is_not_asked(
    site: Site, fetched: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/"] = bytes_of(b"picture")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(f"{site.url}/") == b"picture"
