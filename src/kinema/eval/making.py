"""Clips of any model of the engine for the judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kinema.engine.generate import generate
from kinema.eval.cases import Case
from kinema.eval.score import Shape
from kinema.types import FileId, Request, Sampling


class Maker:
    """Makes the clip of each case into a folder. ``hash`` is that of the weights it was made with.

    Args:
        model: One of `kinema models`.
        shape: Of the clips; the model must make it.
        folder: Of the clips.
        weights: Of the model, where it needs any.
        sampling: Steps and guidance, where they are not the model's own.
    """

    def __init__(
        self,
        model: str,
        shape: Shape,
        folder: Path,
        *,
        weights: Path | None = None,
        sampling: Sampling | None = None,
    ) -> None:
        self.model, self._shape, self._folder = model, shape, folder
        self._weights, self._sampling = weights, sampling or Sampling()
        self.hash = ""

    def __call__(self, case: Case, number: int) -> Path:
        """The clip of a case; its seed is the case's number."""
        path = self._folder / f"{number:05}.mp4"
        self._folder.mkdir(parents=True, exist_ok=True)
        return self.make(self.request(case, number), path)

    def request(self, case: Case, number: int) -> Request:
        """What is asked of the model for a case."""
        return Request(
            prompt=case.prompt,
            model=self.model,
            size=self._shape.size,
            frames=self._shape.frames,
            fps=self._shape.fps,
            seed=number,
            sampling=self._sampling,
        )

    def make(self, request: Request, out: Path, files: Mapping[FileId, Path] | None = None) -> Path:
        """Any clip of the model."""
        self.hash = generate(request, out, files=files, weights=self._weights).weights
        return out
