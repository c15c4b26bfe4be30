"""What an author of exercises needs: check the three truths, start a new exercise, refresh what is generated."""
