"""Prompts in other languages than English: each is glossed word by word, and the gloss is read.

`english` turns a prompt of Spanish, French, German, Portuguese, Italian, Chinese, Japanese, Hindi
or Arabic into plain English words in English order, and remembers where each came from. `say` goes
the other way: one plain line for a scene.
"""

from kinema.storybook.languages.gloss import Gloss, english
from kinema.storybook.languages.say import Saying, say

__all__ = ["Gloss", "Saying", "english", "say"]
