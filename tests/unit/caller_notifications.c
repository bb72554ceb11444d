/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Notifications.  r119, r136: which half of a register an id is in, and which register
 * the low half of a bitmap is in; r148, r155: lists of ids, 4 in a register of the 64-bit
 * form and 2 in one of the 32-bit form, an endpoint id and then its vCPU ids.
 */
#include <ffabi/caller_notifications.h>
#include <ffabi/lists.h>

#include "script.h"

static struct ffabi_caller k;

static void test_setting_up(void)
{
	static const struct turn turns[] = {
		{{0x8400007d, 3, 4}, SUCCESS, NULL},
		{{0x8400007d, 3, 4}, FAILED(-3), NULL},
		{{0x8400007f, 0x80010003, 1, 0x55, 0x1}, SUCCESS, NULL},
		{{0x84000080, 0x80010003, 0, 0x55, 0x1}, FAILED(-6), NULL},
		{{0x84000080, 0x80010003, 0, 0x55, 0x1}, SUCCESS, NULL},
		{{0x8400007e, 3}, SUCCESS, NULL},
		{{0x8400007e, 3}, {0x8400007e, 3}, NULL},
	};
	const struct ffabi_notification_bitmap_create create = {3, 4, 0};
	const struct ffabi_notification_bitmap_destroy destroy = {3};
	const struct ffabi_notification_bind bind = {0x8001, 3, 1, 0x100000055};
	const struct ffabi_notification_unbind unbind = {0x8001, 3, 0x100000055};

	SCRIPTED(&k, FFABI_V1_1, turns);
	spoil(&k);
	CHECK(ffabi_caller_notification_bitmap_create(&k, &create) == FFABI_OK);
	spoil(&k);
	CHECK(ffabi_caller_notification_bitmap_create(&k, &create) == FFABI_STATUS_NO_MEMORY);
	CHECK(ffabi_caller_notification_bind(&k, &bind) == FFABI_OK);
	spoil(&k);
	CHECK(ffabi_caller_notification_unbind(&k, &unbind) == FFABI_STATUS_DENIED);
	spoil(&k);
	CHECK(ffabi_caller_notification_unbind(&k, &unbind) == FFABI_OK);
	CHECK(ffabi_caller_notification_bitmap_destroy(&k, &destroy) == FFABI_OK);
	CHECK(ffabi_caller_notification_bitmap_destroy(&k, &destroy) == FFABI_E_FID && over());
}

static void test_signals(void)
{
	static const struct turn turns[] = {
		{{0x84000081, 0x30001, 0x50001, 0, 0x80000000}, FAILED(-7), NULL},
		{{0x84000081, 0x30001, 0x50001, 0, 0x80000000}, SUCCESS, NULL},
		{{0x84000082, 0x20001, 3}, {0x84000061, 0, 1, 2, 3, 4, 0x10, 0x20}, NULL},
		{{0x84000082, 0x20001, 3}, FAILED(-2), NULL},
		{{0x84000082, 0x20001, 3}, {0xc4000061}, NULL},
	};
	const struct ffabi_notification_set set = {3, 1, 1, 5, 0x8000000000000000};
	const struct ffabi_notification_get get = {2, 1, 3};
	struct ffabi_notification_get_success got;

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 1;
	spoil(&k);
	CHECK(ffabi_caller_notification_set(&k, &set) == FFABI_OK);
	spoil(&k);
	CHECK(ffabi_caller_notification_get(&k, &get, &got) == FFABI_OK);
	CHECK(got.sp_bitmap == 0x200000001 && got.vm_bitmap == 0x400000003);
	CHECK(got.spm_framework_bitmap == 0x10 && got.hyp_framework_bitmap == 0x20);
	spoil(&k);
	CHECK(ffabi_caller_notification_get(&k, &get, &got) == FFABI_STATUS_INVALID_PARAMETERS);
	spoil(&k);
	CHECK(ffabi_caller_notification_get(&k, &get, &got) == FFABI_E_CONV && over());
}

