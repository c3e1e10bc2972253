"""Build the sprite atlas of the storybook world from published emoji packages.

The atlas is built once and committed, because history keeps every copy of a binary. To make it again:

    npm install --prefix ASSETS @lobehub/fluent-emoji-3d@1.1.0 \
        @lobehub/fluent-emoji-anim-1@1.0.0 @lobehub/fluent-emoji-anim-2@1.0.0 \
        @lobehub/fluent-emoji-anim-3@1.0.0 @lobehub/fluent-emoji-anim-4@1.0.0 \
        emojibase-data@17.0.0
    pip install "av>=18,<19" numpy "opencv-python-headless>=5,<6" pillow "msgspec==0.22.*"
    python scripts/build_atlas.py ASSETS src/kinema/storybook/data

The art is Microsoft's Fluent Emoji, still and animated, both MIT; names and groups are Unicode CLDR's, by
way of emojibase. See NOTICE.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

# Which emoji subgroups are taken, and into which group of ours.
GROUPS = {
    "faces": "face-smiling face-affection face-tongue face-hand face-neutral-skeptical face-sleepy "
    "face-unwell face-hat face-glasses face-concerned face-negative face-costume cat-face monkey-face",
    "people": "person person-gesture person-role person-fantasy person-activity person-sport person-resting",
    "animals": "animal-mammal animal-bird animal-amphibian animal-reptile animal-marine animal-bug",
    "plants": "plant-flower plant-other",
    "food": "food-fruit food-vegetable food-prepared food-asian food-sweet drink dishware",
    "places": "place-geographic place-building place-religious place-other place-map",
    "vehicles": "transport-ground transport-water transport-air",
    "sky": "sky-weather",
    "sports": "sport game award-medal",
    "objects": "event arts-crafts clothing music musical-instrument phone computer light-video book-paper "
    "money mail writing office lock tool science medical household other-object hotel time sound",
    "symbols": "heart emotion punctuation flag body-parts person-symbol",
}

# Concepts that belong elsewhere than their subgroup says.
MOVED = {
    "objects": "spider web; feather; umbrella; closed umbrella; umbrella with rain drops; umbrella on ground; "
    "anchor; ring buoy; wheel; oil drum; seat; traffic cone; barber pole; brick; video game; joystick; "
    "crystal ball; magic wand; teddy bear; piñata; mirror ball; nesting dolls; puzzle piece; game die; "
    "kite; yo-yo; water pistol; slot machine; bone; wing; bell; postal horn; megaphone; thermometer; "
    "fuel pump; police car light; horizontal traffic light; vertical traffic light; construction; compass; "
    "chequered flag; triangular flag; pirate flag; barber pole; thread; trophy; sports medal; military medal; "
    "chess pawn; knot; bubbles; love letter; speaking head",
    "sky": "fireworks; sparkler; sparkles; collision; foggy; night with stars; globe showing Europe-Africa; "
    "globe showing Americas; globe showing Asia-Australia; satellite",
    "plants": "Christmas tree; rock; wood; tanabata tree; pine decoration; bouquet",
    "places": "fountain; railway track; motorway; fuel pump; station; bus stop",
    "symbols": "musical note; musical notes; sweat droplets; musical score; paw prints; footprints",
    "animals": "see-no-evil monkey; hear-no-evil monkey; speak-no-evil monkey",
}

# Not in Microsoft's MIT release of the animated set (storybook.md 2.1): families, couples, kisses, people
# holding hands (whole subgroup, not listed above) and these. Neither animation nor still is used.
UNLICENSED = "technologist; man technologist; woman technologist; family"

# Letters, numbers, signs, brand names, body parts, or nothing a story needs.
DROPPED = (
    "pig nose; microbe; money-mouth face; face with symbols on mouth; input symbols; hundred points; "
    "face vomiting; dotted line face; breast-feeding; middle finger; "
    "eye in speech bubble; biting lip; kiss mark; "
    "flexed biceps; mechanical arm; mechanical leg; leg; foot; ear; ear with hearing aid; nose; tooth; "
    "lungs; anatomical heart; tongue; mouth; eye; "
    "bust in silhouette; busts in silhouette; rainbow flag; transgender flag; crossed flags; black flag; "
    "white flag; wavy dash; double exclamation mark; exclamation question mark; "
    "world map; map of Japan; Japanese post office; post office; hospital; hotel; love hotel; "
    "convenience store; kaaba; Statue of Liberty; Tokyo tower; wedding; hot springs; bridge at night; "
    "stop sign; bus stop; motorway; station; fuel pump; "
    "1st place medal; 2nd place medal; 3rd place medal; pool 8 ball; slot machine; spade suit; heart suit; "
    "diamond suit; club suit; joker; mahjong red dragon; flower playing cards; martial arts uniform; "
    "reminder ribbon; admission tickets; ticket; red envelope; "
    "briefs; bikini; lipstick; prayer beads; "
    "muted speaker; speaker low volume; speaker medium volume; speaker high volume; bell with slash; "
    "level slider; control knobs; mobile phone with arrow; pager; fax machine; low battery; "
    "computer disk; floppy disk; optical disk; dvd; printer; trackball; film frames; "
    "ledger; page with curl; bookmark tabs; label; yen banknote; euro banknote; pound banknote; "
    "dollar banknote; credit card; receipt; chart increasing with yen; money with wings; "
    "e-mail; incoming envelope; envelope with arrow; outbox tray; inbox tray; closed mailbox with lowered flag; "
    "open mailbox with lowered flag; ballot box with ballot; black nib; "
    "card index dividers; calendar; tear-off calendar; spiral notepad; spiral calendar; card index; "
    "chart increasing; chart decreasing; bar chart; card file box; linked paperclips; open file folder; "
    "locked with pen; locked with key; hammer and pick; dagger; link; chains; syringe; drop of blood; "
    "x-ray; pill; toilet; plunger; razor; cigarette; coffin; headstone; funeral urn; nazar amulet; hamsa; "
    "placard; identification card; mouse trap; safety pin; water pistol; "
    "twelve o’clock; twelve-thirty; one o’clock; one-thirty; two o’clock; two-thirty; three o’clock; "
    "three-thirty; four o’clock; four-thirty; five o’clock; five-thirty; six o’clock; six-thirty; "
    "seven o’clock; seven-thirty; eight o’clock; eight-thirty; nine o’clock; nine-thirty; ten o’clock; "
    "ten-thirty; eleven o’clock; eleven-thirty; watch; stopwatch; timer clock"
)


@dataclass(frozen=True)
class Source:
    """One concept before it is packed: where its pictures lie."""

    name: str
    group: str
    subgroup: str
    still: Path | None
    loop: Path | None
    tones: dict[str, tuple[Path | None, Path | None]]
    """Skin tone to (still, loop) of that variant."""


def slug(label: str) -> str:
    """Return an English emoji name as a lower-case ASCII slug."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


