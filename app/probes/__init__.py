"""What observers see: pictures of a network as small arrays, quantised and packed. NumPy, and no training."""
