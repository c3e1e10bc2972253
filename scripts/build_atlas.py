"""Build the sprite atlas of the storybook world from published emoji packages.

The atlas is built once and committed, because history keeps every copy of a binary. To make it
again:

    npm install --prefix ASSETS @lobehub/fluent-emoji-3d@1.1.0 \
        @lobehub/fluent-emoji-anim-1@1.0.0 @lobehub/fluent-emoji-anim-2@1.0.0 \
        @lobehub/fluent-emoji-anim-3@1.0.0 @lobehub/fluent-emoji-anim-4@1.0.0 \
        emojibase-data@17.0.0
    pip install "av>=18,<19" numpy "opencv-python-headless>=5,<6" pillow "msgspec==0.22.*"
    python scripts/build_atlas.py ASSETS src/kinema/storybook/data

The art is Microsoft's Fluent Emoji, still and animated, both MIT; names and groups are Unicode
CLDR's, by way of emojibase. See NOTICE.

Shape legend for this file:
    T = frames of a loop, H, W = rows and columns (always 256), C = colour channels,
    N = visible pixels of all frames, M = skin or hair.
"""
# ruff: noqa: N803, N806, N815  (shape suffixes)

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image  # pyright: ignore[reportMissingImports]  (needed only to build)

from kinema.storybook import atlas

SIZE = atlas.SIZE
BASE = atlas.BASE_TONE
NEUTRAL = 60.0  # squared error by which "does not change" is preferred
FEWEST = 60  # pixels a frame that make a part worth having

# BT.709 full range, the inverse of the loader's matrix.
YUV_FROM_RGB = np.linalg.inv(atlas.RGB_FROM_YUV.astype(np.float64)).astype(np.float32)

# Which emoji subgroups are taken, and into which group of ours.
GROUPS = {
    "faces": (
        "face-smiling face-affection face-tongue face-hand face-neutral-skeptical "
        "face-sleepy face-unwell face-hat face-glasses face-concerned face-negative face-costume "
        "cat-face monkey-face"
    ),
    "people": (
        "person person-gesture person-role person-fantasy person-activity person-sport "
        "person-resting"
    ),
    "animals": "animal-mammal animal-bird animal-amphibian animal-reptile animal-marine animal-bug",
    "plants": "plant-flower plant-other",
    "food": "food-fruit food-vegetable food-prepared food-asian food-sweet drink dishware",
    "places": "place-geographic place-building place-religious place-other place-map",
    "vehicles": "transport-ground transport-water transport-air",
    "sky": "sky-weather",
    "sports": "sport game award-medal",
    "objects": (
        "event arts-crafts clothing music musical-instrument phone computer light-video "
        "book-paper money mail writing office lock tool science medical household "
        "other-object hotel sound"
    ),
    "symbols": "heart emotion punctuation flag body-parts person-symbol",
}

# Concepts that belong elsewhere than their subgroup says.
MOVED = {
    "objects": (
        "spider web; feather; umbrella; closed umbrella; umbrella with rain drops; "
        "umbrella on ground; anchor; ring buoy; wheel; oil drum; seat; barber pole; brick; "
        "video game; joystick; crystal ball; magic wand; teddy bear; piñata; mirror ball; "
        "nesting dolls; puzzle piece; game die; kite; yo-yo; bone; wing; bell; postal horn; "
        "megaphone; thermometer; police car light; horizontal traffic light; "
        "vertical traffic light; construction; compass; chequered flag; triangular flag; "
        "pirate flag; thread; trophy; sports medal; military medal; chess pawn; knot; "
        "bubbles; love letter; hourglass done; hourglass not done; alarm clock; mantelpiece clock"
    ),
    "sky": (
        "fireworks; sparkler; sparkles; collision; foggy; night with stars; "
        "globe showing Europe-Africa; globe showing Americas; globe showing Asia-Australia; "
        "satellite"
    ),
    "plants": "Christmas tree; rock; wood; tanabata tree; pine decoration; bouquet",
    "places": "fountain; railway track",
    "symbols": "musical note; musical notes; sweat droplets; musical score; paw prints; footprints",
    "animals": "see-no-evil monkey; hear-no-evil monkey; speak-no-evil monkey",
}

# Not in Microsoft's MIT release of the animated set: families, couples, kisses, people holding
# hands (the whole subgroup "family", not listed above) and these. Even their stills are left out.
UNLICENSED = "technologist; man technologist; woman technologist; family"

