"""The Wan transformer: text, a noisy latent and its noise level in, the velocity out.

One class runs every member of the family, and our own model is one of them:

    text to video            latent of 16 channels in, 16 out (2.1 1.3B and 14B, 2.2 A14B)
    image to video           36 channels in: latent, mask of known frames, latent of the image;
                             2.1 adds tokens of an image encoder, FLF2V those of two images
    text and image to video  48 channels, a noise level for each frame (2.2 TI2V-5B): known frames
                             are simply clean

Choices worth knowing, all inherited from the checkpoints:

* Every block adds a table of its own to one shared projection of the noise level (6 rows: shift,
  scale and gate of the self-attention and of the MLP); the cross-attention has no gate.
* The norms of queries and keys run over the whole width, not over each head.
* Cross-attention has no mask: the text is filled up with zero vectors, and they take part.
* Norms, modulation and gated sums are float32, the weights may be bfloat16.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T, Y, X = latent frames, rows and columns,
    N = tokens in (frame, row, column) order, D = width of the network, H = heads, M = tokens of
    the text or of an image, S = noise levels in a clip: 1, or one a frame, or one a token.

Source:
    Wan Team 2025, arXiv:2503.20314, section 4.2; shapes and constants from the published configs.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NamedTuple, cast

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from kinema.models.configs import DiTConfig
from kinema.ops.attention import Backend, attention
from kinema.ops.linear import activated
from kinema.ops.norm import add_gated, layer_norm, modulate, rms_norm
from kinema.ops.rope import Positions, Rotation, grid_rotation, queries_and_keys, rotation_of

TIME_UNITS: Final = 1000.0
"""The checkpoints were trained with noise levels counted in thousandths."""
IMAGE_EPS: Final = 1e-5


class KeyValue(NamedTuple):
    """What one cross-attention looks at: keys and values, (B, M, H, width of a head) each.

    bias_B11M is added to the scores: the logarithm of how many keys alike a key stands for. None
    where each stands for itself.
    """

    k: Tensor
    v: Tensor
    bias_B11M: Tensor | None = None

    def filled(self, length: int) -> KeyValue:
        """The same with more keys, which nobody looks at."""
        more = length - self.k.shape[1]
        if more == 0:
            return self
        if self.bias_B11M is None:
            raise ValueError(f"cannot stack {self.k.shape[1]} and {length} keys without a bias")
        k, v = (F.pad(x, (0, 0, 0, 0, 0, more)) for x in (self.k, self.v))
        return KeyValue(k, v, F.pad(self.bias_B11M, (0, more), value=-torch.inf))


@dataclass(frozen=True, slots=True)
class Context:
    """A prompt as the network sees it: for each block the keys and values of text and images.

    Made once a prompt by `WanTransformer.context` and used at every step. It depends on the
    weights: make it anew after a change of them, such as a LoRA.
    """

    blocks: tuple[tuple[KeyValue, ...], ...]

    @staticmethod
    def stack(contexts: Sequence[Context]) -> Context:
        """Lay the contexts of several prompts one after the other along the batch."""
        per_block = zip(*(context.blocks for context in contexts), strict=True)
        return Context(
            tuple(
                tuple(_stacked(sources) for sources in zip(*block, strict=True))
                for block in per_block
            )
        )


@dataclass(frozen=True, slots=True)
class Extra:
    """The optional inputs of our own models; None leaves one out.

    step_size_B: class of the solver's step, log2 of steps (shortcut models, arXiv:2410.12557).
    guidance_B: guidance scale that the network is to imitate, 1 to about 10 (arXiv:2210.03142).
    fps_B: frames a second. camera_BTK: motion of the camera in each latent frame.
    token_types_BT: what each latent frame is: 0 a frame of the clip, 1 a reference picture ...
    """

    step_size_B: Tensor | None = None
    guidance_B: Tensor | None = None
    fps_B: Tensor | None = None
    camera_BTK: Tensor | None = None
    token_types_BT: Tensor | None = None


NO_EXTRA: Final = Extra()


@dataclass(frozen=True, slots=True)
class Route:
    """Tokens ``kept_K`` go through the blocks from ``first`` to ``last``; the others pass them by.

    As many are kept of each frame, in the order of the frames. Krause et al. 2025, "TREAD",
    arXiv:2501.04765, section 3.
    """

    first: int
    last: int
    kept_K: Tensor

    def taken(
        self, x_BND: Tensor, rows_BS6D: Tensor, rotation: Rotation
    ) -> tuple[Tensor, Tensor, Rotation]:
        """What the blocks see of the tokens, of their noise levels and of their rotation."""
        if rows_BS6D.shape[1] == x_BND.shape[1]:  # a level for each token
            rows_BS6D = rows_BS6D[:, self.kept_K]
        return x_BND[:, self.kept_K], rows_BS6D, Rotation(*(x[self.kept_K] for x in rotation))


class Mlp(nn.Module):
    """Two linear layers with a non-linearity between them."""

    def __init__(self, width: int, hidden: int, width_out: int, activation: nn.Module) -> None:
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.activation = activation
        self.down = nn.Linear(hidden, width_out)

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) to (..., width_out), in the dtype of the weights."""
        return self.down(activated(self.up, self.activation, x.to(self.up.weight.dtype)))


