"""``onedelay doctor``: looks at this machine, one thing after another, and says what works. It changes nothing."""
