"""Briefs into documents, by kind. Pure: the same brief gives the same bytes anywhere.

A kind says which films a script becomes, and nothing else: all share one document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Final

from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.studio.anchors import spoken_seconds
from kinema.studio.board import SETTINGS, read_board
from kinema.studio.document import (
    Asset,
    CaptionUse,
    Character,
    Deliverable,
    Id,
    Item,
    Length,
    Line,
    LineKind,
    Look,
    Place,
    Project,
    Scene,
    Sequence,
    Shot,
    TextState,
    Track,
    TrackKind,
    Transition,
    TransitionKind,
    Words,
    check,
    digest,
)
from kinema.studio.edits import Operation, edit, rename
from kinema.studio.fountain import read_fountain
from kinema.studio.script import Beat, Music, Names, Part, Said, Script, slug, spoken_of
from kinema.types import (
    FileId,
    Quality,
    Size,
    check_text,
    from_builtins,
    parse_seconds,
    to_builtins,
)

MAIN: Final = "main"
"""The id of the sequence that a script becomes."""
_SIMILAR: Final = 0.8
_HANDLES: Final = Fraction(1, 2)
_HANDLES_MAX: Final = 240
_FORMATS: Final = {"16:9": (16, 9), "1:1": (1, 1), "9:16": (9, 16), "4:5": (4, 5), "4:3": (4, 3)}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A document, and the files that it names by content."""

    project: Project
    files: dict[FileId, Path] = field(default_factory=dict[FileId, Path])


def film(script: Script) -> dict[str, Size]:
    """One film, in the size that the brief says."""
    return {"": _size(script)}


def social(script: Script) -> dict[str, Size]:
    """The same film in several formats for phones and feeds: upright, square and wide."""
    side = _whole(script, "side", 720)
    wanted = _list(script, "formats") or ["9:16", "1:1", "16:9"]
    found: dict[str, Size] = {}
    for name in wanted:
        if name not in _FORMATS:
            raise RequestError("formats", f"there is no {name!r}", ", ".join(_FORMATS))
        across, down = _FORMATS[name]
        short = min(across, down)
        found[name.replace(":", "x")] = Size(
            width=side * across // short // 2 * 2, height=side * down // short // 2 * 2
        )
    return found


KINDS: Final[Mapping[str, Callable[[Script], dict[str, Size]]]] = {"film": film, "social": social}
_CAPTIONS: Final = {"film": CaptionUse.SIDE, "social": CaptionUse.BURN}


def compile_brief(kind: str, brief: Path) -> Compiled:
    """Read a brief into a document of that kind.

    Args:
        kind: One of `KINDS`.
        brief: A Fountain screenplay (.fountain, .txt, .spmd) or a TOML board.

    Raises:
        RequestError: There is no such kind, or the brief is wrong; the field says where.
        MediaError: The brief or a picture in it cannot be read.
    """
    if kind not in KINDS:
        raise RequestError("kind", f"there is no {kind!r}", ", ".join(KINDS))
    try:
        text = brief.read_text(encoding="utf-8-sig")
    except OSError as error:
        problem = f"{brief.name!r} cannot be read: {error.strerror}"
        raise MediaError("brief", problem, "the path of a .fountain or .toml file") from error
    except UnicodeDecodeError as error:
        raise MediaError("brief", f"{brief.name!r} is no text: {error}", "UTF-8") from error
    check_brief(text)
    if brief.suffix.lower() == ".toml":
        script = read_board(text, brief.name, brief.parent)
    else:
        script = read_fountain(text, brief.name)
    return compile_script(kind, script)


def blank(kind: str, settings: Mapping[str, str]) -> Project:
    """A document of that kind without a shot; ``settings`` are those of a brief.

    Raises:
        RequestError: There is no such kind, or a setting cannot be read.
    """
    if kind not in KINDS:
        raise RequestError("kind", f"there is no {kind!r}", ", ".join(KINDS))
    title = settings.get("title", "")
    given = {key: value for key, value in settings.items() if key != "title"}
    return _Compiler(kind, Script(title=title, settings=given)).compiled().project


def check_brief(text: str) -> None:
    """Refuse control characters; length is limited row by row."""
    for number, row in enumerate(text.splitlines(), 1):
        check_text(f"brief:{number}", row)


def compile_script(kind: str, script: Script) -> Compiled:
    """Turn a script into a document; raises as `compile_brief`."""
    return _Compiler(kind, script).compiled()


