"""The exact judge: what generated clips show, beside what real ones show to the same referee."""
