"""The detector in the form in which the agent runs it."""
