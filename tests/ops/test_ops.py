from __future__ import annotations

import os

import pytest
import torch
from torch import nn

from kinema.ops import linear, norm
from kinema.ops.attention import Backend, attention, candidates, fastest, timings
from kinema.ops.cpu import wait_briefly
from kinema.ops.linear import activated
from kinema.ops.norm import (
    add_gated,
    add_gated_plain,
    channel_norm,
    layer_norm,
    modulate,
    modulate_plain,
    rms_norm,
    rms_norm_plain,
)
from kinema.ops.rope import (
    Positions,
    axis_widths,
    grid_rotation,
    queries_and_keys,
    rotate,
    rotate_complex,
    rotate_real,
    rotation_of,
)
from tests.models.small import noise

CPU = torch.device("cpu")


@pytest.mark.parametrize("scale", [None, 1.0])
@pytest.mark.parametrize("has_bias", [False, True])
def test_fast_attention_equals_the_equation(scale: float | None, has_bias: bool):
    q, k, v = noise(2, 5, 3, 8), noise(2, 7, 3, 8, seed=1), noise(2, 7, 3, 8, seed=2)
    bias = noise(1, 3, 5, 7, seed=3) if has_bias else None
    plain = attention(q, k, v, bias_BHNM=bias, scale=scale, backend=Backend.PLAIN)
    fast = attention(q, k, v, bias_BHNM=bias, scale=scale)
    torch.testing.assert_close(fast, plain, atol=1e-6, rtol=1e-5)


def test_attention_to_one_key_is_its_value():
    q, k, v = noise(1, 4, 2, 8), noise(1, 1, 2, 8, seed=1), noise(1, 1, 2, 8, seed=2)
    torch.testing.assert_close(attention(q, k, v), v.expand(1, 4, 2, 8))


def test_a_named_kernel_is_used_or_refused():
    q = noise(1, 4, 2, 16)
    torch.testing.assert_close(attention(q, q, q, backend=Backend.FLASH), attention(q, q, q))
    with pytest.raises(RuntimeError):
        attention(q, q, q, backend=Backend.CUDNN)  # not for this device


