"""What the tutor knows to say besides the lesson. Pure."""
