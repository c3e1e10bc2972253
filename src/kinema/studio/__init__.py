"""Films of many shots: a project document, edits of it, and what is rendered from it.

`compile` reads what a person wrote into a `document`, `edits` change it, `anchors` say when
everything is seen and heard, `cache` keeps rendered shots by content, `render` makes the films, and
`exchange` and `captions` hand the cut to other programs and take it back. `make` does all of it.
"""
