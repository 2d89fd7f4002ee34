/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the back end about memory. */
#define _GNU_SOURCE /* mkostemp(), pipe2() */
#include "main.h"

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "backend-rig.h"

START_TEST(memory_may_come_and_go_while_rings_run)
{
	const struct peer_range r = { GPA, REGION, UVA, 0 }, other = { GPA, REGION, UVA + 1, 0 };

	bring_up();
	ck_assert_int_eq(add(1), 0);
	vsw_vhost_ring(be, 1)->next = 5;
	ck_assert_int_eq(region(VHOST_REM_MEM_REG, other), -1);
	ck_assert_int_eq(region(VHOST_REM_MEM_REG, r), 0);
	ck_assert_ptr_null(vsw_vhost_ring(be, 1)); /* it lay there */
	ck_assert(!be->link);
	ck_assert_int_eq(add(0), 0);
	ck_assert(be->link);
	ck_assert_uint_eq(vsw_vhost_ring(be, 1)->next, 5);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(a_memory_table_replaces_all_memory)
{
	bring_up();
	add(1);
	m.payload.table.n = 2;
	for (unsigned i = 0; i < 2; i++) {
		m.payload.table.range[i] =
			(struct peer_range) { GPA + 8 * i * REGION, REGION, UVA + i * REGION, 0 };
		with_fd(memory(REGION));
	}
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, 8 + 2 * sizeof(struct peer_range)), 0);
	ck_assert(be->link);
	ck_assert_uint_eq(be->mem.n, 2);
	ck_assert_uint_eq(be->mem.region[1].range.gpa, GPA + 8 * REGION);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(bad_memory_is_refused)
{
	const struct peer_range bad[] = {
		{ GPA, 0, UVA, 0 },
		{ GPA, REGION + 1, UVA, 0 },
		{ GPA, REGION, UVA, 1 },
		{ GPA, 4096, UVA, UINT64_MAX - 100 },
		{ UINT64_MAX - 4095, REGION, UVA, 0 },
		{ GPA, REGION, UINT64_MAX - 4095, 0 },
		{ GPA, UINT64_MAX, UVA, 0 },
	};
	const struct peer_range over[] = {
		{ GPA + REGION - 1, REGION, UVA + REGION, 0 },
		{ GPA - REGION + 1, REGION, UVA + REGION, 0 },
		{ GPA, REGION, UVA + REGION, 0 },
	};
	unsigned before = open_fds();

	make(1);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		with_fd(memory(REGION));
		ck_assert_int_eq(region(VHOST_ADD_MEM_REG, bad[i]), -1);
		ck_assert_uint_gt(strlen(be->why), 0);
	}
	ck_assert_int_eq(region(VHOST_ADD_MEM_REG, over[2]), -1); /* without a file */
	ck_assert_uint_eq(be->mem.n, 0);
	ck_assert_int_eq(add(0), 0);
	for (unsigned i = 0; i < 3; i++) {
		with_fd(memory(REGION));
		ck_assert_int_eq(region(VHOST_ADD_MEM_REG, over[i]), -1);
	}
	ck_assert_uint_eq(be->mem.n, 1);
	vsw_vhost_backend_free(be);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

/* Pages of other files may never come, or be something else than memory */
START_TEST(files_that_are_no_memory_are_refused)
{
	const struct peer_range r = { GPA, 4096, UVA, 0 };
	char name[] = "vhost-test-XXXXXX";
	struct statfs fs;
	int p[2], fd = mkostemp(name, O_CLOEXEC);

	make(1);
	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	unlink(name);
	ck_assert_int_eq(fstatfs(fd, &fs), 0);
	with_fd(fd);
	if (fs.f_type != 0x01021994) /* a build in tmpfs has nothing else */
		ck_assert_int_eq(region(VHOST_ADD_MEM_REG, r), -1);
	with_fd(open("/dev/zero", O_RDWR | O_CLOEXEC));
	ck_assert_int_eq(region(VHOST_ADD_MEM_REG, r), -1);
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	with_fd(p[0]);
	ck_assert_int_eq(region(VHOST_ADD_MEM_REG, r), -1);
	close(p[1]);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(slots_are_as_many_as_said)
{
	make(1);
	for (unsigned i = 0; i < PEER_MEM_SLOTS; i++)
		ck_assert_int_eq(add(i), 0);
	ck_assert_int_eq(add(PEER_MEM_SLOTS), -1);
	for (unsigned i = 0; i < PEER_MEM_SLOTS; i++)
		ck_assert_ptr_eq(peer_mem_find(&be->mem, GPA + i * REGION + 5)->map.host,
				 be->mem.region[i].map.host);
	ck_assert_ptr_null(peer_mem_find(&be->mem, GPA - 1));
	ck_assert_ptr_null(peer_mem_find(&be->mem, GPA + PEER_MEM_SLOTS * REGION));
	vsw_vhost_backend_free(be);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		memory_may_come_and_go_while_rings_run,
		a_memory_table_replaces_all_memory,
		bad_memory_is_refused,
		files_that_are_no_memory_are_refused,
		slots_are_as_many_as_said,
		NULL,
	};

	return run_tests("vhost-backend-memory", tests);
}
