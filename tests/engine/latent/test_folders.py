from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinema.engine.cards.folders import SUPPORTED, Level, describe
from kinema.errors import WeightsError
from kinema.types import Quality, Size

# The fields that matter of published configs.
PUBLISHED: dict[str, dict[str, Any]] = {
    "Wan 2.1": {
        "class": "WanPipeline",
        "vae": {"z_dim": 16},
        "transformer": {"patch_size": [1, 2, 2], "in_channels": 16},
    },
    "Wan 2.2 5B": {
        "class": "WanPipeline",
        "index": {"expand_timesteps": True},
        "vae": {"z_dim": 48, "scale_factor_spatial": 16, "scale_factor_temporal": 4},
        "transformer": {"patch_size": [1, 2, 2], "in_channels": 48},
    },
    "LTX": {
        "class": "LTXPipeline",
        "vae": {
            "latent_channels": 128,
            "patch_size": 4,
            "patch_size_t": 1,
            "spatio_temporal_scaling": [True, True, True, False],
        },
        "transformer": {"patch_size": 1, "patch_size_t": 1, "in_channels": 128},
    },
    "CogVideoX": {
        "class": "CogVideoXPipeline",
        "vae": {
            "block_out_channels": [128, 256, 256, 512],
            "latent_channels": 16,
            "temporal_compression_ratio": 4,
        },
        "transformer": {
            "patch_size": 2,
            "sample_width": 90,
            "sample_height": 60,
            "sample_frames": 49,
        },
    },
    "CogVideoX 1.5": {
        "class": "CogVideoXPipeline",
        "vae": {
            "block_out_channels": [128, 256, 256, 512],
            "latent_channels": 16,
            "temporal_compression_ratio": 4,
        },
        "transformer": {
            "patch_size": 2,
            "patch_size_t": 2,
            "sample_width": 170,
            "sample_height": 96,
            "sample_frames": 81,
        },
    },
    "Mochi": {
        "class": "MochiPipeline",
        "vae": {"latent_channels": 12},
        "transformer": {"patch_size": 2, "in_channels": 12},
    },
    "Hunyuan": {
        "class": "HunyuanVideoPipeline",
        "vae": {
            "latent_channels": 16,
            "spatial_compression_ratio": 8,
            "temporal_compression_ratio": 4,
        },
        "transformer": {"patch_size": 2, "patch_size_t": 1, "in_channels": 16},
    },
    "Hunyuan 1.5": {
        "class": "HunyuanVideo15Pipeline",
        "vae": {"latent_channels": 32, "spatial_compression_ratio": 16},
        "transformer": {"patch_size": 1, "patch_size_t": 1, "in_channels": 65},
        "guider": {"guidance_scale": 6.5},
    },
    "Latte": {
        "class": "LattePipeline",
        "vae": {"block_out_channels": [128, 256, 512, 512], "latent_channels": 4},
        "transformer": {"patch_size": 2, "in_channels": 4, "video_length": 16},
    },
    "AnimateDiff": {
        "class": "AnimateDiffPipeline",
        "vae": {"block_out_channels": [128, 256, 512, 512], "latent_channels": 4},
        "unet": {"sample_size": 64, "in_channels": 4},
    },
}


def _folder(root: Path, name: str, *, readme: str = "", **index: Any) -> Path:
    published = PUBLISHED[name]
    root.mkdir()
    head = {"_class_name": published["class"], **published.get("index", {}), **index}
    (root / "model_index.json").write_text(json.dumps(head))
    for part in ("vae", "transformer", "unet", "guider"):
        if part in published:
            (root / part).mkdir()
            file = "guider_config.json" if part == "guider" else "config.json"
            (root / part / file).write_text(json.dumps(published[part]))
    if readme:
        (root / "README.md").write_text(readme)
    return root


