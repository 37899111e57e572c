"""Runs that live: the scheduler that gives them time, the compiler, the event channels. The only threads are here."""
