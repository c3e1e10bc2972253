"""The server: OpenAI's Videos API and what goes beyond it, with jobs that cannot be lost.

`api` answers HTTP and holds no model, `jobs` is the durable queue and the worker that makes clips,
`store` is what both share: records in one database, files in one object store.
"""
