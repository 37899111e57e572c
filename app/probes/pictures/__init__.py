"""What observers see of a network for pictures. NumPy, and no training."""
