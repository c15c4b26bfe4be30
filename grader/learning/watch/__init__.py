"""``onedelay watch``: stays beside a learner, judges each save, and shows what came of it."""
