"""commandpost: the duty room of an epidemic-prevention command post, on one terminal."""

__version__ = "0.1.0"