@pytest.mark.parametrize(
    ("name", "level", "channels", "rate", "cell", "multiple"),
    [
        ("Wan 2.1", Level.VELOCITY, 16, 4, 8, 16),
        ("Wan 2.2 5B", Level.VELOCITY, 48, 4, 16, 32),
        ("LTX", Level.VELOCITY, 128, 8, 32, 32),
        ("CogVideoX", Level.VELOCITY, 16, 4, 8, 16),
        ("CogVideoX 1.5", Level.STEPS, 16, 4, 8, 16),
        ("Mochi", Level.VELOCITY, 12, 6, 8, 16),
        ("Hunyuan", Level.VELOCITY, 16, 4, 8, 16),
        ("Hunyuan 1.5", Level.VELOCITY, 32, 4, 16, 16),
        ("AnimateDiff", Level.STEPS, 4, 1, 8, 64),
        ("Latte", Level.STEPS, 4, 1, 8, 16),
    ],
)
def test_published_folders_read_as_what_they_are(
    name: str, level: Level, channels: int, rate: int, cell: int, multiple: int, tmp_path: Path
):
    facts = describe(_folder(tmp_path / "f", name))
    assert facts.level is level
    assert (facts.channels, facts.rate, facts.cell, facts.multiple) == (
        channels,
        rate,
        cell,
        multiple,
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_default_length_and_every_count_after_it_fill_whole_latent_frames(
    name: str, tmp_path: Path
):
    facts = describe(_folder(tmp_path / "f", name))
    for frames in (1, 2, facts.default_frames):
        allowed = facts.frames.next_allowed(frames)
        assert allowed >= frames
        assert (allowed - facts.first_alone) % facts.rate == 0
    assert facts.frames.next_allowed(facts.default_frames) == facts.default_frames
    assert facts.default_frames <= facts.frames.maximum


@pytest.mark.parametrize(
    ("name", "size", "frames", "fps", "guidance"),
    [
        ("Wan 2.2 5B", (1280, 704), 121, 24, 5.0),
        ("CogVideoX", (720, 480), 49, 8, 6.0),
        ("CogVideoX 1.5", (1360, 768), 81, 16, 6.0),
        ("Hunyuan 1.5", (848, 480), 121, 24, 6.5),
    ],
)
def test_defaults_come_from_the_folder_where_it_states_them(
    name: str,
    size: tuple[int, int],
    frames: int,
    fps: int,
    guidance: float,
    tmp_path: Path,
):
    facts = describe(_folder(tmp_path / "f", name))
    assert facts.default_size == Size(width=size[0], height=size[1])
    assert (facts.default_frames, facts.default_fps) == (frames, Fraction(fps))
    assert facts.guidance == guidance
    steps = facts.steps_by_quality
    assert steps[Quality.DRAFT] < steps[Quality.STANDARD] == facts.steps < steps[Quality.HIGH]


def test_the_decoder_of_cogvideox_wants_an_odd_number_of_latent_frames(tmp_path: Path):
    facts = describe(_folder(tmp_path / "f", "CogVideoX"))
    assert [facts.frames.next_allowed(frames) for frames in (1, 2, 9, 10)] == [1, 9, 9, 17]


def test_a_network_of_one_length_makes_no_other(tmp_path: Path):
    facts = describe(_folder(tmp_path / "f", "Latte"))
    assert (facts.frames.minimum, facts.frames.maximum, facts.default_frames) == (16, 16, 16)
    assert facts.frames.next_allowed(5) == 16


@pytest.mark.parametrize(
    ("readme", "licence", "commercial"),
    [
        ("---\nlicense: apache-2.0\n---\n", "Apache-2.0", True),
        ("---\r\nlicense: mit\r\n---\r\n", "MIT", True),
        (
            "---\nlicense: other\nlicense_name: ltx-video\nlicense_link: https://x.y/z\n---\n",
            "ltx-video",
            False,
        ),
        ('---\nlicense: "openrail"\n---\n', "openrail", False),
        ("# A model\nlicense: mit\n", "unstated", False),
        ("", "unstated", False),
    ],
)
def test_a_licence_is_what_the_head_of_the_readme_says(
    readme: str, licence: str, commercial: bool, tmp_path: Path
):
    found = describe(_folder(tmp_path / "f", "LTX", readme=readme)).licence
    assert (found.id, found.commercial) == (licence, commercial)
    assert bool(found.limits) is not commercial
    assert found.url == ("https://x.y/z" if licence == "ltx-video" else "")


@pytest.mark.parametrize(
    "name", ["StableDiffusionPipeline", "WanImageToVideoPipeline", None, ["x"]]
)
def test_other_classes_are_refused_by_name_with_those_that_run(name: Any, tmp_path: Path):
    folder = _folder(tmp_path / "f", "LTX", _class_name=name)
    with pytest.raises(WeightsError) as caught:
        describe(folder)
    assert str(name) in caught.value.problem
    assert all(known in caught.value.allowed for known in SUPPORTED)


def test_a_folder_that_is_no_pipeline_says_so(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"model_index\.json"):
        describe(tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("model_index.json", "{", "model_index.json cannot be read"),
        ("model_index.json", "[]", "no JSON object"),
        ("vae/config.json", "\x00", "config.json cannot be read"),
        ("vae/config.json", '{"scale_factor_temporal": "x"}', "does not read"),
        ("transformer/config.json", '{"patch_size": []}', "does not read"),
    ],
)
def test_broken_files_are_named(file: str, text: str, words: str, tmp_path: Path):
    folder = _folder(tmp_path / "f", "Wan 2.1")
    (folder / file).write_text(text)
    with pytest.raises(WeightsError) as caught:
        describe(folder)
    assert words in caught.value.problem


@pytest.mark.parametrize("part", ["vae", "transformer"])
def test_a_missing_part_is_named(part: str, tmp_path: Path):
    folder = _folder(tmp_path / "f", "Wan 2.1")
    (folder / part / "config.json").unlink()
    with pytest.raises(WeightsError, match=f"{part}/config"):
        describe(folder)


def test_a_folder_is_described_without_torch_and_numpy():
    code = (
        "import sys; import kinema.engine.cards.folders;"
        "print(sorted({'torch', 'numpy', 'diffusers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
