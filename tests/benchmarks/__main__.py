"""`make bench`: measures, prints, and records in docs/benchmarks.md. Takes about four minutes."""

from tests.benchmarks import server, throughput
from tests.benchmarks.report import record

if __name__ == "__main__":
    print(record([throughput.measure(), *server.measure()]))
