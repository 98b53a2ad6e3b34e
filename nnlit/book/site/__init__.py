"""The book as web pages: the Markdown extension, generated pages, formulas as HTML."""
