"""Notebooks: exercises as a course of nbgrader's, and the door through which a cell has its answer judged."""

from grader.notebook.kernel import judge

__all__ = ["judge"]
