"""The detector: its layers, its pretrained start, and what its raw maps mean as boxes."""
