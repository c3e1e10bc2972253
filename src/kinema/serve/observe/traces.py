"""Traces from a request to the steps of the job that it began, sent by OpenTelemetry.

The API and a worker share nothing but the job's id, so the id says where its trace is: its 128
random bits are the trace, and the 64 bits of its time are the span of the request. Nothing has to
be handed on, and a job that another worker goes on with stays in its trace.

Traces are made where ``kinema[telemetry]`` is installed and ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set;
the other variables of OpenTelemetry hold too.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from contextvars import ContextVar
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import kinema

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PATIENCE_MS: Final = 2000  # that the last spans may take to be sent when a process ends
_LOG: Final = logging.getLogger(__name__)

ACCEPTED: Final[ContextVar[list[str] | None]] = ContextVar("accepted", default=None)
"""The jobs that the request has begun which is being answered."""


def note(job: str) -> None:
    """The request that is being answered, if it is one, has begun a job."""
    jobs = ACCEPTED.get()
    if jobs is not None:
        jobs.append(job)


def place_of(job: str) -> tuple[int, int]:
    """Trace and span of the request that began a job."""
    digits = job.partition("_")[2]
    return int(digits[16:], 16), int(digits[:16], 16)


class Traces:
    """Sends spans, or does nothing where nobody is to get them.

    Args:
        service: ``kinema-api`` or ``kinema-worker``.
    """

    def __init__(self, service: str) -> None:
        self._provider: TracerProvider | None = None
        self._tracer: Tracer | None = None
        if not os.environ.get(ENDPOINT):
            return
        if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
            _LOG.warning("%s is set; traces need: pip install 'kinema[telemetry]'", ENDPOINT)
            return
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from kinema.serve.observe.span_ids import JobIds

        about = {"service.name": service, "service.version": kinema.__version__}
        provider = TracerProvider(
            resource=Resource.create(about), id_generator=JobIds(), shutdown_on_exit=False
        )
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._provider, self._tracer = provider, provider.get_tracer("kinema")

    def request(self, name: str, began: int, request: str, status: int, jobs: list[str]) -> None:
        """A request was answered.

        Args:
            name: Method and route.
            began: When it came, in nanoseconds since 1970.
            request: Its id.
            status: Of the answer.
            jobs: What it has begun; the span stands at the head of the trace of each.
        """
        if self._tracer is None:
            return
        from opentelemetry.context import Context
        from opentelemetry.trace import SpanKind

        from kinema.serve.observe.span_ids import HEAD

        for job in jobs or [""]:
            token = HEAD.set(place_of(job) if job else None)
            try:
                span = self._tracer.start_span(
                    name, Context(), kind=SpanKind.SERVER, start_time=began
                )
            finally:
                HEAD.reset(token)
            span.set_attribute("http.response.status_code", status)
            span.set_attribute("kinema.request", request)
            if job:
                span.set_attribute("kinema.job", job)
            span.end()

    @contextlib.contextmanager
    def job(self, job: str, model: str) -> Iterator[None]:
        """A job is being made, in the trace of the request that began it."""
        if self._tracer is None:
            yield
            return
        from opentelemetry.trace import (
            NonRecordingSpan,
            SpanContext,
            TraceFlags,
            set_span_in_context,
        )

        trace, span = place_of(job)
        sampled = TraceFlags(TraceFlags.SAMPLED)
        head = SpanContext(trace, span, is_remote=True, trace_flags=sampled)
        around = set_span_in_context(NonRecordingSpan(head))
        about = {"kinema.job": job, "kinema.model": model}
        with self._tracer.start_as_current_span("make_clip", around, attributes=about):
            yield

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A step of the job is being done."""
        if self._tracer is None:
            yield
            return
        with self._tracer.start_as_current_span(name):
            yield

    def close(self) -> None:
        """Send what is left."""
        if self._provider is not None:
            self._provider.force_flush(_PATIENCE_MS)
