"""Running a live stream for the command line."""

from __future__ import annotations

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO, Final

import click
import cv2

from kinema.cli.asking import Given, stream_request
from kinema.cli.inputs import Inputs, free_name, slug
from kinema.cli.making import signalled
from kinema.cli.screen import Screen, summary
from kinema.engine.adapters import Picture
from kinema.engine.stream import record, stream
from kinema.errors import MissingPart, RequestError
from kinema.types import Request, parse_seconds, to_builtins

_PLAYER: Final = ("ffplay", "-loglevel", "error", "-autoexit", "-window_title", "kinema", "-i", "-")


def play(given: Given) -> None:
    """Record the stream, write it to stdout or show it, steered by the lines of stdin."""
    inputs = Inputs()
    request = stream_request(given, inputs)
    raw = given["out"] == "-"
    if given["play"] and given["out"] is not None:
        raise RequestError("play", "a stream has one way out", "--play or -o")
    if given["as_json"] and (raw or given["play"]):
        raise RequestError("json", "there is no clip to describe", "with -o FILE")
    limit = None if given["seconds"] is None else parse_seconds(given["seconds"])
    with signalled(signal.SIGINT) as ended, signalled(signal.SIGTERM) as cancelled:
        prompts = _prompts(ended, limit, request)
        if raw:
            _send(request, prompts, cancelled, inputs, sys.stdout.buffer)
        elif given["play"]:
            _show(request, prompts, cancelled, inputs)
        else:
            out = Path(given["out"]) if given["out"] else free_name(slug(request.prompt))
            _record(request, prompts, cancelled, inputs, out, as_json=given["as_json"])


def _prompts(
    ended: Callable[[], bool], limit: Fraction | None, request: Request
) -> Iterator[str | None]:
    """The newest line of stdin before each second; ends with the limit, Ctrl-C or stdin.

    Where stdin has ended before anything was read from it, nobody steers: then a stream without a
    limit has the model's usual length.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line.strip())
        lines.put(None)

    threading.Thread(target=listen, daemon=True, name="prompts").start()
    chunk = max(1, round(request.fps)) / request.fps
    played, steered = chunk, False
    while not ended() and (limit is None or played < limit):
        newest = ""
        while not lines.empty():
            line = lines.get()
            if line is None:
                if steered and limit is None:
                    return
                limit = request.seconds if limit is None else limit
            else:
                newest, steered = line or newest, True
        if limit is not None and played >= limit:
            return
        yield newest or None
        played += chunk


def _record(
    request: Request,
    prompts: Iterator[str | None],
    cancelled: Callable[[], bool],
    inputs: Inputs,
    out: Path,
    *,
    as_json: bool,
) -> None:
    started = time.monotonic()
    with Screen(out.name, quiet=as_json) as screen:
        clip = record(
            request,
            prompts,
            out,
            on_event=screen.on_event,
            cancelled=cancelled,
            files=inputs.paths,
            weights=inputs.weights,
            budget=inputs.budget,
        )
    if as_json:
        document = {"clips": [{"path": str(out), **to_builtins(clip)}]}
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(summary(out, clip, time.monotonic() - started))


def _send(
    request: Request,
    prompts: Iterator[str | None],
    cancelled: Callable[[], bool],
    inputs: Inputs,
    pipe: IO[bytes],
) -> None:
    """Raw frames as YUV4MPEG2: a line of header, then every frame in planar 4:2:0."""
    with Screen("stream") as screen:
        frames = stream(
            request,
            prompts,
            files=inputs.paths,
            on_event=screen.on_event,
            cancelled=cancelled,
            weights=inputs.weights,
            budget=inputs.budget,
        )
        rate = request.fps
        header = f"YUV4MPEG2 W{request.size.width} H{request.size.height} "
        pipe.write(f"{header}F{rate.numerator}:{rate.denominator} Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            pipe.write(b"FRAME\n" + _planar(frame))
        pipe.flush()


def _planar(frame: Picture) -> bytes:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes()


def _show(
    request: Request,
    prompts: Iterator[str | None],
    cancelled: Callable[[], bool],
    inputs: Inputs,
) -> None:
    if shutil.which(_PLAYER[0]) is None:
        raise MissingPart("ffplay", "sudo apt install ffmpeg (or write to a file with -o)")
    with subprocess.Popen(_PLAYER, stdin=subprocess.PIPE) as player:
        assert player.stdin is not None
        try:
            _send(request, prompts, cancelled, inputs, player.stdin)
        except BrokenPipeError:
            pass  # the window was closed, which ends the stream
        finally:
            player.stdin.close()
