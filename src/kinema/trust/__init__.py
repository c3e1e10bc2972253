"""What makes a clip honest: the marks that say it is synthetic.

Every writer ends in `finish`. So far it writes the container's AI keys; nothing here signs a file
or hides a mark in its pixels.
"""

from kinema.trust.finish import SourceType, finish, source_type

__all__ = ["SourceType", "finish", "source_type"]
