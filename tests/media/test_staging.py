from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kinema import media
from kinema.errors import OutputError
from tests.media.moving import FORMATS, SIZE, pictures


def test_a_file_takes_its_name_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    with media.staged(out) as part:
        part.write_text("half")
        assert (part.parent, part.suffix) == (tmp_path, ".mp4")
        assert not out.exists()
    assert out.read_text() == "half"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_the_older_file(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    out.write_text("old")
    with pytest.raises(KeyError), media.staged(out) as part:
        part.write_text("new")
        raise KeyError
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="output: cannot be written"),
        media.staged(tmp_path / "clip.mp4"),
    ):
        pass


@pytest.mark.parametrize("name", FORMATS)
def test_writing_and_labelling_are_one_step(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    for _ in range(2):
        with media.staged(out) as part:
            media.write(part, pictures(4), size=SIZE, fps=Fraction(24))
            media.embed(part, media.Labels(facts='{"made":true}'))
    assert media.facts(out) == {"made": True}
    assert [f.name for f in tmp_path.iterdir()] == [Path(name).parts[0]]
