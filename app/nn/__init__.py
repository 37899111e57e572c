"""Pieces of networks as pure functions: JAX inside programs, NumPy where parameters are drawn. No state, no families.

Every choice among kinds is a traced code (an index into the table of its kinds), so that one compiled program
serves them all. Arrays inside programs have the batch last: (units, samples).
"""
