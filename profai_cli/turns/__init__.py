"""Who may speak: the turn-taking machine. Pure; the centre of the house."""
