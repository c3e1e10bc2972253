"""Kinema, the open Sora: describe a video in words and get it."""

__version__ = "0.1.0"
