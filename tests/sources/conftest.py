"""The local publisher stands beside these tests; pytest imports test files by path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
