"""What a run needs, counted on paper and on real networks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.engine.latent import pace as paces
from kinema.engine.latent import work
from kinema.engine.latent.memory import (
    SIDES,
    MemoryPlan,
    decoding_bytes,
    encoding_bytes,
    forecast,
    free_memory,
    latent_shape,
    plan_memory,
    step_bytes,
)
from kinema.engine.latent.pace import Clock, Pace
from kinema.engine.latent.tiles import overlapped, spans
from kinema.engine.latent.work import Operations
from kinema.errors import TooLittleMemory
from kinema.models.configs import MEAN_22, STD_22, DiTConfig, VaeConfig
from kinema.models.registry import ModelSpec, model, models
from kinema.types import Size

HUGE = 1 << 50
ROWS = pytest.mark.parametrize("spec", models(), ids=lambda spec: spec.name)
SMALL = model("wan2.1-t2v-1.3b")


def pace(spec: ModelSpec, **fields: Any) -> Pace:
    usual = {
        "model": paces.key(spec), "machine": "a machine", "itemsize": 2, "budget": HUGE,
        "products": 1e12, "attention": 5e11, "decoding": 1e12, "reading": 1e9,
    }  # fmt: skip
    return Pace(**{**usual, **fields})


def usual_plan(spec: ModelSpec, budget: int = HUGE) -> MemoryPlan:
    return plan_memory(spec, spec.defaults.sizes[0], spec.defaults.frames, budget)


@pytest.mark.requires("torch")
@ROWS
def test_parameters_are_counted_as_the_networks_have_them(spec: ModelSpec):
    import torch

    from kinema.models.dit import WanTransformer
    from kinema.models.text import TextEncoder
    from kinema.models.vae import WanVae

    def count(network: torch.nn.Module) -> int:
        return sum(weight.numel() for weight in network.parameters())

    with torch.device("meta"):
        transformer, vae = WanTransformer(spec.transformer), WanVae(spec.vae)
        text = TextEncoder(spec.text)
    assert work.transformer_parameters(spec.transformer) == count(transformer)
    assert work.block_parameters(spec.transformer) == count(transformer.blocks[0])
    layer, rest = work.text_parameters(spec.text)
    assert spec.text.depth * layer + rest == count(text)
    assert work.vae_parameters(spec.vae) == pytest.approx(count(vae), rel=5e-4)


CONFIGS = [
    DiTConfig(width=64, heads=2, hidden=96, depth=3, text_width=32, text_tokens=64),
    DiTConfig(width=96, heads=3, hidden=512, depth=2, text_width=32, channels_in=48,
              channels_out=48, text_tokens=64),
    DiTConfig(width=64, heads=2, hidden=320, depth=2, text_width=32, channels_in=36,
              image_width=20, text_tokens=64),
]  # fmt: skip
VAES = {
    "2.1": VaeConfig(width=16, decoder_width=24),
    "2.2": VaeConfig(width=16, decoder_width=24, channels=48, shortcuts=True, packed=2,
                     mean=MEAN_22, std=STD_22),
}  # fmt: skip


def network_of(config: DiTConfig, dtype: Any) -> tuple[Any, Any, Any]:
    """A transformer, a prompt of full length for it, and a latent of 5 x 12 x 16 cells."""
    import torch
    from tests.models.small import noise, transformer

    net = transformer(config).lower_precision(dtype)
    image = None if config.image_width is None else noise(1, 257, config.image_width).to(dtype)
    with torch.inference_mode():
        prompt = net.context(noise(1, config.text_tokens, config.text_width).to(dtype), image)
    return net, prompt, noise(1, config.channels_in, 5, 12, 16)


@pytest.mark.requires("torch")
@pytest.mark.parametrize("config", CONFIGS)
def test_operations_of_a_forward_are_those_that_torch_counts(config: DiTConfig):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from kinema.ops.attention import Backend

    net, prompt, latent = network_of(config, torch.float32)
    net.use_attention(Backend.PLAIN)  # the counter does not know the CPU's kernel
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        net(latent, 0.5, prompt)
    counted = work.forward_operations(config, (5, 12, 16))
    assert counted.products + counted.attention == pytest.approx(
        counter.get_total_flops(), rel=0.02
    )


@pytest.mark.requires("torch")
@pytest.mark.parametrize("name", VAES)
def test_operations_of_the_autoencoders_are_those_that_torch_counts(name: str):
    import torch
    from tests.models.small import noise, vae
    from torch.utils.flop_counter import FlopCounterMode

    config = VAES[name]
    net, shape = vae(config), (3, 4, 6)
    latent = noise(1, config.channels, *shape)
    pixels = noise(1, 3, 9, 4 * config.cell, 6 * config.cell)
    for run, counted in (
        (lambda: net.decode(latent), work.decode_operations(config, shape)),
        (lambda: net.encode(pixels), work.encode_operations(config, shape)),
    ):
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            run()
        assert counted.products + counted.attention == pytest.approx(
            counter.get_total_flops(), rel=0.03
        )


@pytest.mark.requires("torch")
@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("bits", [16, 32])
def test_a_step_holds_what_was_counted_and_little_less(config: DiTConfig, bits: int):
    import torch
    from tests.engine.latent.live_bytes import peak_bytes

    dtype = {16: torch.bfloat16, 32: torch.float32}[bits]
    net, prompt, latent = network_of(config, dtype)
    kept = sum(part.nbytes for block in prompt.blocks for pair in block for part in pair[:2])
    held = kept + peak_bytes(lambda: net(latent, 0.5, prompt))
    counted = step_bytes(config, (5, 12, 16), dtype.itemsize, batch=1) - kept  # of one prompt more
    assert held <= counted < 1.3 * held


@pytest.mark.requires("torch")
@pytest.mark.parametrize("name", VAES)
@pytest.mark.parametrize("chunk", [1, 2, 4])
@pytest.mark.parametrize("bits", [16, 32])
def test_a_clip_on_its_way_holds_what_was_counted_and_little_less(name: str, chunk: int, bits: int):
    import torch
    from tests.engine.latent.live_bytes import peak_bytes
    from tests.models.small import noise, vae

    config, dtype = VAES[name], {16: torch.bfloat16, 32: torch.float32}[bits]
    net, shape = vae(config).lower_precision(dtype), (9, 2, 2)
    if bits == 16:
        net.channels_last()
    latent = noise(1, config.channels, *shape)
    pixels = noise(1, 3, 33, 2 * config.cell, 2 * config.cell)
    for run, count in (
        (lambda: net.decode_iter(latent, chunk), decoding_bytes),
        (lambda: net.encode_iter(pixels, chunk), encoding_bytes),
    ):
        held = peak_bytes(lambda run=run: [None for _ in run()])
        counted = count(config, shape, dtype.itemsize, chunk)
        assert held <= 1.02 * counted
        assert counted < 1.5 * held


@ROWS
@given(gigabytes=st.integers(4, 100), frames=st.integers(1, 200), side=st.integers(8, 60))
def test_a_plan_keeps_to_its_budget_or_there_is_none(
    spec: ModelSpec, gigabytes: int, frames: int, side: int
):
    size, budget = Size(width=16 * side, height=16 * (68 - side)), gigabytes * 10**9
    try:
        plan = plan_memory(spec, size, frames, budget)
    except TooLittleMemory:
        return
    assert plan.peak <= budget
    more = plan_memory(spec, size, frames, 2 * budget)
    assert more.staying >= plan.staying
    assert (more.decoding.side or max(SIDES) + 1) >= (plan.decoding.side or max(SIDES) + 1)
    if plan.text_stays:
        assert plan.peak + plan.text <= budget


@ROWS
def test_too_little_memory_says_how_much_would_do(spec: ModelSpec):
    with pytest.raises(TooLittleMemory, match=r"needs .* for any clip; allowed: .*1\.0 GB"):
        usual_plan(spec, 10**9)
    usual = spec.defaults
    low, high = 10**9, 10**11
    while high - low > 10**6:
        middle = (low + high) // 2
        try:
            usual_plan(spec, middle)
            high = middle
        except TooLittleMemory:
            low = middle
    with pytest.raises(TooLittleMemory) as told:
        usual_plan(spec, low)
    needed = re.search(r"needs ([\d.]+) GB", told.value.problem)
    assert needed is not None
    assert float(needed[1]) == pytest.approx(high / 1e9, abs=0.06)
    if told.value.field == "size":
        assert f"{usual.sizes[0]} for {usual.frames} frames" in told.value.problem


def test_what_does_not_fit_is_streamed_cut_shorter_and_tiled():
    large = model("wan2.2-t2v-a14b")
    whole, tight = usual_plan(large), usual_plan(large, 12 * 10**9)
    assert not whole.streamed
    assert (whole.decoding.chunk, whole.decoding.side, whole.alone) == (4, None, False)
    assert whole.text_stays
    assert tight.streamed
    assert 0 < tight.staying < tight.depth
    assert tight.decoding.chunk == 1
    assert not tight.text_stays
    assert tight.text_alone
    wide = plan_memory(model("wan2.1-t2v-1.3b"), Size(width=1920, height=1088), 9, 10 * 10**9)
    assert wide.decoding.side in SIDES


def test_a_run_takes_the_sum_of_its_stages():
    spec = model("wan2.1-t2v-1.3b")
    size, frames = spec.defaults.sizes[0], spec.defaults.frames
    one, two = (forecast(spec, size, frames, steps, pace(spec)).seconds for steps in (1, 2))
    none = 2 * one - two
    shape = latent_shape(spec, size, frames)
    step = work.forward_operations(spec.transformer, shape)
    assert two - one == pytest.approx(2 * (step.products / 1e12 + step.attention / 5e11))
    decode = work.decode_operations(spec.vae, shape)
    text = 5.68e9 * 2 / 1e9
    assert none == pytest.approx((decode.products + decode.attention) / 1e12 + text, rel=0.03)
    alone = forecast(spec, size, frames, 2, pace(spec), guided=False).seconds
    assert alone - none == pytest.approx((two - none) / 2)


def test_windows_and_slow_disks_take_their_time():
    spec = model("wan2.1-t2v-14b")
    size = spec.defaults.sizes[0]
    step = [
        forecast(spec, size, frames, 2, pace(spec)).seconds
        - forecast(spec, size, frames, 1, pace(spec)).seconds
        for frames in (81, 161)
    ]
    assert step[1] == pytest.approx(3 * step[0])
    slow = pace(spec, budget=12 * 10**9, reading=1e6)
    plan = plan_memory(spec, size, 81, slow.budget)
    waited = forecast(spec, size, 81, 2, slow).seconds - forecast(spec, size, 81, 1, slow).seconds
    assert waited == pytest.approx(2 * (plan.depth - plan.staying) * plan.block / 1e6)


def test_a_real_run_corrects_the_pace():
    spec = SMALL
    some, decode = Operations(3e9, 1e9), Operations(5e9, 0.0)
    told = pace(spec)
    once = told.after_steps(some, 7.0)
    assert once.seconds(some) == pytest.approx(7.0)
    assert 7.0 < once.after_steps(some, 9.0).seconds(some) < 9.0
    assert told.after_decoding(decode, 3.0).decoding_seconds(decode) == pytest.approx(3.0)
    assert once.decoding_seconds(decode) == told.decoding_seconds(decode)
    assert told.after_streaming(100, 4.0).reading == 25.0


def test_the_first_step_warms_up_and_three_of_each_shape_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path))
    spec, waits = SMALL, []
    clock = Clock(pace(spec), lambda: waits.append(1))
    for shape in ((1, 2, 2), (3, 2, 2)):
        for _ in range(5):
            with clock.steps(shape, Operations(1e3, 1e3)):
                pass
    with clock.decoding((1, 2, 2), Operations(1e3)):
        pass
    assert clock.pace.runs == (6, 1)
    assert len(waits) == 14
    assert paces.known(spec) == clock.pace


def test_a_step_that_waited_for_its_weights_says_how_fast_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path))
    clock = Clock(pace(SMALL, products=1e30, attention=1e30))
    for _ in range(2):
        with clock.steps((1, 2, 2), Operations(1.0, 1.0), streamed=10**6):
            pass
    assert clock.pace.runs == (0, 0)
    assert clock.pace.reading != 1e9


def test_a_pace_is_known_for_the_same_sizes_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path))
    spec = SMALL
    assert paces.known(spec) is None
    paces.keep(pace(spec))
    assert paces.known(spec) == pace(spec)
    assert paces.known(replace(spec, transformer=replace(spec.transformer, depth=9))) is None
    (file,) = tmp_path.rglob("*.json")
    file.write_text("{}")
    assert paces.known(spec) is None
    monkeypatch.setenv("KINEMA_HOME", str(file))  # no folder can be made there
    paces.keep(pace(spec))


@given(length=st.integers(1, 300), side=st.integers(4, 64))
def test_tiles_cover_a_length_and_their_weights_add_up_to_one(length: int, side: int):
    import numpy as np

    found, total = spans(length, side), np.zeros(length * 2, np.float32)
    covered = np.zeros(length, int)
    for span in found:
        assert span.stop - span.start <= side
        covered[span.start : span.stop] += 1
        total[span.start * 2 : span.stop * 2] += span.weights(2)
    assert set(covered) <= {1, 2}
    assert np.abs(total - 1).max() < 1e-6
    assert overlapped(length, side) == sum(span.stop - span.start for span in found)


def test_free_memory_is_less_than_there_is():
    assert 1 << 27 < free_memory() < 1 << 50
