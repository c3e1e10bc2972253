"""Logs are lines of JSON that name the request and the job."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from kinema.serve.observe.logs import JOB, REQUEST, JsonLines, about


def line(message: str, *given: object, **more: Any) -> dict[str, Any]:
    """What a line says."""
    record = logging.LogRecord("kinema.test", logging.WARNING, __file__, 1, message, given, None)
    for name, value in more.items():
        setattr(record, name, value)
    written = JsonLines().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_a_line_says_when_where_and_what() -> None:
    said = line("%d jobs\nwait", 3)
    assert said["message"] == "3 jobs\nwait"
    assert (said["level"], said["logger"]) == ("warning", "kinema.test")
    assert said["at"].endswith("+00:00")
    assert "job" not in said
    assert "request" not in said


def test_a_line_names_the_request_and_the_job_that_it_is_about() -> None:
    with about(REQUEST, "req_1"), about(JOB, "video_1"):
        said = line("begun", fields={"model": "animatic"})
    assert (said["request"], said["job"], said["model"]) == ("req_1", "video_1", "animatic")
    assert "job" not in line("after")


def test_a_line_about_a_failure_holds_its_traceback() -> None:
    said: dict[str, Any] = {}
    try:
        int("of no use")
    except ValueError:
        said = line("failed", exc_info=sys.exc_info())
    assert "ValueError: invalid literal" in said["exception"]
