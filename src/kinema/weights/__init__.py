"""Weights on disk: tensors, what is known of them, and the layouts that others write."""
