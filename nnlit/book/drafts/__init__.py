"""The rows that a text without a table could have: what its formulas say of their names, and guesses, so marked."""
