"""The umT5 text encoder behind the engine's protocol.

Shape legend for this file:
    M = tokens of a prompt, W = width of an embedding.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import torch

from kinema.engine.latent.protocol import Embedding
from kinema.engine.latent.room import Room
from kinema.engine.latent.streaming import BlockStream
from kinema.errors import WeightsError
from kinema.models.loading import load_text_in_layers
from kinema.models.registry import ModelSpec
from kinema.models.text import TextEncoder, Tokenizer
from kinema.weights import foreign
from kinema.weights.keys import Part


class WanText:
    """The text encoder, loaded for a call and dropped after it unless there is room."""

    def __init__(
        self, spec: ModelSpec, folder: Path, device: torch.device, dtype: torch.dtype, room: Room
    ) -> None:
        self._spec, self._folder = spec, folder
        self._device, self._dtype = device, dtype
        self._room = room
        self._cut: Tokenizer | None = None

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, at its true length.

        Raises:
            WeightsError: There is no text encoder or no vocabulary in the folder.
        """
        encoder = cast("TextEncoder | None", self._room.kept_text)
        if encoder is None or self._cut is None:
            found = foreign.find(self._folder)
            if found.tokenizer is None:
                raise WeightsError("weights", "there is no vocabulary in it", "a folder tokenizer/")
            self._cut = Tokenizer(found.tokenizer)
            self._room.for_text()
            encoder = self._loaded(found.part(Part.TEXT))
            self._room.keep_text(encoder)
        limit = self._spec.transformer.text_tokens
        with torch.inference_mode():
            said = [encoder.encode([self._cut(text, limit)])[0].float().cpu() for text in texts]
        return [{"text": text_MW.numpy()} for text_MW in said]

    def _loaded(self, source: foreign.Source) -> TextEncoder:
        whole = self._room.text_layers == self._spec.text.depth
        encoder, read = load_text_in_layers(source, self._spec.text, with_layers=whole)
        encoder = encoder.to(self._device, self._dtype)
        if not whole:
            stream = BlockStream(encoder.layers, read, self._device)
            stream.stay(self._room.text_layers)
        return encoder
