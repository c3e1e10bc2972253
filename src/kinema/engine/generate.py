"""`generate`: THE function. Everything that makes a clip calls it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kinema import media
from kinema.engine.adapters import Run
from kinema.engine.checkpoint import Checkpoint
from kinema.engine.progress import ignore, never
from kinema.engine.stages import (
    Publication,
    Stopwatch,
    admit,
    condition,
    decode,
    facts_of,
    load,
    sample,
    write,
)
from kinema.types import Clip, FileId, IsCancelled, OnEvent, Request


def generate(
    request: Request,
    out: Path,
    *,
    files: Mapping[FileId, Path] | None = None,
    on_event: OnEvent = ignore,
    cancelled: IsCancelled = never,
    checkpoint: Checkpoint | None = None,
    weights: Path | None = None,
    budget: int | None = None,
) -> Clip:
    """Make the clip that the request describes and write it to ``out``.

    The same request and input files give the same encoded picture, packet for packet, whatever ran
    before or beside it, and also after a run that was killed went on from its checkpoint.

    Args:
        request: What is wanted. It names input files by content.
        out: Where to write; the ending says the format (.mp4, .webm, .gif, .webp, .png ...). A file
            of that name is replaced when the new one is complete, not before.
        files: Where the files that the request names lie.
        on_event: Called on this thread with `Progress` (each stage, each frame), `Preview` (about
            one a second) and `Log` (how the prompt was understood otherwise than said).
        cancelled: Asked before each stage, step and frame; true ends the run.
        checkpoint: Where finished stages are kept and looked for. A checkpoint of another request
            is not used.
        weights: The folder of the model's weights, where it has any that are not part of the
            package; needless for ``diffusers:OWNER/REPO``, which is fetched once.
        budget: Bytes of memory that the networks may use with all that comes of them: what does
            not fit is streamed or cut up. None for most of what is free.

    Returns:
        The finished clip: its content hash, fingerprint, resolved scene, reading and timings.

    Raises:
        RequestError: The request cannot be answered; nothing was written.
        WeightsError: The weights are missing, broken, or of another model or licence.
        MissingPart: The model needs a part that is not installed.
        TooLittleMemory: The clip does not fit into the memory, however it is cut up.
        LatentError: The numbers of a network broke down while it was sampling.
        Cancelled: ``cancelled()`` was true; nothing is left behind.

    Cost:
        `estimate.estimate` says before; memory does not grow with the length of the clip.

    Example:
        >>> from kinema.types import Size
        >>> fox = Request(prompt="a red fox walks through a meadow", frames=2,
        ...               size=Size(width=128, height=128))
        >>> clip = generate(fox, getfixture("tmp_path") / "fox.mp4")
        >>> clip.request == fox
        True
    """
    asked = Run(files or {}, on_event, cancelled, checkpoint, weights=weights, budget=budget)
    return produce(request, out, asked, Publication())


def produce(request: Request, out: Path, asked: Run, publication: Publication) -> Clip:
    """As `generate`, into a file that differs from one that its maker keeps as it is.

    Args:
        request: What is wanted.
        out: Where to write.
        asked: Where files and weights lie, and who listens.
        publication: How the file differs.

    Raises:
        KinemaError: As `generate`.
    """
    watch = Stopwatch()
    run = admit(request, asked)
    media.check_output(out, size=request.size, fps=request.fps, count=request.frames)
    model = load(request, run)
    watch.lap("check")
    conditioning = condition(model, request, run)
    watch.lap("condition")
    latent = sample(model, request, conditioning, run)
    watch.lap("sample")
    frames = decode(model, request, latent, run)
    facts = facts_of(model, request, latent.scene, conditioning.reading)
    return write(frames, out, lambda: facts, run, watch, publication)
