"""Models with weights through the command line: every task, and every way in which it can fail."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
import small_weights
from command_line import Ran
from safetensors.numpy import save_file

from kinema import media
from kinema.engine.facts import read_facts
from kinema.engine.latent.pace import keep, known
from kinema.models import registry
from kinema.types import Size

pytestmark = pytest.mark.requires("torch")

Kinema = Callable[..., Ran]
WORDS, PICTURES = "wan2.1-t2v-1.3b", "wan2.2-i2v-a14b"
FOX = "a red fox walks in the snow"
CHANGES = {
    "remix": (["remix", "fox.mp4", "a duck swims", "--strength", "0.5"], 9, "128x128"),
    "edit": (["edit", "fox.mp4", "a red duck walks in the snow"], 9, "128x128"),
    "region": (["edit", "fox.mp4", "a ball", "--mask", "mask.png"], 9, "128x128"),
    "outpaint": (["edit", "fox.mp4", "--size", "160x128"], 9, "160x128"),
    "extend": (["extend", "fox.mp4", "rain", "--seconds", "0.5"], 17, "128x128"),
    "extend backward": (["extend", "fox.mp4", "--seconds", "0.25", "--backward"], 13, "128x128"),
    "loop": (["loop", "fox.mp4"], 8, "128x128"),
    "blend": (["blend", "fox.mp4", "fox.mp4", "--curve", "mix"], 9, "128x128"),
    "recut": (["recut", "fox.mp4", "--keep", "0.1-0.4", "a duck"], 9, "128x128"),
}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture
def words(folders: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder of a small model that makes clips from words."""
    return str(small_weights.install(WORDS, folders / WORDS, monkeypatch))


