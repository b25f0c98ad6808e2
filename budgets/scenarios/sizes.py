"""How often a year is drawn, and from which seed: light, for whoever only has to name them."""

from __future__ import annotations

DRAWS = 5000
FEWEST, MOST = 100, 20_000
SEED = 20_250_831
