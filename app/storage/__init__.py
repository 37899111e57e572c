"""What outlives the process: files below the data directory. No JAX, no web framework."""
