"""The durable queue: what is enqueued ends, whoever dies meanwhile."""
