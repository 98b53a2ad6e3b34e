"""Wrong versions of equations and code lines, what rejects them, and the ledger of all that was found."""
