"""The networks, one file each, and the table of the models built from them."""
