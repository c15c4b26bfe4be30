"""The learner's seat: a folder to work in, progress, hints, solutions after success."""
