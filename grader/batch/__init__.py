"""Grades a class: many submissions, several judges at once, nothing lost."""
