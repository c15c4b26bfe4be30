"""What a command says when it cannot do as it was asked; it knows no command."""

from __future__ import annotations


class Complaint(Exception):  # noqa: N818 - nothing is broken
    """Ends a command with exit code 2; the message is one line that says what is so and what to do."""
