from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinema import media
from kinema.errors import MediaError
from tests.media.moving import FORMATS, SIZE, STILLS, Write, number_of, pictures

MOVING = (*FORMATS[:4], "frames/%04d.png")


@pytest.mark.parametrize("name", MOVING)
@pytest.mark.parametrize(
    ("start", "count"), [(0, 3), (7, 1), (49, 5), (58, None), (58, 9), (70, 2)]
)
def test_any_stretch_is_exact_by_frame(
    write: Write, name: str, start: int, count: int | None
) -> None:
    path = write(name, 60, 20)
    found = [number_of(frame) for frame in media.frames(path, start=start, count=count)]
    stop = 60 if count is None else min(60, start + count)
    assert found == [number % 32 for number in range(start, stop)]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm"])
def test_jumping_gives_the_same_pixels_as_playing(write: Write, name: str) -> None:
    path = write(name, 60, 10)
    played = list(media.frames(path))
    jumped = [next(media.frames(path, start=number, count=1)) for number in (1, 19, 20, 21, 59)]
    for number, frame in zip((1, 19, 20, 21, 59), jumped, strict=True):
        assert np.array_equal(played[number], frame)


@pytest.mark.parametrize("name", [*FORMATS[:4], *STILLS])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_file_cut_short_is_refused(write: Write, name: str, share: float) -> None:
    path = write(name, 1 if name.startswith("still") else 30)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(MediaError, match=r"clip: .*(broken|cut short|not of a kind)"):
        media.probe(path, field="clip")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"only words", "not of a kind that is read"),
        (b"RIFF\0\0\0\0WEBP", "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
        (b"\xff\xd8\xff\xe0", "broken"),
        (b"GIF89a", "broken"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, "broken"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 9 + b"webm", "broken"),
    ],
)
def test_a_broken_file_is_named_with_its_field(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    for read in (media.probe, lambda p, field: list(media.frames(p, field=field))):
        with pytest.raises(MediaError, match=rf"images\[0\]: clip\.mp4 .*{said}"):
            read(path, field="images[0]")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for read in (media.probe, media.still, media.fingerprint, media.file_id, media.facts):
        with pytest.raises(MediaError, match=r"clip: gone\.mp4 cannot be read: No such file"):
            read(tmp_path / "gone.mp4", field="clip")
    with pytest.raises(MediaError, match=r"there is no 000\.png"):
        media.probe(tmp_path / "%03d.png")


def test_content_counts_and_not_the_ending(write: Write) -> None:
    path = write("clip.webm", 5)
    lying = path.rename(path.with_suffix(".png"))
    assert media.probe(lying).format is media.Format.WEBM


def test_a_play_list_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret.ts\n")
    with pytest.raises(MediaError, match="not of a kind"):
        media.probe(path)


def test_a_small_file_cannot_claim_a_huge_picture(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    _, data = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
    raw = bytearray(data.tobytes())
    raw[16:24] = struct.pack(">II", 60_000, 60_000)
    path.write_bytes(raw)
    with pytest.raises(MediaError, match="60000x60000 pixels; allowed: 1 to 8192"):
        media.still(path)


def test_a_video_that_is_to_be_turned_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "turned.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 128, "yuv420p"
        stream.set_display_rotation(90)
        for number, frame in enumerate(pictures(3)):
            picture = av.VideoFrame.from_ndarray(frame, format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    info = media.probe(path)
    assert (info.format, str(info.size)) == (media.Format.MOV, "128x160")
    shown = next(media.frames(path))
    upright = np.rot90(pictures(1)[0], 1)
    assert np.abs(shown.astype(int) - upright).mean() < 8


def test_a_still_with_alpha_keeps_it(tmp_path: Path) -> None:
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[..., 0], rgba[5:, :, 3] = 200, 128
    for suffix in (".png", ".webp"):
        path = tmp_path / f"prop{suffix}"
        settings_ = [cv2.IMWRITE_WEBP_QUALITY, 101] if suffix == ".webp" else []
        _, data = cv2.imencode(suffix, cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), settings_)
        path.write_bytes(data.tobytes())
        found = media.still(path)
        assert found.shape == (20, 30, 4)
        assert np.array_equal(found[..., 3], rgba[..., 3])
        assert (found[10, 10, :3] == (200, 0, 0)).all()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_grey_and_deep_pictures_become_rgb(tmp_path: Path, kind: type) -> None:
    path = tmp_path / "grey.png"
    top = np.iinfo(kind).max
    _, data = cv2.imencode(".png", np.full((8, 9), top // 2, kind))
    path.write_bytes(data.tobytes())
    found = media.still(path)
    assert (found.shape, found.dtype) == ((8, 9, 3), np.uint8)
    assert abs(int(found[0, 0, 0]) - 127) <= 1


@pytest.mark.parametrize("name", ["clip.mp4", "clip.gif", "clip.webp"])
def test_a_moving_picture_is_no_still(write: Write, name: str) -> None:
    with pytest.raises(MediaError, match=r"images\[1\]: .* not a single picture"):
        media.still(write(name, 4), field="images[1]")


def test_a_webp_of_other_makers_is_put_together_right(tmp_path: Path) -> None:
    path = tmp_path / "other.webp"
    animation = cv2.Animation(0, (0, 0, 0, 0))
    frames = [cv2.cvtColor(frame, cv2.COLOR_RGB2BGRA) for frame in pictures(6)]
    for frame in frames:
        frame[100:, 100:, 3] = 0
    animation.frames, animation.durations = frames, [70] * 6
    assert cv2.imwriteanimation(str(path), animation, [cv2.IMWRITE_WEBP_QUALITY, 100])
    assert [number_of(frame) for frame in media.frames(path)] == list(range(6))
    assert media.probe(path).seconds == Fraction(42, 100)


@given(data=st.binary(max_size=300), head=st.sampled_from(range(7)))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_crash_the_readers(tmp_path: Path, data: bytes, head: int) -> None:
    heads = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x04ab",
        b"GIF89a\x04\0\x04\0\x80",
        b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0",
        b"RIFF\xff\0\0\0WEBPVP8 ",
        b"\0\0\0\x10ftypisom\0\0\0\0",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm",
    )
    path = tmp_path / "fuzz"
    path.write_bytes(heads[head] + data)
    for read in (media.probe, media.fingerprint, media.still, media.labels):
        try:
            read(path)
        except MediaError as error:
            assert error.field == "file"


def test_sizes_are_told_without_decoding_all(write: Write) -> None:
    for name in ("clip.mp4", "clip.webp", "frames/%04d.png"):
        assert media.probe(write(name, 3)).size == SIZE
