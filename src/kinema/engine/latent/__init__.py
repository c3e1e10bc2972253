"""Latent models behind the engine: any network that moves noise to a clip along a flow.

`protocol` says what a model must answer, `native` answers it with our own networks and `pipelines`
with those of the ``diffusers`` library. `tasks` turns a request into a plan, `run` samples a plan,
`inputs` and `finish` are its two ends in pixels, and `adapter` ties them to the five stages.
"""
