/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The only process of the Linux that boots on the firmware: looks at what arm_ffa found,
 * shares memory through the optee driver, has the TEE's one service invert it, takes the
 * driver away and turns the machine off.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tee.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES "/sys/bus/arm_ffa/devices"
#define TEE_DEVICE "arm-ffa-1"
enum {
	PAGE = 4096,
	MOST_PAGES = 4000,
	ITEM_NOT_FOUND = (int)0xffff0008
};

static void check(int good, const char *format, ...)
{
	va_list values;

	printf(good ? "ok Linux: " : "FAIL Linux: ");
	va_start(values, format);
	vprintf(format, values);
	va_end(values);
	printf("\n");
	fflush(stdout);
}

static const char *attribute(const char *device, const char *name)
{
	static char text[128];
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), DEVICES "/%s/%s", device, name);
	text[0] = '\0';
	f = fopen(path, "r");
	if (f == NULL)
		return text;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

struct described {
	const char *id;
	const char *uuid;
};

/* The partitions that the firmware describes; 0x0000 is Linux itself. */
static const struct described partitions[] = {
	{"0x0000", "00000000-0000-0000-0000-000000000000"},
	{"0x8001", "486178e0-e7f8-11e3-bc5e-0002a5d5c51b"},
	{"0x8002", "5c1d2e90-3b74-4f0a-9d11-7e6f00c0ffee"},
};
enum {
	PARTITIONS = 3,
	NO_DRIVER = 2
};

/*
 * Each is a device with its id and its UUID.  Version 1.0 has no UUIDs in descriptors: Linux
 * learns those only of partitions that a driver asks for.
 */
static void look_at_devices(void)
{
	const char *version = getenv("ffa");
	DIR *folder = opendir(DEVICES);
	struct dirent *entry;
	int found[PARTITIONS] = {0};
	int count = 0;
	int i;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char id[16];
		char uuid[64];

		if (entry->d_name[0] == '.')
			continue;
		count++;
		snprintf(id, sizeof(id), "%s", attribute(entry->d_name, "partition_id"));
		snprintf(uuid, sizeof(uuid), "%s", attribute(entry->d_name, "uuid"));
		printf("# %s: %s %s\n", entry->d_name, id, uuid);
		for (i = 0; i < PARTITIONS; i++) {
			const int nameless =
				version != NULL && strcmp(version, "1.0") == 0 && i == NO_DRIVER;
			const char *uuid_wanted = partitions[nameless ? 0 : i].uuid;

			found[i] +=
				strcmp(id, partitions[i].id) == 0 && strcmp(uuid, uuid_wanted) == 0;
		}
	}
	for (i = 1; i < PARTITIONS; i++)
		check(found[i] == 1, "arm_ffa found partition %s with its UUID", partitions[i].id);
	check(count == found[0] + 2, "arm_ffa found no other partition");
}

static uint32_t open_session(int tee, const uint8_t *uuid, uint32_t *session)
{
	struct tee_ioctl_open_session_arg arg = {.clnt_login = TEE_IOCTL_LOGIN_PUBLIC};
	struct tee_ioctl_buf_data data = {(uintptr_t)&arg, sizeof(arg)};

	memcpy(arg.uuid, uuid, sizeof(arg.uuid));
	if (ioctl(tee, TEE_IOC_OPEN_SESSION, &data) != 0)
		return 1;
	*session = arg.session;
	return arg.ret;
}

/* Has the service invert size bytes of a registered buffer; its result, or an error. */
static uint32_t invert(int tee, uint32_t session, int shm, uint64_t size)
{
	struct {
		struct tee_ioctl_invoke_arg arg;
		struct tee_ioctl_param param;
	} call = {.arg = {.session = session, .num_params = 1}};
	struct tee_ioctl_buf_data data = {(uintptr_t)&call, sizeof(call)};

	call.param.attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT;
	call.param.b = size;
	call.param.c = (uint64_t)shm;
	if (ioctl(tee, TEE_IOC_INVOKE, &data) != 0)
		return 1;
	return call.arg.ret;
}

static unsigned char *anonymous(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static unsigned char pattern(uint64_t i)
{
	return (unsigned char)(i * 7 + i / PAGE * 31);
}

static uint64_t differing(const unsigned char *bytes, uint64_t n, unsigned char mask)
{
	uint64_t count = 0;
	uint64_t i;

	for (i = 0; i < n; i++)
		count += bytes[i] != (pattern(i) ^ mask);
	return count;
}

/* What the command line of the kernel says of the first attempt with as many pages. */
static char *expected(const char *what, uint64_t pages)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%u", what, (unsigned)pages);
	return getenv(name);
}

/*
 * Pages that lie apart: each is taken from the kernel right before one that is not shared.
 * Shares them, has them inverted by the other side, and gives them up.
 */
