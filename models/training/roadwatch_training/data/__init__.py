"""Labelled pictures in, training samples out."""
