"""A class: events to the machine, its commands to the engines."""
