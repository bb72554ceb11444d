# Images that run on QEMU's virt machine.  tests/qemu/README.md says what each boot shows.
QEMU := $(BUILD)/qemu
QEMU_CC := aarch64-linux-gnu-gcc
QEMU_CFLAGS := -std=gnu11 -Os -g -ffreestanding -fno-pic -fno-builtin -mgeneral-regs-only -mstrict-align \
	-mbranch-protection=bti -ffixed-x18 -fno-tree-loop-distribute-patterns -Wall -Wextra -Wshadow -Wconversion -Werror
QEMU_LINK := -nostdlib -static -no-pie -Wl,-T,tests/qemu/image.ld -Wl,--build-id=none -Wl,-z,norelro -Wl,--no-warn-rwx-segments

## qemu             boot what runs on the virt machine: conduits, firmware, Linux (as root on Debian: installs what it needs)
.PHONY: qemu qemu-images
qemu:
	@tests/setup.sh qemu
	@$(MAKE) --no-print-directory -j2 qemu-images
	$(PYTHON) tests/qemu/run.py

qemu-images: $(QEMU)/conduit-el2.elf $(QEMU)/conduit-el3.elf $(QEMU)/firmware-el2.elf $(QEMU)/firmware-el3.elf \
	$(QEMU)/caller.bin $(QEMU)/caller-tfa.bin $(QEMU)/partition.bin $(QEMU)/init $(BUILD)/ffabi
	@tests/qemu/linux/build.sh $(QEMU)
	@tests/qemu/tfa/build.sh $(QEMU) $(QEMU)/partition.bin tests/qemu/partition/manifest.dts

# The library as firmware links it: only what is called.
QEMU_LIB_SRC := $(wildcard runtime/*.c generated/src/*.c)
QEMU_LIB_OBJ := $(QEMU_LIB_SRC:%.c=$(QEMU)/obj/%.o) $(QEMU)/obj/runtime/conduit_aarch64.o
QEMU_SPMC := $(filter-out runtime/sandbox/sandbox.c,$(wildcard runtime/sandbox/*.c))
$(QEMU)/obj/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	@$(QEMU_CC) $(QEMU_CFLAGS) -ffunction-sections $(CPPFLAGS) -c $< -o $@
$(QEMU)/obj/%.o: %.S
	@mkdir -p $(@D)
	@$(QEMU_CC) $(QEMU_CFLAGS) -c $< -o $@
$(QEMU)/libffabi.a: $(QEMU_LIB_OBJ)
	@rm -f $@
	@aarch64-linux-gnu-ar rcs $@ $^

QEMU_CONDUIT := tests/qemu/conduit/start.S tests/qemu/conduit/main.c tests/qemu/console.c
$(QEMU)/conduit-el%.elf: $(QEMU_CONDUIT) $(wildcard tests/qemu/*.h tests/qemu/conduit/*.h) tests/qemu/image.ld $(QEMU)/libffabi.a
	$(QEMU_CC) $(QEMU_CFLAGS) $(CPPFLAGS) -DTOP=$* $(QEMU_LINK) -Wl,--defsym=BASE=0x41000000 $(QEMU_CONDUIT) $(QEMU)/libffabi.a -o $@

QEMU_FIRMWARE := $(wildcard tests/qemu/firmware/*.[cS]) tests/qemu/console.c tests/qemu/string.c
$(QEMU)/firmware-el%.elf: $(QEMU_FIRMWARE) $(QEMU_SPMC) $(wildcard tests/qemu/*.h tests/qemu/firmware/*.h runtime/sandbox/*.h) \
		tests/qemu/image.ld $(QEMU)/libffabi.a
	$(QEMU_CC) $(QEMU_CFLAGS) $(CPPFLAGS) -Iruntime/sandbox -DTOP=$* $(QEMU_LINK) -Wl,--gc-sections \
		-Wl,--defsym=BASE=0x5e000000 $(QEMU_FIRMWARE) $(QEMU_SPMC) $(QEMU)/libffabi.a -o $@

$(QEMU)/init: tests/qemu/linux/init.c
	@mkdir -p $(@D)
	$(QEMU_CC) -std=gnu11 -O2 -Wall -Wextra -Werror -static $< -o $@

# One payload at two addresses: where our firmware starts it, and where TF-A does.
QEMU_CALLER := $(wildcard tests/qemu/caller/*.[cS]) tests/qemu/firmware/options.c tests/qemu/firmware/record.c tests/qemu/console.c tests/qemu/string.c
QEMU_CALLER_NEEDS := $(QEMU_CALLER) $(wildcard tests/qemu/*.h tests/qemu/caller/*.h tests/qemu/firmware/*.h) tests/qemu/image.ld $(QEMU)/libffabi.a
QEMU_CALLER_LINK = $(QEMU_CC) $(QEMU_CFLAGS) $(CPPFLAGS) $(QEMU_LINK) -Wl,--gc-sections $(QEMU_CALLER) $(QEMU)/libffabi.a -o $@
$(QEMU)/caller.elf: $(QEMU_CALLER_NEEDS)
	$(QEMU_CALLER_LINK) -Wl,--defsym=BASE=0x40200000
$(QEMU)/caller-tfa.elf: $(QEMU_CALLER_NEEDS)
	$(QEMU_CALLER_LINK) -Wl,--defsym=BASE=0x60000000

QEMU_PARTITION := $(wildcard tests/qemu/partition/*.[cS]) tests/qemu/firmware/partition.c tests/qemu/firmware/shared.c \
	tests/qemu/firmware/tee.c tests/qemu/console.c tests/qemu/string.c
$(QEMU)/partition.elf: $(QEMU_PARTITION) $(wildcard tests/qemu/*.h tests/qemu/firmware/*.h) tests/qemu/image.ld $(QEMU)/libffabi.a
	$(QEMU_CC) $(QEMU_CFLAGS) $(CPPFLAGS) -DTOP=1 $(QEMU_LINK) -Wl,--gc-sections -Wl,--defsym=BASE=0xe100000 $(QEMU_PARTITION) $(QEMU)/libffabi.a -o $@

$(QEMU)/%.bin: $(QEMU)/%.elf
	@aarch64-linux-gnu-objcopy -O binary $< $@
