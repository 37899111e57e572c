"""HTTP: JSON for programs, HTML for people, event streams for both. It only translates; app.runs does the work."""
