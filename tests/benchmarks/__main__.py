"""`make bench`: measures, prints, and records in docs/benchmarks.md. Takes about six minutes."""

from tests.benchmarks import pictures, server, throughput
from tests.benchmarks.report import record

if __name__ == "__main__":
    print(record([throughput.measure(), pictures.throughput(), pictures.outcomes(), *server.measure()]))
