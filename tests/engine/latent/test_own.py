"""Our own model: every task, what its network is told, and folders that are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.engine.latent import small_own
from tests.engine.latent.bench import DUCK, FOX, FRAMES, Bench, moving

from kinema import media
from kinema.engine.cards import card
from kinema.engine.generate import generate
from kinema.engine.latent import own, own_recipe
from kinema.engine.latent.order import CONTEXT, TRACE
from kinema.errors import WeightsError
from kinema.models.own import TRANSFORMER, load
from kinema.sample.arrays import on_host
from kinema.types import (
    Card,
    Grounding,
    ImageInput,
    ImageRole,
    Request,
    Sampling,
    Size,
    Span,
    Task,
)

pytestmark = pytest.mark.requires("torch")

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return small_own.bench(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return small_own.bench(tmp_path_factory.mktemp("untaught"), few_steps=False)


def asked(bench: Bench, request: Request) -> list[dict[str, Any]]:
    """What the network is asked for a request, call by call."""
    bench.watched.asked.clear()
    bench.sampled(request)
    return list(bench.watched.asked)


def _clip(bench: Bench, seed: int = 0) -> str:
    return bench.video(moving(FRAMES, seed=seed), prompt=FOX)


def _mask(bench: Bench) -> str:
    mask = np.zeros((128, 128), np.uint8)
    mask[:64, :64] = 255
    return bench.image(mask)


FIELDS: dict[Task, Callable[[Bench], dict[str, Any]]] = {
    Task.TEXT_TO_VIDEO: lambda _: {},
    Task.TEXT_TO_IMAGE: lambda _: {"frames": 1},
    Task.IMAGE_TO_VIDEO: lambda b: {"images": (ImageInput(file=b.image(moving(1)[0])),)},
    Task.EXTEND: lambda b: {"clip": _clip(b), "frames": 25},
    Task.REMIX: lambda b: {"clip": _clip(b), "prompt": DUCK, "strength": 0.5},
    Task.EDIT: lambda b: {"clip": _clip(b), "prompt": DUCK},
    Task.REGION_EDIT: lambda b: {"clip": _clip(b), "mask": _mask(b), "prompt": "a ball"},
    Task.OUTPAINT: lambda b: {"clip": _clip(b), "size": Size(width=320, height=192), "prompt": ""},
    Task.LOOP: lambda b: {"clip": _clip(b), "frames": 16},
    Task.BLEND: lambda b: {"clip": _clip(b), "second": _clip(b, 1), "prompt": ""},
    Task.RECUT: lambda b: {"clip": _clip(b), "keep": Span(start=Fraction(1, 2), end=Fraction(1))},
    Task.STORYBOARD: lambda _: {
        "prompt": "",
        "cards": (Card(prompt=FOX, seconds=Fraction(1)), Card(prompt=DUCK, seconds=Fraction(1))),
    },
    Task.STREAM: lambda _: {},
}


@pytest.mark.parametrize("task", list(Task))
def test_every_task_makes_a_clip_of_the_size_and_length_asked_for(
    task: Task, bench: Bench, tmp_path: Path
):
    fields = FIELDS[task](bench)
    if task is Task.EXTEND:
        fields["prompt"] = DUCK
    if task in (Task.LOOP, Task.OUTPAINT):
        fields["prompt"] = ""
    request = bench.request(task, **fields)
    out = tmp_path / "clip.mp4"
    weights = bench.folder / "weights"
    clip = generate(request, out, files=bench.files, weights=weights)
    info = media.probe(out)
    assert (info.size, info.frames) == (request.size, request.frames)
    assert clip.model == "storybook" and clip.weights == bench.model.weights


def test_the_card_names_every_task_and_how_it_is_grounded():
    made = card("storybook")
    assert set(made.tasks) == set(Task) == set(made.notes)
    zero_shot = {task for task, how in made.tasks.items() if how is Grounding.ZERO_SHOT}
    assert zero_shot == {Task.REMIX, Task.EDIT, Task.LOOP, Task.STORYBOARD, Task.OUTPAINT}


@pytest.mark.parametrize(("steps", "kind"), [(1, 4), (2, 3), (4, 2), (8, 1), (6, 1), (16, 0)])
def test_a_run_tells_the_network_how_large_its_steps_are(steps: int, kind: int):
    assert own_recipe.step_class(steps) == kind


def test_weights_that_were_taught_large_steps_take_one_pass_a_step(bench: Bench):
    seen = asked(bench, bench.request())
    assert [len(one["prompts"]) for one in seen] == [1] * 8
    told = seen[0]["prompts"][0].extra
    assert told.step_size_B.tolist() == [1] and told.guidance_B.tolist() == [3.0]
    assert told.fps_B.tolist() == [12.0]
    levels = [one["level"] for one in seen]
    assert levels == pytest.approx([1 - n / 8 for n in range(8)])


def test_guidance_is_an_input_that_changes_the_clip(bench: Bench):
    made = [
        bench.sampled(bench.request(sampling=Sampling(steps=4, guidance=scale)))
        for scale in (2.0, 5.0)
    ]
    assert not np.array_equal(made[0], made[1])


def test_a_negative_prompt_costs_a_second_pass_and_changes_the_clip(bench: Bench):
    plain, negative = bench.request(), bench.request(negative=DUCK)
    assert [len(one["prompts"]) for one in asked(bench, negative)] == [2] * 8
    assert not np.array_equal(bench.sampled(plain), bench.sampled(negative))


def test_the_finest_steps_are_guided_by_a_second_pass(bench: Bench):
    seen = asked(bench, bench.request(sampling=Sampling(steps=16)))
    assert [len(one["prompts"]) for one in seen] == [2] * 16
    assert seen[0]["prompts"][0].extra.step_size_B is None


def test_weights_that_were_not_taught_take_more_steps_of_two_passes(untaught: Bench):
    assert [len(one["prompts"]) for one in asked(untaught, untaught.request())] == [2] * 24
    assert untaught.model.denoiser.passes(4) == 2  # pyright: ignore[reportAttributeAccessIssue]


def test_an_empty_prompt_is_the_learned_nothing(bench: Bench):
    (nothing,) = bench.model.text.embed([""])
    null = small_own.networks()["words"].state_dict()["null"]
    assert np.allclose(nothing["text"][0], on_host(null), atol=1e-3)
    assert nothing["text"].shape[0] == 1


def test_first_last_and_key_frames_are_shown_without_noise_and_kept(bench: Bench):
    stills = moving(3, seed=4)
    roles = ((ImageRole.FIRST, 0), (ImageRole.KEY, 1), (ImageRole.LAST, 0))
    images = tuple(
        ImageInput(file=bench.image(still), role=role, at=Fraction(at))
        for still, (role, at) in zip(stills, roles, strict=True)
    )
    request = bench.request(Task.IMAGE_TO_VIDEO, images=images)
    for one in asked(bench, request):
        level = one["level"][0]
        assert (level[[0, 2, 4]] == 0.0).all() and (level[[1, 3]] > 0.0).all()
    plan = bench.plan(request)
    latent = bench.sampled(request)
    assert plan.known_1CTHW is not None
    assert np.array_equal(latent[:, :, [0, 2, 4]], plan.known_1CTHW[:, :, [0, 2, 4]])


def test_cells_outside_a_region_are_shown_without_noise(bench: Bench):
    request = bench.request(Task.REGION_EDIT, **FIELDS[Task.REGION_EDIT](bench))
    plan = bench.plan(request)
    assert plan.keep_11THW is not None
    kept = np.broadcast_to(plan.keep_11THW[0, 0], (5, 8, 8))
    for one in asked(bench, request):
        assert one["level"].shape == (1, 5, 8, 8)
        assert np.array_equal(one["level"][0] == 0.0, kept == 1.0)
    assert 0 < (kept == 1.0).mean() < 1


def test_a_token_has_the_highest_level_of_its_cells():
    levels = torch.zeros(1, 1, 4, 4, dtype=torch.float64)
    levels[0, 0, 0, 1], levels[0, 0, 3, 3] = 0.5, 0.25
    assert own._by_token(levels).tolist() == [[0.5, 0.0, 0.0, 0.25]]  # pyright: ignore[reportPrivateUsage]


def test_a_stream_shows_what_it_goes_on_from_with_a_trace_of_noise(bench: Bench):
    request = bench.request(Task.STREAM, frames=8)
    first, shown = bench.chunk(request)
    bench.watched.asked.clear()
    second, more = bench.chunk(bench.request(Task.STREAM, frames=8, prompt=DUCK), first)
    assert len(shown) == len(more) == 8
    context = min(CONTEXT, first.arrays["latent"].shape[2])
    level = bench.watched.asked[0]["level"][0]
    assert level[:context] == pytest.approx([TRACE] * context)
    assert (level[context:] == 1.0).all()
    kept = second.arrays["latent"][:, :, :context]
    assert np.array_equal(kept, first.arrays["latent"][:, :, -context:])


def test_a_remix_begins_at_a_level_of_its_table(bench: Bench):
    request = bench.request(Task.REMIX, **FIELDS[Task.REMIX](bench))
    levels = [one["level"] for one in asked(bench, request)]
    assert levels == pytest.approx([0.5, 0.375, 0.25, 0.125])


def test_a_clip_does_not_depend_on_the_pieces_it_is_decoded_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    latent = np.random.default_rng(0).standard_normal((1, 8, 5, 8, 8)).astype(np.float32)
    whole = bench.decoded(latent)
    monkeypatch.setattr(own_recipe, "_AT_ONCE", 64)
    assert np.abs(bench.decoded(latent).astype(int) - whole).max() <= 1


def test_eight_bits_move_the_velocity_by_less_than_two_per_cent(tmp_path: Path):
    exact = load(small_own.folder(tmp_path / "a"), torch.float32, CPU)
    packed = load(small_own.folder(tmp_path / "b", int8=True), torch.float32, CPU)
    torch.manual_seed(1)
    latent, text = torch.randn(1, 8, 2, 4, 4), torch.randn(1, 3, 16)
    with torch.inference_mode():
        a, b = (
            one.transformer(latent, 0.6, one.transformer.context(text)) for one in (exact, packed)
        )
    assert 0 < float((a - b).norm() / a.norm()) < 0.02


def test_it_samples_where_the_renderer_cannot_be_imported(bench: Bench, tmp_path: Path):
    program = """
