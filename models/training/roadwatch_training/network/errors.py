"""What goes wrong with weights."""


class WeightsError(Exception):
    """
    A file that does not hold weights of this architecture; the message names the file and what was expected.
    """
