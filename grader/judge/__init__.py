"""The trusted side: starts, limits and ends candidates; keeps the clock; answers for the world; sees what happens."""
