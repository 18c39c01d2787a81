"""Trains, evaluates and exports the road-damage detectors that ship with Roadwatch."""

CLASSES = ("longitudinal_crack", "transverse_crack", "alligator_crack", "pothole", "repair")
CODES = ("D00", "D10", "D20", "D40", "repair")
STRIDES = (8, 16, 32)
PAD = 114
