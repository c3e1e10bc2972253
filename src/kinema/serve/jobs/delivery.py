"""Webhooks on their way: signed, sent, and sent again until somebody takes them.

A delivery is claimed before it is sent, for longer than sending can take: of several processes one
sends it, and one that dies while it sends leaves it to be sent again under the same id.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, select, update

from kinema.config import NetworkConfig
from kinema.errors import RequestError
from kinema.serve.net import Network
from kinema.serve.store.database import Database
from kinema.serve.store.tables import deliveries, endpoints
from kinema.types import Json

GIVEN_UP: Final = 72 * 3600.0
"""Seconds after which nobody tries any more."""
PATIENCE: Final = 10
"""Seconds in which an endpoint has to answer."""
FIRST_PAUSE: Final = 5.0
LAST_PAUSE: Final = 6 * 3600.0
_CLAIMED: Final = 60.0  # seconds; more than sending takes
_AT_ONCE: Final = 8
_ANSWERS_KEPT: Final = 50

_LOG: Final = logging.getLogger(__name__)


def signed(secrets: Iterable[str], name: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that prove who sends a body.

    Args:
        secrets: Those that sign, ``whsec_`` and base64; each makes a signature.
        name: Id of the event, the same however often it is sent.
        at: Seconds since 1970.
        body: The very bytes that are sent.

    Source:
        Standard Webhooks 1.0, symmetric signatures.
    """
    content = f"{name}.{at}.".encode() + body
    signatures = [
        base64.b64encode(hmac.new(_key(secret), content, hashlib.sha256).digest()).decode("ascii")
        for secret in secrets
    ]
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def good_secrets(endpoint: RowMapping) -> list[str]:
    """The secrets of an endpoint that still sign, newest first."""
    now = time.time()
    return [one["secret"] for one in endpoint["secrets"] if not one["until"] or one["until"] > now]


def pause_after(attempts: int) -> float:
    """Seconds to wait after so many attempts."""
    return min(LAST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 20))


class Delivery:
    """Sends what is due. Shared by threads.

    Args:
        database: Where deliveries are written down.
        network: What may be reached.
    """

    def __init__(self, database: Database, network: NetworkConfig) -> None:
        self._database = database
        self._network = Network(replace(network, seconds=min(PATIENCE, network.seconds)))
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook")
        self._sending: list[Future[None]] = []

    def look(self) -> int:
        """Begin to send what is due, some at a time; return how many."""
        self._sending = [one for one in self._sending if not one.done()]
        now, room = time.time(), _AT_ONCE - len(self._sending)
        due = (deliveries.c.state == "waiting", deliveries.c.next_at <= now)
        query = select(deliveries.c.id).where(*due).order_by(deliveries.c.next_at)
        with self._database.read() as connection:
            found = list(connection.scalars(query.limit(room)))
        if not found:
            return 0
        with self._database.write() as connection:
            claimed = [name for name in found if _claim(connection, name, now)]
        self._sending += [self._pool.submit(self._send, name) for name in claimed]
        return len(claimed)

    def send(self, endpoint: RowMapping, name: str, body: bytes) -> int:
        """Send a body to an endpoint once, and return the status of the answer.

        Raises:
            RequestError: Nobody answers, or the address may not be reached.
        """
        headers = signed(good_secrets(endpoint), name, int(time.time()), body)
        return self._network.post(endpoint["url"], body, headers).status

    def close(self) -> None:
        """Begin no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _send(self, name: str) -> None:
        try:
            self._deliver(name)
        except Exception:  # noqa: BLE001 - it is tried again when its claim has run out
            _LOG.exception("cannot deliver %s", name)

    def _deliver(self, name: str) -> None:
        with self._database.read() as connection:
            query = select(deliveries).where(deliveries.c.id == name)
            delivery = connection.execute(query).mappings().first()
            if delivery is None:
                return
            query = select(endpoints).where(endpoints.c.id == delivery["endpoint"])
            endpoint = connection.execute(query).mappings().first()
        if endpoint is None:
            return
        status, problem = None, None
        try:
            status = self.send(endpoint, delivery["event"], delivery["body"].encode())
        except RequestError as error:
            problem = str(error)
        answer: Json = {"at": time.time(), "status": status, "problem": problem}
        with self._database.write() as connection:
            _note(connection, delivery, answer)


def _claim(connection: Connection, name: str, now: float) -> bool:
    free = (deliveries.c.id == name, deliveries.c.state == "waiting", deliveries.c.next_at <= now)
    claim = update(deliveries).where(*free).values(next_at=now + _CLAIMED)
    return bool(connection.execute(claim).rowcount)


def _note(connection: Connection, delivery: RowMapping, answer: Json) -> None:
    """Write down what came of an attempt, and when the next one is."""
    now, attempts = time.time(), delivery["attempts"] + 1
    state, status = "waiting", answer["status"]
    if status is not None and 200 <= status < 300:
        state = "delivered"
    elif now + pause_after(attempts) > delivery["created_at"] + GIVEN_UP:
        state = "given_up"
    values = {
        "attempts": attempts,
        "state": state,
        "next_at": now + pause_after(attempts),
        "answers": [*delivery["answers"], answer][-_ANSWERS_KEPT:],
    }
    connection.execute(update(deliveries).where(deliveries.c.id == delivery["id"]).values(**values))


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))
