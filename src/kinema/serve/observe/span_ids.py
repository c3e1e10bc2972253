"""Ids of spans, imported only where OpenTelemetry is installed."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

HEAD: Final[ContextVar[tuple[int, int] | None]] = ContextVar("head", default=None)
"""Trace and span that the next span is to be, where they are not left to chance."""


class JobIds(RandomIdGenerator):
    """Random ids, but for the span that stands at the head of a job's trace."""

    def generate_trace_id(self) -> int:
        """The trace of the next span that has no parent."""
        head = HEAD.get()
        return super().generate_trace_id() if head is None else head[0]

    def generate_span_id(self) -> int:
        """The id of the next span."""
        head = HEAD.get()
        return super().generate_span_id() if head is None else head[1]
