"""`dealgate serve`, for `benchmarks.latency` to start as a process."""

import sys

from connector.cli import main

if __name__ == "__main__":
    sys.argv = ["dealgate", "serve"]
    main()
