"""Words into pictures, by libass.

PyAV's FFmpeg is built without libass. The program that `imageio-ffmpeg` brings has it; frames go
through its filter as they are, one after another, and nothing is encoded in between.
"""

from __future__ import annotations

import importlib
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import IO

import numpy as np

from kinema.errors import KinemaError, MissingPart
from kinema.media.colour import Rgb
from kinema.studio import captions
from kinema.types import Size


def burnt(
    frames: Iterator[Rgb], cues: Sequence[captions.Cue], size: Size, fps: Fraction
) -> Iterator[Rgb]:
    """The same frames with words in them.

    Args:
        frames: (height, width, 3) uint8 RGB, taken one at a time on a thread of their own.
        cues: What is to be read, and when.
        size: Of every frame, in pixels.
        fps: Frames a second.

    Yields:
        As many frames as are given.

    Raises:
        MissingPart: The program with libass is not installed.
        KinemaError: It failed.

    Cost:
        Copies every frame twice between two processes; bounded memory.
    """
    program = libass()
    with tempfile.TemporaryDirectory() as folder:
        captions.write(Path(folder) / "words.ass", cues, size)
        _lay_fonts(Path(folder) / "fonts")
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", str(size), "-r", str(fps)]
        command = [
            program, "-hide_banner", "-loglevel", "error", "-nostdin",
            *raw, "-i", "pipe:0", "-vf", "ass=words.ass:fontsdir=fonts",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough", "pipe:1",
        ]  # fmt: skip
        log = Path(folder) / "log"
        with (
            log.open("wb") as complaints,
            subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
            ) as process,
        ):
            try:
                yield from _through(process, frames, size)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise KinemaError(f"libass failed: {log.read_text('utf-8', 'replace')[-400:]}")


def _lay_fonts(folder: Path) -> None:
    """Put the letters beside the words, so that they look the same on every machine."""
    folder.mkdir()
    for font in files("kinema.studio").joinpath("fonts").iterdir():
        if font.name.endswith(".ttf"):
            (folder / font.name).write_bytes(font.read_bytes())


def _through(process: subprocess.Popen[bytes], frames: Iterator[Rgb], size: Size) -> Iterator[Rgb]:
    into, out = process.stdin, process.stdout
    if into is None or out is None:
        raise ValueError("the process has no pipes")
    failed: list[BaseException] = []
    feeder = threading.Thread(target=_feed, args=(into, frames, failed), daemon=True)
    feeder.start()
    length = size.width * size.height * 3
    while len(data := out.read(length)) == length:
        yield np.frombuffer(data, np.uint8).reshape(size.height, size.width, 3)
    feeder.join()
    if failed:
        raise failed[0]


def _feed(into: IO[bytes], frames: Iterator[Rgb], failed: list[BaseException]) -> None:
    try:
        for frame in frames:
            into.write(frame.tobytes())
    except BrokenPipeError:
        pass  # the program has ended, and says itself why
    except BaseException as error:  # noqa: BLE001 - raised again by whoever reads the frames
        failed.append(error)
    finally:
        with suppress(OSError):
            into.close()


def libass() -> str:
    """The path of an FFmpeg with libass; raises `MissingPart` where there is none."""
    try:
        found = importlib.import_module("imageio_ffmpeg")
        return str(found.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise MissingPart("what burns captions in", "pip install 'kinema[captions]'") from error
