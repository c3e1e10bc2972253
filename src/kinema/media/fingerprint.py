"""Hashes that name a file: by what it shows, and by its bytes."""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import av
from av.stream import Stream

from kinema.errors import MediaError
from kinema.media.formats import VIDEO, Format, is_sequence, sequence_files, sniff
from kinema.media.layout import Role, open_bytes, parts
from kinema.media.reader import opened, reading
from kinema.types import FileId

_BLOCK: Final = 1 << 20


def fingerprint(path: Path, *, field: str = "file") -> FileId:
    """Hash what a file shows and plays, and nothing that is said about it.

    Two files with the same fingerprint decode to the same pictures and sound at the same times.
    Titles, facts, marks, and the order of things in the container do not change it.

    What goes in: of a video, for each stream in order its codec, time base, size (or sample rate),
    the decoder's set-up, and for each packet its times and length in exact seconds, whether it is a
    key frame, and its bytes. Of a GIF, WebP, PNG or JPEG the encoded image with palette, timing and
    colour profile, without text, Exif and XMP. Of a sequence the fingerprints of its pictures.

    Raises:
        MediaError: The file cannot be read; ``field`` is named in the message.

    Cost:
        Reads the file once and decodes nothing.
    """
    if is_sequence(path):
        return _of_sequence(
            [fingerprint(file, field=field) for file in sequence_files(path, field)]
        )
    form = sniff(path, field)
    with reading(path, field):
        digest = _of_packets(path, form, field) if form in VIDEO else _of_image(path, form)
    return f"sha256:{digest}"


def file_id(path: Path, *, field: str = "file") -> FileId:
    """Hash all bytes of a file, whatever it is; of a sequence, those of its pictures in order.

    Raises:
        MediaError: The file cannot be read; ``field`` is named in the message.
    """
    if is_sequence(path):
        return _of_sequence([file_id(file, field=field) for file in sequence_files(path, field)])
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise MediaError(field, f"{path.name} cannot be read: {error.strerror}") from error


def _of_sequence(each: list[FileId]) -> FileId:
    return f"sha256:{hashlib.sha256(' '.join(each).encode()).hexdigest()}"


def _of_packets(path: Path, form: Format, field: str) -> str:
    # One hash a stream: how packets of several streams are interleaved is the container's choice.
    hashes = defaultdict[int, Any](hashlib.sha256)
    with opened(path, form, field) as container:
        for stream in container.streams:
            hashes[stream.index].update(_described(stream))
        for packet in container.demux():
            if not packet.size:
                continue
            base = packet.time_base
            times = [None if t is None else t * base for t in (packet.pts, packet.dts)]
            length = (packet.duration or 0) * base
            head = f"{times[0]} {times[1]} {length} {packet.is_keyframe} {packet.size}\n"
            hashes[packet.stream.index].update(head.encode() + bytes(packet))
    joined = "".join(hashes[index].hexdigest() for index in sorted(hashes))
    return hashlib.sha256(joined.encode()).hexdigest()


def _described(stream: Stream) -> bytes:
    context: Any = getattr(stream, "codec_context", None)  # none for time codes and the like
    if isinstance(stream, av.VideoStream):
        shape = f"{stream.width}x{stream.height}"
    else:
        shape = str(getattr(stream, "sample_rate", ""))
    codec = "" if context is None else context.codec.canonical_name
    setup = b"" if context is None else context.extradata or b""
    return f"{stream.type} {codec} {stream.time_base} {shape}\n".encode() + setup


def _of_image(path: Path, form: Format) -> str:
    digest = hashlib.sha256(form.value.encode())
    with open_bytes(path) as data:
        for part in parts(data, form):
            if part.role is Role.IMAGE:
                for at in range(part.start, part.end, _BLOCK):
                    digest.update(data[at : min(at + _BLOCK, part.end)])
    return digest.hexdigest()
