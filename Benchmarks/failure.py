"""What ends a benchmark."""

import sys
from collections.abc import Callable


class Failure(Exception):
    """A sentence for the person who started the benchmark."""


def end_in_words(main: Callable[[], None]) -> None:
    """Runs a whole benchmark; a failure or an interruption ends the process without a trace."""
    try:
        main()
    except (Failure, OSError) as error:
        sys.exit(f"bench: error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
