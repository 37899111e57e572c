"""Programs and the training they do: compiling, advancing, observing. Synchronous: no threads, no clocks."""
