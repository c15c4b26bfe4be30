"""The untrusted side: the learner's code, its loop and threads on the judge's clock, and the recorder."""