def aligned(old: Project, new: Project) -> tuple[Project, list[Operation]]:
    """Give shots and lines that were only reworded the ids that they had before.

    An entity whose id is new takes the id of one that is gone, of the same sort and with the most
    similar text, where four fifths of it are equal.

    Returns:
        The new document with old ids, and the renames that were done.
    """
    renames: list[Operation] = []
    for collection, text_of in (("shots", _shot_text), ("lines", _line_text)):
        before, now = getattr(old, collection), getattr(new, collection)
        gone = {name: text_of(old, name) for name in before if name not in now}
        for name in [name for name in now if name not in before]:
            matcher = SequenceMatcher(None, autojunk=False)
            matcher.set_seq2(text_of(new, name))
            scores: list[tuple[float, str]] = []
            for old_name, other in sorted(gone.items()):
                matcher.set_seq1(other)
                # The quick ones are upper bounds; most texts are told apart by their lengths.
                if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _SIMILAR:
                    scores.append((matcher.ratio(), old_name))
            score, best = max(scores, default=(0.0, ""))
            if score >= _SIMILAR and best not in getattr(new, collection):
                renames.append(rename(f"{collection}/{name}", best))
                del gone[best]
    done, renames = edit(new, renames)
    return done, renames


class _Compiler:
    def __init__(self, kind: str, script: Script) -> None:
        self.kind, self.script = kind, script
        for key in script.settings:
            if key not in SETTINGS and key not in _TITLE_PAGE:
                allowed = ", ".join((*SETTINGS, "cast"))
                raise RequestError(key, "there is no such setting", allowed)
        languages = _list(script, "languages")
        self.base = script.settings.get("language") or (languages[0] if languages else "en")
        self.languages = tuple(dict.fromkeys([self.base, *languages]))
        self.names = Names(["main", "picture", "titles", "speech", "music"])
        self.seed = _whole(script, "seed", 0)
        self.fps = parse_seconds(script.settings.get("fps", "24"), "fps")
        self.files: dict[FileId, Path] = {}
        self.cast: dict[Id, Character] = {}
        self.people: dict[str, Id] = {}
        self.places: dict[Id, Place] = {}
        self.assets: dict[Id, Asset] = {}
        self.lines: dict[Id, Line] = {}
        self.shots: dict[Id, Shot] = {}
        self.picture: list[Item] = []
        self.titles: list[Item] = []
        self.speech: list[Item] = []

    def compiled(self) -> Compiled:
        for name, (looks, image) in self.script.cast.items():
            self._person(name, looks, self._file(image, "character"))
        scenes = tuple(self._scene(part) for part in self.script.parts if part.beats)
        tracks = [Track(id="picture", kind=TrackKind.PICTURE, items=tuple(self.picture))]
        for name, kind, items in (
            ("titles", TrackKind.OVERLAY, self.titles),
            ("speech", TrackKind.SPEECH, self.speech),
        ):
            tracks += [Track(id=name, kind=kind, items=tuple(items))] if items else []
        music = tuple(self._music(piece) for piece in self.script.music)
        tracks += [Track(id="music", kind=TrackKind.MUSIC, items=music)] if music else []
        project = Project(
            id=slug(self.script.title, 8),
            kind=self.kind,
            title=self.script.title,
            base_language=self.base,
            languages=self.languages,
            look=self._look(),
            cast=self.cast,
            places=self.places,
            assets=self.assets,
            lines=self.lines,
            scenes=scenes,
            shots=self.shots,
            sequences={MAIN: Sequence(tracks=tuple(tracks))},
            deliverables=self._films(),
        )
        project = from_builtins(to_builtins(project), Project)
        check(project)
        return Compiled(project, self.files)

    def _look(self) -> Look:
        settings = self.script.settings
        longest = max(
            (item.transition.frames for item in self.picture if item.transition), default=0
        )
        handles = min(_HANDLES_MAX, max(ceil(self.fps * _HANDLES), -(-longest // 2)))
        quality = settings.get("quality", Quality.STANDARD)
        if quality not in tuple(Quality):
            raise RequestError("quality", f"is {quality!r}", ", ".join(Quality))
        return Look(
            style=settings.get("style"),
            size=_size(self.script),
            fps=self.fps,
            quality=Quality(quality),
            model=settings.get("model", "animatic"),
            negative=settings.get("negative", ""),
            handles=handles,
        )

    def _films(self) -> dict[Id, Deliverable]:
        use = self.script.settings.get("captions", _CAPTIONS[self.kind])
        if use not in tuple(CaptionUse):
            raise RequestError("captions", f"is {use!r}", ", ".join(CaptionUse))
        title = slug(self.script.title, 8)
        found: dict[Id, Deliverable] = {}
        for shape, size in KINDS[self.kind](self.script).items():
            for language in self.languages:
                tongue = language.lower() if len(self.languages) > 1 else ""
                file = ".".join(part for part in (title, shape, tongue) if part)
                found[self.names.free(f"film.{file}")] = Deliverable(
                    sequence=MAIN,
                    file=file,
                    language=language,
                    size=size,
                    captions=CaptionUse(use),
                )
        return found

    def _scene(self, part: Part) -> Scene:
        name = self.names.free(slug(part.heading))
        place = None
        if part.words:
            place = next(
                (key for key, each in self.places.items() if each.words == part.words), None
            )
            if place is None:
                place = self.names.free(f"place.{slug(part.heading)}")
                self.places[place] = Place(name=part.heading, words=part.words)
        shots = tuple(self._shot(name, beat) for beat in part.beats)
        return Scene(
            id=name, heading=part.heading, place=place, synopsis=part.synopsis, shots=shots
        )

    def _shot(self, scene: str, beat: Beat) -> str:
        name = self.names.free(slug(beat.name) if beat.name else f"{scene}.{slug(beat.prompt)}")
        spoken: list[str] = []
        for said in beat.said:
            self._line(name, said, spoken)
        titles = [said for said in beat.said if said.kind is LineKind.TITLE]
        shown = [spoken_seconds(text) for said in titles for text in said.text.values()]
        image = self._file(beat.image, "image")
        names = {key: each.name for key, each in self.cast.items()}
        seed = beat.seed
        if seed is None:  # from the first id, so that a rename later changes no picture
            text = f"{self.seed}/{name}".encode()
            seed = int.from_bytes(hashlib.sha256(text).digest()[:4]) >> 1
        self.shots[name] = Shot(
            prompt=beat.prompt,
            seed=seed,
            length=Length(seconds=max([beat.seconds, *shown]), lines=tuple(spoken)),
            characters=spoken_of(names, beat.prompt),
            image=image,
        )
        frames = round(beat.transition * self.fps)
        kind = TransitionKind.DIP if beat.dips else TransitionKind.DISSOLVE
        transition = Transition(kind=kind, frames=frames) if frames else None
        item = self.names.free(f"cut.{name}")
        self.picture.append(Item(id=item, ref=name, transition=transition))
        return name

    def _line(self, shot: str, said: Said, spoken: list[str]) -> None:
        texts = {key or self.base: text for key, text in said.text.items()}
        if self.base not in texts:
            raise RequestError(said.at, f"is not there in {self.base!r}", "the base language")
        unknown = sorted(set(texts) - set(self.languages))
        if unknown:
            raise RequestError(said.at, f"there is no {unknown[0]!r}", ", ".join(self.languages))
        source = texts[self.base]
        text = {
            language: Words(value=value)
            if language == self.base
            else Words(value=value, state=TextState.REVIEWED, of=digest([source]))
            for language, value in texts.items()
        }
        speaker = self._person(said.speaker, "", None) if said.speaker else None
        name = self.names.free(slug(source, 5))
        self.lines[name] = Line(
            kind=said.kind, text=text, speaker=speaker, direction=said.direction, source=said.at
        )
        item = self.names.free(f"at.{name}")
        if said.kind is LineKind.TITLE:
            self.titles.append(Item(id=item, ref=name, start=f"shot.{shot}.start"))
            return
        after = f"line.{spoken[-1]}.end+0.25s" if spoken else f"shot.{shot}.start+0.3s"
        self.speech.append(Item(id=item, ref=name, start=after))
        spoken.append(name)

    def _music(self, piece: Music) -> Item:
        """A piece of music as an asset, from its start to the end of the film."""
        file = self._file(piece.file, "music")
        name = self.names.free(f"music.{slug(piece.file.stem)}")
        self.assets[name] = Asset(
            file=file or "",
            path=piece.file.name,
            kind="music",
            licence=piece.licence,
            credit=piece.credit,
        )
        start = piece.start or "sequence.start"
        return Item(id=self.names.free(f"at.{name}"), ref=name, start=start, gain=piece.gain)

    def _person(self, name: str, looks: str, image: FileId | None) -> Id:
        known = self.people.get(name.casefold())
        if known is None:
            known = self.people[name.casefold()] = self.names.free(f"cast.{slug(name)}")
            self.cast[known] = Character(name=name, looks=looks, image=image)
        return known

    def _file(self, path: Path | None, field_name: str) -> FileId | None:
        if path is None:
            return None
        if not path.is_file():
            raise MediaError(field_name, f"there is no file {path.name!r}", "the path of a file")
        name = media.file_id(path, field=field_name)
        self.files[name] = path
        return name


_TITLE_PAGE: Final = (
    "credit", "author", "authors", "source", "draft date", "date", "contact", "notes", "copyright",
    "format",
)  # fmt: skip
"""What screenplays say on their first page that changes nothing here."""


def _shot_text(project: Project, name: str) -> str:
    return project.shots[name].prompt


def _line_text(project: Project, name: str) -> str:
    line = project.lines[name]
    return f"{line.kind} {line.text[project.base_language].value}"


def _size(script: Script) -> Size:
    return Size.parse(script.settings.get("size", "1280x720"))


def _list(script: Script, key: str) -> list[str]:
    return [each.strip() for each in script.settings.get(key, "").split(",") if each.strip()]


def _whole(script: Script, key: str, default: int) -> int:
    text = script.settings.get(key)
    if text is None:
        return default
    if not text.isdigit() or int(text) >= 2**31:
        raise RequestError(key, f"cannot read {text!r}", "a whole number from 0")
    return int(text)
