"""What outlives the process, in a database: SQLite or PostgreSQL. No JAX, no web framework."""