static void test_refused(void)
{
	const struct ffabi_notification_set none = {3, 1, 0, 0, 0};
	const struct ffabi_notification_bind flag = {3, 1, 2, 1};
	const struct ffabi_notification_get get = {2, 1, 0x10};
	struct ffabi_notification_get_success got;
	struct ffabi_notification_info_get_success pending;

	UNCALLED(&k, FFABI_V1_1);
	spoil(&k);
	CHECK(ffabi_caller_notification_set(&k, &none) == FFABI_E_RANGE);
	CHECK(ffabi_caller_notification_bind(&k, &flag) == FFABI_E_MBZ);
	spoil(&k);
	CHECK(ffabi_caller_notification_get(&k, &get, &got) == FFABI_E_MBZ);
	UNCALLED(&k, FFABI_V1_0);
	spoil(&k);
	CHECK(ffabi_caller_notification_info_get(&k, &pending) == FFABI_E_VERSION && over());
}

/* Endpoint 0x8001 with vCPUs 2 and 5, then all of 0x8003, then 0x8004 with vCPUs 1, 2, 3. */
#define LISTS (3 << 7 | 2 << 12 | 0 << 14 | 3 << 16)

static void check_three(const struct ffabi_notification_info_get_success *in)
{
	struct ffabi_id_list_cursor p;
	struct ffabi_id_list r;

	ffabi_id_lists_open(in, k.conv, &p);
	CHECK(ffabi_id_lists_next(&k.ctx, &p, &r) == FFABI_OK && r.endpoint_id == 0x8001);
	CHECK(r.vcpu_count == 2 && r.vcpu_ids[0] == 2 && r.vcpu_ids[1] == 5);
	CHECK(ffabi_id_lists_next(&k.ctx, &p, &r) == FFABI_OK && r.endpoint_id == 0x8003);
	CHECK(r.vcpu_count == 0);
	CHECK(ffabi_id_lists_next(&k.ctx, &p, &r) == FFABI_OK && r.endpoint_id == 0x8004);
	CHECK(r.vcpu_count == 3 && r.vcpu_ids[0] == 1 && r.vcpu_ids[1] == 2 && r.vcpu_ids[2] == 3);
	CHECK(ffabi_id_lists_next(&k.ctx, &p, &r) == FFABI_END);
}

static void test_pending(void)
{
	static const struct turn wide[] = {
		{{0xc4000083},
		 {0xc4000061, 0, 1 | LISTS, 0x8003000500028001, 0x0003000200018004},
		 NULL},
		{{0xc4000083}, FAILED(-9), NULL},
		{{0xc4000083}, {0xc4000061, 0, 21 << 7}, NULL}, /* at most 20 lists */
	};
	static const struct turn narrow[] = {
		{{0x84000083},
		 {0x84000061, 0, LISTS, 0x00028001, 0x80030005, 0x00018004, 0x00030002},
		 NULL},
	};
	struct ffabi_notification_info_get_success p;

	SCRIPTED(&k, FFABI_V1_1, wide);
	spoil(&k);
	CHECK(ffabi_caller_notification_info_get(&k, &p) == FFABI_OK && p.more_pending == 1);
	check_three(&p);
	spoil(&k);
	CHECK(ffabi_caller_notification_info_get(&k, &p) == FFABI_STATUS_NO_DATA);
	spoil(&k);
	CHECK(ffabi_caller_notification_info_get(&k, &p) == FFABI_E_RANGE && over());
	SCRIPTED(&k, FFABI_V1_1, narrow);
	k.conv = FFABI_SMC32;
	spoil(&k);
	CHECK(ffabi_caller_notification_info_get(&k, &p) == FFABI_OK && p.more_pending == 0);
	check_three(&p);
	CHECK(over());
}

int main(void)
{
	test_setting_up();
	test_signals();
	test_refused();
	test_pending();
	return done();
}
