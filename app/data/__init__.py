"""What networks learn from, as NumPy arrays: points, splits, noise, features, scaling, uploads. No JAX.

The way in is `registry.generate` (spec and seed → Dataset), then `prepare.prepare` (Dataset → what the network sees).
"""
