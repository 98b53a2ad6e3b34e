"""Where an author reads more: the row of the page of the equation language that tells a message's construct."""

PAGE = "https://nnlit.github.io/nnlit/language/"


def see(anchor: str) -> str:
    """The end of a message: the address of a row."""
    return f"; see {PAGE}#{anchor}"