TONES = ("light", "medium-light", "medium", "medium-dark", "dark")


def read_catalogue(assets: Path) -> list[Source]:
    """Choose the concepts and find their files."""
    modules = assets / "node_modules"
    data = json.loads((modules / "emojibase-data/en/data.json").read_text("utf-8"))
    meta = json.loads((modules / "emojibase-data/meta/groups.json").read_text("utf-8"))
    stills = {p.stem: p for p in (modules / "@lobehub/fluent-emoji-3d/assets").glob("*.webp")}
    loops: dict[str, Path] = {}
    for part in (1, 2, 3, 4):
        for path in (modules / f"@lobehub/fluent-emoji-anim-{part}/assets").glob("*.webp"):
            if b"ANMF" in path.read_bytes()[:4096]:
                loops.setdefault(path.stem, path)

    def find(table: dict[str, Path], hexcode: str) -> Path | None:
        code = hexcode.lower()
        for key in (code, code.replace("-fe0f", ""), f"{code}-fe0f"):
            if key in table:
                return table[key]
        return None

    by_subgroup = {sub: group for group, subs in GROUPS.items() for sub in subs.split()}
    moved = {label: group for group, labels in MOVED.items() for label in labels.split("; ")}
    dropped = {*DROPPED.split("; "), *UNLICENSED.split("; ")}
    sources = []
    for row in sorted((r for r in data if "group" in r), key=lambda r: r["order"]):
        subgroup, label = meta["subgroups"][str(row["subgroup"])], row["label"]
        group = moved.get(label, by_subgroup.get(subgroup))
        still, loop = find(stills, row["hexcode"]), find(loops, row["hexcode"])
        if group is None or label in dropped or not (still or loop):
            continue
        tones = {
            TONES[skin["tone"] - 1]: (find(stills, skin["hexcode"]), find(loops, skin["hexcode"]))
            for skin in row.get("skins", ())
            if isinstance(skin["tone"], int)
        }
        tones = {tone: pair for tone, pair in tones.items() if any(pair)}
        sources.append(Source(slug(label), group, subgroup, still, loop, tones))
    return sources
