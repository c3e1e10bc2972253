"""Video, animation and picture files, in and out.

`write` makes a file of frames, `probe` and `frames` read one, `fingerprint` names what it shows,
`embed` and `facts` put Kinema's facts in and take them out.
"""

from kinema.media.files import FileStore, cache_folder
from kinema.media.fingerprint import file_id, fingerprint
from kinema.media.formats import CARRIES_FACTS, Format, check_output
from kinema.media.metadata import Labels, embed, facts, labels
from kinema.media.picture import still
from kinema.media.reader import Info, Kind, frames, probe
from kinema.media.silence import add_silence
from kinema.media.staging import staged
from kinema.media.thumbnail import Highlights, SpriteSheet, spritesheet, thumbnail
from kinema.media.video import Written, write

__all__ = [
    "CARRIES_FACTS",
    "FileStore",
    "Format",
    "Highlights",
    "Info",
    "Kind",
    "Labels",
    "SpriteSheet",
    "Written",
    "add_silence",
    "cache_folder",
    "check_output",
    "embed",
    "facts",
    "file_id",
    "fingerprint",
    "frames",
    "labels",
    "probe",
    "spritesheet",
    "staged",
    "still",
    "thumbnail",
    "write",
]
