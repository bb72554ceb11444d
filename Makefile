# make          everything a newcomer wants: packages, generated code, library, command, demonstration
# make test     every test; make bench: instruction counts; make help: the rest
PYTHON ?= /usr/bin/python3
CC ?= cc
BUILD ?= build
# Each version has its own idea of the same style.
CLANG_FORMAT ?= clang-format-14
RELEASE := 0.1.0

CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
CPPFLAGS += -Iruntime/include -Igenerated/include
SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all

LIB_SRC := $(wildcard runtime/*.c) $(wildcard generated/src/*.c)
CLI_SRC := $(wildcard runtime/cli/*.c)
SANDBOX_SRC := $(wildcard runtime/sandbox/*.c)
HEADERS := $(wildcard runtime/include/ffabi/*.h runtime/cli/*.h runtime/sandbox/*.h generated/include/ffabi/*.h)
# Conduits are instructions: only the compiler of their architecture takes them.
LIB_ASM := $(if $(findstring aarch64,$(shell $(CC) -dumpmachine)),runtime/conduit_aarch64.S)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o) $(LIB_ASM:%.S=$(BUILD)/obj/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/obj/%.o)
SAN_OBJ := $(LIB_SRC:%.c=$(BUILD)/san/%.o)
SANDBOX_OBJ := $(SANDBOX_SRC:%.c=$(BUILD)/obj/%.o)
SANDBOX_SAN_OBJ := $(SANDBOX_SRC:%.c=$(BUILD)/san/%.o)

# Commands are shown as what they make; V=1 shows them whole.
Q := $(if $(V),,@)
lower = $(shell echo $(1) | tr A-Z a-z)

.PHONY: embed install all setup setup-test regen lib cli sandbox demo test check-generated lint bench help clean
.DELETE_ON_ERROR:

all:
	@tests/setup.sh build
	@$(MAKE) --no-print-directory regen
	@$(MAKE) --no-print-directory -j2 cli
	@$(MAKE) --no-print-directory demo
	@echo "build/ffabi and build/libffabi.a are there.  make test: all tests; make embed: a copy for your tree; make help: what else there is."

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## regen            write generated/ anew from spec/
regen:
	$(PYTHON) -m codegen
## check-generated  fail when generated/ is not what spec/ says
check-generated:
	$(PYTHON) -m codegen --check
## lint             judge spec/, the generator's types, and the form of handwritten C
lint:
	@tests/setup.sh test
	$(PYTHON) -m codegen --lint
	$(PYTHON) -m mypy codegen
	find runtime fuzz tests -name '*.[ch]' | xargs $(CLANG_FORMAT) --dry-run -Werror

## lib cli          the library and the ffabi command, in build/
lib: $(BUILD)/libffabi.a
cli: $(BUILD)/ffabi

## sandbox          a partition manager for tests on a host: build/libffabi-sandbox.a
sandbox: $(BUILD)/libffabi-sandbox.a

$(BUILD)/obj/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	@echo "  CC  $<"
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -DFFABI_RELEASE='"$(RELEASE)"' -c $< -o $@
$(BUILD)/obj/%.o: %.S
	@mkdir -p $(@D)
	@echo "  CC  $<"
	$(Q)$(CC) $(CFLAGS) -c $< -o $@
$(BUILD)/san/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	@echo "  CC  $<"
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(SAN) -c $< -o $@
$(BUILD)/libffabi.a: $(LIB_OBJ)
	@rm -f $@
	@echo "  AR  $@"
	$(Q)$(AR) rcs $@ $^
$(BUILD)/libffabi-sandbox.a: $(SANDBOX_OBJ)
	@rm -f $@
	@echo "  AR  $@"
	$(Q)$(AR) rcs $@ $^
$(BUILD)/libffabi-sandbox-san.a: $(SANDBOX_SAN_OBJ)
	@rm -f $@
	@echo "  AR  $@"
	$(Q)$(AR) rcs $@ $^
$(BUILD)/ffabi: $(CLI_OBJ) $(BUILD)/libffabi-sandbox.a $(BUILD)/libffabi.a
	@echo "  LD  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ -o $@
$(BUILD)/ffabi-san: $(CLI_SRC) $(BUILD)/libffabi-sandbox-san.a $(SAN_OBJ)
	@echo "  LD  $@"
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(SAN) -DFFABI_RELEASE='"$(RELEASE)"' $^ -o $@
$(BUILD)/driver: generated/tests/driver.c $(SAN_OBJ)
	@echo "  LD  $@"
	$(Q)$(CC) -std=c11 $(CPPFLAGS) $(SAN) $^ -o $@

## demo             decode a real conversation of U-Boot with a partition manager
demo: $(BUILD)/ffabi
	$(BUILD)/ffabi decode trace tests/captures/uboot-pass-el1.txt

## test             all tests (under ten minutes)
test:
	@tests/setup.sh test
	@$(MAKE) --no-print-directory -j2 cli sandbox $(BUILD)/ffabi-san $(BUILD)/driver $(BUILD)/libffabi-sandbox-san.a
	$(PYTHON) -m pytest -q -rs -n 2 --dist loadfile tests

## bench            instruction counts and sizes, to build/bench.tsv; compares with tests/bench/baseline.tsv
bench:
	@tests/setup.sh test
	$(PYTHON) tests/bench/bench.py

## install          library, headers, command, pkg-config and CMake files: [DESTDIR=folder] [PREFIX=/usr/local]
install: $(BUILD)/ffabi
	runtime/package/install.sh "$(BUILD)" "$(DESTDIR)" "$(or $(PREFIX),/usr/local)" "$(RELEASE)"

## embed            copy the library, or a part, into another tree: DEST=folder [CALLS=mem_share,...] [TABLES=mem_transaction,...]
##                  [VERSIONS=1.1,1.2] [SIDE=caller|callee|both] [PREFIX=name] [FORM=tree|single] [PORT=stdint|linux|xen|edk2]
embed:
	@$(if $(DEST),,echo "make embed: DEST=folder is missing; make help shows the rest" >&2; exit 2)
	@$(PYTHON) -m codegen.embed --dest "$(DEST)" $(foreach word,CALLS TABLES VERSIONS SIDE PREFIX FORM PORT,$(if $($(word)),--$(call lower,$(word))="$($(word))"))

## clean            remove build/
clean:
	rm -rf $(BUILD)

# The rules of a subject live beside it.
include $(wildcard fuzz/*.mk tests/*/*.mk)
