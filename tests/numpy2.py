"""numpy2.py: NumPy 2, whose answers are expected; without it a test ends with the status that CTest counts as skipped."""
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(77)
if not np.__version__.startswith("2."):
    sys.exit(77)
