"""What runs in the traced program's own process. It shows nothing, and knows nobody who looks at the trace."""
