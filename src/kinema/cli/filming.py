"""Films from the command line: signals, progress, and what was made."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import click

from kinema.cli.making import signalled
from kinema.cli.screen import Screen
from kinema.studio.folder import ProjectFolder
from kinema.studio.make import make, take_back
from kinema.studio.render import Rendering
from kinema.types import to_builtins


def make_project(kind: str, brief: Path, out: Path, *, weights: Path | None, as_json: bool) -> None:
    """Make all films of a brief, show how far they are, and print a line for each."""
    started = time.monotonic()
    with (
        signalled(signal.SIGINT, signal.SIGTERM) as cancelled,
        Screen(out.name, quiet=as_json) as screen,
    ):
        run = Rendering(on_event=screen.on_event, cancelled=cancelled, weights=weights)
        made = make(kind, brief, out, run)
    if as_json:
        answer = {
            "films": [str(path) for path in made.films],
            "shots": sorted(made.project.shots),
            "rendered": len(made.rendered),
            "conflicts": [to_builtins(operation) for operation in made.conflicts],
            "orphans": [to_builtins(operation) for operation in made.orphans],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for path in made.films:
        click.echo(path)
    shots = len(made.project.shots)
    seconds = time.monotonic() - started
    click.echo(f"{shots} shots, {len(made.rendered)} rendered  ({seconds:.1f} s)", err=True)


def import_project(file: Path, out: Path, *, film: str | None, as_json: bool) -> None:
    """Import a cut and say what changed."""
    imported = take_back(ProjectFolder(out), file, film)
    if as_json:
        edits = [to_builtins(operation) for operation in imported.operations]
        click.echo(json.dumps({"edits": edits, "notes": imported.notes}, ensure_ascii=False))
        return
    for note in imported.notes:
        click.echo(f"note: {note}", err=True)
    for operation in imported.operations:
        click.echo(f"{operation.op} {operation.at}")
    click.echo(f"{len(imported.operations)} edits", err=True)
