"""Trains every preset and writes its thumbnail: `make thumbnails`."""

from app.engine import xla
from app.presets.thumbnails import write_thumbnails
from app.settings import settings

xla.configure(settings().cache_dir)
write_thumbnails()