class RmsNorm(nn.Module):
    """`rms_norm` with its weight."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Same shape and dtype out."""
        return rms_norm(x, self.weight, self.eps)


class SelfAttention(nn.Module):
    """Every token looks at every other token of its clip."""

    def __init__(self, config: DiTConfig, backend: Backend) -> None:
        super().__init__()
        self.heads = config.heads
        self.backend = backend
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.norm_q = RmsNorm(config.width, config.eps)
        self.norm_k = RmsNorm(config.width, config.eps)
        self.out = nn.Linear(config.width, config.width)

    def forward(self, x_BND: Tensor, rotation: Rotation) -> Tensor:
        """(B, N, D) to (B, N, D)."""
        qkv_BNE = self.qkv(x_BND)
        weights = self.norm_q.weight, self.norm_k.weight
        q_BNHd, k_BNHd = queries_and_keys(
            qkv_BNE, weights, rotation, heads=self.heads, eps=self.norm_q.eps
        )
        v_BNHd = _split(qkv_BNE.chunk(3, dim=-1)[2], self.heads)
        y_BNHd = attention(q_BNHd, k_BNHd, v_BNHd, backend=self.backend)
        return self.out(y_BNHd.flatten(2))


class CrossAttention(nn.Module):
    """Every token looks at the text and, where the model has that branch, at the images."""

    def __init__(self, config: DiTConfig, backend: Backend) -> None:
        super().__init__()
        self.heads = config.heads
        self.backend = backend
        self.q = nn.Linear(config.width, config.width)
        self.kv = nn.Linear(config.width, 2 * config.width)
        self.norm_q = RmsNorm(config.width, config.eps)
        self.norm_k = RmsNorm(config.width, config.eps)
        self.out = nn.Linear(config.width, config.width)
        if config.image_width is not None:
            self.image_kv = nn.Linear(config.width, 2 * config.width)
            self.image_norm_k = RmsNorm(config.width, config.eps)

    def keys(
        self, text_BMD: Tensor, image_BMD: Tensor | None, bias_B11M: Tensor | None = None
    ) -> tuple[KeyValue, ...]:
        """Keys and values of the text, then those of the images if there are any."""
        found = [self._keys(self.kv, self.norm_k, text_BMD)._replace(bias_B11M=bias_B11M)]
        if image_BMD is not None:
            found.append(self._keys(self.image_kv, self.image_norm_k, image_BMD))
        return tuple(found)

    def _keys(self, kv: nn.Linear, norm: RmsNorm, source_BMD: Tensor) -> KeyValue:
        k_BMD, v_BMD = kv(source_BMD).chunk(2, dim=-1)
        return KeyValue(_split(norm(k_BMD), self.heads), _split(v_BMD, self.heads))

    def forward(self, x_BND: Tensor, sources: tuple[KeyValue, ...]) -> Tensor:
        """(B, N, D) to (B, N, D): the answers of all sources are added up."""
        q_BNHd = _split(self.norm_q(self.q(x_BND)), self.heads)
        answers = [
            attention(q_BNHd, k, v, bias_BHNM=bias, backend=self.backend) for k, v, bias in sources
        ]
        return self.out(reduce(torch.add, answers).flatten(2))


