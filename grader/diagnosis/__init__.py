"""Evidence to words: rules, each with a code, a line, what was seen, why, and what to try."""
