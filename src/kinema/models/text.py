"""The umT5 text encoder, run at the prompt's true length, and its tokenizer.

A padded run gives the same numbers at eight times the cost: padding has no effect on the words,
because masked keys get no weight and every layer but attention works on each token alone.

Shape legend for this file:
    B = prompts, M = tokens of the longest, W = width of the encoder, H = heads.

Source:
    Chung et al. 2023, "UniMax", arXiv:2304.09151 (umT5); the layers are those of T5 1.1,
    Raffel et al. 2020, arXiv:1910.10683, but every layer has a relative-position table of its own.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import ftfy
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kinema.errors import WeightsError
from kinema.models.configs import TextConfig
from kinema.ops.attention import attention
from kinema.ops.norm import rms_norm

PAD: Final = 0
END: Final = 1


class Layer(nn.Module):
    """Self-attention with relative positions, then a gated MLP."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.heads, self.eps = config.heads, config.eps
        inner = config.heads * config.head_width
        self.norm_attn = nn.Parameter(torch.ones(config.width))
        self.qkv = nn.Linear(config.width, 3 * inner, bias=False)
        self.out = nn.Linear(inner, config.width, bias=False)
        self.distances = nn.Embedding(config.buckets, config.heads)
        self.norm_mlp = nn.Parameter(torch.ones(config.width))
        self.gate_up = nn.Linear(config.width, 2 * config.hidden, bias=False)
        self.down = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, x_BMW: Tensor, buckets_MM: Tensor, shut_B11M: Tensor) -> Tensor:
        """(B, M, W) to the same. ``shut_B11M`` is -inf where a key is padding, else 0."""
        qkv = self.qkv(rms_norm(x_BMW, self.norm_attn, self.eps)).unflatten(-1, (3, self.heads, -1))
        bias_1HMM = self.distances(buckets_MM).movedim(-1, 0)[None]
        # T5 does not scale its scores: the initial weights were made small instead.
        y = attention(*qkv.unbind(2), bias_BHNM=bias_1HMM + shut_B11M, scale=1.0)
        x_BMW = x_BMW + self.out(y.flatten(2))
        gate, up = self.gate_up(rms_norm(x_BMW, self.norm_mlp, self.eps)).chunk(2, dim=-1)
        return x_BMW + self.down(F.gelu(gate, approximate="tanh") * up)


class TextEncoder(nn.Module):
    """Tokens to one embedding each."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.depth))
        self.norm_out = nn.Parameter(torch.ones(config.width))

    def forward(self, ids_BM: Tensor, keep_BM: Tensor) -> Tensor:
        """Encode prompts of any lengths.

        Args:
            ids_BM: Token ids, int64, each prompt filled up with anything.
            keep_BM: Bool, false where a token is padding; true for at least one of each prompt.

        Returns:
            (B, M, W) in the dtype of the weights, zeros in the place of padding.

        Cost:
            A full-size pass over 60 tokens is 0.6 TFLOP, over 512 padded ones 4.8.
        """
        x_BMW = self.words(ids_BM)
        buckets_MM = buckets(ids_BM.shape[1], self.config.buckets, self.config.reach, ids_BM.device)
        shut_B11M = torch.zeros(keep_BM.shape, dtype=x_BMW.dtype, device=x_BMW.device)
        shut_B11M = shut_B11M.masked_fill(~keep_BM, -torch.inf)[:, None, None]
        for layer in self.layers:
            x_BMW = layer(x_BMW, buckets_MM, shut_B11M)
        return rms_norm(x_BMW, self.norm_out, self.config.eps) * keep_BM[..., None].to(x_BMW.dtype)

    def encode(self, prompts: Sequence[Sequence[int]]) -> Tensor:
        """Encode tokenised prompts, padded only to the longest of them: (B, M, W)."""
        length = max(map(len, prompts))
        ids = [[*prompt, *(length - len(prompt)) * [PAD]] for prompt in prompts]
        keep = [[place < len(prompt) for place in range(length)] for prompt in prompts]
        device = self.words.weight.device
        return self(torch.tensor(ids, device=device), torch.tensor(keep, device=device))


def buckets(length: int, count: int, reach: int, device: torch.device) -> Tensor:
    """The class of the distance from each token to each other, (M, M), query first.

    Half of the classes look forward. Of each half, half are exact distances, the rest grow with
    the logarithm up to ``reach``.

    Source:
        Raffel et al. 2020, arXiv:1910.10683, section 2.1.
    """
    places = torch.arange(length, device=device)
    ahead_MM = places[None] - places[:, None]
    half, distance_MM = count // 2, ahead_MM.abs()
    exact = half // 2
    grown = torch.log(distance_MM.clamp(min=1).float() / exact) / math.log(reach / exact)
    far_MM = (exact + (grown * (half - exact)).long()).clamp(max=half - 1)
    return half * (ahead_MM > 0) + torch.where(distance_MM < exact, distance_MM, far_MM)


class _Codec(Protocol):
    """What the two kinds of vocabulary file have in common once they are opened."""

    def __call__(self, text: str) -> list[int]: ...


class Tokenizer:
    """Prompts to token ids, as the encoder was trained on them.

    Args:
        folder: Holds ``tokenizer.json`` or ``spiece.model``, as the published folders do.

    Raises:
        WeightsError: Neither file is there, or the one that is cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._ids = _vocabulary(folder)

    def __call__(self, prompt: str, limit: int = 512) -> list[int]:
        """Clean a prompt and cut it into at most ``limit`` ids, the last one the end mark."""
        ids = [token for token in self._ids(clean(prompt)) if token not in (PAD, END)]
        return [*ids[: limit - 1], END]


def clean(prompt: str) -> str:
    """Undo broken encodings and HTML entities, and make every run of white space one space."""
    text = html.unescape(html.unescape(ftfy.fix_text(prompt)))
    return re.sub(r"\s+", " ", text).strip()


def _vocabulary(folder: Path) -> _Codec:
    """Open the vocabulary; the readers are imported here because only one of them is needed."""
    fast, slow = folder / "tokenizer.json", folder / "spiece.model"
    try:
        if fast.is_file():
            from tokenizers import Tokenizer as FastTokenizer

            vocabulary = FastTokenizer.from_file(str(fast))
            vocabulary.no_truncation()
            vocabulary.no_padding()
            return lambda text: vocabulary.encode(text).ids
        if slow.is_file():
            from sentencepiece import SentencePieceProcessor

            pieces = SentencePieceProcessor(model_file=str(slow))
            return lambda text: pieces.encode(text, out_type=int)
    except Exception as error:  # each reader has errors of its own, some of them bare Exception
        raise WeightsError("weights", f"the vocabulary in {folder.name}/ cannot be read") from error
    raise WeightsError(
        "weights", f"{folder.name}/ holds no vocabulary", f"{fast.name} or {slow.name}"
    )
