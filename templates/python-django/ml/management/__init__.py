"""Commands for the model."""
