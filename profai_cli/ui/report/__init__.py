"""The page of `profai report`: from the events of a class to one HTML file."""
