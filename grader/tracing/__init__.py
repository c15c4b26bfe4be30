"""`onedelay run`: a program of the learner's own, its timeline, and what can be seen in it. It knows no exercise."""
