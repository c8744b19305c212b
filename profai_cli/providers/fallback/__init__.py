"""Several engines as one: the best that works is used, and the next one goes on where it failed."""
