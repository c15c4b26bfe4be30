"""Makes the grader ready to run elsewhere: archives that a platform unpacks and starts, and what runs in them."""
