"""What networks learn from: clips with captions, in batches, from a position that can be kept."""
