from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from kinema.models.configs import DiTConfig
from kinema.models.dit import Context, Extra, WanTransformer, sinusoid
from kinema.models.experts import Experts
from kinema.ops.attention import Backend
from kinema.ops.rope import Positions
from tests.models.small import (
    IMAGE_TOKENS,
    PER_FRAME,
    TEXT_TO_VIDEO,
    TWO_IMAGES,
    VARIANTS,
    noise,
    ours_like,
    theirs,
    transformer,
)

EXTRA = replace(
    TEXT_TO_VIDEO, depth=2, step_sizes=5, guidance=True, fps=True, camera=6, token_types=3
)


def latent(config: DiTConfig, batch: int = 1, seed: int = 0) -> Tensor:
    return noise(batch, config.channels_in, 3, 4, 6, seed=seed)


def text(batch: int = 1, length: int = 20) -> Tensor:
    return noise(batch, length, 32, seed=5)


def image(config: DiTConfig, batch: int = 1) -> Tensor | None:
    if config.image_width is None:
        return None
    return noise(batch, config.image_tokens or 257, config.image_width, seed=6)


@pytest.mark.requires("diffusers")
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_agrees_with_diffusers(variant: str):
    config = VARIANTS[variant]
    reference = theirs(config)
    ours = ours_like(reference, config)
    batch = 2 if variant == "t2v" else 1
    x, words = latent(config, batch), text(batch)
    padded = torch.nn.functional.pad(words, (0, 0, 0, 512 - words.shape[1]))
    sigma = torch.tensor([0.999, 0.333], dtype=torch.float64)[:batch]
    times = (1000 * sigma).float()
    if variant == "ti2v":  # the first frame is clean, and every token says so
        sigma = torch.tensor([[0.0, 0.731, 0.731]], dtype=torch.float64)
        times = (1000 * sigma).float().repeat_interleave(6, dim=1)
    picture = image(config, batch)
    halves = picture.reshape(2, 257, -1) if variant == "flf2v" and picture is not None else picture
    expected = reference(
        hidden_states=x,
        timestep=times,
        encoder_hidden_states=padded,
        encoder_hidden_states_image=halves,
        return_dict=False,
    )[0]
    actual = ours(x, sigma, ours.context(words, picture))
    assert expected.std() > 0.1
    torch.testing.assert_close(actual, expected, atol=2e-5, rtol=0)


def test_a_context_used_again_gives_the_same_bits():
    net = transformer()
    x, first = latent(net.config), net.context(text())
    once = net(x, 0.5, first)
    net(x, 0.9, net.context(text(length=7)))
    assert torch.equal(net(x, 0.5, first), once)
    assert torch.equal(net(x, 0.5, net.context(text())), once)


def test_text_at_its_true_length_equals_text_padded_with_zeros():
    net = transformer()
    x, words = latent(net.config), text(length=9)
    padded = torch.cat((words, words.new_zeros(1, 503, 32)), dim=1)
    short, long = (net(x, 0.5, net.context(text)) for text in (words, padded))
    # On a CPU the padding is one key that counts for all, which rounds otherwise.
    torch.testing.assert_close(short, long, atol=1e-5, rtol=0)


def test_prompts_of_different_lengths_stack():
    net = transformer()
    x, short, long = latent(net.config), text(length=4), text(length=9)
    each = [net(x, 0.5, net.context(words)) for words in (short, long)]
    both = Context.stack([net.context(short), net.context(long)])
    stacked = net(x.expand(2, -1, -1, -1, -1), 0.5, both)
    torch.testing.assert_close(stacked, torch.cat(each), atol=1e-5, rtol=0)


@pytest.mark.parametrize("levels", [3, 18], ids=["frame", "token"])
def test_equal_levels_of_frames_or_tokens_equal_one_level(levels: int):
    net = transformer(PER_FRAME)
    x, prompt = latent(net.config), net.context(text())
    many = torch.full((1, levels), 0.625, dtype=torch.float64)
    torch.testing.assert_close(net(x, many, prompt), net(x, 0.625, prompt), atol=1e-5, rtol=0)


