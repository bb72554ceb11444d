.PHONY: bench-generator

## bench-generator  CPU time of the generator, by stage and for a description of ten times the calls, to build/bench-generator.tsv
bench-generator:
	@tests/setup.sh build
	$(PYTHON) tests/bench/generator.py