class Block(nn.Module):
    """Self-attention, cross-attention, MLP, each added to the residual stream."""

    def __init__(self, config: DiTConfig, backend: Backend) -> None:
        super().__init__()
        self.eps = config.eps
        self.self_attn = SelfAttention(config, backend)
        self.cross_norm = nn.LayerNorm(config.width, config.eps) if config.cross_norm else None
        self.cross_attn = CrossAttention(config, backend)
        self.mlp = Mlp(config.width, config.hidden, config.width, nn.GELU("tanh"))
        self.modulation = nn.Parameter(torch.randn(6, config.width) / config.width**0.5)

    def forward(
        self,
        x_BND: Tensor,
        rows_BS6D: Tensor,
        rotation: Rotation,
        sources: tuple[KeyValue, ...],
    ) -> Tensor:
        """(B, N, D) to (B, N, D). ``rows_BS6D`` is what the noise level says, float32."""
        dtype = self.mlp.up.weight.dtype
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = (
            self.modulation.float() + rows_BS6D
        ).unbind(2)
        y_BND = modulate(x_BND, shift_a, scale_a, eps=self.eps, dtype=dtype)
        x_BND = add_gated(x_BND, self.self_attn(y_BND, rotation), gate_a)
        x_BND = x_BND + self.cross_attn(self._normal(x_BND, dtype), sources)
        y_BND = modulate(x_BND, shift_m, scale_m, eps=self.eps, dtype=dtype)
        return add_gated(x_BND, self.mlp(y_BND), gate_m)

    def _normal(self, x_BND: Tensor, dtype: torch.dtype) -> Tensor:
        norm = self.cross_norm
        if norm is None:
            return x_BND.to(dtype)
        return layer_norm(x_BND, norm.weight, norm.bias, eps=self.eps, dtype=dtype)


class ImageInput(nn.Module):
    """Tokens of an image encoder, brought to the width of the network (2.1 I2V and FLF2V)."""

    def __init__(self, image_width: int, image_tokens: int | None, width: int) -> None:
        super().__init__()
        self.norm_in = nn.LayerNorm(image_width, IMAGE_EPS)
        self.mlp = Mlp(image_width, image_width, width, nn.GELU())
        self.norm_out = nn.LayerNorm(width, IMAGE_EPS)
        self.positions = (
            None if image_tokens is None else nn.Parameter(torch.zeros(image_tokens, image_width))
        )

    def forward(self, image_BMI: Tensor) -> Tensor:
        """(B, M, width of the image encoder) to (B, M, D)."""
        if self.positions is not None:
            image_BMI = image_BMI + self.positions
        return self.norm_out(self.mlp(self.norm_in(image_BMI.to(self.norm_in.weight.dtype))))