@pytest.mark.parametrize("has_bias", [False, True])
def test_attention_in_tiles_equals_attention_at_once(
    has_bias: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kinema.ops.attention.TILE_ROWS", 3)
    q, k, v = noise(2, 7, 3, 8), noise(2, 9, 3, 8, seed=1), noise(2, 9, 3, 8, seed=2)
    bias = noise(1, 3, 7, 9, seed=3) if has_bias else None
    plain = attention(q, k, v, bias_BHNM=bias, backend=Backend.PLAIN)
    tiled = attention(q, k, v, bias_BHNM=bias, backend=Backend.TILED)
    torch.testing.assert_close(tiled, plain, atol=1e-6, rtol=1e-5)
    low = attention(q.bfloat16(), k.bfloat16(), v.bfloat16(), backend=Backend.TILED)
    exact = attention(q, k, v, backend=Backend.PLAIN)
    assert (low.float() - exact).norm() / exact.norm() < 0.02


def test_the_probe_names_a_backend_that_runs():
    for dtype in (torch.float32, torch.bfloat16):
        backend = fastest(CPU, dtype, tokens=64, heads=2, head_width=8)
        assert backend in (Backend.TORCH, Backend.TILED)
        if dtype == torch.float32:  # there PyTorch's own is the better one everywhere
            assert backend is Backend.TORCH


def test_on_a_cpu_no_measurement_decides_what_a_seed_shows():
    for dtype in (torch.float32, torch.bfloat16):
        for tokens in (16, 832, 32_760):
            assert len(candidates(CPU, dtype, tokens=tokens, heads=8)) == 1


def test_the_probe_holds_no_matrix_of_scores_that_does_not_fit():
    card = torch.device("cuda")
    short = candidates(card, torch.bfloat16, tokens=1_296, heads=8)
    long = candidates(card, torch.bfloat16, tokens=32_760, heads=12)
    assert set(short) - set(long) == {Backend.MATH}
    assert {Backend.CUDNN, Backend.FLASH, Backend.EFFICIENT} < set(long)


def test_backends_that_do_not_run_here_are_left_out_of_the_timings():
    q = noise(1, 8, 2, 16)
    found = timings([Backend.TORCH, Backend.CUDNN, Backend.MATH], q, q, q)
    assert list(found) == [Backend.TORCH, Backend.MATH]
    assert min(found.values()) > 0


@pytest.mark.parametrize("head_width", [24, 32, 44, 64, 128])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_rotating_in_real_arithmetic_equals_the_complex_product(
    head_width: int, dtype: torch.dtype
):
    rotation = grid_rotation((3, 2, 4), head_width, CPU)
    x = noise(2, 24, 3, head_width).to(dtype)
    torch.testing.assert_close(
        rotate(x, rotation),
        rotate_complex(x, rotation),
        atol=1e-6,
        rtol=1e-2 if dtype == torch.bfloat16 else 1e-5,
    )


def test_rotation_keeps_lengths_and_only_differences_of_places_count():
    x, y = noise(1, 1, 1, 32), noise(1, 1, 1, 32, seed=1)

    def product(shift: float) -> torch.Tensor:
        places = [(2.0 + shift, 1.0, 3.0), (5.0 + shift, 4.0, 0.0)]
        turned = [
            rotate(v, rotation_of(Positions(*(torch.tensor([p]) for p in place)), 32, CPU))
            for v, place in zip((x, y), places, strict=True)
        ]
        torch.testing.assert_close(turned[0].norm(), x.norm())
        return (turned[0] * turned[1]).sum()

    torch.testing.assert_close(product(0.0), product(117.25), atol=1e-4, rtol=0)


def test_the_axes_share_out_a_head():
    assert axis_widths(128) == (44, 42, 42)
    assert axis_widths(64) == (24, 20, 20)
    assert sum(axis_widths(88)) == 88


def test_angles_of_far_frames_are_exact():
    rotation = grid_rotation((1000, 1, 1), 24, CPU)
    exact = torch.tensor(999.0, dtype=torch.float64).cos()
    assert abs(rotation.cos_NP[999, 0].double() - exact) < 1e-7


@pytest.mark.parametrize("levels", [1, 3, 12])
def test_fast_modulation_equals_the_equation(levels: int):
    x, y = noise(2, 12, 16), noise(2, 12, 16, seed=1)
    shift, scale, gate = noise(3, 2, levels, 16, seed=2)
    fast = modulate(x, shift, scale, eps=1e-6, dtype=torch.float32)
    plain = modulate_plain(x, shift, scale, eps=1e-6, dtype=torch.float32)
    torch.testing.assert_close(fast, plain, atol=2e-6, rtol=1e-5)
    torch.testing.assert_close(
        add_gated(x, y, gate), add_gated_plain(x, y, gate), atol=1e-6, rtol=1e-5
    )


def test_the_norm_equals_its_equation_and_keeps_the_dtype():
    x, weight = 5 * noise(2, 3, 16), 1 + noise(16, seed=1)
    torch.testing.assert_close(rms_norm(x, weight, 1e-6), rms_norm_plain(x, weight, 1e-6))
    assert rms_norm(x.bfloat16(), weight, 1e-6).dtype == torch.bfloat16


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("with_gradients", [False, True])
def test_a_norm_in_tiles_equals_one_in_whole_passes(
    monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype, with_gradients: bool
):
    monkeypatch.setattr(norm, "TILE_VALUES", 100)  # 6 rows a tile, and a rest
    x, weight = (5 * noise(2, 7, 3 * 16)).to(dtype), (1 + noise(16, seed=1)).to(dtype)
    clips = (5 * noise(2, 16, 3, 4, 5)).to(dtype).to(memory_format=torch.channels_last_3d)
    with torch.set_grad_enabled(with_gradients):
        for part in x.chunk(3, dim=-1):
            torch.testing.assert_close(
                rms_norm(part, weight, 1e-6), rms_norm_plain(part, weight, 1e-6)
            )
        pixels = rms_norm_plain(clips.movedim(1, -1), weight, 1e-24).movedim(-1, 1).float()
        behind = torch.zeros(2, 16, 5, 4, 5, dtype=dtype).to(memory_format=torch.channels_last_3d)
        channel_norm(clips, weight, 1e-24, silu=True, out=behind[:, :, 2:])
    expected = (pixels * pixels.sigmoid()).to(dtype)
    torch.testing.assert_close(behind[:, :, 2:], expected, rtol=1e-2, atol=1e-2)
    assert not behind[:, :, :2].any()


def test_gradients_flow_through_the_norms():
    x, weight = noise(2, 3, 16).requires_grad_(), noise(16, seed=1).requires_grad_()
    rms_norm(x, weight, 1e-6).sum().backward()
    found = x.grad, weight.grad
    x.grad = weight.grad = None
    rms_norm_plain(x, weight, 1e-6).sum().backward()
    torch.testing.assert_close(found, (x.grad, weight.grad))


def test_a_gelu_in_tiles_equals_one_in_a_whole_pass(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(linear, "TILE_VALUES", 100)
    layer, x = nn.Linear(8, 48).bfloat16(), (4 * noise(2, 7, 8)).bfloat16()
    gelu = nn.GELU("tanh")
    expected = activated(layer, gelu, x)
    assert expected.requires_grad
    with torch.no_grad():
        torch.testing.assert_close(activated(layer, gelu, x), expected, rtol=1e-2, atol=1e-3)
        exact = activated(layer, nn.GELU(), x)
    torch.testing.assert_close(exact, nn.functional.gelu(layer(x)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "2000"),
        ({"GOMP_SPINCOUNT": "7"}, "7"),
        ({"OMP_WAIT_POLICY": "passive"}, None),
    ],
)
def test_threads_wait_as_the_user_says(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: str | None
):
    environment = dict(given)
    monkeypatch.setattr(os, "environ", environment)
    wait_briefly()
    assert environment.get("GOMP_SPINCOUNT") == expected


def test_an_affine_norm_is_a_modulation_with_weights_of_its_own():
    x, weight, bias = noise(2, 6, 16) + 2, noise(16, seed=1), noise(16, seed=2)
    plain = modulate_plain(
        x, bias[None, None], weight[None, None] - 1, eps=1e-6, dtype=torch.float32
    )
    affine = layer_norm(x, weight, bias, eps=1e-6, dtype=torch.float32)
    torch.testing.assert_close(affine, plain, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("shape", [(2, 16, 3, 5), (2, 16, 2, 3, 5)])
def test_the_norm_of_channels_is_that_of_each_pixel(shape: tuple[int, ...]):
    x, weight = 5 * noise(*shape), 1 + noise(16, seed=1)
    pixels = rms_norm_plain(x.movedim(1, -1), weight, 1e-24).movedim(-1, 1)
    torch.testing.assert_close(channel_norm(x, weight, 1e-24), pixels)
    torch.testing.assert_close(channel_norm(x, weight, 1e-24, silu=True), pixels * pixels.sigmoid())


def test_queries_and_keys_are_normed_over_their_whole_width_and_then_turned():
    qkv, weights = noise(2, 12, 3 * 48), (1 + noise(48, seed=1), 1 - noise(48, seed=2))
    rotation = grid_rotation((3, 2, 2), 24, CPU)
    found = queries_and_keys(qkv, weights, rotation, heads=2, eps=1e-6)
    for index, weight in enumerate(weights):
        normal = rms_norm_plain(qkv[..., 48 * index : 48 * (index + 1)], weight, 1e-6)
        expected = rotate_real(normal.unflatten(-1, (2, 24)), rotation)
        torch.testing.assert_close(found[index], expected, atol=2e-6, rtol=1e-5)
