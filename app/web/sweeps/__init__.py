"""The pages of sweeps: where one begins, what has become of it, and the list of a visitor's sweeps."""
