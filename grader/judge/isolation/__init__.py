"""Keeps candidates from everything that is not theirs: levels, the sandbox, and what was measured of it."""
