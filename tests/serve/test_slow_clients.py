"""Clients that send slowly, read slowly or leave: nobody else waits for them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from tests.serve.conftest import PATIENCE, RunningServer

MANY = 60
"""More than the threads that a server has for its work."""
LARGE = 16 * 1024 * 1024
"""Bytes that no connection holds on its way."""
FORM = (
    b"POST /v1/videos HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer any\r\n"
    b"Content-Type: multipart/form-data; boundary=B\r\nTransfer-Encoding: chunked\r\n\r\n"
)
PART = b'--B\r\nContent-Disposition: form-data; name="input_reference"; filename="a.png"\r\n\r\n'


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@contextmanager
def connected(server: RunningServer, count: int) -> Iterator[list[socket.socket]]:
    """Connections to the server."""
    parts = urlsplit(server.url)
    place = (parts.hostname or "", parts.port or 0)
    with ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(place, PATIENCE)) for _ in range(count)]


def answers_others(server: RunningServer) -> None:
    """The server lists, and takes a job, as if it were alone."""
    with server.client() as client:
        assert client.get("/v1/videos").status_code == 200
        shape = {"model": "animatic", "size": "160x128", "seconds": "1"}
        made = client.post("/v1/videos", json={"prompt": "a fox", **shape})
        assert made.status_code == 200
        video = made.json()["id"]
        assert client.delete(f"/v1/videos/{video}").status_code == 200


def test_nobody_waits_for_those_who_send_a_form_byte_by_byte(server: RunningServer) -> None:
    with connected(server, MANY) as slow:
        for connection in slow:
            connection.sendall(FORM + chunk(PART))
        for _ in range(3):
            for connection in slow:
                connection.sendall(chunk(b"\x89"))
            answers_others(server)


def test_nobody_waits_for_those_who_send_half_a_head(server: RunningServer) -> None:
    with connected(server, MANY) as slow:
        for connection in slow:
            connection.sendall(FORM[:90])
        answers_others(server)


def test_nobody_waits_for_those_who_do_not_read(server: RunningServer) -> None:
    files = {"file": ("large.bin", bytes(LARGE))}
    with server.client() as client:
        sent = client.post("/v1/files", data={"purpose": "user_data"}, files=files).json()
    place = f"/v1/files/{sent['id']}/content"
    request = f"GET {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer any\r\n\r\n"
    with connected(server, MANY) as slow:
        for connection in slow:
            connection.sendall(request.encode())
        answers_others(server)
    with server.client() as client:
        assert client.delete(place.removesuffix("/content")).status_code == 200


def test_what_those_who_leave_sent_is_not_kept(server: RunningServer) -> None:
    with connected(server, 5) as leaving:
        for connection in leaving:
            connection.sendall(FORM + chunk(PART) + chunk(b"\x89" * 100_000))
    answers_others(server)
    with server.client() as client:
        assert client.get("/v1/files").json()["data"] == []


def test_a_request_that_its_repetition_overtook_gets_the_same_job(server: RunningServer) -> None:
    body = b'{"prompt": "a slow fox", "model": "animatic", "size": "160x128", "seconds": "1"}'
    head = b"POST /v1/videos HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer any\r\n"
    head += b"Content-Type: application/json\r\nConnection: close\r\n"
    json = {"content-type": "application/json"}
    with connected(server, 1) as (slow,), server.client() as client:
        slow.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:20])
        answers_others(server)  # by now its beginning has been read
        again = {**json, "x-stainless-retry-count": "1"}
        second = client.post("/v1/videos", content=body, headers=again).json()
        slow.sendall(body[20:])
        first = b""
        while piece := slow.recv(1 << 16):
            first += piece
        assert second["id"].encode() in first
        meant = client.post("/v1/videos", content=body, headers=json).json()
        assert meant["id"] != second["id"]
        for made in (second, meant):
            assert client.delete(f"/v1/videos/{made['id']}").status_code == 200
