"""Any pipeline of diffusers: our road over its parts gives its own pixels.

In float32 and pixels in [0, 1]; what differs is only the order of additions.
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinema.engine.latent.pipelines import load
from kinema.engine.latent.protocol import LatentModel
from kinema.errors import MissingPart, WeightsError
from kinema.sample.constraints import hold_by_frame, known_frames, settle
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.loop import integrate
from kinema.sample.noise import Noise
from kinema.sample.solvers import DPMSolver2M, Euler, UniPC

pytestmark = [
    pytest.mark.requires("diffusers"),
    # Announcements of what the pinned libraries will change or are still trying out.
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
    # Mochi switches a precision off that is not on.
    pytest.mark.filterwarnings("ignore:In CPU autocast"),
]

FORCING = "SkyReelsV2DiffusionForcingPipeline"
PROMPT, NEGATIVE = "a red ball rolls slowly", "grey lawn"
STEPS, GUIDANCE = 4, 3.0
TOLERANCE = {False: 1e-5, True: 5e-5}
"""The other for CogVideoX, whose scheduler multiplies by rounded square roots at each step."""
SOLVERS = {"unipc": UniPC, "dpm": DPMSolver2M, "euler": Euler}


@cache
def _small() -> Any:
    from tests.engine.latent import small_pipelines

    return small_pipelines


CASES: dict[str, Callable[[], Any]] = {
    "wan": lambda: _small().wan(),
    "wan with two experts": lambda: _small().wan_experts(),
    "wan with a level for each frame": lambda: _small().wan_by_frame(),
    "skyreels": lambda: _small().skyreels(),
    "skyreels by diffusion forcing": lambda: _small().skyreels_forcing(),
    "ltx": lambda: _small().ltx(),
    "ltx told its noise level": lambda: _small().ltx(told=True),
    "ltx shown pictures": lambda: _small().ltx("LTXConditionPipeline"),
    "cogvideox": lambda: _small().cogvideox(),
    "mochi": lambda: _small().mochi(),
    "hunyuan": lambda: _small().hunyuan(),
    "hunyuan 1.5": lambda: _small().hunyuan15(),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Any, Path]]:
    root = tmp_path_factory.mktemp("pipelines")

    @cache
    def made(case: str) -> tuple[Any, Path]:
        pipeline, folder = CASES[case](), root / case.replace(" ", "-")
        pipeline.save_pretrained(folder)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline, folder

    return made


Folders = Callable[[str], tuple[Any, Path]]


def _shape(model: LatentModel, frames: int) -> tuple[int, int, int, int]:
    rows, columns = 2 * model.multiple, 3 * model.multiple
    cell = model.codec.cell
    return model.codec.channels, frames, rows // cell, columns // cell


def _ours(model: LatentModel, noise: np.ndarray, guidance: float) -> Any:
    """Noise to pixels, floats (3, frames, rows, columns), by what the engine is written against."""
    denoiser, recipe = model.denoiser, model.recipe
    prompts = [denoiser.prepare(text) for text in model.text.embed([PROMPT, NEGATIVE])]
    assert recipe.levels is not None
    levels = recipe.levels(STEPS, noise.shape[2:])

    def branches(latent: Any, sigma: float, wanted: tuple[Branch, ...]) -> list[Any]:
        told = levels.timestep(sigma) / 1000 if recipe.whole_timesteps else sigma
        return denoiser.velocities(latent, told, prompts[: len(wanted)])

    velocity = guided(branches, Guidance(scale=guidance), levels.sigmas)
    start = denoiser.device_array(noise)
    latent = integrate(velocity, start, levels.sigmas, solver=SOLVERS[recipe.solver]())
    codec: Any = model.codec
    return codec.decode_floats(latent)[0]


def _theirs(pipeline: Any, model: LatentModel, noise: np.ndarray, guidance: float) -> Any:
    """The same by the pipeline itself."""
    import torch

    frames, rows, columns = noise.shape[2:]
    latents = torch.from_numpy(noise.copy())
    name = type(pipeline).__name__
    more: dict[str, Any] = {"guidance_scale": guidance}
    if name.startswith("LTX"):
        latents = pipeline._pack_latents(latents)
    if name.startswith("CogVideoX"):
        latents = latents.transpose(1, 2)
        more["max_sequence_length"] = pipeline.transformer.config.max_text_seq_length
    if name == "HunyuanVideoPipeline":
        more = {"true_cfg_scale": guidance}
    if name == "HunyuanVideo15Pipeline":
        more = {}
    if name == "LTXConditionPipeline":
        # It takes a clip here, never noise; so the noise is what it draws.
        pipeline.prepare_latents = partial(_given, latents, pipeline.prepare_latents)
    elif name == FORCING:
        pipeline.prepare_latents = lambda *_args, **_kwargs: (latents, frames, None, 0)
        pipeline.scheduler = _small().KeepingUniPC.from_config(pipeline.scheduler.config)
    else:
        more["latents"] = latents
    return (
        pipeline(
            prompt=PROMPT,
            negative_prompt=NEGATIVE,
            num_inference_steps=STEPS,
            height=rows * model.codec.cell,
            width=columns * model.codec.cell,
            num_frames=(frames - 1) * model.codec.rate + 1,
            output_type="pt",
            **more,
        )
        .frames[0]
        .transpose(0, 1)
    )


def _given(noise: Any, prepare: Any, *args: Any, **kwargs: Any) -> Any:
    return noise, *prepare(*args, **kwargs)[1:]


@pytest.mark.parametrize("case", CASES)
def test_our_road_over_a_pipelines_parts_gives_its_own_pixels(case: str, folders: Folders):
    pipeline, folder = folders(case)
    model = load(case, folder)
    noise = Noise((7,), _shape(model, 3)).start()
    ours = _ours(model, noise, GUIDANCE)
    theirs = _theirs(pipeline, model, noise, GUIDANCE)
    assert ours.shape == theirs.shape
    assert float(theirs.std()) > 0.01
    assert float((ours - theirs).abs().max()) < TOLERANCE[case == "cogvideox"]


def test_a_first_frame_is_held_as_ltx_was_trained_to_hold_it(folders: Folders):
    import torch

    pipeline, folder = folders("ltx")
    model = load("ltx", folder)
    denoiser, recipe, codec = model.denoiser, model.recipe, model.codec
    noise = denoiser.device_array(Noise((7,), _shape(model, 3)).start())
    picture = np.random.default_rng(1).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    known = known_frames({0: codec.encode([picture])}, 3)
    prompts = [denoiser.prepare(text) for text in model.text.embed([PROMPT, NEGATIVE])]
    assert recipe.levels is not None
    levels = recipe.levels(STEPS, (3, 2, 3))

    def pulled(latent: Any, by_frame: Any) -> Any:
        prompt, negative = denoiser.velocities(latent, by_frame, prompts)
        return negative + GUIDANCE * (prompt - negative)

    held = hold_by_frame(pulled, known)
    latent = settle(integrate(held, noise, levels.sigmas, solver=Euler()), known)
    ours: Any = codec
    ours = ours.decode_floats(latent)[0].transpose(0, 1)

    shown = _small().diffusers.LTXImageToVideoPipeline(**pipeline.components)
    shown.set_progress_bar_config(disable=True)
    theirs = shown(
        image=torch.zeros(1, 3, 64, 96), prompt=PROMPT, negative_prompt=NEGATIVE, height=64,
        width=96, num_frames=17, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
        latents=pipeline._pack_latents(torch.where(known.keep > 0, known.latent, noise)),
        output_type="pt",
    ).frames[0]  # fmt: skip
    assert float((ours - theirs).abs().max()) < TOLERANCE[False]


@pytest.mark.parametrize("case", CASES)
def test_an_embedding_goes_through_a_file(case: str, folders: Folders, tmp_path: Path):
    model = load(case, folders(case)[1])
    (embedding,) = model.text.embed([PROMPT])
    arrays: dict[str, Any] = dict(embedding)
    np.savez(tmp_path / "text.npz", **arrays)
    with np.load(tmp_path / "text.npz") as read:
        again = dict(read)
    latent = model.denoiser.device_array(Noise((3,), _shape(model, 2)).start())
    prompts = [model.denoiser.prepare(text) for text in (embedding, again)]
    first, second = model.denoiser.velocities(latent, 0.5, prompts)
    assert bool((first == second).all())


BY_FRAME = [
    "ltx",
    "ltx shown pictures",
    "skyreels by diffusion forcing",
    "wan with a level for each frame",
]


@pytest.mark.parametrize("case", BY_FRAME)
def test_equal_levels_of_all_frames_are_one_level(case: str, folders: Folders):
    model = load(case, folders(case)[1])
    assert model.denoiser.abilities.levels_by_frame
    latent = model.denoiser.device_array(Noise((3,), _shape(model, 3)).start())
    prompts = [model.denoiser.prepare(text) for text in model.text.embed([PROMPT])]
    by_frame = model.denoiser.device_array(np.full((1, 3), 0.5))
    (one,) = model.denoiser.velocities(latent, 0.5, prompts)
    (each,) = model.denoiser.velocities(latent, by_frame, prompts)
    by_frame[0, 0] = 0.0
    (held,) = model.denoiser.velocities(latent, by_frame, prompts)
    assert float((one - each).abs().max()) < 1e-5
    assert float((one - held).abs().max()) > 1e-3


@pytest.mark.parametrize("case", CASES)
def test_a_batch_is_its_clips_one_by_one(case: str, folders: Folders):
    model = load(case, folders(case)[1])
    latents = model.denoiser.device_array(Noise((3, 4), _shape(model, 2)).start())
    prompts = [model.denoiser.prepare(text) for text in model.text.embed([PROMPT])]
    (together,) = model.denoiser.velocities(latents, 0.5, prompts)
    for one, expected in zip(latents.split(1), together.split(1), strict=True):
        (alone,) = model.denoiser.velocities(one, 0.5, prompts)
        assert float((alone - expected).abs().max()) < 2e-5


@pytest.mark.parametrize("case", CASES)
def test_a_clip_is_encoded_in_the_scale_that_is_decoded(case: str, folders: Folders):
    import torch

    pipeline, folder = folders(case)
    codec: Any = load(case, folder).codec
    count, side = 1 + 2 * codec.rate, 2 * codec.cell
    pictures = np.random.default_rng(0).integers(0, 256, (count, side, side, 3), dtype=np.uint8)
    latent = codec.encode(iter(pictures))
    assert latent.shape == (1, codec.channels, 3, 2, 2)
    video = torch.from_numpy(pictures / np.float32(127.5) - 1).permute(3, 0, 1, 2)[None]
    with torch.no_grad():
        plain = pipeline.vae.encode(video).latent_dist.mode()
        told = () if "told" not in case else (torch.zeros(1),)
        expected = pipeline.vae.decode(plain, *told, return_dict=False)[0] / 2 + 0.5
    made = codec.decode_floats(latent)
    assert float((made - expected.clamp(0, 1)).abs().max()) < 1e-4
    shown = list(codec.decode(latent))
    assert len(shown) == count
    assert shown[0].shape == (side, side, 3)
    rough = codec.rough(latent)
    assert [picture.shape for picture in rough] == [(2, 2, 3)] * 3


@pytest.mark.parametrize("case", ["wan", "wan with two experts"])
def test_a_folder_of_the_native_family_says_the_same_on_both_roads(case: str, folders: Folders):
    import torch

    from kinema.engine.latent.codec import WanCodec
    from kinema.engine.latent.denoiser import WanDenoiser
    from kinema.models.experts import Experts
    from kinema.models.loading import Networks, load_transformer, load_vae
    from kinema.models.registry import model as spec
    from kinema.weights import foreign
    from kinema.weights.keys import Part

    folder = folders(case)[1]
    found = foreign.find(folder)
    network = load_transformer(found.part(Part.TRANSFORMER))
    if Part.LOW in found.parts:
        network = Experts(network, load_transformer(found.part(Part.LOW)), 0.875)
    vae = load_vae(found.part(Part.VAE))
    row = spec("wan2.2-t2v-a14b" if Part.LOW in found.parts else "wan2.1-t2v-1.3b")
    networks = Networks(row, network, vae, None, None, found.hash)
    place = torch.device("cpu")
    native = WanDenoiser(networks, place, None)
    model = load(case, folder)
    (text,) = model.text.embed([PROMPT])
    latent = native.device_array(Noise((3,), _shape(model, 3)).start())
    for level in (0.95, 0.6):
        (ours,) = native.velocities(latent, level, [native.prepare(text)])
        (theirs,) = model.denoiser.velocities(latent, level, [model.denoiser.prepare(text)])
        assert float((ours - theirs).abs().max()) < 2e-5
    pictures = np.random.default_rng(0).integers(0, 256, (9, 32, 32, 3), dtype=np.uint8)
    codecs = WanCodec(vae, place), model.codec
    first, second = (codec.encode(pictures) for codec in codecs)
    assert float((first - second).abs().max()) < 2e-5
    shown = [np.stack(list(codec.decode(first))).astype(int) for codec in codecs]
    assert np.abs(shown[0] - shown[1]).max() <= 1


def test_pictures_that_are_no_whole_number_of_cells_are_refused(folders: Folders):
    codec = load("ltx", folders("ltx")[1]).codec
    with pytest.raises(ValueError, match="cells"):
        codec.encode([np.zeros((64, 64, 3), np.uint8)] * 8)
    with pytest.raises(ValueError, match="cells"):
        codec.encode([np.zeros((64, 60, 3), np.uint8)] * 9)


def test_what_a_network_cannot_take_is_refused(folders: Folders):
    denoiser = load("ltx", folders("ltx")[1]).denoiser
    with pytest.raises(ValueError, match="image encoder"):
        denoiser.prepare({}, [np.zeros((8, 8, 3), np.uint8)])
    with pytest.raises(ValueError, match="leave out"):
        denoiser.velocities(np.zeros(1), 0.5, [], skip=[1])
    with pytest.raises(ValueError, match="given channels"):
        denoiser.given_channels(np.zeros(1), np.zeros(1, bool))


def test_the_wan_family_keeps_an_embedding_at_its_true_length(folders: Folders):
    model = load("wan", folders("wan")[1])
    (embedding,) = model.text.embed([PROMPT])
    assert embedding["text"].shape == (len(PROMPT.split()) + 1, _small().WIDTH)


def _changed(folder: Path, to: Path, file: str, **fields: Any) -> Path:
    shutil.copytree(folder, to)
    config = json.loads((to / file).read_text())
    (to / file).write_text(json.dumps(config | fields))
    return to


def test_text_encoders_are_in_memory_only_while_a_prompt_is_embedded(folders: Folders):
    model = load("hunyuan 1.5", folders("hunyuan 1.5")[1])
    model.text.embed([PROMPT])
    alive = [found for found in gc.get_objects() if type(found).__name__ == "Qwen2_5_VLTextModel"]
    assert alive == [folders("hunyuan 1.5")[0].text_encoder]


def test_a_scheduler_that_is_not_understood_is_refused_by_name(folders: Folders, tmp_path: Path):
    folder = _changed(
        folders("wan")[1], tmp_path / "w", "model_index.json",
        scheduler=["diffusers", "EulerDiscreteScheduler"],
    )  # fmt: skip
    with pytest.raises(WeightsError, match="EulerDiscreteScheduler"):
        load("wan", folder)


def test_a_network_that_predicts_only_noise_is_refused(folders: Folders, tmp_path: Path):
    folder = _changed(
        folders("cogvideox")[1], tmp_path / "c", "scheduler/scheduler_config.json",
        prediction_type="epsilon",
    )  # fmt: skip
    with pytest.raises(WeightsError, match="epsilon"):
        load("cogvideox", folder)


def test_a_truncated_file_is_a_named_error(folders: Folders, tmp_path: Path):
    shutil.copytree(folders("ltx")[1], tmp_path / "ltx")
    (weights,) = (tmp_path / "ltx" / "transformer").glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="ltx/ cannot be loaded"):
        load("ltx", tmp_path / "ltx")


def test_other_weights_have_another_hash(folders: Folders):
    models = [load(case, folders(case)[1]) for case in ("wan", "wan with two experts", "wan")]
    hashes = [model.weights for model in models]
    assert hashes[0] == hashes[2] != hashes[1]


def test_without_diffusers_the_command_that_adds_it_is_named(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
):
    folder = folders("ltx")[1]
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(MissingPart, match=r"kinema\[diffusers\]"):
        load("ltx", folder)
