"""Reading files: chapters, tags of modules, examples, each with the place where it stands."""
