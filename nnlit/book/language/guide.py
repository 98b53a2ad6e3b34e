"""Where an author reads more: the row of the page of the equation language that tells of a message's construct."""

PAGE = "https://nnlit.github.io/nnlit/language/"


def see(anchor: str) -> str:
    """The end of a message: the address of a row."""
    return f"; see {PAGE}#{anchor}"


CLAIMS_NOTHING = {
    r"\sim": r"\sim says how something is distributed: there are no two sides to compare" + see("distributed"),
    r"\ll": r"\ll says that something is small beside another thing, not how small" + see("much-less"),
    r"\gg": r"\gg says that something is large beside another thing, not how large" + see("much-less"),
}
