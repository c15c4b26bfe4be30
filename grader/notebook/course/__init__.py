"""The exercises written as a course of nbgrader's."""
