"""Pictures that networks learn from, as NumPy arrays: drawn, bundled, fetched and uploaded; copies, split. No JAX.

The way in is `registry.draw_pictures` (spec and seed → PictureSet), then `prepare.prepare_pictures` (PictureSet → what
the network sees).
"""
