# `make demo` and `make test` work on a fresh clone; what they need they install into .venv, once.

# Idle OpenMP threads sleep instead of spinning, so that a small machine is not kept busy by them.
export OMP_WAIT_POLICY = passive

PROMPT = A fox in a forest at night jumps for joy beside an owl, fireflies all around
DEMO = out/demo.mp4

.DEFAULT_GOAL := help
.PHONY: help demo test check clean

help:
	@echo 'make demo    install, make a video from a sentence, print the path of its .mp4'
	@echo 'make test    install what tests need, run every check and every test'
	@echo 'make check   the checks alone: format, lint, spelling, types, direction of imports'
	@echo 'make clean   remove what the others made, .venv included'

demo:
	@scripts/setup
	@mkdir -p $(dir $(DEMO))
	@.venv/bin/kinema generate "$(PROMPT)" -o $(DEMO)
	@echo "In the browser: .venv/bin/kinema serve, then open http://127.0.0.1:8000"
	@echo "$(CURDIR)/$(DEMO)"

test: check
	@scripts/test

check:
	@scripts/setup dev
	@scripts/check

clean:
	rm -rf .venv out .pytest_cache .ruff_cache .hypothesis .import_linter_cache