import sys
sys.modules["kinema.storybook.render"] = None
from pathlib import Path
from kinema.engine.generate import generate
from kinema.types import Request, Size
size = Size(width=128, height=128)
request = Request(prompt="a red fox", model="storybook", size=size, frames=5)
generate(request, Path(sys.argv[1]), weights=Path(sys.argv[2]))
"""
    out, weights = str(tmp_path / "x.mp4"), str(bench.folder / "weights")
    subprocess.run([sys.executable, "-c", program, out, weights], check=True)
    assert media.probe(tmp_path / "x.mp4").frames == 5


def test_without_weights_it_says_what_to_do(tmp_path: Path):
    request = Request(prompt=FOX, model="storybook", size=Size(width=128, height=128), frames=5)
    with pytest.raises(WeightsError, match=r"not trained yet; allowed: --weights DIR"):
        generate(request, tmp_path / "x.mp4")
    assert not list(tmp_path.iterdir())


def test_foreign_and_broken_folders_are_refused_by_name(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match=r"empty/ has no kinema.json"):
        load(tmp_path / "empty", torch.float32, CPU)
    broken = small_own.folder(tmp_path / "broken")
    path = broken / "vae.safetensors"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="truncated"):
        load(broken, torch.float32, CPU)
    document = json.loads((small_own.folder(tmp_path / "other") / "kinema.json").read_text())
    document["parts"][TRANSFORMER]["config"]["hidden"] = 96
    (tmp_path / "other" / "kinema.json").write_text(json.dumps(document))
    with pytest.raises(WeightsError, match=r"the transformer has .* for blocks.0.mlp.down"):
        load(tmp_path / "other", torch.float32, CPU)
    document["parts"].pop(TRANSFORMER)
    (tmp_path / "other" / "kinema.json").write_text(json.dumps(document))
    with pytest.raises(WeightsError, match="no part 'transformer'"):
        load(tmp_path / "other", torch.float32, CPU)
