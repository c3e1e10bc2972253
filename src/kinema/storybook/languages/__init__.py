"""Prompts in other languages than English: each is glossed word by word, and the gloss is read.

`english` turns a prompt of Spanish, French, German, Portuguese, Italian, Chinese, Japanese, Hindi
or Arabic into plain English words in English order, and remembers where each came from.
"""

from kinema.storybook.languages.gloss import Gloss, english

__all__ = ["Gloss", "english"]
