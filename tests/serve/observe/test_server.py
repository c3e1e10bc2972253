"""A server that runs is looked at: health, metrics, logs, and the trace of a job."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from kinema.serve.observe.traces import ENDPOINT, place_of
from tests.serve.conftest import PATIENCE, RunningServer, finished

SMALL = {"prompt": "a red fox runs", "size": "128x128", "seconds": 1, "fps": 8}


class Collector:
    """Takes spans, as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, Any]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                collector._take(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @contextmanager
    def up(self) -> Iterator[str]:
        """Its address, as long as it listens."""
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{self.server.server_port}"
        self.server.shutdown()
        self.server.server_close()
        thread.join()

    def _take(self, request: ExportTraceServiceRequest) -> None:
        for resource in request.resource_spans:
            names = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(names["service.name"], span) for span in scope.spans]


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[Collector, str]]:
    collector = Collector()
    with collector.up() as url:
        yield collector, url


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, collector: tuple[Collector, str]
) -> Iterator[RunningServer]:
    environment = {ENDPOINT: collector[1], "OTEL_BSP_SCHEDULE_DELAY": "100"}
    running = RunningServer(tmp_path_factory.mktemp("data"), environment=environment)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def made(server: RunningServer) -> tuple[str, str]:
    """The id of a finished job and that of the request which began it."""
    with server.client() as client:
        answer = client.post("/v1/kinema/generations", json=SMALL)
        video = answer.json()["data"][0]["id"]
        assert finished(client, video)["status"] == "completed"
        return video, answer.headers["x-request-id"]


def test_a_server_says_that_it_lives_and_that_it_is_ready(server: RunningServer) -> None:
    with server.client() as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        until = time.monotonic() + PATIENCE
        while (answer := client.get("/readyz")).status_code != 200:
            assert answer.json()["error"]["code"] == "not_ready"
            assert time.monotonic() < until
            time.sleep(0.05)
        assert answer.json() == {"status": "ready"}


def test_metrics_tell_of_the_queue_the_steps_and_the_promise(
    server: RunningServer, made: tuple[str, str]
) -> None:
    until = time.monotonic() + PATIENCE
    while True:  # a worker's numbers come with its next sign of life
        with server.client() as client:
            text = client.get("/metrics", headers={"authorization": ""}).text
        found = {
            (sample.name, sample.labels.get("step")): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        if found.get(("kinema_jobs_total", None)) == 1.0:
            break
        assert time.monotonic() < until, text
        time.sleep(0.1)
    for step in ("condition", "sample", "render", "publish"):
        assert found["kinema_step_seconds_count", step] == 1.0
    assert found["kinema_eta_error_count", None] == 1.0
    assert found["kinema_workers", None] == 1.0
    assert found["kinema_worker_memory_bytes", None] > 1e7
    assert found["process_resident_memory_bytes", None] > 1e7
    assert 'route="/v1/videos/{video_id}"' in text
    assert made[0] not in text


def test_logs_lead_from_the_request_to_the_job(
    server: RunningServer, made: tuple[str, str]
) -> None:
    video, request = made
    answers = _lines(server.data / "server.log")
    (posted,) = (line for line in answers if line.get("request") == request)
    assert posted["jobs"] == [video]
    assert posted["status"] == 200
    worker = _lines(server.data / "worker.log")
    said = [line["message"] for line in worker if line.get("job") == video]
    assert said == ["begun", "ended"]


def test_a_trace_leads_from_the_request_to_the_steps(
    collector: tuple[Collector, str], made: tuple[str, str]
) -> None:
    video, _ = made
    trace = place_of(video)[0].to_bytes(16, "big")
    until = time.monotonic() + PATIENCE
    while True:
        spans = {
            span.name: (service, span)
            for service, span in list(collector[0].spans)
            if span.trace_id == trace
        }
        if {"make_clip", "POST /v1/kinema/generations"} <= set(spans):
            break
        assert time.monotonic() < until, sorted(spans)
        time.sleep(0.05)
    service, head = spans["POST /v1/kinema/generations"]
    assert (service, head.parent_span_id) == ("kinema-api", b"")
    service, job = spans["make_clip"]
    assert (service, job.parent_span_id) == ("kinema-worker", head.span_id)
    for step in ("condition", "sample", "render", "publish"):
        assert spans[step][1].parent_span_id == job.span_id
        assert spans[step][1].end_time_unix_nano <= job.end_time_unix_nano


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
