"""The page on which a visitor finds all runs again: to go on with, to name, to take away, to delete."""
