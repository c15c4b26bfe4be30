"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples in every run, and no bound on their real time: these machines are shared and noisy.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Hostile on purpose: conftest.py, pytest.ini and tests among them are for the graded, not for us.
collect_ignore = ["attacks/submissions"]
