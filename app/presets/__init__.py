"""Experiments that each teach one thing, with what they show, what to try, and a picture of how they end.

`library/` has one document for each, `thumbnails/` what training it led to; `python -m app.presets` writes the latter.
"""
