"""``python -m kinema`` is the ``kinema`` command."""

from kinema.cli import main

main()
