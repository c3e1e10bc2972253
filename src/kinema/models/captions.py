"""The text side of our own model: frozen states of MiniLM beside a token stream that is trained.

MiniLM knows what words mean, but is nearly blind to which colour belongs to whom and to left and
right. So each token also has a small embedding of its own, and a few layers of attention over both
learn what the frozen states leave out.

Shape legend for this file:
    B = captions, M = tokens, filled up with zeros; W = width of the answer, Z = frozen states.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kinema.models.configs import AdapterConfig
from kinema.models.minilm import MiniLmStates
from kinema.models.words import hashed


class Tokens(NamedTuple):
    """Captions as numbers: ids_BM int64, mask_BM (true at tokens), frozen_BMZ or None."""

    ids_BM: Tensor
    mask_BM: Tensor
    frozen_BMZ: Tensor | None = None

    def to(self, device: torch.device) -> Tokens:
        """The same on a device."""
        return Tokens(*(None if part is None else part.to(device) for part in self))  # pyright: ignore[reportArgumentType]


class CaptionAdapter(nn.Module):
    """From tokens to the states that the transformer's cross-attention looks at."""

    def __init__(self, config: AdapterConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.embedding = nn.Embedding(config.vocabulary, config.factor)
        self.widen = nn.Linear(config.factor, width, bias=False)
        self.positions = nn.Parameter(0.02 * torch.randn(config.tokens, width))
        self.frozen_in = nn.Linear(config.frozen, width) if config.frozen else None
        layer = nn.TransformerEncoderLayer(
            width, config.heads, config.hidden, dropout=0.0, activation="gelu",
            batch_first=True, norm_first=True,
        )  # fmt: skip
        self.layers = nn.TransformerEncoder(layer, config.depth, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.null = nn.Parameter(0.02 * torch.randn(width))

    def forward(self, tokens: Tokens, dropped_B: Tensor | None = None) -> Tensor:
        """States (B, M, W), zeros behind each caption; float dtype of the weights.

        Args:
            tokens: At most ``config.tokens`` of them a caption.
            dropped_B: True where the caption is left out: one learned state says so.

        Raises:
            ValueError: Too many tokens, or frozen states are missing or too many.
        """
        length = tokens.ids_BM.shape[1]
        if length > self.config.tokens:
            raise ValueError(f"at most {self.config.tokens} tokens a caption, got {length}")
        if (self.frozen_in is None) != (tokens.frozen_BMZ is None):
            raise ValueError("frozen states must be given where, and only where, the model has any")
        x_BMW = self.widen(self.embedding(tokens.ids_BM)) + self.positions[:length]
        if self.frozen_in is not None and tokens.frozen_BMZ is not None:
            x_BMW = x_BMW + self.frozen_in(tokens.frozen_BMZ.to(x_BMW.dtype))
        x_BMW = self.norm(self.layers(x_BMW, src_key_padding_mask=~tokens.mask_BM))
        x_BMW = x_BMW * tokens.mask_BM[..., None]
        return x_BMW if dropped_B is None else self._dropped(x_BMW, dropped_B)

    def nothing(self, count: int) -> Tensor:
        """What the transformer sees where nothing was said: (count, 1, W)."""
        return self.null.expand(count, 1, -1)

    def _dropped(self, x_BMW: Tensor, dropped_B: Tensor) -> Tensor:
        empty_MW = torch.zeros_like(x_BMW[0])
        empty_MW = torch.cat((self.null[None], empty_MW[1:]))
        return torch.where(dropped_B[:, None, None], empty_MW, x_BMW)


class HashedWords:
    """Tokens without any files: each word is a stable number. For tests and rehearsals."""

    def __init__(self, vocabulary: int, tokens: int) -> None:
        self.vocabulary, self.tokens = vocabulary, tokens

    def __call__(self, captions: Sequence[str]) -> Tokens:
        """Tokens of captions, cut at ``tokens``."""
        return _filled([hashed(one, self.vocabulary, self.tokens).tolist() for one in captions])


class MiniLm:
    """WordPiece tokens and the frozen states of MiniLM, computed by onnxruntime on the CPU.

    Args:
        tokens: Most tokens a caption keeps.

    Raises:
        MissingPart: The model's package, onnxruntime or tokenizers is not installed.
    """

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self._states = MiniLmStates(tokens)

    def __call__(self, captions: Sequence[str]) -> Tokens:
        """Tokens and states of captions, cut at ``tokens``."""
        return filled([self._states(caption) for caption in captions])


def filled(read: Sequence[tuple[NDArray[np.int64], NDArray[np.floating]]]) -> Tokens:
    """Tokens and states of captions that were read one by one (`MiniLmStates`), as one batch."""
    found = _filled([ids.tolist() for ids, _ in read])
    frozen_BMZ = torch.zeros(*found.ids_BM.shape, read[0][1].shape[1])
    for number, (ids, states) in enumerate(read):
        frozen_BMZ[number, : len(ids)] = torch.from_numpy(states.astype(np.float32, copy=False))
    return found._replace(frozen_BMZ=frozen_BMZ)


def _filled(rows: list[list[int]]) -> Tokens:
    longest = max(map(len, rows))
    ids_BM = torch.zeros(len(rows), longest, dtype=torch.int64)
    mask_BM = torch.zeros(len(rows), longest, dtype=torch.bool)
    for number, row in enumerate(rows):
        ids_BM[number, : len(row)] = torch.tensor(row)
        mask_BM[number, : len(row)] = True
    return Tokens(ids_BM, mask_BM)
