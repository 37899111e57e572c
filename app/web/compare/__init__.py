"""Runs side by side: how comparisons begin, in what their runs differ, and the page that shows them."""
