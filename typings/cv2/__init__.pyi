# OpenCV's own stubs call every array a MatLike of unknown depth, which says less than our own
# annotations and contradicts them everywhere. Here its functions are simply untyped.
from typing import Any

def __getattr__(name: str) -> Any: ...
