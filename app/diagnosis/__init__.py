"""What stands out in a run, told from its numbers: one function for each finding, all of them pure (NumPy)."""
