"""What `make bench` measures. Benchmarks are no tests: they print a table and record it in docs/benchmarks.md."""
