"""The arithmetic under the networks: attention, rotary positions, norms.

Each fast path stands beside a plain one that says the same thing slowly, and a test says they
agree.
"""
