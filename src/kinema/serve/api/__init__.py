"""HTTP: the Videos API, what belongs with it, and what goes beyond it. Holds no model."""
