"""Networks for pictures: what layers compute and where their numbers lie, compiled exactly for one network.

Pictures are (channels, height, width, samples): samples come last, so that XLA's loops run over them.
"""
