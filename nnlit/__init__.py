"""nnlit: a neural network from scratch, and the book that derives it."""
