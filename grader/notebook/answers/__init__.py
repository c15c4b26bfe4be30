"""Which code of a notebook is the answer."""
