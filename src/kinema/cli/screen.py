"""What people see while they wait, and when it is done. Everything but results goes to stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from kinema.cli.cache import preview_path
from kinema.types import Clip, Event, Log, Preview, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_WORDS = {
    "condition": "reading",
    "sample": "staging",
    "decode": "drawing",
}


class Screen:
    """A bar with the time that is left, and the path of a preview; use it as a context.

    Where nobody watches (stderr is no terminal) only notes are printed, and nothing with ``quiet``.
    """

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self.title = title
        self.quiet = quiet
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._preview: Path | None = None
        self._said: set[str] = set()

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and not self.quiet:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                TextColumn("{task.fields[title]}", style="bold"),
                TextColumn("{task.description}"),
                BarColumn(bar_width=28),
                TextColumn("{task.percentage:>3.0f}%"),
                TimeRemainingColumn(compact=True),
                TextColumn("{task.fields[preview]}", style="dim"),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("", total=1, title=self.title, preview="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._preview is not None:
            self._preview.unlink(missing_ok=True)

    def on_event(self, event: Event) -> None:
        """Show one event of the engine."""
        match event:
            case Progress():
                self._progress(event)
            case Preview():
                self._picture(event)
            case Log():
                self.note(event.message)

    def note(self, message: str) -> None:
        """A sentence above the bar; each is said once."""
        if self.quiet or message in self._said:
            return
        self._said.add(message)
        if self._bar is not None:
            self._bar.console.print("note:", style="yellow", end=" ")
            self._bar.console.print(message, markup=False, highlight=False)
        else:
            click.echo(f"note: {message}", err=True)

    def _progress(self, event: Progress) -> None:
        if self._bar is not None and self._task is not None:
            words = _WORDS.get(event.stage, event.stage)
            self._bar.update(self._task, description=words, completed=event.done, total=event.total)

    def _picture(self, event: Preview) -> None:
        if self._bar is None or self._task is None:
            return
        if self._preview is None:
            self._preview = preview_path(event.media_type.rpartition("/")[2])
        self._preview.write_bytes(event.image)
        self._bar.update(self._task, preview=str(self._preview))


def summary(path: Path, clip: Clip, seconds: float) -> str:
    """One line about a finished clip: "fox.mp4  1280x720  4.0 s  seed 123  (2.1 s)"."""
    request = clip.request
    length = "still" if request.frames == 1 else f"{float(request.seconds):.1f} s"
    return f"{path}  {request.size}  {length}  seed {request.seed}  ({seconds:.1f} s)"
