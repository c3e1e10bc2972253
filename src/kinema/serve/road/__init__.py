"""The fast road beside the queue: previews, drafts and live streams, straight from a worker."""
