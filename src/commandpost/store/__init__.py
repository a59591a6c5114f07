"""Engine, versions, claims, ticks, undo: the only floor that knows which database it speaks to."""
