"""Verdicts in the formats of other systems. Pure functions, values to text; none of them shows what a check hides."""
