"""Figures: an actor and its pose become a cut-out picture."""

from __future__ import annotations

from kinema.storybook.figures.cast import figure, keep_more, prop
from kinema.storybook.figures.cutout import Cutout, Figure

__all__ = ["Cutout", "Figure", "figure", "keep_more", "prop"]
