"""The image, built and tried without Docker: for `make image-test`, on Debian and as root."""
