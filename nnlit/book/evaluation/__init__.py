"""Trees as numbers: arrays with named axes, definitions, derivatives, expectations and random data."""