class ExtraInputs(nn.Module):
    """The inputs of `Extra`: each ends in a layer of zeros, so that it says nothing at first."""

    def __init__(self, config: DiTConfig) -> None:
        super().__init__()
        width, self.features = config.width, config.time_features

        def number() -> Mlp:
            return _silent(Mlp(self.features, width, width, nn.SiLU()))

        self.step_size = _zero_table(config.step_sizes, width) if config.step_sizes else None
        self.guidance = number() if config.guidance else None
        self.fps = number() if config.fps else None
        self.camera = (
            _silent(Mlp(config.camera, width, 6 * width, nn.SiLU())) if config.camera else None
        )
        self.token_types = _zero_table(config.token_types, width) if config.token_types else None

    def for_level(self, extra: Extra) -> Tensor | float:
        """What step size, guidance and fps add to the embedded noise level: (B, 1, D)."""
        said: Tensor | float = 0.0
        if self.step_size is not None and extra.step_size_B is not None:
            said = said + self.step_size(extra.step_size_B)[:, None]
        for mlp, number_B in ((self.guidance, extra.guidance_B), (self.fps, extra.fps_B)):
            if mlp is not None and number_B is not None:
                said = said + mlp(sinusoid(number_B[:, None], self.features))
        return said

    def for_rows(self, rows_BS6D: Tensor, extra: Extra) -> Tensor:
        """Add what the camera says of each frame to the rows of the noise level."""
        if self.camera is None or extra.camera_BTK is None:
            return rows_BS6D
        camera_BT6D = self.camera(extra.camera_BTK).float().unflatten(-1, (6, -1))
        levels, frames = rows_BS6D.shape[1], camera_BT6D.shape[1]
        if levels > frames:  # a level for each token
            camera_BT6D = camera_BT6D.repeat_interleave(levels // frames, dim=1)
        return rows_BS6D + camera_BT6D

    def for_tokens(self, x_BND: Tensor, extra: Extra) -> Tensor:
        """Add to each token what kind of frame it is from."""
        if self.token_types is None or extra.token_types_BT is None:
            return x_BND
        kinds_BTD = self.token_types(extra.token_types_BT)
        return x_BND + kinds_BTD.repeat_interleave(x_BND.shape[1] // kinds_BTD.shape[1], dim=1)


class WanTransformer(nn.Module):
    """The network; see the head of this file.

    Args:
        config: Its architecture.
        backend: Who computes the attention, see `kinema.ops.attention.fastest`.
    """

    def __init__(self, config: DiTConfig, backend: Backend = Backend.TORCH) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.patch_in = nn.Linear(config.channels_in * math.prod(config.patch), width)
        self.text_in = Mlp(config.text_width, width, width, nn.GELU("tanh"))
        self.image_in = (
            None
            if config.image_width is None
            else ImageInput(config.image_width, config.image_tokens, width)
        )
        self.time_in = Mlp(config.time_features, width, width, nn.SiLU())
        self.time_rows = nn.Linear(width, 6 * width)
        self.extra = ExtraInputs(config)
        self.blocks = nn.ModuleList(Block(config, backend) for _ in range(config.depth))
        self.modulation = nn.Parameter(torch.randn(2, width) / width**0.5)
        self.patch_out = nn.Linear(width, config.channels_out * math.prod(config.patch))
        self.residual_dtype: torch.dtype | None = None
        """Of the residual stream: None is that of the weights, as most programs run the family;
        float32 is how the original runs it, slower and a little closer to it."""

    def forward(
        self,
        latent_BCTYX: Tensor,
        sigma: Tensor | float,
        context: Context,
        *,
        extra: Extra = NO_EXTRA,
        positions: Positions | None = None,
        skip: Collection[int] = (),
        route: Route | None = None,
    ) -> Tensor:
        """Say in which direction the noise lies.

        The path is ``x(sigma) = (1 - sigma) * clean + sigma * noise``, and the answer is its
        velocity ``dx/dsigma = noise - clean``.

        Args:
            latent_BCTYX: Noisy latent (B, channels_in, T, Y, X), any float dtype; T, Y and X are
                multiples of the patch. Models with 36 channels take latent, mask and condition.
            sigma: Noise levels in [0, 1]: one number, (B,), (B, S) with one a frame or one a
                token. As float64 where it is a tensor: thousandths, which the checkpoints were
                trained on, are not exact in float32.
            context: The prompt, from `context`; its batch is B.
            extra: The optional inputs.
            positions: Where frames, rows and columns stand; counted from 0 when None.
            skip: Blocks to leave out (skip-layer guidance).
            route: Tokens that go through all blocks; the others leave some out (training).

        Returns:
            Velocity (B, channels_out, T, Y, X) in the dtype of the weights.

        Raises:
            ValueError: Shapes do not fit the config or each other.

        Cost:
            With L tokens, per block 8 L D^2 (self) + 4 L D^2 (cross) + 4 L D hidden + 4 L^2 D
            operations, twice that counting multiplication and addition apart.

        Example:
            >>> net = WanTransformer(DiTConfig(24, 2, 48, depth=1, text_width=8, text_tokens=4))
            >>> prompt = net.context(torch.randn(1, 3, 8))
            >>> net(torch.randn(1, 16, 2, 4, 4), 0.7, prompt).shape
            torch.Size([1, 16, 2, 4, 4])
        """
        grid = self._grid(latent_BCTYX)
        x_BND = self.extra.for_tokens(self._tokens(latent_BCTYX), extra)
        sigma_BS = _levels(sigma, grid, len(x_BND), x_BND.device)
        level_BSD, rows_BS6D = self._time(sigma_BS, extra)
        rotation = (
            grid_rotation(grid, self.config.head_width, x_BND.device)
            if positions is None
            else rotation_of(positions, self.config.head_width, x_BND.device)
        )
        whole: tuple[Tensor, Tensor, Rotation] | None = None  # what passes by, while it does
        for index, (block, sources) in enumerate(zip(self._blocks(), context.blocks, strict=True)):
            if route is not None and index == route.first:
                whole = x_BND, rows_BS6D, rotation
                x_BND, rows_BS6D, rotation = route.taken(*whole)
            if index not in skip:
                x_BND = block(x_BND, rows_BS6D, rotation, sources)
            if route is not None and whole is not None and index == route.last:
                x_BND = whole[0].index_copy(1, route.kept_K, x_BND)
                rows_BS6D, rotation = whole[1:]
                whole = None
        return self._latent(self._head(x_BND, level_BSD), grid)

    def context(self, text_BMW: Tensor, image_BMI: Tensor | None = None) -> Context:
        """Prepare a prompt: everything of it that does not depend on the latent or its noise.

        Args:
            text_BMW: Text embeddings at their true length, or padded with zero vectors to the
                longest of the batch; filled up to ``text_tokens`` here.
            image_BMI: Tokens of the image encoder, those of two images one after the other, for a
                model with an image branch.

        Returns:
            Keys and values of every block. The same prompt gives the same bits every time.

        Raises:
            ValueError: The text is too long or of another width, or an image is given to a model
                without, or missing from a model with, an image branch.
        """
        batch, length, width = text_BMW.shape
        if length > self.config.text_tokens or width != self.config.text_width:
            wanted = f"at most {self.config.text_tokens} tokens of {self.config.text_width}"
            raise ValueError(f"text must be {wanted}, got {(batch, length, width)}")
        # The network was trained with the text filled up with zero vectors, which are all alike.
        padding = self.config.text_tokens - length
        folded = padding > 1 and text_BMW.device.type == "cpu"  # a bias shuts out flash kernels
        text_BMD = self.text_in(F.pad(text_BMW, (0, 0, 0, 1 if folded else padding)))
        bias_B11M = None
        if folded:
            bias_B11M = text_BMD.new_zeros(batch, 1, 1, length + 1)
            bias_B11M[..., -1] = math.log(padding)
        if (image_BMI is None) != (self.image_in is None):
            has = "has no" if self.image_in is None else "needs an"
            raise ValueError(f"this model {has} image for its image branch")
        image_BMD = None
        if self.image_in is not None and image_BMI is not None:
            image_BMD = self.image_in(image_BMI)
        return Context(
            tuple(block.cross_attn.keys(text_BMD, image_BMD, bias_B11M) for block in self._blocks())
        )

    def lower_precision(self, dtype: torch.dtype) -> WanTransformer:
        """Cast the weights, in place, but keep in float32 what decides about small differences.

        Those are the embedding of the noise level, the modulation tables and the affine norm.
        """
        self.to(dtype)
        self.time_in.float()
        self.modulation.data = self.modulation.data.float()
        for block in self._blocks():
            block.modulation.data = block.modulation.data.float()
            if block.cross_norm is not None:
                block.cross_norm.float()
        return self

    def use_attention(self, backend: Backend) -> None:
        """Let another backend compute the attention from now on; see `kinema.ops.attention`."""
        for block in self._blocks():
            block.self_attn.backend = block.cross_attn.backend = backend

    def compile_blocks(self, backend: str = "inductor") -> None:
        """Compile every block, in place: all share one graph, which takes seconds, not minutes."""
        for block in self.blocks:
            block.compile(fullgraph=True, backend=backend)

    def _blocks(self) -> Iterator[Block]:
        return cast("Iterator[Block]", iter(self.blocks))

    def _grid(self, latent_BCTYX: Tensor) -> tuple[int, int, int]:
        _, channels, *sides = latent_BCTYX.shape
        wanted, patch = self.config.channels_in, self.config.patch
        if len(sides) != 3 or channels != wanted or any(map(int.__mod__, sides, patch)):
            shape = tuple(latent_BCTYX.shape)
            raise ValueError(f"latent must be (B, {wanted}, multiples of {patch}), got {shape}")
        frames, rows, columns = map(int.__floordiv__, sides, patch)
        return frames, rows, columns

    def _tokens(self, latent_BCTYX: Tensor) -> Tensor:
        """Cut the latent into patches and embed each: a strided convolution, as a product."""
        t, y, x = self.config.patch
        patches = rearrange(
            latent_BCTYX, "b c (T t) (Y y) (X x) -> b (T Y X) (c t y x)", t=t, y=y, x=x
        )
        x_BND = self.patch_in(patches.to(self.patch_in.weight.dtype))
        return x_BND if self.residual_dtype is None else x_BND.to(self.residual_dtype)

    def _latent(self, patches_BNP: Tensor, grid: tuple[int, int, int]) -> Tensor:
        """Put the patches back: the channel is the fastest axis of a patch on the way out."""
        (T, Y, X), (t, y, x) = grid, self.config.patch
        return rearrange(
            patches_BNP,
            "b (T Y X) (t y x c) -> b c (T t) (Y y) (X x)",
            T=T,
            Y=Y,
            X=X,
            t=t,
            y=y,
            x=x,
        )

    def _time(self, sigma_BS: Tensor, extra: Extra) -> tuple[Tensor, Tensor]:
        """Embed the noise levels: (B, S, D), and the six rows of the blocks, (B, S, 6, D)."""
        features = sinusoid(TIME_UNITS * sigma_BS, self.config.time_features)
        level_BSD = self.time_in(features) + self.extra.for_level(extra)
        rows = self.time_rows(F.silu(level_BSD).to(self.time_rows.weight.dtype))
        rows_BS6D = rows.float().unflatten(-1, (6, -1))
        return level_BSD.float(), self.extra.for_rows(rows_BS6D, extra)

    def _head(self, x_BND: Tensor, level_BSD: Tensor) -> Tensor:
        """The last modulated norm, and from the width to the values of a patch."""
        shift_BSD, scale_BSD = (self.modulation.float() + level_BSD[:, :, None]).unbind(2)
        dtype = self.patch_out.weight.dtype
        y_BND = modulate(x_BND, shift_BSD, scale_BSD, eps=self.config.eps, dtype=dtype)
        return self.patch_out(y_BND)


def sinusoid(number: Tensor, features: int) -> Tensor:
    """Show a number at many frequencies, from 1 down to 1/10,000: cosines, then sines.

    Args:
        number: Any shape; noise levels in thousandths, guidance scales, frames a second.
        features: Even.

    Returns:
        Float32 with one more axis of ``features``.

    Source:
        Vaswani et al. 2017, arXiv:1706.03762, section 3.5, cosines first. Angles are made in
        float32, as ``diffusers`` does; the original makes them in float64, and its velocities
        differ by 2e-5 for that.
    """
    half = features // 2
    exponents = torch.arange(half, dtype=torch.float32, device=number.device) / half
    angles = number.float()[..., None] * torch.exp(-math.log(10_000.0) * exponents)
    return torch.cat((angles.cos(), angles.sin()), dim=-1)


def _levels(
    sigma: Tensor | float, grid: tuple[int, int, int], batch: int, device: torch.device
) -> Tensor:
    """Noise levels as (B, S), float64."""
    sigma_BS = torch.as_tensor(sigma, dtype=torch.float64, device=device)
    sigma_BS = sigma_BS.reshape(-1, 1) if sigma_BS.ndim < 2 else sigma_BS
    allowed = {1, grid[0], math.prod(grid)}
    if sigma_BS.ndim != 2 or len(sigma_BS) not in (1, batch) or sigma_BS.shape[1] not in allowed:
        wanted = f"one number, ({batch},), ({batch}, {grid[0]}) or ({batch}, {math.prod(grid)})"
        raise ValueError(f"sigma must be {wanted}, got {tuple(sigma_BS.shape)}")
    return sigma_BS.expand(batch, -1)


def _stacked(sources: Sequence[KeyValue]) -> KeyValue:
    """Keys and values of several prompts along the batch, all as many as the longest has."""
    longest = max(source.k.shape[1] for source in sources)
    k, v, biases = zip(*(source.filled(longest) for source in sources), strict=True)
    bias_B11M = None if biases[0] is None else torch.cat(biases)
    return KeyValue(torch.cat(k), torch.cat(v), bias_B11M)


def _split(x_BND: Tensor, heads: int) -> Tensor:
    """(B, N, D) seen as (B, N, H, width of a head)."""
    return x_BND.unflatten(-1, (heads, -1))


def _silent(mlp: Mlp) -> Mlp:
    nn.init.zeros_(mlp.down.weight)
    nn.init.zeros_(mlp.down.bias)
    return mlp


def _zero_table(rows: int, width: int) -> nn.Embedding:
    table = nn.Embedding(rows, width)
    nn.init.zeros_(table.weight)
    return table
