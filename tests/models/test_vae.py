from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kinema.models.configs import VaeConfig
from kinema.models.vae import Stream, WanVae
from tests.models.small import VAE_21, VAES, noise, ours_like, theirs, vae


def clip(frames: int = 13, height: int = 32, width: int = 48, batch: int = 1) -> Tensor:
    return noise(batch, 3, frames, height, width, seed=3).clamp(-1, 1)


def latent(config: VaeConfig, frames: int = 4) -> Tensor:
    return noise(1, config.channels, frames, 32 // config.cell, 48 // config.cell, seed=4)


@pytest.fixture(params=VAES, scope="module")
def net(request: pytest.FixtureRequest) -> WanVae:
    return vae(VAES[request.param])


@pytest.mark.requires("diffusers")
@pytest.mark.parametrize("version", VAES)
def test_both_versions_agree_with_diffusers_in_both_directions(version: str):
    config = VAES[version]
    reference = theirs(config)
    ours = ours_like(reference, config)
    pixels, z = clip(), latent(config)
    mean, std = (torch.tensor(x).view(1, -1, 1, 1, 1) for x in (config.mean, config.std))
    encoded = (reference.encode(pixels).latent_dist.mode() - mean) / std
    decoded = reference.decode(z * std + mean).sample
    torch.testing.assert_close(ours.encode(pixels, chunk=2), encoded, atol=2e-5, rtol=0)
    torch.testing.assert_close(ours.decode(z, chunk=2), decoded, atol=2e-5, rtol=0)
    assert decoded.std() > 0.1
    assert encoded.std() > 0.1


def test_the_length_of_the_chunks_never_shows(net: WanVae):
    pixels, z = clip(), latent(net.config)
    encoded, decoded = net.encode(pixels), net.decode(z)
    for chunk in (1, 2, 3):
        torch.testing.assert_close(net.encode(pixels, chunk), encoded, atol=1e-5, rtol=0)
        torch.testing.assert_close(net.decode(z, chunk), decoded, atol=1e-5, rtol=0)


def test_chunks_come_as_they_are_ready(net: WanVae):
    assert [x.shape[2] for x in net.decode_iter(latent(net.config), 2)] == [5, 8]
    assert [x.shape[2] for x in net.encode_iter(clip(), 2)] == [2, 2]


def test_a_stream_taken_up_again_goes_on_exactly(net: WanVae):
    pixels, z = clip(), latent(net.config)
    stream = Stream()
    parts = [*net.decode_iter(z[:, :, :2], 2, stream), *net.decode_iter(z[:, :, 2:], 3, stream)]
    torch.testing.assert_close(torch.cat(parts, 2), net.decode(z), atol=1e-5, rtol=0)
    stream = Stream()
    first = list(net.encode_iter(pixels[:, :, :9], 3, stream))
    rest = list(net.encode_iter(pixels[:, :, 9:], 1, stream))
    torch.testing.assert_close(torch.cat(first + rest, 2), net.encode(pixels), atol=1e-5, rtol=0)


def test_what_comes_later_changes_nothing_before(net: WanVae):
    pixels, z = clip(), latent(net.config)
    other_pixels, other_z = pixels.clone(), z.clone()
    other_pixels[:, :, 9:] = 0.5
    other_z[:, :, 3:] = 0.0
    torch.testing.assert_close(
        net.encode(other_pixels)[:, :, :3], net.encode(pixels)[:, :, :3], atol=1e-6, rtol=0
    )
    torch.testing.assert_close(
        net.decode(other_z)[:, :, :9], net.decode(z)[:, :, :9], atol=1e-6, rtol=0
    )
    assert not torch.allclose(net.decode(other_z)[:, :, 9:], net.decode(z)[:, :, 9:], atol=1e-3)


def test_a_single_picture_is_a_clip_of_one_frame(net: WanVae):
    z = net.encode(clip()[:, :, :1])
    torch.testing.assert_close(z, net.encode(clip())[:, :, :1], atol=1e-5, rtol=0)
    assert net.decode(z).shape[2] == 1


def test_a_batch_equals_its_clips_one_by_one(net: WanVae):
    pixels = clip(5, batch=2)
    singles = torch.cat([net.encode(one[None]) for one in pixels])
    torch.testing.assert_close(net.encode(pixels), singles, atol=1e-5, rtol=0)


def test_channels_last_and_bfloat16_stay_near(net: WanVae):
    z = latent(net.config, 3)
    expected = net.decode(z)
    fast = vae(net.config).channels_last()
    torch.testing.assert_close(fast.decode(z, 2), expected, atol=2e-5, rtol=0)
    low = fast.lower_precision(torch.bfloat16)
    assert low.mean_K.dtype == torch.float32
    actual = low.decode(z, 2)
    assert actual.dtype == torch.float32
    assert (actual - expected).norm() / expected.norm() < 0.05


def test_every_convolution_finds_its_input_channel_by_channel(net: WanVae):
    fast = vae(net.config).channels_last().lower_precision(torch.bfloat16)
    layouts = {4: torch.channels_last, 5: torch.channels_last_3d}
    unlike: list[str] = []

    def look(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if not inputs[0].is_contiguous(memory_format=layouts[inputs[0].ndim]):
            unlike.append(str(module))

    for module in fast.modules():
        if isinstance(module, nn.Conv2d | nn.Conv3d):
            module.register_forward_pre_hook(look)
    fast.decode(latent(net.config), 2)
    fast.encode(clip(), 2)
    assert unlike == []


def test_a_convolution_of_clips_equals_a_sum_of_convolutions_of_pictures(net: WanVae):
    conv = net.encoder.conv_in
    x = noise(2, conv.in_channels, 6, 5, 7)
    plain = nn.functional.conv3d(x, conv.weight, conv.bias, padding=conv.padding)
    torch.testing.assert_close(conv.by_frames(x), plain, atol=1e-5, rtol=0)


def test_the_memory_of_a_stream_does_not_grow_with_the_clip(net: WanVae):
    stream = Stream()
    sizes: list[int] = []
    for _ in net.decode_iter(latent(net.config, 4), 1, stream):
        sizes.append(sum(tail.numel() for tail in stream.tails.values()))
    assert sizes[1] == sizes[-1]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"mean": (0.0,)}, "one value for each of 16"),
        ({"halves_time": (True,)}, "for each level but the last"),
        ({"halves_time": (True, True, True)}, "true twice"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(change: dict[str, Any], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        VaeConfig(**change)


def test_shapes_that_do_not_fit_are_named():
    net = vae(VAE_21)
    with pytest.raises(ValueError, match=r"pixels must be \(B, 3, T, multiples of 8\)"):
        net.encode(clip(5, 30))
    with pytest.raises(ValueError, match=r"pixels must have 1 \+ 4 k frames, got 8"):
        net.encode(clip(8))
    stream = Stream()
    list(net.encode_iter(clip(5), 2, stream))
    with pytest.raises(ValueError, match="pixels must have 4 k frames, got 5"):
        list(net.encode_iter(clip(5), 2, stream))
    with pytest.raises(ValueError, match=r"latent must be \(B, 16, T, H, W\)"):
        net.decode(noise(1, 4, 2, 4, 8))
    with pytest.raises(ValueError, match="chunk must be at least 1"):
        list(net.decode_iter(latent(VAE_21), -1))