# Letters, numbers, signs, brand names, body parts, or nothing a story needs.
DROPPED = (
    "deaf person; deaf man; deaf woman; person getting massage; man getting massage; "
    "woman getting massage; person getting haircut; man getting haircut; "
    "woman getting haircut; person frowning; person pouting; person gesturing NO; "
    "person gesturing OK; person tipping hand; elevator; speaking head; people hugging; "
    "bank; pig nose; microbe; money-mouth face; face with symbols on mouth; "
    "input symbols; hundred points; face vomiting; dotted line face; breast-feeding; "
    "middle finger; eye in speech bubble; biting lip; kiss mark; flexed biceps; "
    "mechanical arm; mechanical leg; leg; foot; ear; ear with hearing aid; nose; tooth; "
    "lungs; anatomical heart; tongue; mouth; eye; bust in silhouette; "
    "busts in silhouette; rainbow flag; transgender flag; crossed flags; black flag; "
    "white flag; wavy dash; double exclamation mark; exclamation question mark; "
    "world map; map of Japan; Japanese post office; post office; hospital; hotel; "
    "love hotel; convenience store; kaaba; Statue of Liberty; Tokyo tower; wedding; "
    "hot springs; bridge at night; stop sign; bus stop; motorway; station; fuel pump; "
    "1st place medal; 2nd place medal; 3rd place medal; pool 8 ball; slot machine; "
    "spade suit; heart suit; diamond suit; club suit; joker; mahjong red dragon; "
    "flower playing cards; martial arts uniform; reminder ribbon; admission tickets; "
    "ticket; red envelope; briefs; bikini; lipstick; prayer beads; muted speaker; "
    "speaker low volume; speaker medium volume; speaker high volume; bell with slash; "
    "level slider; control knobs; mobile phone with arrow; pager; fax machine; "
    "low battery; computer disk; floppy disk; optical disk; dvd; printer; trackball; "
    "film frames; ledger; page with curl; bookmark tabs; label; yen banknote; "
    "euro banknote; pound banknote; dollar banknote; credit card; receipt; "
    "chart increasing with yen; money with wings; e-mail; incoming envelope; "
    "envelope with arrow; outbox tray; inbox tray; closed mailbox with lowered flag; "
    "open mailbox with lowered flag; ballot box with ballot; black nib; "
    "card index dividers; calendar; tear-off calendar; spiral notepad; spiral calendar; "
    "card index; chart increasing; chart decreasing; bar chart; card file box; "
    "linked paperclips; open file folder; locked with pen; locked with key; "
    "hammer and pick; dagger; link; chains; syringe; drop of blood; x-ray; pill; toilet; "
    "plunger; razor; cigarette; coffin; headstone; funeral urn; nazar amulet; hamsa; "
    "placard; identification card; mouse trap; safety pin; water pistol; "
    "people with bunny ears; men with bunny ears; women with bunny ears"
)

LIMIT = 14_000_000
PRESET = 4
# Rate factors of colour and alpha (less is better): best for what is looked at.
STILL = (30, 32)
MOVING = dict.fromkeys(GROUPS, (38, 37)) | {
    "animals": (33, 36),
    "faces": (33, 36),
    "vehicles": (33, 36),
    "people": (35, 36),
}
CRF_REGIONS = 44


@dataclass(frozen=True)
class Source:
    """One concept before it is packed: where its pictures lie."""

    name: str
    group: str
    picture: Path
    """The loop, or the still where it does not move."""
    tones: dict[str, Path]
    """The same in every skin tone; empty where there is no skin to colour."""


