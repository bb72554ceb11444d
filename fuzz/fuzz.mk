# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
# Fuzzers.  A target is a file in fuzz/target/, or generated: a table in generated/fuzz/ read in both styles.
# Each is built for libFuzzer (clang), AFL++ and, by any compiler, as a program that runs files.
FUZZ_TIME ?= 60
FUZZ_JOBS ?= 1
FUZZ_CLANG ?= clang-14
FUZZ_AFL ?= afl-clang-fast
FB := $(BUILD)/fuzz

FUZZ_TABLES := $(filter-out shapes,$(patsubst generated/fuzz/%.c,%,$(wildcard generated/fuzz/*.c)))
FUZZ_SANDBOX := $(wildcard runtime/sandbox/*.c)
FUZZ_TARGETS := $(filter-out $(if $(FUZZ_SANDBOX),,sandbox),$(patsubst fuzz/target/%.c,%,$(wildcard fuzz/target/*.c))) $(FUZZ_TABLES:%=%_check) $(FUZZ_TABLES:%=%_cursor)
FUZZ_KIT := $(filter-out fuzz/standalone.c fuzz/theirs.c fuzz/mutator.c,$(wildcard fuzz/*.c)) generated/fuzz/shapes.c
FUZZ_LIB := $(FUZZ_KIT) $(LIB_SRC) $(FUZZ_SANDBOX) $(filter-out runtime/cli/main.c,$(CLI_SRC))
FUZZ_HDR := $(HEADERS) $(wildcard fuzz/*.h generated/fuzz/*.h)
FUZZ_CPP := -std=gnu11 -g -DFFABI_LOAD_HOOK -Ifuzz -Igenerated/fuzz $(CPPFLAGS)
FUZZ_SAN := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# How one form is built: $(1) its folder, $(2) compiler, $(3) flags for objects, $(4) flags for linking, $(5) the object with main()
define FUZZ_FORM
$(FB)/$(1)/obj/%.o: %.c $(FUZZ_HDR)
	@mkdir -p $$(@D)
	@$(2) $(FUZZ_CPP) $(3) -c $$< -o $$@
$(FB)/$(1)/obj/generated/fuzz/%_check.o: generated/fuzz/%.c $(FUZZ_HDR)
	@mkdir -p $$(@D)
	@$(2) $(FUZZ_CPP) $(3) -DFUZZ_STYLE=check -c $$< -o $$@
$(FB)/$(1)/obj/generated/fuzz/%_cursor.o: generated/fuzz/%.c $(FUZZ_HDR)
	@mkdir -p $$(@D)
	@$(2) $(FUZZ_CPP) $(3) -DFUZZ_STYLE=cursor -c $$< -o $$@
$(FB)/$(1)/kit.a: $(FUZZ_LIB:%.c=$(FB)/$(1)/obj/%.o)
	@rm -f $$@
	@ar rcs $$@ $$^
$(FB)/$(1)/%: $(FB)/$(1)/obj/fuzz/target/%.o $(FB)/$(1)/obj/fuzz/mutator.o $(5) $(FB)/$(1)/kit.a
	@$(2) $(4) $$^ -o $$@
$(FB)/$(1)/%: $(FB)/$(1)/obj/generated/fuzz/%.o $(FB)/$(1)/obj/fuzz/mutator.o $(5) $(FB)/$(1)/kit.a
	@$(2) $(4) $$^ -o $$@
.PRECIOUS: $(FB)/$(1)/obj/%.o $(FB)/$(1)/obj/generated/fuzz/%_check.o $(FB)/$(1)/obj/generated/fuzz/%_cursor.o
endef
$(eval $(call FUZZ_FORM,libfuzzer,$(FUZZ_CLANG),$(FUZZ_SAN) -fsanitize=fuzzer-no-link,$(FUZZ_SAN) -fsanitize=fuzzer,))
$(eval $(call FUZZ_FORM,standalone,$(CC),$(FUZZ_SAN),$(FUZZ_SAN),$(FB)/standalone/obj/fuzz/standalone.o))
$(eval $(call FUZZ_FORM,afl,$(FUZZ_AFL),$(FUZZ_SAN),$(FUZZ_SAN),$(FB)/afl/obj/fuzz/standalone.o))

$(eval $(call FUZZ_FORM,cov,$(CC),-O0 --coverage,--coverage,$(FB)/cov/obj/fuzz/standalone.o))

.PHONY: cov fuzz fuzz-plants fuzz-build fuzz-standalone fuzz-afl fuzz-corpus fuzz-kept
fuzz-build: $(FUZZ_TARGETS:%=$(FB)/libfuzzer/%)
fuzz-standalone: $(FUZZ_TARGETS:%=$(FB)/standalone/%)

## fuzz             all fuzzers, FUZZ_TIME seconds in all (60); a failing input is named, exit status not 0
fuzz:
	@tests/setup.sh fuzz
	@$(MAKE) --no-print-directory fuzz-build
	$(PYTHON) fuzz/run.py $(FUZZ_TIME) -j $(FUZZ_JOBS) --targets $(FUZZ_ONLY)
## fuzz-plants      mistakes planted in the library, each found by the target that guards against it: minutes
fuzz-plants:
	@tests/setup.sh test
	FUZZ_PLANTS=libfuzzer $(PYTHON) -m pytest -q tests/test_fuzz_plants.py
## fuzz-corpus      keep in fuzz/corpus/ what fuzzing found and the seeds do not cover
fuzz-corpus: fuzz-build
	$(PYTHON) fuzz/run.py --keep --targets $(FUZZ_ONLY)
## fuzz-kept        edges that the seeds cover, that fuzz/corpus/ adds, and that everything found in build/fuzz/work/ adds
fuzz-kept: fuzz-build
	$(PYTHON) fuzz/run.py --kept --targets $(FUZZ_ONLY)
## fuzz-afl         the targets for AFL++, in build/fuzz/afl/
fuzz-afl:
	@tests/setup.sh afl
	@$(MAKE) --no-print-directory $(FUZZ_TARGETS:%=$(FB)/afl/%)
# Another parser with the mutator: TARGET is an object that has LLVMFuzzerTestOneInput and all that it needs, compiled with
# -fsanitize=fuzzer-no-link; the shape is chosen by table, version and usage.
FUZZ_TABLE ?= mem_transaction
FUZZ_VERSION ?= 1.1
FUZZ_USAGE ?= share
FUZZ_USE = $(if $(filter mem_transaction mem_access,$(FUZZ_TABLE)),FFABI_USAGE_$(shell echo $(FUZZ_USAGE) | tr a-z A-Z),0)
FUZZ_THEIRS := fuzz/theirs.c fuzz/mutate.c fuzz/tree.c fuzz/shape.c generated/fuzz/shapes.c
FUZZ_THEIRS_CPP = -DFUZZ_SHAPE=$(FUZZ_TABLE) -DFUZZ_MINOR=$(FUZZ_VERSION:1.%=%) -DFUZZ_USE=$(FUZZ_USE)
.PHONY: fuzz-theirs fuzz-afl-mutator fuzz-depth
## fuzz-theirs      a parser of yours with our mutator: TARGET=OBJECT FUZZ_TABLE= FUZZ_VERSION= FUZZ_USAGE= (fuzz/README.md)
fuzz-theirs:
	@test -f "$(TARGET)" || { echo "usage: make fuzz-theirs TARGET=OBJECT [FUZZ_TABLE=mem_transaction] [FUZZ_VERSION=1.1] [FUZZ_USAGE=share]" >&2; exit 2; }
	@mkdir -p $(FB)/theirs
	$(FUZZ_CLANG) $(FUZZ_CPP) $(FUZZ_THEIRS_CPP) $(FUZZ_SAN) -fsanitize=fuzzer $(FUZZ_THEIRS) $(TARGET) -o $(FB)/theirs/$(basename $(notdir $(TARGET)))
	$(PYTHON) fuzz/seeds.py --tables $(FB)/theirs/seeds $(FUZZ_TABLE) $(FUZZ_VERSION) $(FUZZ_USAGE)
## fuzz-afl-mutator the same mutator as a library for AFL++: AFL_CUSTOM_MUTATOR_LIBRARY=build/fuzz/afl-mutator.so
fuzz-afl-mutator:
	@mkdir -p $(FB)
	$(CC) $(FUZZ_CPP) $(FUZZ_THEIRS_CPP) -O2 -fPIC -shared -DFUZZ_FOR_AFL $(FUZZ_THEIRS) -o $(FB)/afl-mutator.so

# The same objects without our mutator.
$(FB)/plain/%: $(FB)/libfuzzer/obj/fuzz/target/%.o $(FB)/libfuzzer/kit.a
	@mkdir -p $(@D)
	@$(FUZZ_CLANG) $(FUZZ_SAN) -fsanitize=fuzzer $^ -o $@
$(FB)/example.o: fuzz/example/target.c fuzz/example/parser.c fuzz/example/parser.h
	@mkdir -p $(@D)/example
	@for f in target parser; do $(FUZZ_CLANG) -g $(FUZZ_SAN) -fsanitize=fuzzer-no-link $(EXAMPLE_FLAGS) -c fuzz/example/$$f.c -o $(@D)/example/$$f.o || exit 1; done
	@ld -r $(@D)/example/target.o $(@D)/example/parser.o -o $@
$(FB)/plain/example: $(FB)/example.o
	@mkdir -p $(@D)
	@$(FUZZ_CLANG) $(FUZZ_SAN) -fsanitize=fuzzer $^ -o $@
FUZZ_RUNS ?= 20000
FUZZ_DEPTH := mem_check mem_cursor mem_write boot_information partition_list relinquish
## fuzz-depth       our mutator beside mutation of bytes: edges covered after FUZZ_RUNS executions
fuzz-depth: $(FUZZ_DEPTH:%=$(FB)/libfuzzer/%) $(FUZZ_DEPTH:%=$(FB)/plain/%) $(FB)/plain/example
	@tests/setup.sh fuzz
	@$(MAKE) --no-print-directory fuzz-theirs TARGET=$(FB)/example.o >/dev/null
	$(PYTHON) fuzz/depth.py $(FUZZ_RUNS)
## cov              branches that make test and the corpus take; fails below 100 % of generated code, 95 % of the runtime
cov:
	@tests/setup.sh cov
	$(PYTHON) fuzz/cov.py
