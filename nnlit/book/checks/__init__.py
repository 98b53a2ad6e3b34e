"""The page check and the code check: sides compared, lines of a module compared with their equations."""
