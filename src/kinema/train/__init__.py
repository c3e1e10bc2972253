"""Training: one loop for the autoencoder, the transformer, its few-step form and fine-tunes."""