def slug(label: str) -> str:
    """Return an English emoji name as a lower-case ASCII slug."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def read_catalogue(assets: Path) -> list[Source]:
    """Choose the concepts and find their files."""
    modules = assets / "node_modules"
    data = json.loads((modules / "emojibase-data/en/data.json").read_text("utf-8"))
    meta = json.loads((modules / "emojibase-data/meta/groups.json").read_text("utf-8"))
    stills = {p.stem: p for p in (modules / "@lobehub/fluent-emoji-3d/assets").glob("*.webp")}
    loops: dict[str, Path] = {}
    for part in (1, 2, 3, 4):
        for path in (modules / f"@lobehub/fluent-emoji-anim-{part}/assets").glob("*.webp"):
            if len(loop_times(path)) > 1:
                loops.setdefault(path.stem, path)

    def find(hexcode: str) -> Path | None:
        code = hexcode.lower()
        keys = code, code.replace("-fe0f", ""), f"{code}-fe0f"
        return next((table[key] for table in (loops, stills) for key in keys if key in table), None)

    by_subgroup = {sub: group for group, subs in GROUPS.items() for sub in subs.split()}
    moved = {label: group for group, labels in MOVED.items() for label in labels.split("; ")}
    dropped = {*DROPPED.split("; "), *UNLICENSED.split("; ")}
    sources = []
    for row in sorted((r for r in data if "group" in r), key=lambda r: r["order"]):
        subgroup, label = meta["subgroups"][str(row["subgroup"])], row["label"]
        group = moved.get(label, by_subgroup.get(subgroup))
        picture = find(row["hexcode"])
        if group is None or label in dropped or picture is None:
            continue
        tones = {
            atlas.TONES[skin["tone"] - 1]: path
            for skin in row.get("skins", ())
            if isinstance(skin["tone"], int) and (path := find(skin["hexcode"]))
        }
        sources.append(Source(slug(label), group, picture, tones))
    return sources


def read_frames(path: Path, count: int) -> NDArray[np.uint8]:
    """Read frames evenly spread over a loop, straight RGBA.

    Returns:
        (T, 256, 256, 4). The loop is periodic: its end is not repeated.
    """
    image = Image.open(path)
    total = getattr(image, "n_frames", 1)
    frames = []
    for i in range(count):
        image.seek(int(i * total / count + 0.5) % total)
        frame = np.asarray(image.convert("RGBA"))
        top = (frame.shape[0] - atlas.SIZE) // 2  # a few stills are 256 x 264
        frames.append(frame[top : top + atlas.SIZE])
    return np.stack(frames)


def loop_times(path: Path) -> list[int]:
    """Return the duration of every frame of a WebP animation, in milliseconds."""
    data, at, times = path.read_bytes(), 12, []
    while at + 8 <= len(data):
        if data[at : at + 4] == b"ANMF":
            times.append(int.from_bytes(data[at + 20 : at + 23], "little"))
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return times


def spread(rgba_HWC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Continue the colours smoothly beyond the alpha edge, so that no background bleeds in.

    Pull-push: average solid pixels down to one pixel, then fill every level's gaps from the next
    coarser one. Half-transparent pixels count little, because their colours are the least reliable.
    """
    weight = (rgba_HWC[..., 3:].astype(np.float32) / 255) ** 4
    levels = [(rgba_HWC[..., :3] * weight, weight)]
    while levels[-1][1].shape[0] > 1:
        colour, weight = (
            4 * cv2.resize(x, (x.shape[1] // 2, x.shape[0] // 2), interpolation=cv2.INTER_AREA)
            for x in levels[-1]
        )
        colour, weight = colour.reshape(*colour.shape[:2], 3), weight.reshape(*weight.shape[:2], 1)
        full = np.minimum(weight, 1)
        levels.append((colour / np.maximum(weight, 1e-6) * full, full))
    colour, weight = levels[-1]
    filled = colour / np.maximum(weight, 1e-6)
    for colour, weight in levels[-2::-1]:
        up = cv2.resize(filled, colour.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        filled = colour + up.reshape(colour.shape) * (1 - weight)
    return np.clip(filled + 0.5, 0, 255).astype(np.uint8)


def yuv_planes(rgb_HWC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Convert to planar 4:2:0, BT.709 full range, as (384, 256)."""
    yuv_HWC = rgb_HWC.astype(np.float32) @ YUV_FROM_RGB.T
    half = SIZE // 2
    chroma = cv2.resize(yuv_HWC[..., 1:], (half, half), interpolation=cv2.INTER_AREA) + 128
    planes = [yuv_HWC[..., 0], *(chroma[..., i].reshape(half // 2, SIZE) for i in (0, 1))]
    return np.clip(np.concatenate(planes) + 0.5, 0, 255).astype(np.uint8)


def grey_planes(luma_HW: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Wrap a channel as the luma of a grey 4:2:0 picture."""
    height, width = luma_HW.shape
    return np.concatenate([luma_HW, np.full((height // 2, width), 128, np.uint8)])


def region_plane(parts_HWC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put skin above hair at half size, continued beyond where they are known (third channel)."""
    whole = spread(parts_HWC[..., (0, 1, 1, 2)])[..., :2]
    half = cv2.resize(whole, (SIZE // 2, SIZE // 2), interpolation=cv2.INTER_AREA)
    return grey_planes(np.concatenate([half[..., 0], half[..., 1]]))


def encode(planes: list[NDArray[np.uint8]], crf: int, preset: int) -> bytes:
    """Encode pictures as AV1, one key frame at the start, and join the packets length-prefixed."""
    encoder = av.CodecContext.create("libsvtav1", "w")
    encoder.width, encoder.height = planes[0].shape[1], planes[0].shape[0] * 2 // 3
    encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", Fraction(1, 24), Fraction(24)
    encoder.color_range, encoder.colorspace = 2, 1  # full, BT.709
    encoder.options = {"crf": str(crf), "preset": str(preset), "g": "999", "svtav1-params": "lp=1"}
    packets = []
    for i, plane in enumerate(planes):
        frame = av.VideoFrame.from_ndarray(plane, "yuv420p")
        frame.pts = i
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return b"".join(len(data).to_bytes(2, "little") + data for data in map(bytes, packets))


@dataclass(frozen=True)
class Skin:
    """What turns the stored tone of a person into the others."""

    parts_THWC: NDArray[np.uint8]
    """(T, 256, 256, 3), 0 to 255: is the pixel skin, is it hair, how well is that known."""
    limits: bytes
    maps: dict[str, bytes]
    """See ``atlas.Entry``."""


def fit_skin(looks: dict[str, NDArray[np.uint8]]) -> Skin:
    """Find skin and hair in the real tone variants, and how their colours follow from the stored.

    A mixture of three maps, fitted by turns as in k-means: a pixel belongs to skin or hair if that
    part's affine map of its colour explains it in all tones at once, or to neither if it never
    changes. The variants have the same geometry, so pixels correspond.
    """
    solid_THW = np.all([look[..., 3] > 250 for look in looks.values()], axis=0)
    base_NC = looks[BASE][solid_THW][:, :3].astype(np.float32)
    others = [tone for tone in atlas.TONES if tone != BASE]
    target_NC = np.hstack([looks[tone][solid_THW][:, :3] for tone in others]).astype(np.float32)
    luma = np.array([0.2126, 0.7152, 0.0722], np.float32)
    own = np.maximum(base_NC @ luma, 1)
    light, dark = (target_NC[:, 3 * k : 3 * k + 3] @ luma / own for k in (0, 3))
    # First guess: hair is fair in the stored tone and black in the light one, skin is like in both.
    part_N = np.where(dark > 0.75, 2, np.where(light < 0.6, 1, 0))
    full_NC = np.hstack([base_NC, np.full((len(base_NC), 1), 255, np.float32)])
    kept_MC = np.zeros((2, full_NC.shape[1], target_NC.shape[1]), np.float32)
    for _ in range(4):
        errors = [((target_NC - np.tile(base_NC, len(others))) ** 2).mean(1) - NEUTRAL]
        for part in (1, 0):
            inside = np.flatnonzero(part_N == part)
            if len(inside) < FEWEST * len(solid_THW):
                errors.insert(0, np.full(len(base_NC), 1e9, np.float32))
                continue
            inside = inside[:: max(1, len(inside) // 20_000)]
            x, y = full_NC[inside], target_NC[inside]
            kept_MC[part] = np.linalg.solve(x.T @ x + 2e3 * np.eye(4, dtype=np.float32), x.T @ y)
            errors.insert(0, ((target_NC - full_NC @ kept_MC[part]) ** 2).mean(1))
        part_N = settle(errors, solid_THW)
    parts_THWC = np.zeros((*solid_THW.shape, 3), np.uint8)
    # The outermost pixels are a blend with nothing: their part is mostly taken from inside.
    inner = [cv2.erode(frame, np.ones((5, 5))) for frame in solid_THW.astype(np.uint8)]
    parts_THWC[..., 2] = 100 * solid_THW + 155 * np.stack(inner)
    limits = np.zeros((2, 2, 3), np.uint8)
    for part in (0, 1):
        inside = part_N == part
        parts_THWC[solid_THW, part] = 255 * inside
        if inside.any():
            limits[part] = np.percentile(base_NC[inside], (2, 98), axis=0)
    kept_MC[:, 3] *= 255
    maps = {
        tone: kept_MC[:, :, 3 * k : 3 * k + 3].transpose(0, 2, 1).astype("<f4").tobytes()
        for k, tone in enumerate(others)
    }
    return Skin(parts_THWC, limits.tobytes(), maps)


def read_tones(source: Source, count: int) -> dict[str, NDArray[np.uint8]]:
    """Read the same frames in all tones; where the source has two exchanged, put them right."""
    looks = {tone: read_frames(path, count) for tone, path in source.tones.items()}
    brightness = {tone: look[look[..., 3] > 250][:, 1].mean() for tone, look in looks.items()}
    if brightness["medium"] > brightness["medium-light"]:
        print(f"{source.name}: medium and medium-light are exchanged in the source")
        looks["medium"], looks["medium-light"] = looks["medium-light"], looks["medium"]
    return looks


def settle(errors: list[NDArray[np.float32]], solid_THW: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Give every solid pixel to the part with the least error around it, without specks."""

    def around(values: NDArray[np.float32]) -> NDArray[np.float32]:
        picture = np.zeros(solid_THW.shape, np.float32)
        picture[solid_THW] = values
        return np.stack([cv2.blur(frame, (5, 5)) for frame in picture])[solid_THW]

    part_N = np.argmin([around(np.sqrt(np.maximum(error, 0))) for error in errors], axis=0)
    return np.argmax([around((part_N == part).astype(np.float32)) for part in range(3)], axis=0)


def measure(rgba_THWC: NDArray[np.uint8]) -> tuple[tuple[int, int, int, int], float, float]:
    """Return the box, baseline and height of decoded frames, as ``atlas.Concept`` defines them."""
    alpha_THW = rgba_THWC[..., 3]
    ever_HW = np.any(alpha_THW > 0.08 * 255, axis=0)
    rows, columns = np.flatnonzero(np.any(ever_HW, axis=1)), np.flatnonzero(np.any(ever_HW, axis=0))
    spans = [np.flatnonzero(rows) for rows in np.any(alpha_THW > 0.2 * 255, axis=2)]
    bottoms = [span[-1] + 1 for span in spans if len(span)]
    tops = [span[0] for span in spans if len(span)]
    baseline = float(np.median(bottoms))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return box, baseline, baseline - float(np.median(tops))


def build(assets: Path, out: Path, cache: Path, only: set[str]) -> None:
    """Pack every concept and write ``atlas.bin`` and ``atlas.msgpack``."""
    entries, blob = [], bytearray()
    for source in read_catalogue(assets):
        if only and source.name not in only:
            continue
        packed = pack(source, cache)
        streams = packed.colour, packed.alpha, packed.regions
        sizes = len(packed.colour), len(packed.alpha), len(packed.regions)
        entries.append(atlas.Entry(packed.concept, len(blob), sizes, packed.limits, packed.maps))
        blob += b"".join(streams)
    out.mkdir(parents=True, exist_ok=True)
    (out / "atlas.bin").write_bytes(blob)
    index = msgspec.msgpack.encode(entries)
    (out / "atlas.msgpack").write_bytes(index)
    total = len(blob) + len(index)
    print(f"{len(entries)} concepts, {total:,} bytes ({len(index):,} of index)")
    if total > LIMIT:
        raise SystemExit(f"the atlas is {total:,} bytes; its limit is {LIMIT:,}")


class Packed(msgspec.Struct):
    """One concept, encoded and measured; what the cache keeps."""

    concept: atlas.Concept
    colour: bytes
    alpha: bytes
    regions: bytes
    limits: bytes
    maps: dict[str, bytes]


def pack(source: Source, cache: Path) -> Packed:
    """Encode and measure one concept, or take it from the cache."""
    times = loop_times(source.picture)
    count = 1 if len(times) < 2 else 12 if len(times) < 20 else 24
    crf_colour, crf_alpha = STILL if count == 1 else MOVING[source.group]
    recipe = f"{source} {crf_colour} {crf_alpha} {CRF_REGIONS} {PRESET}"
    path = cache / f"{source.name}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.msgpack"
    if path.exists():
        return msgspec.msgpack.decode(path.read_bytes(), type=Packed)
    looks = (
        read_tones(source, count) if source.tones else {BASE: read_frames(source.picture, count)}
    )
    skin = fit_skin(looks) if source.tones else None
    frames = looks[BASE]
    colour = encode([yuv_planes(spread(f)) for f in frames], crf_colour, PRESET)
    alpha = encode([grey_planes(f[..., 3]) for f in frames], crf_alpha, PRESET)
    regions = b""
    if skin:
        regions = encode([region_plane(p) for p in skin.parts_THWC], CRF_REGIONS, PRESET)
    decoded = atlas.compose(atlas.unpack(colour), atlas.unpack(alpha))
    box, baseline, height = measure(decoded)
    concept = atlas.Concept(
        source.name,
        source.group,
        count,
        sum(times) / 1000,
        box,
        baseline,
        height,
        tuple(source.tones),
    )
    packed = Packed(
        concept, colour, alpha, regions, skin.limits if skin else b"", skin.maps if skin else {}
    )
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.msgpack.encode(packed))
    return packed


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the sprite atlas of the storybook world.")
    parser.add_argument("assets", type=Path, help="folder that holds node_modules")
    parser.add_argument("out", type=Path, help="folder for atlas.bin and atlas.msgpack")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "atlas_cache",
        help="encoded concepts",
    )
    parser.add_argument("--only", nargs="*", default=[], help="names; all where none is given")
    given = parser.parse_args()
    build(given.assets, given.out, given.cache, set(given.only))


if __name__ == "__main__":
    main()
