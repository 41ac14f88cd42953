"""A fuzzer of the sites: `python -m tests.fuzz --minutes 10`."""
