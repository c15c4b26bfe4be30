"""The learner's commands, save `watch` and `run`: their options, and what they print."""
