"""Families of networks: one file each behind the protocol of `base`; `registry` is the only file that names them."""
