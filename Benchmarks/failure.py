"""What ends a benchmark."""


class Failure(Exception):
    """A sentence for the person who started the benchmark."""
