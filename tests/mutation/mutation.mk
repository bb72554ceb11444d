# Mutation: how much of the generator and of the description the tests hold.  tests/mutation/README.md says how to read the results.
SAMPLE ?= 4000
SPEC_SAMPLE ?= 100
SEED ?= 1

.PHONY: mutate mutate-all mutate-generator mutate-spec

## mutate           a sample of mutants of the generator and of spec/: [SAMPLE=4000] [SPEC_SAMPLE=100] [SEED=1] [MUTATE_TIME=seconds]
mutate:
	@tests/setup.sh test
	$(PYTHON) tests/mutation/generator.py --sample $(SAMPLE) --seed $(SEED) --report
	$(PYTHON) tests/mutation/spec.py --sample $(SPEC_SAMPLE) --seed $(SEED) $(if $(MUTATE_TIME),--seconds $(MUTATE_TIME))

## mutate-all       mutate-spec, then mutate-generator
mutate-all: mutate-spec mutate-generator
## mutate-generator every mutant of the generator; counts to tests/mutation/, survivors to build/mutation/; fails when one is open
mutate-generator:
	@tests/setup.sh test
	$(PYTHON) tests/mutation/generator.py --summary tests/mutation/generator-summary.tsv
## mutate-spec      every mutant of spec/; counts and survivors to tests/mutation/
mutate-spec:
	@tests/setup.sh test
	$(PYTHON) tests/mutation/spec.py --summary tests/mutation/spec-summary.tsv --survivors tests/mutation/spec-survivors.tsv
