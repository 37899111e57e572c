"""`make load`: a class of visitors on one server, and many runs at rest, measured on the machine's own cores."""
