"""Our networks as OpenVINO graphs, which a laptop runs without torch.

Written once, when weights are packed. A graph holds no large weights: each is an input of the saved
file, named ``weight:PART:NAME``, and is filled from the folder's safetensors when the graph is read
(`kinema.engine.latent.compiled`). Noise levels, the angles of the positions and all that a network
is told beside the prompt are computed outside in float32 and handed in: inside, bfloat16 spoils
them by a sixth.

Shape legend for this file:
    C = latent channels, T, Y, X = latent frames, rows, columns, N = tokens, D = width, S = noise
    levels in a clip, M = tokens of a prompt, L = blocks, H = heads, P = pairs of a head's features.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kinema.errors import MissingPart
from kinema.models.autoencoder import Down, MemoryBlock, Up
from kinema.models.captions import CaptionAdapter, Tokens
from kinema.models.configs import RATE, memory_blocks
from kinema.models.dit import Block, WanTransformer
from kinema.models.own import PARTS, TRANSFORMER, WORDS, load
from kinema.ops.rope import Rotation, rotate_real
from kinema.weights import packing, store
from kinema.weights.manifest import Manifest, PartRecord, read_manifest, record, write_manifest

GRAPHS: Final = "graphs"
"""The part of a folder that lists them, and the folder that they lie in."""
WEIGHT: Final = "weight:"


class Denoise(nn.Module):
    """`WanTransformer.forward` for one clip, in operations that convert."""

    def __init__(self, network: WanTransformer) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        latent_1CTYX: Tensor,
        level_1SD: Tensor,
        rows_1S6D: Tensor,
        cos_NP: Tensor,
        sin_NP: Tensor,
        keys_LMHd: Tensor,
        values_LMHd: Tensor,
    ) -> Tensor:
        """The velocity, (1, C, T, Y, X)."""
        net = self.network
        _, C, T, Y, X = latent_1CTYX.shape
        cells = latent_1CTYX.reshape(1, C, T, Y // 2, 2, X // 2, 2)
        x = net.patch_in(cells.permute(0, 2, 3, 5, 1, 4, 6).reshape(1, -1, 4 * C))
        rotation = Rotation(cos_NP, sin_NP)
        for number, block in enumerate(cast("list[Block]", net.blocks)):
            rows = (block.modulation + rows_1S6D).unbind(2)
            y = _modulated(x, rows[0], rows[1], block.eps)
            x = _added(x, self._itself(block, y, rotation), rows[2])
            norm = block.cross_norm
            y = x if norm is None else F.layer_norm(x, x.shape[-1:], norm.weight, norm.bias, 1e-6)
            attn = block.cross_attn
            q = _rms(attn.q(y), attn.norm_q.weight, attn.norm_q.eps).unflatten(-1, (attn.heads, -1))
            x = x + attn.out(_attention(q, keys_LMHd[number][None], values_LMHd[number][None]))
            y = _modulated(x, rows[3], rows[4], block.eps)
            mlp = block.mlp
            x = _added(x, mlp.down(F.gelu(mlp.up(y), approximate="tanh")), rows[5])
        shift_1SD, scale_1SD = (net.modulation + level_1SD[:, :, None]).unbind(2)
        patches = net.patch_out(_modulated(x, shift_1SD, scale_1SD, net.config.eps))
        cells = patches.reshape(1, T, Y // 2, X // 2, 2, 2, -1)
        return cells.permute(0, 6, 1, 2, 4, 3, 5).reshape(1, -1, T, Y, X)

    def _itself(self, block: Block, y: Tensor, rotation: Rotation) -> Tensor:
        attn = block.self_attn
        q, k, v = attn.qkv(y).chunk(3, dim=-1)
        q, k = (
            rotate_real(_rms(x, n.weight, n.eps).unflatten(-1, (attn.heads, -1)), rotation)
            for x, n in ((q, attn.norm_q), (k, attn.norm_k))
        )
        return attn.out(_attention(q, k, v.unflatten(-1, (attn.heads, -1))))


class Ready(nn.Module):
    """`WanTransformer.context` for one prompt, padded to its full length with zero vectors."""

    def __init__(self, network: WanTransformer) -> None:
        super().__init__()
        self.network = network

    def forward(self, text_1MW: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of all blocks, (L, M, H, width of a head) each."""
        mlp = self.network.text_in
        text_1MD = mlp.down(F.gelu(mlp.up(text_1MW), approximate="tanh"))
        keys: list[Tensor] = []
        values: list[Tensor] = []
        for block in cast("list[Block]", self.network.blocks):
            attn = block.cross_attn
            k, v = attn.kv(text_1MD).chunk(2, dim=-1)
            k = _rms(k, attn.norm_k.weight, attn.norm_k.eps)
            keys.append(k.unflatten(-1, (attn.heads, -1)))
            values.append(v.unflatten(-1, (attn.heads, -1)))
        return torch.cat(keys), torch.cat(values)


