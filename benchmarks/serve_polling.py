"""Do a thousand clients that poll disturb the one job that they wait for?

    python benchmarks/serve_polling.py [--clients 1000] [--seconds 20] [RESULTS.md]

Renders a clip twice: alone, and while clients in a process of their own ask for it once a second
over connections that they keep. The processor time of the clients is measured and, divided by the
number of cores, taken off, since they would run elsewhere. Goals: 99 of 100 answers within 50 ms;
the render slowed by at most 15 %. Prints a Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

from machine import described
from serving import Server, percentile, report, serving

ANSWER, SLOWED = 0.050, 0.15


def main(clients: int, seconds: int, results: Path | None) -> None:
    """Measure, report, and fail where a goal is missed."""
    wish = {"size": "1280x720", "seconds": seconds, "fps": 24, "seed": 7}
    with serving() as server, server.client() as client:
        alone = _took(server, server.make(client, **wish))
        name = server.make(client, **wish)
        command = [sys.executable, __file__, "--polling", str(server.port), name, str(clients)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as polling:
            polled = _took(server, name)
            said = json.loads(polling.communicate(b"\n")[0])
    cores = os.cpu_count() or 1
    slowed = (polled - said["cpu"] / cores) / alone - 1
    answers: list[float] = said["answers"]
    worst = percentile(answers, 0.99)
    lines = [
        "# A thousand clients that poll",
        "",
        *described("fastapi", "uvicorn", "dbos", "sqlalchemy"),
        f"- {clients} clients, each asking once a second for a clip of {seconds} s at 720p while "
        "it is made",
        f"- goals: p99 within {ANSWER * 1000:.0f} ms, render slowed by at most {SLOWED:.0%}",
        "",
        "| answers | a second | median | p99 | failed |",
        "| --- | --- | --- | --- | --- |",
        f"| {len(answers)} | {len(answers) / polled:.0f} | {1000 * percentile(answers, 0.5):.1f} ms"
        f" | {1000 * worst:.1f} ms | {said['failed']} |",
        "",
        "| render alone | while polled | clients' processor time | slowed, without the clients |",
        "| --- | --- | --- | --- |",
        f"| {alone:.1f} s | {polled:.1f} s | {said['cpu']:.1f} s | {slowed:.1%} |",
    ]
    goals = {"p99": worst > ANSWER, "slowed": slowed > SLOWED, "failed": said["failed"] > 0}
    report(lines, results, [name for name, is_missed in goals.items() if is_missed])


def _took(server: Server, name: str) -> float:
    row = server.finished(name)
    return row["completed_at"] - row["started_at"]


class Pollers:
    """Clients that ask once a second, each over a connection of its own.

    They speak HTTP by hand, so that they take as little as can be of the machine they measure.
    """

    def __init__(self, port: int, name: str, clients: int) -> None:
        self.answers: list[float] = []
        self.failed = 0
        self._port, self._clients = port, clients
        self._request = (
            f"GET /v1/videos/{name} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
            "authorization: Bearer any\r\n\r\n"
        ).encode()

    async def run(self) -> None:
        """Ask until standard input ends."""
        ends = asyncio.Event()
        loop = asyncio.get_running_loop()
        reader = threading.Thread(
            target=lambda: (sys.stdin.readline(), loop.call_soon_threadsafe(ends.set))
        )
        reader.start()
        clients = [asyncio.create_task(self._poll(n / self._clients)) for n in range(self._clients)]
        await ends.wait()
        for client in clients:
            client.cancel()
        for outcome in await asyncio.gather(*clients, return_exceptions=True):
            self.failed += isinstance(outcome, Exception)
        reader.join()

    async def _poll(self, offset: float) -> None:
        await asyncio.sleep(offset)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        due = time.perf_counter()
        while True:
            began = time.perf_counter()
            writer.write(self._request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            await reader.readexactly(length)
            self.answers.append(time.perf_counter() - began)
            self.failed += not head.startswith(b"HTTP/1.1 200")
            due += 1
            await asyncio.sleep(max(0.0, due - time.perf_counter()))


def poll(port: str, name: str, clients: str) -> None:
    """Be the clients; say what they saw and what they cost."""
    pollers = Pollers(int(port), name, int(clients))
    asyncio.run(pollers.run())
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "answers": pollers.answers,
        "failed": pollers.failed,
        "cpu": used.ru_utime + used.ru_stime,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--polling"]:
        poll(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("--clients", type=int, default=1000)
        parser.add_argument("--seconds", type=int, default=20)
        parser.add_argument("results", type=Path, nargs="?")
        given = parser.parse_args()
        main(given.clients, given.seconds, given.results)
