"""What stands beside the pages of a built site: plain Markdown, notebooks, PDF, one archive of all of it."""
