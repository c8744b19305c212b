"""Readers of the event stream: they show a class and never steer it."""
