"""The road of a worker: on loopback, for who knows its token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from kinema.errors import RequestError
from kinema.serve.road.socket import Socket
from kinema.serve.store.database import Database
from kinema.serve.store.tables import workers
from tests.serve.conftest import PATIENCE, RunningServer


@pytest.fixture(scope="module")
def road(server: RunningServer) -> Iterator[tuple[str, str]]:
    """Address and token of the worker."""
    database = Database.in_folder(server.data)
    found = None
    with server.client() as client:
        assert client.post("/v1/kinema/preview", json={"prompt": "a fox"}).status_code == 200
    with database.read() as connection:
        found = connection.execute(select(workers.c.address, workers.c.token)).one()
    database.close()
    yield found[0], found[1]


def test_it_listens_on_loopback_only(road: tuple[str, str]):
    assert road[0].startswith("ws://127.0.0.1:")


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer none", "Basic x"])
def test_nobody_calls_without_the_token(road: tuple[str, str], token: str):
    with pytest.raises(InvalidStatus) as refused:
        connect(road[0], additional_headers={"Authorization": token}, proxy=None)
    assert refused.value.response.status_code == 401


@pytest.mark.parametrize(
    "call", ["", "{", "[]", "{}", '{"call":"none"}', '{"call":"preview"}', '{"call":"end"}']
)
def test_a_call_that_makes_no_sense_ends_alone(road: tuple[str, str], call: str):
    headers = {"Authorization": f"Bearer {road[1]}"}
    with connect(road[0], additional_headers=headers, proxy=None) as socket:
        socket.send(call)
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code in (1002, 1011)
    with connect(road[0], additional_headers=headers, proxy=None) as socket:
        socket.send(json.dumps({"call": "watch", "live": "live_none"}))
        assert json.loads(socket.recv(timeout=PATIENCE)) == {"gone": True}


def test_an_address_that_is_not_here_is_refused_by_name():
    with pytest.raises(RequestError, match=r"worker\.road"):
        Socket("192.0.2.1", {}).open()


def test_the_token_is_nowhere_in_what_the_server_says(server: RunningServer, road: tuple[str, str]):
    with server.client() as client:
        for path in ("/v1/kinema/workers", "/metrics", "/openapi.json"):
            assert road[1] not in client.get(path).text
    for log in Path(server.data).glob("*.log"):
        assert road[1] not in log.read_text()
