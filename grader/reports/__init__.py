"""Verdicts to text and data. Pure functions; nothing here runs a check or writes a file."""
