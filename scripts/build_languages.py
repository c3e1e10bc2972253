"""Build data/languages/names.toml: what nine languages call the subjects, from Unicode's CLDR.

Usage: python scripts/build_languages.py FOLDER

FOLDER is an unpacked npm package cldr-annotations-full (48.2.0; Unicode-3.0 licence). A subject's
art is named after CLDR's English name of its emoji; that emoji's name in another language is a name
of the subject; of animals and food so are two keywords that no other emoji of that language has.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kinema.storybook.catalogue import catalogue
from kinema.storybook.languages.tables import LANGUAGES

OUT = Path(__file__).parents[1] / "src/kinema/storybook/data/languages/names.toml"
KEYWORDED = ("animal", "food")  # of others, keywords are parts and qualities rather than names
HEAD = """\
# What nine languages call the subjects. Made by scripts/build_languages.py from Unicode CLDR 48.2
# (Unicode-3.0 licence, see NOTICE): do not edit.
"""


def emoji_names(folder: Path, code: str) -> dict[str, dict[str, Any]]:
    """Name and keywords of every emoji in a language."""
    path = folder / "annotations" / code / "annotations.json"
    return json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]


def slug(name: str) -> str:
    """A name as the atlas writes it: "lady beetle" gives "lady-beetle"."""
    plain = name.lower().replace("\u2019", "").replace("'", "").replace("\u00f1", "n")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def main() -> None:
    """Write the file and say what is missing."""
    folder = Path(sys.argv[1])
    emoji = {slug(row["tts"][0]): key for key, row in emoji_names(folder, "en").items()
             if row.get("tts")}  # fmt: skip
    subjects = catalogue().subjects.values()
    missing = [row.name for row in subjects if row.sprite not in emoji]
    lines = [HEAD]
    for code in LANGUAGES:
        rows = emoji_names(folder, code)
        uses = Counter(word for row in rows.values() for word in row.get("default", ()))
        lines.append(f"[{code}]")
        for row in subjects:
            said = rows.get(emoji.get(row.sprite, ""), {})
            names = dict.fromkeys(said.get("tts", ()))
            if row.group in KEYWORDED:
                own = [word for word in said.get("default", ()) if uses[word] == 1]
                names |= dict.fromkeys(own[:2])
            good = [name for name in names if not re.search(r'[|"\\:]', name)]
            if good:
                lines.append(f'"{row.name}" = "{"|".join(good)}"')
        lines.append("")
    OUT.write_text("\n".join(lines), encoding="utf-8")
    print(f"{OUT.stat().st_size} bytes; no emoji for: {', '.join(missing) or 'nobody'}")


if __name__ == "__main__":
    main()
