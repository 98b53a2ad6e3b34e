"""LaTeX as trees: tokens, nodes, the parser, names and declarations, and trees as LaTeX again."""
