"""Running the engine for a command: signals, progress, results."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import click

from kinema.cli.inputs import Inputs
from kinema.cli.screen import Screen, summary
from kinema.engine.generate import generate
from kinema.types import Clip, Request, to_builtins


@contextmanager
def signalled(*numbers: int) -> Generator[Callable[[], bool]]:
    """Whether one of these signals has come; a second Ctrl-C does not wait for anything."""
    asked = Event()

    def ask(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler
        if asked.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def make(jobs: Sequence[tuple[Request, Path]], inputs: Inputs, *, as_json: bool) -> None:
    """Make each clip, show how far it is, and print one line (or one JSON object for all)."""
    made: list[tuple[Path, Clip]] = []
    with signalled(signal.SIGINT, signal.SIGTERM) as cancelled:
        for request, out in jobs:
            started = time.monotonic()
            with Screen(out.name, quiet=as_json) as screen:
                clip = generate(
                    request,
                    out,
                    files=inputs.paths,
                    on_event=screen.on_event,
                    cancelled=cancelled,
                    weights=inputs.weights,
                    budget=inputs.budget,
                )
            made.append((out, clip))
            if not as_json:
                click.echo(summary(out, clip, time.monotonic() - started))
    if as_json:
        clips = [{"path": str(path), **to_builtins(clip)} for path, clip in made]
        click.echo(json.dumps({"clips": clips}, ensure_ascii=False))
