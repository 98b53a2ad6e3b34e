"""The machinery of the book: reads chapters, executes their equations, renders them for the site."""
