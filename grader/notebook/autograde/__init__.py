"""What is handed in to such a course, graded without a kernel; all but two of its modules import nbgrader."""
