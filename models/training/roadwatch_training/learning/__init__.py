"""What the training minimises, and one epoch after another."""
