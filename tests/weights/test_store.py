from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from kinema.errors import WeightsError
from kinema.types import Licence
from kinema.weights import foreign, store
from kinema.weights.keys import Part
from kinema.weights.manifest import MANIFEST, read_manifest, sampled_hash, verify

WEIGHTS = {f"layer.{i}": torch.full((100,), float(i)) for i in range(5)}


def native(folder: Path) -> Path:
    parts = {Part.VAE: ({"width": 8}, WEIGHTS)}
    foreign.save_native(folder, "small", Licence(id="MIT"), parts)
    return folder / "vae" / "weights.safetensors"


def test_shards_hold_every_tensor_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "SHARD_LIMIT", 900)
    paths = store.save(tmp_path, "w", WEIGHTS)
    assert [path.name for path in paths] == [f"w-{i:05}-of-00003.safetensors" for i in (1, 2, 3)]
    assert store.weight_files(tmp_path) == tuple(paths)
    tensors = store.Tensors(store.weight_files(tmp_path))
    assert dict(tensors).keys() == WEIGHTS.keys()
    assert all(torch.equal(tensors[name], WEIGHTS[name]) for name in WEIGHTS)
    assert tensors.shape("layer.3") == (100,)
    paths[1].unlink()
    with pytest.raises(WeightsError, match=r"lacks w-00002-of-00003.safetensors"):
        store.weight_files(tmp_path)


def test_weights_that_share_memory_can_be_written(tmp_path: Path):
    table = torch.arange(4.0)
    store.save(tmp_path, "w", {"a": table, "b": table, "c": table.view(2, 2).T})
    tensors = store.Tensors(store.weight_files(tmp_path))
    assert torch.equal(tensors["c"], table.view(2, 2).T)


@pytest.mark.parametrize("kept", [0, 5, 200, 900])
def test_a_truncated_file_is_named(tmp_path: Path, kept: int):
    path = tmp_path / "w.safetensors"
    save_file(WEIGHTS, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsError, match=r"w.safetensors is truncated or no safetensors file"):
        store.Tensors((path,))


@pytest.mark.parametrize("kept", [0, 100])
def test_a_truncated_pickle_is_named(tmp_path: Path, kept: int):
    path = tmp_path / "w.pth"
    torch.save(WEIGHTS, path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsError, match=r"w.pth is truncated"):
        store.Tensors((path,))


def test_a_pickle_that_would_run_code_is_not_run(tmp_path: Path):
    path = tmp_path / "w.pth"
    torch.save({"a": Trap()}, path)
    with pytest.raises(WeightsError, match="holds more than tensors"):
        store.Tensors((path,))


class Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.write_text, (Path("trap"), "sprung"))


def test_a_missing_file_and_a_repeated_name_are_named(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"the file w.safetensors is missing"):
        store.Tensors((tmp_path / "w.safetensors",))
    for name in ("a", "b"):
        save_file({"x": torch.zeros(1)}, tmp_path / f"{name}.safetensors")
    with pytest.raises(WeightsError, match=r"b.safetensors repeats the tensor x"):
        store.Tensors(store.weight_files(tmp_path))


def test_nothing_half_written_bears_the_final_name(tmp_path: Path):
    (tmp_path / "w.safetensors").mkdir()  # so that the last move fails
    with pytest.raises(WeightsError, match="cannot write to"):
        store.save(tmp_path, "w", WEIGHTS)
    assert (tmp_path / "w.safetensors").is_dir()


def test_a_native_folder_knows_when_a_file_is_short_missing_or_changed(tmp_path: Path):
    path = native(tmp_path)
    assert verify(tmp_path).name == "small"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"!")
    read_manifest(tmp_path)  # the length is right
    with pytest.raises(WeightsError, match="is not what its hash says"):
        verify(tmp_path)
    path.write_bytes(whole[:-8])
    with pytest.raises(WeightsError, match=r"has \d+ bytes of \d+: it is truncated"):
        foreign.find(tmp_path)
    path.unlink()
    with pytest.raises(WeightsError, match=r"the file weights.safetensors is missing"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"format": 2}, "is of format 2; allowed: format 1"),
        ({"licenze": 1}, "licenze"),
        ({"parts": {"vae2": {"config": {}, "files": []}}}, "unknown part 'vae2'; allowed: vae"),
    ],
)
def test_a_manifest_is_read_strictly(tmp_path: Path, change: dict[str, object], complaint: str):
    native(tmp_path)
    path = tmp_path / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(WeightsError, match=complaint):
        foreign.find(tmp_path)


def test_a_native_config_is_read_strictly(tmp_path: Path):
    from kinema.models.loading import load_vae

    parts = {Part.VAE: ({"widths": 8}, WEIGHTS)}
    foreign.save_native(tmp_path, "small", Licence(id="MIT"), parts)
    with pytest.raises(WeightsError, match=r"'widths' that is not known here.*'width'"):
        load_vae(foreign.find(tmp_path).part(Part.VAE))


def test_the_quick_hash_tells_weights_apart_and_not_their_folders(tmp_path: Path):
    one = store.save(tmp_path / "one", "w", WEIGHTS)
    same = store.save(tmp_path / "two", "w", WEIGHTS)
    other = store.save(tmp_path / "three", "w", {**WEIGHTS, "layer.4": torch.zeros(100)})
    assert sampled_hash(one) == sampled_hash(same) != sampled_hash(other)