@pytest.fixture
def pictures(folders: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder of a small model that makes clips from a picture alone."""
    return str(small_weights.install(PICTURES, folders / PICTURES, monkeypatch))


@pytest.fixture
def clip(kinema: Kinema, words: str, folders: Path) -> Path:
    """A clip of the small model in the current folder, with a mask and a picture beside it."""
    cv2.imwrite("mask.png", np.pad(np.full((64, 64), 255, np.uint8), ((0, 64), (0, 64))))
    cv2.imwrite("sky.png", np.full((90, 160, 3), (200, 120, 40), np.uint8))
    made = folders / "fox.mp4"
    if not made.exists():
        args = ("--model", WORDS, "--weights", words, "--seed", "7", "-o", str(made))
        ran = kinema("generate", FOX, *args)
        assert ran.status == 0, ran.err
    return Path(shutil.copy(made, "fox.mp4"))


def test_a_clip_has_the_models_usual_shape_and_says_what_it_was_made_by(clip: Path, words: str):
    info, facts = media.probe(clip), read_facts(clip)
    assert (str(info.size), info.frames, info.fps) == ("128x128", 9, 16)
    assert facts.model == WORDS and facts.scene is None
    assert len(facts.weights) == 64 and "torch" in facts.versions
    assert words not in json.dumps(media.facts(clip))


def test_from_makes_the_same_clip_again(kinema: Kinema, clip: Path, words: str):
    assert kinema("generate", "--from", str(clip), "-o", "again.mp4").status == 2
    ran = kinema("generate", "--from", str(clip), "--weights", words, "-o", "again.mp4")
    assert ran.status == 0, ran.err
    assert media.fingerprint(Path("again.mp4")) == media.fingerprint(clip)


def test_any_size_and_length_is_made_and_cut(kinema: Kinema, words: str):
    shape = ("--size", "150x130", "--seconds", "0.5", "--fps", "12", "-o", "odd.mp4")
    ran = kinema("generate", FOX, "--model", WORDS, "--weights", words, *shape)
    assert ran.status == 0, ran.err
    info = media.probe(Path("odd.mp4"))
    assert (str(info.size), info.frames, info.fps) == ("150x130", 6, 12)


@pytest.mark.parametrize("name", CHANGES)
def test_a_clip_is_changed_by_the_model_that_made_it(
    kinema: Kinema, clip: Path, words: str, name: str
):
    args, frames, size = CHANGES[name]
    ran = kinema(*args, "--weights", words, "--steps", "2", "-o", "changed.mp4")
    assert ran.status == 0, ran.err
    info, facts = media.probe(Path("changed.mp4")), read_facts(Path("changed.mp4"))
    assert (info.frames, str(info.size), facts.model) == (frames, size, WORDS)
    assert media.fingerprint(Path("changed.mp4")) != media.fingerprint(clip)


def test_a_loop_says_that_it_is_not_quite_as_long(kinema: Kinema, clip: Path, words: str):
    ran = kinema("loop", str(clip), "--weights", words)
    assert "note: the loop lasts 0.50 s, 8 frames" in ran.err
    assert media.probe(Path("fox-loop.mp4")).frames == 8


def test_a_video_of_any_camera_is_changed_by_a_model_that_is_named(kinema: Kinema, words: str):
    pictures = [np.full((128, 160, 3), shade, np.uint8) for shade in range(0, 250, 25)]
    media.write(Path("camera.mp4"), pictures, size=Size(width=160, height=128), fps=Fraction(8))
    refused = kinema("remix", "camera.mp4", FOX)
    assert refused.status == 2 and "camera.mp4 does not carry the scene" in refused.err
    ran = kinema("remix", "camera.mp4", FOX, "--model", WORDS, "--weights", words)
    assert ran.status == 0, ran.err
    info = media.probe(Path("camera-remix.mp4"))
    assert (str(info.size), info.frames, info.fps) == ("160x128", 10, 8)


def test_pictures_are_frames_of_the_clip(kinema: Kinema, clip: Path, words: str):
    images = ("--image", "sky.png", "--image", "sky.png@0.25", "--image", "sky.png@last")
    ran = kinema("generate", FOX, "--model", WORDS, "--weights", words, *images, "-o", "sky.mp4")
    assert ran.status == 0, ran.err
    request = read_facts(Path("sky.mp4")).request
    roles = [(image.role.value, image.at) for image in request.images]
    assert roles == [("first", 0), ("key", Fraction(1, 4)), ("last", 0)]
    assert media.fingerprint(Path("sky.mp4")) != media.fingerprint(clip)


def test_a_model_of_pictures_wants_one(kinema: Kinema, clip: Path, pictures: str):
    model = ("--model", PICTURES, "--weights", pictures)
    refused = kinema("generate", FOX, *model)
    assert refused.status == 2
    assert f"task: {PICTURES} does not do text to video; allowed: animatic" in refused.err
    ran = kinema("generate", FOX, *model, "--image", "sky.png", "-o", "sky.mp4")
    assert ran.status == 0, ran.err


@pytest.mark.requires("diffusers")
@pytest.mark.parametrize("name", ["wan2.1-i2v-14b", "wan2.1-flf2v-14b"])
def test_a_model_with_an_image_encoder_sees_its_pictures(
    kinema: Kinema, clip: Path, folders: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    folder = small_weights.install(name, folders / name, monkeypatch)
    model = ("--model", name, "--weights", str(folder), "--seed", "1")
    cv2.imwrite("night.png", np.zeros((90, 160, 3), np.uint8))
    prints: set[str] = set()
    for first in ("sky.png", "night.png"):
        images = ("--image", first, "--image", "sky.png@last")
        ran = kinema("generate", FOX, *model, *images, "-o", "clip.mp4", "--json")
        assert ran.status == 0, ran.err
        prints.add(ran.json["clips"][0]["fingerprint"])
    assert len(prints) == 2


@pytest.mark.parametrize("guide", ["animatic", "fox.mp4"])
def test_a_guide_fixes_what_the_model_paints(kinema: Kinema, clip: Path, words: str, guide: str):
    model = ("--model", WORDS, "--weights", words, "--seed", "7")
    ran = kinema("generate", FOX, *model, "--guide", guide, "--strength", "0.5", "-o", "led.mp4")
    assert ran.status == 0, ran.err
    assert media.fingerprint(Path("led.mp4")) != media.fingerprint(clip)
    again = kinema("generate", "--from", "led.mp4", "--weights", words, "-o", "again.mp4")
    assert again.status == 0, again.err
    assert media.fingerprint(Path("again.mp4")) == media.fingerprint(Path("led.mp4"))


def test_a_part_of_the_picture_has_words_of_its_own(kinema: Kinema, clip: Path, words: str):
    model = ("--model", WORDS, "--weights", words, "--seed", "7")
    area = ("--area", "0,0,0.5,1=a yellow duck")
    ran = kinema("generate", FOX, *model, *area, "-o", "two.mp4")
    assert ran.status == 0, ran.err
    assert media.fingerprint(Path("two.mp4")) != media.fingerprint(clip)
    (asked,) = read_facts(Path("two.mp4")).request.areas
    assert (asked.prompt, asked.left, asked.right) == ("a yellow duck", 0.0, 0.5)


def test_small_changes_of_the_weights_are_laid_on_and_made_again(
    kinema: Kinema, clip: Path, words: str
):
    width = small_weights.small(WORDS).transformer.width
    query = "diffusion_model.blocks.0.self_attn.q"
    factors = {f"{query}.lora_A.weight": (4, width), f"{query}.lora_B.weight": (width, 4)}
    draw = np.random.default_rng(0).standard_normal
    save_file({k: draw(v).astype(np.float32) for k, v in factors.items()}, "ink.safetensors")
    model = ("--model", WORDS, "--weights", words, "--seed", "7")
    prints = {media.fingerprint(clip)}
    for index, weight in enumerate(("", "@0.5", "@-1")):
        out = Path(f"ink{index}.mp4")
        ran = kinema("generate", FOX, *model, "--lora", f"ink.safetensors{weight}", "-o", str(out))
        assert ran.status == 0, ran.err
        prints.add(media.fingerprint(out))
    assert len(prints) == 4
    again = kinema("generate", "--from", "ink1.mp4", "--weights", words, "-o", "again.mp4")
    assert again.status == 0, again.err
    assert media.fingerprint(Path("again.mp4")) == media.fingerprint(Path("ink1.mp4"))


def test_memory_that_is_too_little_is_refused_before_the_work(
    kinema: Kinema, clip: Path, words: str
):
    model = ("--model", WORDS, "--weights", words, "--seed", "7")
    refused = kinema("generate", FOX, *model, "--memory", "0.000001", "-o", "none.mp4")
    assert refused.status == 2
    assert "memory" in refused.err
    assert not Path("none.mp4").exists()
    ran = kinema("generate", FOX, *model, "--memory", "2", "-o", "some.mp4")
    assert ran.status == 0, ran.err
    assert media.fingerprint(Path("some.mp4")) == media.fingerprint(clip)


def test_a_storyboard_is_one_clip(kinema: Kinema, words: str):
    Path("board.toml").write_text(
        f'model = "{WORDS}"\nsize = "128x128"\nfps = 8\n'
        '[[card]]\nprompt = "a red fox walks"\nseconds = 1\n'
        '[[card]]\nprompt = "a duck swims"\nseconds = 1\n'
    )
    ran = kinema("storyboard", "board.toml", "--weights", words, "-o", "story.mp4")
    assert ran.status == 0, ran.err
    assert media.probe(Path("story.mp4")).frames == 16


def test_a_stream_is_recorded(kinema: Kinema, words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a duck swims\n"))
    shape = ("--size", "128x128", "--fps", "4", "--seconds", "2")
    ran = kinema("stream", FOX, "--model", WORDS, "--weights", words, *shape, "-o", "live.mp4")
    assert ran.status == 0, ran.err
    assert media.probe(Path("live.mp4")).frames == 8


@pytest.mark.parametrize("name", ["wan2.2-ti2v-5b", "wan2.2-t2v-a14b"])
def test_every_kind_of_network_makes_a_clip(
    kinema: Kinema, folders: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    folder = small_weights.install(name, folders / name, monkeypatch)
    ran = kinema("generate", FOX, "--model", name, "--weights", str(folder), "-o", "fox.mp4")
    assert ran.status == 0, ran.err
    assert media.probe(Path("fox.mp4")).frames == 9


def _cut(folder: Path) -> None:
    path = next((folder / "transformer").glob("*.safetensors"))
    path.write_bytes(path.read_bytes()[:-1000])


def _relicense(folder: Path) -> None:
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n")


def _lose(folder: Path) -> None:
    shutil.rmtree(folder / "vae")


def _reshape(folder: Path) -> None:
    path = folder / "transformer" / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "num_layers": 4}))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_cut, "truncated"),
        (_relicense, "these are under cc-by-nc-4.0; allowed: weights under Apache-2.0"),
        (_lose, "vae"),
        (_reshape, "of another model"),
    ],
)
def test_weights_that_are_not_right_are_refused_by_name_and_nothing_is_written(
    kinema: Kinema, words: str, tmp_path: Path, damage: Callable[[Path], None], said: str
):
    folder = tmp_path / "damaged"
    shutil.copytree(words, folder)
    damage(folder)
    ran = kinema("generate", FOX, "--model", WORDS, "--weights", str(folder), "--json")
    assert ran.status == 2
    error = ran.json["error"]
    assert (error["code"], error["field"]) == ("invalid_weights", "weights")
    assert said in error["message"]
    assert list(Path.cwd().iterdir()) == []


def test_without_weights_it_says_where_they_are_published(kinema: Kinema):
    ran = kinema("generate", FOX, "--model", WORDS)
    assert ran.status == 2
    assert "weights: wan2.1-t2v-1.3b needs the folder of its weights" in ran.err
    assert "--weights DIR" in ran.err and "Wan-AI/Wan2.1-T2V-1.3B" in ran.err
    missing = kinema("generate", FOX, "--model", WORDS, "--weights", "/no/such/folder")
    assert (missing.status, "there is no /no/such/folder here" in missing.err) == (2, True)


@pytest.mark.parametrize(("model", "part"), [(WORDS, "torch"), ("diffusers:here", "diffusers")])
def test_what_is_not_installed_is_named_with_the_command_that_adds_it(
    tmp_path: Path, model: str, part: str
):
    (tmp_path / "here").mkdir()
    index = {"_class_name": "WanPipeline"}
    files = {"model_index": index, "vae/config": {"z_dim": 16}, "transformer/config": {}}
    for name, document in files.items():
        path = tmp_path / "here" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document))
    program = (
        "import sys; sys.modules[sys.argv[1]] = None; from kinema.cli import run;"
        "sys.exit(run(sys.argv[2:]))"
    )
    args = ["generate", FOX, "--model", model, "-o", "fox.mp4"]
    args += ["--weights", "here"] if model == WORDS else []
    ran = subprocess.run(
        [sys.executable, "-c", program, part, *args], capture_output=True, cwd=tmp_path, check=False
    )
    told = f"{part} is not installed; add it with: pip install 'kinema[{part}]'"
    assert (ran.returncode, told in ran.stderr.decode()) == (1, True), ran.stderr
    assert not (tmp_path / "fox.mp4").exists()


def test_estimate_measures_the_pace_of_this_machine_once(
    kinema: Kinema, words: str, tmp_path: Path
):
    folder = shutil.copytree(words, tmp_path / "copy")
    asked = ("estimate", FOX, "--model", WORDS)
    unknown = kinema(*asked, "--json").json
    assert unknown["seconds"] is None and unknown["megabytes"] > 50
    told = kinema(*asked).out
    assert "an unknown time" in told and "it fits" in told and "--weights DIR measures" in told
    measured = kinema(*asked, "--weights", str(folder), "--json").json
    assert measured["seconds"] > 0 and "problem" not in measured
    more = kinema(*asked, "--steps", "200", "--json").json
    assert more["seconds"] > measured["seconds"]
    assert "(measured on: " in kinema(*asked).out


def test_a_clip_that_does_not_fit_is_refused_before_the_run(
    kinema: Kinema, words: str, tmp_path: Path
):
    folder = shutil.copytree(words, tmp_path / "copy")
    model = ("--model", WORDS, "--weights", str(folder))
    assert kinema("generate", FOX, *model, "-o", "fox.mp4").status == 0
    pace = known(registry.model(WORDS))
    assert pace is not None
    keep(msgspec.structs.replace(pace, budget=1 << 20))
    ran = kinema("generate", FOX, *model, "-o", "large.mp4", "--json")
    assert (ran.status, ran.json["error"]["code"]) == (2, "too_little_memory")
    assert "GB of memory" in ran.json["error"]["message"]
    assert not Path("large.mp4").exists()
    assert "it does not fit: " in kinema("estimate", FOX, *model).out


@pytest.mark.requires("diffusers")
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_a_pipeline_of_diffusers_runs_by_its_path_and_its_clips_do_not_name_it(
    kinema: Kinema, tmp_path: Path
):
    from tests.engine.latent import small_pipelines

    folder = tmp_path / "small-wan"
    small_pipelines.wan().save_pretrained(folder)
    shape = ("--size", "128x128", "--seconds", "0.5", "--steps", "2")
    ran = kinema("generate", FOX, "--model", f"diffusers:{folder}", *shape, "-o", "fox.mp4")
    assert ran.status == 0, ran.err
    facts = read_facts(Path("fox.mp4"))
    assert (facts.model, facts.request.frames) == ("diffusers:small-wan", 8)
    assert str(tmp_path) not in json.dumps(media.facts(Path("fox.mp4")))
    change = ("remix", "fox.mp4", "a duck", "--steps", "2")
    assert "there is no small-wan here" in kinema(*change).err
    assert kinema(*change, "--weights", str(folder)).status == 0
    twice = kinema(*change, "--model", f"diffusers:{folder}", "--weights", str(folder))
    assert "weights: the model names its folder already" in twice.err