class Words(nn.Module):
    """The text side for one caption without padding."""

    def __init__(self, adapter: CaptionAdapter) -> None:
        super().__init__()
        self.adapter = adapter

    def forward(self, ids_1M: Tensor, frozen_1MZ: Tensor) -> Tensor:
        """States (1, M, W)."""
        frozen = frozen_1MZ if self.adapter.config.frozen else None
        return self.adapter(Tokens(ids_1M, torch.ones_like(ids_1M, dtype=torch.bool), frozen))


class Half(nn.Module):
    """One half of the autoencoder, with what its blocks remember as inputs and outputs.

    In convolutions of clips: a memory block's first one is a kernel of two frames. The numbers are
    the same, but no frame moves between tensors, which would cost OpenVINO a third of the time.
    """

    def __init__(self, layers: nn.ModuleList) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, clip_1CTHW: Tensor, *remembered_1C1HW: Tensor) -> tuple[Tensor, ...]:
        """A clip through the layers, and what is remembered of its last frame."""
        x, memory = clip_1CTHW, list(remembered_1C1HW)
        kept: list[Tensor] = []
        for layer in self.layers:
            if isinstance(layer, MemoryBlock):
                kept.append(x[:, :, -1:])
                seen = torch.cat((memory.pop(0), x), dim=2)
                y = F.relu(_conv(seen, layer.conv_in, past_first(layer.conv_in.weight)))
                y = F.relu(_conv(y, layer.conv_mid))
                x = F.relu(x + _conv(y, layer.conv_out))
            elif isinstance(layer, Up):
                x = x if layer.grow is None else _two_frames(_conv(x, layer.grow))
                x = F.interpolate(x, scale_factor=(1.0, 2.0, 2.0), mode="nearest")
                x = _conv(x, layer.conv)
            elif isinstance(layer, Down):
                weight = layer.conv.weight
                weight = paired(weight) if layer.halves_time else weight[:, :, None]
                x = _conv(x, layer.conv, weight, stride=(1 + layer.halves_time, 2, 2))
            else:
                x = _conv(x, cast("nn.Conv2d", layer))
        return (x, *kept)


def past_first(weight_OCHW: Tensor) -> Tensor:
    """Weights of a frame and the one before it, side by side in channels, as frames in order."""
    return paired(weight_OCHW).flip(2)


def paired(weight_OCHW: Tensor) -> Tensor:
    """Weights of two frames, side by side in channels, as two frames: (O, C / 2, 2, H, W)."""
    return weight_OCHW.unflatten(1, (2, -1)).transpose(1, 2)


def write(folder: Path) -> Manifest:
    """Write the graphs of a folder's networks into it, and list them in its manifest.

    Raises:
        MissingPart: OpenVINO is not installed.
        WeightsError: The folder is none of ours.

    Cost:
        Half a minute.
    """
    try:
        import openvino
    except ImportError as error:
        raise MissingPart("openvino", "pip install 'kinema[storybook]'") from error
    networks = load(folder, torch.float32, torch.device("cpu"))
    manifest = read_manifest(folder)
    stored = {
        part: packing.unpack(dict(store.Tensors(tuple(folder / f.path for f in record.files))))
        for part, record in manifest.parts.items()
        if part in PARTS
    }
    known = {
        _digest(made(tensor).numpy()): f"{WEIGHT}{part}:{name}{how}"
        for part, tensors in stored.items()
        for name, tensor in tensors.items()
        if tensor.ndim > 1 and tensor.numel() >= packing.SMALLEST
        for how, made in _WAYS.items()
        if not how or (tensor.ndim == 4 and tensor.shape[1] % 2 == 0)
    }
    place = folder / GRAPHS
    place.mkdir(exist_ok=True)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        for name, (module, example) in _modules(networks.transformer, networks).items():
            with torch.no_grad(), warnings.catch_warnings():
                # Of tracing: that it is old, and that shapes checked here are checked no more.
                warnings.simplefilter("ignore")
                model = openvino.convert_model(module.eval(), example_input=example)
            _lift(openvino, model, known)
            openvino.save_model(model, place / f"{name}.xml", compress_to_fp16=False)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    files = tuple(record(folder, path) for path in sorted(place.iterdir()))
    manifest.parts[GRAPHS] = PartRecord(config={}, files=files)
    write_manifest(folder, manifest)
    return manifest


