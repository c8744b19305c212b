"""The only floor that touches the disk: courses, progress, the event log, sound files, derived data."""