def test_levels_of_frames_equal_those_of_their_tokens():
    net = transformer(PER_FRAME)
    x, prompt = latent(net.config), net.context(text())
    frames = torch.tensor([[0.0, 0.25, 0.75]], dtype=torch.float64)
    tokens = frames.repeat_interleave(6, dim=1)
    torch.testing.assert_close(net(x, frames, prompt), net(x, tokens, prompt), atol=1e-5, rtol=0)
    assert not torch.allclose(net(x, frames, prompt), net(x, 0.75, prompt), atol=1e-3)


@pytest.mark.parametrize("config", [TEXT_TO_VIDEO, IMAGE_TOKENS], ids=["text", "image"])
def test_a_batch_equals_its_clips_one_by_one(config: DiTConfig):
    net = transformer(config)
    x, sigma = latent(config, 2), torch.tensor([0.9, 0.2], dtype=torch.float64)
    pictures = image(config, 2)
    prompts = [
        net.context(text(2)[i : i + 1], None if pictures is None else pictures[i : i + 1])
        for i in range(2)
    ]
    singles = [net(x[i : i + 1], sigma[i : i + 1], prompts[i]) for i in range(2)]
    together = net(x, sigma, Context.stack(prompts))
    torch.testing.assert_close(together, torch.cat(singles), atol=1e-5, rtol=0)


@pytest.mark.parametrize("backend", [Backend.PLAIN, Backend.TILED])
def test_every_attention_gives_the_same_velocity(backend: Backend):
    net = transformer()
    x, prompt = latent(net.config), net.context(text())
    expected = net(x, 0.5, prompt)
    net.use_attention(backend)
    actual = net(x, 0.5, prompt)
    assert not torch.equal(actual, expected)  # somebody else did compute it
    torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("residual", [None, torch.float32])
def test_bfloat16_weights_stay_near_float32(residual: torch.dtype | None):
    net = transformer()
    x, words = latent(net.config), text()
    expected = net(x, 0.5, net.context(words))
    low = transformer().lower_precision(torch.bfloat16)
    low.residual_dtype = residual
    assert low.modulation.dtype == low.time_in.up.weight.dtype == torch.float32
    actual = low(x, 0.5, low.context(words.bfloat16()))
    assert actual.dtype == torch.bfloat16
    assert (actual.float() - expected).norm() / expected.norm() < 0.02


def test_positions_of_the_plain_grid_change_nothing_and_others_do():
    net = transformer()
    x, prompt = latent(net.config), net.context(text())
    axes = Positions(*(torch.arange(n, dtype=torch.float64) for n in (3, 2, 3)))
    assert torch.equal(net(x, 0.5, prompt, positions=axes), net(x, 0.5, prompt))
    before = axes._replace(time_T=torch.tensor([-4.0, 0.0, 1.5], dtype=torch.float64))
    assert not torch.allclose(net(x, 0.5, prompt, positions=before), net(x, 0.5, prompt), atol=1e-4)


def test_a_skipped_block_is_left_out():
    net = transformer()
    x, prompt = latent(net.config), net.context(text())
    shorter = WanTransformer(replace(net.config, depth=2)).eval()
    state = {k: v for k, v in net.state_dict().items() if not k.startswith("blocks.2.")}
    shorter.load_state_dict(state)
    expected = shorter(x, 0.5, shorter.context(text()))
    assert torch.equal(net(x, 0.5, prompt, skip={2}), expected)


def test_inputs_of_our_own_say_nothing_before_they_are_trained():
    plain = transformer(replace(TEXT_TO_VIDEO, depth=2))
    ours = WanTransformer(EXTRA).eval()
    missing = ours.load_state_dict(plain.state_dict(), strict=False)
    assert not missing.unexpected_keys
    assert all(name.startswith("extra.") for name in missing.missing_keys)
    x = latent(EXTRA)
    expected = plain(x, 0.5, plain.context(text()))
    assert torch.equal(ours(x, 0.5, ours.context(text()), extra=all_inputs()), expected)


@pytest.mark.parametrize(
    "name", ["step_size_B", "guidance_B", "fps_B", "camera_BTK", "token_types_BT"]
)
@pytest.mark.parametrize("levels", [1, 3, 18])
def test_every_input_of_our_own_is_heard_once_it_is_trained(name: str, levels: int):
    net = transformer(EXTRA)
    x, prompt = latent(EXTRA), net.context(text())
    sigma = torch.full((1, levels), 0.5, dtype=torch.float64)
    silent = net(x, sigma, prompt)
    one = Extra(**{name: getattr(all_inputs(), name)})
    heard = net(x, sigma, prompt, extra=one)
    assert not torch.allclose(heard, silent, atol=1e-4)
    if name in (
        "camera_BTK",
        "token_types_BT",
    ):  # what is said of one frame, others see by attention
        other: Tensor = getattr(one, name).roll(1, dims=1)
        assert not torch.allclose(
            net(x, sigma, prompt, extra=Extra(**{name: other})), heard, atol=1e-4
        )


