from __future__ import annotations

import pytest
import torch

from kinema.errors import UnknownModel
from kinema.models.dit import WanTransformer
from kinema.models.registry import ImageRoad, model, models
from kinema.models.vae import WanVae

NAMES = [
    "wan2.1-t2v-1.3b", "wan2.1-t2v-14b", "wan2.1-i2v-14b", "wan2.1-flf2v-14b", "wan2.2-ti2v-5b",
    "wan2.2-t2v-a14b", "wan2.2-i2v-a14b",
]  # fmt: skip


def billions(network: torch.nn.Module) -> float:
    return sum(weight.numel() for weight in network.parameters()) / 1e9


def test_the_seven_models_of_the_family_are_here():
    assert [spec.name for spec in models()] == NAMES


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("wan2.1-t2v-1.3b", 1.419), ("wan2.1-t2v-14b", 14.29), ("wan2.1-i2v-14b", 16.39),
        ("wan2.2-ti2v-5b", 5.00), ("wan2.2-t2v-a14b", 14.29),
    ],
)  # fmt: skip
def test_the_transformers_have_the_published_number_of_weights(name: str, size: float):
    with torch.device("meta"):
        assert billions(WanTransformer(model(name).transformer)) == pytest.approx(size, abs=0.006)


@pytest.mark.parametrize(("name", "size"), [(NAMES[0], 0.1269), ("wan2.2-ti2v-5b", 0.7047)])
def test_the_autoencoders_have_the_published_number_of_weights(name: str, size: float):
    with torch.device("meta"):
        assert billions(WanVae(model(name).vae)) == pytest.approx(size, abs=0.0001)


@pytest.mark.parametrize("name", NAMES)
def test_every_default_is_one_that_the_model_can_make(name: str):
    spec = model(name)
    assert spec.multiple == (32 if name == "wan2.2-ti2v-5b" else 16)
    for size in spec.defaults.sizes:
        assert size.width % spec.multiple == size.height % spec.multiple == 0
    assert spec.defaults.frames % 4 == 1
    assert (spec.boundary is None) == (spec.defaults.guidance_low is None)
    assert (spec.transformer.image_width is None) == (
        spec.images is not ImageRoad.CHANNELS_AND_TOKENS
    )
    assert spec.licence.id == "Apache-2.0"
    assert spec.negative.count("\uff0c") > 20
    assert "#" not in spec.negative


def test_an_unknown_model_is_refused_with_the_nearest():
    with pytest.raises(UnknownModel, match=r"no model 'wan2.2-t2v-14b'; allowed: wan2.2-t2v-a14b"):
        model("wan2.2-t2v-14b")
