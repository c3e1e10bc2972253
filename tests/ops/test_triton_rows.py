"""Each Triton kernel against its plain twin: compiled on a GPU, interpreted elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kinema.models.dit import WanTransformer
from kinema.ops.kernels import Kernels, fused, use_kernels
from kinema.ops.linear import activated
from kinema.ops.norm import add_gated, channel_norm, layer_norm, modulate, rms_norm
from kinema.ops.rope import grid_rotation, queries_and_keys
from tests.conftest import ROOT
from tests.models.small import PER_FRAME, VAE_22, generator, noise, transformer, vae

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
DTYPES = [torch.float32, torch.bfloat16]
# Of a bfloat16 answer: the plain twin rounds between its steps, the kernel only at the end.
TOLERANCE = {torch.float32: 2e-6, torch.bfloat16: 8e-3}

pytestmark = pytest.mark.requires("triton")


@pytest.fixture(autouse=True)
def back_to_automatic() -> Iterator[None]:
    yield
    use_kernels(Kernels.AUTO)


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    return noise(*shape, seed=seed).to(DEVICE, dtype)


def add_one(_layer: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
    return output + 1


def assert_twins_agree(operation: Callable[[], Any], dtype: torch.dtype) -> None:
    """The same call by both twins: nearly the same values in the same layout."""
    use_kernels(Kernels.TORCH)
    plain = operation()
    use_kernels(Kernels.TRITON)
    kernel = operation()
    pairs = zip(plain, kernel, strict=True) if isinstance(plain, tuple) else [(plain, kernel)]
    for expected, actual in pairs:
        assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
        error = (actual.double() - expected.double()).norm() / expected.double().norm()
        assert error < TOLERANCE[dtype]
        # One wrong element of many would hide in a norm.
        assert (actual - expected).abs().max() < 20 * TOLERANCE[dtype] * expected.abs().max()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("levels", "width"), [(1, 16), (3, 50), (12, 129)])
def test_modulation(levels: int, width: int, dtype: torch.dtype):
    x = draw(2, 12, width, dtype=dtype) + 3
    # As the networks have them: rows of one table, not side by side.
    shift, scale, gate = draw(2, levels, 3, width, seed=1).unbind(2)
    y = draw(2, 12, width, seed=2, dtype=dtype)
    assert_twins_agree(lambda: modulate(x, shift, scale, eps=1e-6, dtype=dtype), dtype)
    assert_twins_agree(lambda: add_gated(x, y, gate), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_modulation_from_a_wide_stream_into_narrow_weights(dtype: torch.dtype):
    x, shift, scale = draw(1, 6, 40), draw(1, 2, 40, seed=1), draw(40, 2, seed=2).T[None]
    assert_twins_agree(lambda: modulate(x, shift, scale, eps=1e-6, dtype=dtype), dtype)
    branch = draw(1, 6, 40, seed=3, dtype=dtype)
    assert_twins_agree(lambda: add_gated(x, branch, shift), torch.float32)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [16, 65, 300])
def test_norms(width: int, dtype: torch.dtype):
    x = 5 * draw(3, 7, width, dtype=dtype) + 1
    weight, bias = 1 + draw(width, seed=1, dtype=dtype), draw(width, seed=2, dtype=dtype)
    assert_twins_agree(lambda: rms_norm(x, weight, 1e-6), dtype)
    assert_twins_agree(lambda: rms_norm(x[:, ::2], weight, 1e-6), dtype)
    assert_twins_agree(lambda: layer_norm(x, weight, bias, eps=1e-6, dtype=dtype), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("silu", [False, True])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last_3d])
def test_the_norm_of_the_channels_keeps_the_layout(
    layout: torch.memory_format, silu: bool, dtype: torch.dtype
):
    x = draw(2, 24, 3, 5, 7, dtype=dtype).contiguous(memory_format=layout)
    weight = 1 + draw(24, seed=1)
    assert_twins_agree(lambda: channel_norm(x, weight, 1e-24, silu=silu), dtype)
    assert channel_norm(x, weight, 1e-24, silu=silu).stride() == x.stride()
    part = x[:, :, 1:]  # not all of its memory
    assert_twins_agree(lambda: channel_norm(part, weight, 1e-24, silu=silu), dtype)


def test_a_black_pixel_stays_black():
    use_kernels(Kernels.TRITON)
    x = torch.zeros(1, 8, 1, 2, 2, device=DEVICE)
    assert not channel_norm(x, torch.ones(8, device=DEVICE), 1e-24, silu=True).any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("heads", "head_width"), [(1, 24), (3, 44), (2, 64)])
def test_queries_and_keys(heads: int, head_width: int, dtype: torch.dtype):
    width = heads * head_width
    qkv = draw(2, 12, 3 * width, dtype=dtype)
    weights = 1 + draw(width, seed=1), 1 - draw(width, seed=2)
    rotation = grid_rotation((3, 2, 2), head_width, DEVICE)
    assert_twins_agree(
        lambda: queries_and_keys(qkv, weights, rotation, heads=heads, eps=1e-6), dtype
    )


def test_a_whole_transformer_and_a_whole_decoder():
    net: WanTransformer = transformer(PER_FRAME).to(DEVICE)
    prompt = net.context(draw(1, 5, 32))
    sigma = torch.tensor([[0.0, 0.4, 0.9]], dtype=torch.float64, device=DEVICE)
    x = draw(1, 48, 3, 4, 4, seed=1)
    assert_twins_agree(lambda: net(x, sigma, prompt), torch.float32)
    codec, z = vae(VAE_22).to(DEVICE), draw(1, 48, 2, 1, 1)
    assert_twins_agree(lambda: codec.decode(z), torch.float32)


def test_a_gelu_in_the_product_equals_one_after_it():
    layer = nn.Linear(24, 40, device=DEVICE, dtype=torch.bfloat16).requires_grad_(False)
    x = draw(2, 5, 24, dtype=torch.bfloat16)
    assert_twins_agree(lambda: activated(layer, nn.GELU("tanh"), x), torch.bfloat16)
    layer.register_forward_hook(add_one)
    assert_twins_agree(lambda: activated(layer, nn.GELU("tanh"), x), torch.bfloat16)


def test_gradients_go_through_the_plain_twin():
    use_kernels(Kernels.TRITON)
    x = draw(1, 4, 16).requires_grad_()
    weight = torch.ones(16, device=DEVICE)
    assert not fused(x, weight)
    rms_norm(x, weight, 1e-6).sum().backward()
    assert x.grad is not None
    with torch.no_grad():
        assert fused(x, weight)


def test_what_a_row_holds_decides_about_its_answer_and_nothing_else():
    use_kernels(Kernels.TRITON)
    x = torch.randn(1, 24, 6, 5, 4, generator=generator()).to(DEVICE)
    x = x.contiguous(memory_format=torch.channels_last_3d)
    weight = draw(24, seed=1)
    whole = channel_norm(x, weight, 1e-24, silu=True)
    parts = [channel_norm(frame, weight, 1e-24, silu=True) for frame in x.split(1, dim=2)]
    assert torch.equal(torch.cat(parts, dim=2), whole)


def test_every_kernel_compiles_for_a_card_that_is_not_here():
    # The interpreter takes what the compiler refuses. In a process of its own: this one interprets.
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    command = [sys.executable, "-m", "tests.ops.compile_rows"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["_add_gated", "_layer_norm", "_queries_and_keys", "_rms_norm"]
