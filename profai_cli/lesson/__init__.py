"""What is taught: courses, topics, sentences, places. Pure."""