def _modules(network: WanTransformer, networks: Any) -> dict[str, tuple[nn.Module, Any]]:
    """Each graph's module, and inputs of the ranks that it takes."""
    config, vae = network.config, networks.vae
    heads, length = config.heads, config.text_tokens
    prompt = torch.zeros(config.depth, length, heads, config.head_width)
    told = torch.zeros(1, 1, config.width), torch.zeros(1, 1, 6, config.width)
    angles = torch.zeros(8, config.head_width // 2)
    latent = torch.zeros(1, config.channels_in, 2, 4, 4)
    words = networks.words.config
    states = torch.zeros(1, 3, max(1, words.frozen))
    ids = torch.zeros(1, 3, dtype=torch.int64)
    coding = vae.config
    decoded = memory_blocks(coding.decoder, coding.decoder_depth)[::-1]
    encoded = memory_blocks(coding.encoder, coding.encoder_depth)
    return {
        TRANSFORMER: (Denoise(network), (latent, *told, angles, angles, prompt, prompt)),
        "ready": (Ready(network), (torch.zeros(1, length, config.text_width),)),
        WORDS: (Words(networks.words), (ids, states)),
        "decoder": (
            Half(vae.decoder),
            (torch.zeros(1, coding.channels, 2, 2, 2), *_zeros(decoded, 16)),
        ),
        "encoder": (
            Half(vae.encoder),
            (torch.zeros(1, 12, 2 * RATE, 16, 16), *_zeros(encoded, 16)),
        ),
    }


def _zeros(blocks: list[tuple[int, int]], side: int) -> tuple[Tensor, ...]:
    return tuple(torch.zeros(1, width, 1, side // by, side // by) for width, by in blocks)


def _lift(openvino: Any, model: Any, known: Mapping[str, str]) -> None:
    """Turn each constant that is one of the folder's weights into an input of its name."""
    lifted: dict[str, Any] = {}
    for op in model.get_ordered_ops():
        if op.get_type_name() != "Constant" or op.get_output_element_type(0) != openvino.Type.f32:
            continue
        name = known.get(_digest(np.asarray(op.data))) if op.data.size >= packing.SMALLEST else None
        if name is None:
            continue
        if name not in lifted:
            lifted[name] = openvino.opset13.parameter(op.data.shape, np.float32, name=name)
        op.output(0).replace(lifted[name].output(0))
    model.add_parameters([*lifted.values()])
    model.validate_nodes_and_infer_types()


def _digest(values: np.ndarray[Any, Any]) -> str:
    # Axes of one are nothing but a way of writing.
    flat = np.ascontiguousarray(values, np.float32).squeeze()
    return hashlib.sha256(str(flat.shape).encode() + flat.tobytes()).hexdigest()


_WAYS: Final = {"": Tensor.float, "#pair": paired, "#past": past_first}
"""How a weight may stand in a graph, by what is written behind its name."""


def _conv(
    x_1CTHW: Tensor,
    layer: nn.Conv2d,
    weight: Tensor | None = None,
    stride: tuple[int, int, int] = (1, 1, 1),
) -> Tensor:
    weight = layer.weight[:, :, None] if weight is None else weight
    side = cast("tuple[int, int]", layer.padding)[0]
    return F.conv3d(x_1CTHW, weight, layer.bias, stride=stride, padding=(0, side, side))


def _two_frames(x_1CTHW: Tensor) -> Tensor:
    """Channels of two frames into frames: (1, C / 2, 2 T, H, W)."""
    _, C, T, H, W = x_1CTHW.shape
    pairs = x_1CTHW.reshape(1, 2, C // 2, T, H, W).permute(0, 2, 3, 1, 4, 5)
    return pairs.reshape(1, C // 2, 2 * T, H, W)


def _modulated(x_1ND: Tensor, shift_1SD: Tensor, scale_1SD: Tensor, eps: float) -> Tensor:
    y_1ND = F.layer_norm(x_1ND, x_1ND.shape[-1:], eps=eps)
    y_1SKD = y_1ND.reshape(1, shift_1SD.shape[1], -1, y_1ND.shape[-1])
    y_1SKD = y_1SKD * (1 + scale_1SD[:, :, None]) + shift_1SD[:, :, None]
    return y_1SKD.reshape(1, -1, y_1ND.shape[-1])


def _added(x_1ND: Tensor, y_1ND: Tensor, gate_1SD: Tensor) -> Tensor:
    y_1SKD = y_1ND.reshape(1, gate_1SD.shape[1], -1, y_1ND.shape[-1]) * gate_1SD[:, :, None]
    return x_1ND + y_1SKD.reshape(1, -1, x_1ND.shape[-1])


def _rms(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight


def _attention(q_1NHd: Tensor, k_1MHd: Tensor, v_1MHd: Tensor) -> Tensor:
    q, k, v = (x.transpose(1, 2) for x in (q_1NHd, k_1MHd, v_1MHd))
    return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
