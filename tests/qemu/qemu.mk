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

qemu-images: $(QEMU)/conduit-el2.elf $(QEMU)/conduit-el3.elf

QEMU_CONDUIT := tests/qemu/conduit/start.S tests/qemu/conduit/main.c tests/qemu/console.c runtime/conduit_aarch64.S
$(QEMU)/conduit-el%.elf: $(QEMU_CONDUIT) $(wildcard tests/qemu/*.h tests/qemu/conduit/*.h) tests/qemu/image.ld $(HEADERS)
	@mkdir -p $(@D)
	$(QEMU_CC) $(QEMU_CFLAGS) $(CPPFLAGS) -DTOP=$* $(QEMU_LINK) -Wl,--defsym=BASE=0x41000000 $(QEMU_CONDUIT) -o $@