def all_inputs() -> Extra:
    return Extra(
        step_size_B=torch.tensor([2]),
        guidance_B=torch.tensor([4.5]),
        fps_B=torch.tensor([24.0]),
        camera_BTK=noise(1, 3, 6, seed=8),
        token_types_BT=torch.tensor([[0, 0, 2]]),
    )


def test_gradients_reach_every_parameter_even_after_a_sampler_filled_the_tables():
    net = transformer(replace(TWO_IMAGES, depth=1)).requires_grad_(True)
    x, words, pictures = latent(net.config), text(), image(net.config)
    with torch.inference_mode():
        net(x, 0.5, net.context(words, pictures))
    net(x, 0.5, net.context(words, pictures)).square().mean().backward()
    assert [name for name, weight in net.named_parameters() if weight.grad is None] == []


def test_blocks_that_are_compiled_keep_their_names_and_give_the_same():
    net = transformer()
    names, prompt = list(net.state_dict()), net.context(text())
    expected = net(latent(net.config), 0.5, prompt)
    net.compile_blocks("eager")  # traces each block whole, and generates no code
    assert list(net.state_dict()) == names
    torch.testing.assert_close(net(latent(net.config), 0.5, prompt), expected)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"width": 65}, "heads of an even width"),
        ({"time_features": 63}, "time_features must be even"),
        ({"image_tokens": 514}, "there is no image branch"),
        ({"channels_in": 0}, "must be positive"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(change: dict[str, Any], complaint: str):
    with pytest.raises(ValueError, match=complaint):
        replace(TEXT_TO_VIDEO, **change)


def test_shapes_that_do_not_fit_are_named():
    net = transformer()
    prompt = net.context(text())
    with pytest.raises(ValueError, match=r"latent must be \(B, 16, multiples of \(1, 2, 2\)\)"):
        net(noise(1, 16, 3, 5, 6), 0.5, prompt)
    with pytest.raises(ValueError, match=r"sigma must be one number, \(1,\), \(1, 3\)"):
        net(latent(net.config), torch.zeros(1, 2), prompt)
    with pytest.raises(ValueError, match="text must be at most 512 tokens of 32"):
        net.context(noise(1, 513, 32))
    with pytest.raises(ValueError, match="has no image"):
        net.context(text(), noise(1, 257, 20))
    with pytest.raises(ValueError, match="needs an image"):
        transformer(IMAGE_TOKENS).context(text())


def test_noise_levels_are_shown_as_cosines_then_sines():
    shown = sinusoid(torch.tensor([0.0, 500.0]), 8)
    assert torch.equal(shown[0], torch.tensor([1.0, 1, 1, 1, 0, 0, 0, 0]))
    expected = torch.tensor(500.0, dtype=torch.float64).cos().float()
    torch.testing.assert_close(shown[1, 0], expected)


def test_the_expert_is_chosen_by_the_noise():
    high, low = transformer(seed=1), transformer(seed=2)
    pair = Experts(high, low, 0.875)
    x, words = latent(high.config), text()
    prompt = pair.context(words)
    for sigma, expert in ((0.875, high), (0.874, low), (1.0, high), (0.0, low)):
        assert torch.equal(pair(x, sigma, prompt), expert(x, sigma, expert.context(words)))
        assert pair.expert(sigma) is expert


def test_a_pair_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        Experts(transformer(), transformer(), 875.0)
    with pytest.raises(ValueError, match="same architecture"):
        Experts(transformer(), transformer(PER_FRAME), 0.9)


def test_a_network_can_be_made_without_memory():
    with torch.device("meta"):
        net: nn.Module = WanTransformer(DiTConfig(width=5120, heads=40, hidden=13824, depth=40))
    assert 14.2e9 < sum(weight.numel() for weight in net.parameters()) < 14.4e9
