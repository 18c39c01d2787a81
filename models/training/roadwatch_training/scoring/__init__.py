"""A detector over labelled pictures: what it finds, and how good that is."""
