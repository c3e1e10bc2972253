"""Latents of a folder's clips, made by many machines: Ray Data hands out the pieces.

Each worker decodes, crops and encodes some pieces and puts them where `footage` looks for them: the
cache must be a folder that all machines see. What is there already is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from kinema.data.footage import Encode, FootageConfig, Piece, encoded
from kinema.errors import MediaError, MissingPart

_AT_ONCE: Final = 8

Outcome = dict[str, str]
"""A piece's file, and why it could not be used; "" where it could."""


def encode_everywhere(
    config: FootageConfig,
    pieces: Sequence[Piece],
    make_encoder: Callable[[], Encode],
    codec: str,
    *,
    workers: int = 1,
    gpus: float = 0.0,
) -> list[Outcome]:
    """Fill the cache of latents on every machine of the Ray cluster that this one belongs to.

    Args:
        config: Of the folder; with a cache that all machines see, as they see the folder.
        pieces: What `footage.surveyed` found.
        make_encoder: Builds the encoder, once in each worker.
        codec: Names what encodes, as for `footage.footage`.
        workers: How many encode at the same time.
        gpus: That each of them needs.

    Returns:
        One outcome for each piece that could not be read.

    Raises:
        MissingPart: Ray is not installed.
        ValueError: There is no cache.
    """
    if config.cache is None:
        raise ValueError("latents of many machines need a cache that all of them see")
    try:
        ray_data: Any = import_module("ray.data")
    except ImportError as error:
        raise MissingPart("Ray Data", "pip install 'kinema[ray]'") from error

    rows = [{"number": number} for number in range(len(pieces))]
    found = ray_data.from_items(rows).map_batches(
        Encoding,
        fn_constructor_args=(config, tuple(pieces), make_encoder, codec),
        batch_size=_AT_ONCE,
        concurrency=workers,
        num_gpus=gpus or None,
    )
    outcomes = [{"file": row["file"], "why": row["why"]} for row in found.take_all()]
    return [one for one in outcomes if one["why"]]


class Encoding:
    """A worker: the numbers of pieces in, what became of them out."""

    def __init__(
        self,
        config: FootageConfig,
        pieces: tuple[Piece, ...],
        make_encoder: Callable[[], Encode],
        codec: str,
    ) -> None:
        self._config, self._pieces, self._codec = config, pieces, codec
        self._encode = make_encoder()

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Encode the pieces with these numbers, one by one; a broken one stops no other."""
        files: list[str] = []
        why: list[str] = []
        for number in batch["number"]:
            piece = self._pieces[int(number)]
            files.append(piece.path.name)
            try:
                encoded(self._config, piece, self._encode, self._codec)
            except MediaError as error:
                why.append(error.problem)
            else:
                why.append("")
        return {"file": files, "why": why}