static void share(int tee, uint32_t session, uint64_t pages)
{
	struct tee_ioctl_shm_register_data shm = {.length = pages * PAGE};
	unsigned char *shared = anonymous(pages * PAGE);
	unsigned char *between = anonymous(pages * PAGE);
	uint64_t i;
	char *refusal = expected("refused", pages);
	char *failure = expected("failed", pages);
	int fd;

	if (shared == NULL || between == NULL) {
		check(0, "%u pages: memory for them", (unsigned)pages);
		return;
	}
	for (i = 0; i < pages; i++) {
		shared[i * PAGE] = 1;
		between[i * PAGE] = 1;
	}
	for (i = 0; i < pages * PAGE; i++)
		shared[i] = pattern(i);
	shm.addr = (uintptr_t)shared;
	if (refusal != NULL) {
		fd = ioctl(tee, TEE_IOC_SHM_REGISTER, &shm);
		check(fd < 0 && errno == atoi(refusal), "%u scattered pages: refused with errno %s",
		      (unsigned)pages, refusal);
	}
	fd = ioctl(tee, TEE_IOC_SHM_REGISTER, &shm);
	check(fd >= 0, "%u scattered pages: FFA_MEM_SHARE was accepted", (unsigned)pages);
	if (fd < 0)
		return;
	if (failure != NULL)
		check(invert(tee, session, shm.id, pages * PAGE) == strtoul(failure, NULL, 16) &&
			      differing(shared, pages * PAGE, 0) == 0,
		      "%u scattered pages: the call failed with %s and no byte changed",
		      (unsigned)pages, failure);
	check(invert(tee, session, shm.id, pages * PAGE) == 0 &&
		      differing(shared, pages * PAGE, 0xff) == 0,
	      "%u scattered pages: the partition inverted every byte", (unsigned)pages);
	check(close(fd) == 0, "%u scattered pages: given up", (unsigned)pages);
	munmap(shared, pages * PAGE);
	munmap(between, pages * PAGE);
}

/* Memory that the driver allocates. */
static void allocate(int tee)
{
	struct tee_ioctl_shm_alloc_data shm = {.size = 5 * PAGE};
	int fd = ioctl(tee, TEE_IOC_SHM_ALLOC, &shm);

	check(fd >= 0, "TEE_IOC_SHM_ALLOC");
	if (fd >= 0)
		close(fd);
}

static void use_tee(void)
{
	static const uint8_t inverter[16] = {0x1f, 0x0e, 0x7c, 0x52, 0x6a, 0x9d, 0x4c, 0x33,
					     0x8b, 0x27, 0x5a, 0x11, 0xab, 0x1e, 0xfa, 0xce};
	static const uint8_t nobody[16] = {1, 2, 3};
	static const unsigned counts[] = {1, 2, 16, 250, 251, 1000, MOST_PAGES};
	struct tee_ioctl_version_data version = {0};
	uint32_t session = 0;
	uint32_t other = 0;
	unsigned i;
	int tee = open("/dev/tee0", O_RDWR);

	check(tee >= 0 && ioctl(tee, TEE_IOC_VERSION, &version) == 0 &&
		      version.impl_id == TEE_IMPL_ID_OPTEE,
	      "/dev/tee0 is OP-TEE");
	if (tee < 0)
		return;
	check(open_session(tee, nobody, &other) == (uint32_t)ITEM_NOT_FOUND,
	      "a session with nobody is refused by the partition");
	check(open_session(tee, inverter, &session) == 0 && session == 1,
	      "a session with the service");
	allocate(tee);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		share(tee, session, counts[i]);
	close(tee);
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	const ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	check(n == (ssize_t)strlen(text), "%s > %s", text, path);
	if (fd >= 0)
		close(fd);
}

static void turn_off(void)
{
	printf("# Linux turns the machine off\n");
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	exit(1);
}

/* The driver has given up: nothing of it is there, and Linux runs all the same. */
static void look_at_nothing(void)
{
	DIR *folder = opendir(DEVICES);
	struct dirent *entry;
	int count = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.';
	check(count == 0, "arm_ffa has no device");
	check(access("/dev/tee0", F_OK) != 0, "there is no /dev/tee0");
	turn_off();
}

int main(void)
{
	char driver[256];
	ssize_t n;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	if (getenv("nodriver") != NULL)
		look_at_nothing();
	look_at_devices();
	n = readlink(DEVICES "/" TEE_DEVICE "/driver", driver, sizeof(driver) - 1);
	driver[n < 0 ? 0 : n] = '\0';
	check(n > 0 && strcmp(strrchr(driver, '/') + 1, "optee") == 0,
	      "the optee driver bound to " TEE_DEVICE);
	use_tee();
	write_text("/sys/bus/arm_ffa/drivers/optee/unbind", TEE_DEVICE);
	turn_off();
	return 1;
}
