from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from tokenizers import Tokenizer as FastTokenizer
from tokenizers.decoders import Metaspace as MetaspaceDecoder
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from kinema.errors import WeightsError
from kinema.models.text import END, Tokenizer, buckets, clean
from tests.models.small import TEXT, ours_like, text_encoder, theirs

SENTENCES = [
    "a fox runs through the forest at night", "an owl sits on a branch",
    "two children play with a red ball", "rain falls on the old town",
]  # fmt: skip


def prompt_ids(length: int, seed: int = 0) -> list[int]:
    source = torch.Generator().manual_seed(seed)
    return torch.randint(2, 300, (length,), generator=source).tolist()


@pytest.mark.requires("diffusers")
def test_the_encoder_agrees_with_transformers():
    reference = theirs(TEXT)
    ours = ours_like(reference, TEXT)
    prompts = [prompt_ids(150), prompt_ids(20, seed=1)]
    ids, mask = torch.zeros(2, 200, dtype=torch.long), torch.zeros(2, 200, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, : len(prompt)] = torch.tensor(prompt)
        mask[row, : len(prompt)] = 1
    expected = reference(ids, mask).last_hidden_state * mask[..., None]
    torch.testing.assert_close(ours(ids, mask.bool()), expected, atol=2e-5, rtol=0)
    torch.testing.assert_close(ours.encode(prompts), expected[:, :150], atol=2e-5, rtol=0)


def test_a_prompt_at_its_true_length_equals_the_padded_one():
    net = text_encoder()
    alone = net.encode([prompt_ids(9)])
    together = net.encode([prompt_ids(9), prompt_ids(64, seed=2)])
    torch.testing.assert_close(together[:1, :9], alone, atol=1e-6, rtol=1e-5)
    assert not together[0, 9:].any()
    assert alone.shape == (1, 9, 48)


@given(st.integers(1, 300), st.sampled_from([8, 32]), st.sampled_from([64, 128]))
@settings(max_examples=20)
def test_distances_fall_into_as_many_classes_as_there_are(length: int, count: int, reach: int):
    found = buckets(length, count, reach, torch.device("cpu"))
    assert found.min() >= 0
    assert found.max() < count
    assert not found.diagonal().any()
    if length > 2:
        assert found[0, 1] != found[1, 0]  # forward and backward are told apart
        assert (found[0, 1:].diff() >= 0).all()


@pytest.fixture(scope="module")
def spiece(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vocabulary")
    SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 4), model_prefix=str(folder / "spiece"), vocab_size=40,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2,
    )  # fmt: skip
    (folder / "spiece.vocab").unlink()
    return folder


@pytest.fixture(scope="module")
def fast(spiece: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same vocabulary as the other kind of file, padded to 512 as the published one is."""
    pieces = SentencePieceProcessor(model_file=str(spiece / "spiece.model"))
    scored = [(pieces.id_to_piece(i), pieces.get_score(i)) for i in range(len(pieces))]
    tokenizer = FastTokenizer(Unigram(scored, unk_id=2, byte_fallback=False))
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.decoder = MetaspaceDecoder()
    tokenizer.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.enable_padding(length=512)
    tokenizer.enable_truncation(4)
    folder = tmp_path_factory.mktemp("fast")
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.mark.parametrize("prompt", ["a fox at night", "the owl", "", "  two\n red   balls  "])
def test_both_kinds_of_vocabulary_file_give_the_same_ids(spiece: Path, fast: Path, prompt: str):
    ids = Tokenizer(spiece)(prompt)
    assert Tokenizer(fast)(prompt) == ids
    assert ids[-1] == END
    assert 0 not in ids


def test_a_long_prompt_is_cut_and_still_ends(spiece: Path):
    ids = Tokenizer(spiece)(" ".join(SENTENCES), limit=12)
    assert len(ids) == 12
    assert ids[-1] == END
    assert ids[:11] == Tokenizer(spiece)(" ".join(SENTENCES))[:11]


def test_prompts_are_cleaned_of_broken_encodings_and_entities():
    assert clean(" Fox &amp;amp;  owl\n\t\u00c3\u00a9t\u00c3\u00a9 ") == "Fox & owl \u00e9t\u00e9"


def test_a_missing_or_broken_vocabulary_is_named(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"holds no vocabulary.*tokenizer.json or spiece.model"):
        Tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(WeightsError, match=r"the vocabulary in .* cannot be read"):
        Tokenizer(tmp_path)
