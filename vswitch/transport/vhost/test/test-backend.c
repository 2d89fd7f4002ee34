/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the back end: what front ends say, in order and out of it. */
#define _GNU_SOURCE /* memfd_create() */
#include "main.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "link.h"

#define UVA    UINT64_C(0x7f0000000000)
#define GPA    UINT64_C(0x100000)
#define REGION UINT64_C(0x100000)

static struct vhost_backend *be;
static struct vhost_message m, reply;
static int fds[VHOST_TABLE];
static unsigned n_fds, parks;

static void park(void *opaque)
{
	parks++;
}

static const struct vhost_host host = { park };

static void make(unsigned pairs)
{
	const struct vhost_conf conf = { .pairs = pairs, .mtu = 9000 };

	be = vsw_vhost_backend_new(&conf, &host, NULL);
	n_fds = 0;
}

static void with_fd(int fd)
{
	fds[n_fds++] = fd;
}

/* Give it m. Descriptors that it does not take are closed, as those who read from a socket do */
static int give(uint32_t request, uint32_t size)
{
	int ret;

	m.request = request;
	m.size = size;
	m.flags |= VHOST_VERSION;
	memset(&reply, 0, sizeof(reply));
	ret = vsw_vhost_backend_message(be, &m, fds, n_fds, &reply);
	for (unsigned i = 0; i < n_fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	n_fds = 0;
	vsw_vhost_backend_settle(be);
	memset(&m, 0, sizeof(m));
	return ret;
}

static int word(uint32_t request, uint64_t v)
{
	m.payload.u64 = v;
	return give(request, 8);
}

static int state(uint32_t request, uint32_t i, uint32_t num)
{
	m.payload.state.index = i;
	m.payload.state.num = num;
	return give(request, 8);
}

static uint64_t ask(uint32_t request)
{
	ck_assert_int_eq(give(request, 0), 1);
	ck_assert_uint_eq(reply.request, request);
	ck_assert_uint_eq(reply.flags, VHOST_VERSION | VHOST_REPLY);
	ck_assert_uint_eq(reply.size, 8);
	return reply.payload.u64;
}

static int memory(uint64_t bytes)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	ck_assert_int_eq(ftruncate(fd, (off_t)bytes), 0);
	return fd;
}

static int region(uint32_t request, struct vhost_range r)
{
	m.payload.region.range = r;
	return give(request, sizeof(m.payload.region));
}

static int add(unsigned i)
{
	const struct vhost_range r = { GPA + i * REGION, REGION, UVA + i * REGION, 0 };

	with_fd(memory(REGION));
	return region(VHOST_ADD_MEM_REG, r);
}

static int addr(uint32_t i, uint64_t at)
{
	m.payload.addr.index = i;
	m.payload.addr.desc = at;
	m.payload.addr.avail = at + 0x1000;
	m.payload.addr.used = at + 0x2000;
	return give(VHOST_SET_VRING_ADDR, sizeof(m.payload.addr));
}

static int kick(uint32_t i)
{
	with_fd(eventfd(0, EFD_CLOEXEC));
	return word(VHOST_SET_VRING_KICK, i);
}

/* A ring of 64 entries at a place of the memory of its own */
static void start(uint32_t i, uint32_t base)
{
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, i, 64), 0);
	ck_assert_int_eq(state(VHOST_SET_VRING_BASE, i, base), 0);
	ck_assert_int_eq(addr(i, UVA + 0x4000 * i), 0);
	with_fd(eventfd(0, EFD_CLOEXEC));
	ck_assert_int_eq(word(VHOST_SET_VRING_CALL, i), 0);
	ck_assert_int_eq(kick(i), 0);
}

static void features(uint64_t more)
{
	uint64_t f = VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES) |
		     VIRTIO_BIT(VIRTIO_NET_F_MRG_RXBUF) | more;

	ck_assert_int_eq(word(VHOST_SET_FEATURES, f), 0);
	ck_assert_int_eq(
		word(VHOST_SET_PROTOCOL_FEATURES,
		     VIRTIO_BIT(VHOST_PROTOCOL_REPLY_ACK) | VIRTIO_BIT(VHOST_PROTOCOL_LOG_SHMFD)),
		0);
}

static void bring_up(void)
{
	make(1);
	features(0);
	ck_assert_int_eq(add(0), 0);
	for (uint32_t i = 0; i < 2; i++) {
		ck_assert_int_eq(state(VHOST_SET_VRING_ENABLE, i, 1), 0);
		start(i, 0);
	}
	ck_assert_msg(be->link, "%s", be->why);
}

static unsigned open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* As QEMU 7.2 does it: rings are enabled before they have an address */
START_TEST(a_virtual_machine_comes_up)
{
	unsigned before = open_fds();

	make(1);
	ck_assert(ask(VHOST_GET_FEATURES) & VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES));
	ck_assert(ask(VHOST_GET_PROTOCOL_FEATURES) &
		  VIRTIO_BIT(VHOST_PROTOCOL_CONFIGURE_MEM_SLOTS));
	ck_assert_uint_eq(ask(VHOST_GET_QUEUE_NUM), 1);
	ck_assert_uint_eq(ask(VHOST_GET_MAX_MEM_SLOTS), VHOST_MEM_SLOTS);
	ck_assert_int_eq(give(VHOST_SET_OWNER, 0), 0);
	vsw_vhost_backend_free(be);
	bring_up();
	ck_assert_ptr_nonnull(vsw_vhost_ring(be, 0));
	ck_assert_ptr_nonnull(vsw_vhost_ring(be, 1));
	vsw_vhost_backend_free(be);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

START_TEST(a_ring_that_stops_says_where)
{
	bring_up();
	ck_assert_int_eq(state(VHOST_GET_VRING_BASE, 1, 0), 1);
	ck_assert_uint_eq(reply.payload.state.num, 0);
	ck_assert(!be->link);
	ck_assert_ptr_null(vsw_vhost_ring(be, 1));
	ck_assert_int_eq(state(VHOST_SET_VRING_BASE, 1, 77), 0);
	ck_assert_int_eq(kick(1), 0);
	ck_assert(be->link);
	ck_assert_uint_eq(vsw_vhost_ring(be, 1)->next, 77);
	ck_assert_int_eq(state(VHOST_GET_VRING_BASE, 1, 0), 1);
	ck_assert_uint_eq(reply.payload.state.num, 77);
	/* once more, without having run */
	ck_assert_int_eq(state(VHOST_GET_VRING_BASE, 1, 0), 1);
	ck_assert_uint_eq(reply.payload.state.num, 77);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(rings_are_parked_only_for_what_concerns_them)
{
	bring_up();
	parks = 0;
	ask(VHOST_GET_FEATURES);
	ask(VHOST_GET_PROTOCOL_FEATURES);
	word(VHOST_NET_SET_MTU, 1500);
	give(VHOST_SET_OWNER, 0);
	ck_assert_uint_eq(parks, 0);
	add(1);
	ck_assert_uint_eq(parks, 1);
	state(VHOST_GET_VRING_BASE, 0, 0);
	ck_assert_uint_eq(parks, 2);
	vsw_vhost_backend_free(be);
	ck_assert_uint_eq(parks, 3);
}
END_TEST

START_TEST(memory_may_come_and_go_while_rings_run)
{
	const struct vhost_range r = { GPA, REGION, UVA, 0 }, other = { GPA, REGION, UVA + 1, 0 };

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
			(struct vhost_range) { GPA + 8 * i * REGION, REGION, UVA + i * REGION, 0 };
		with_fd(memory(REGION));
	}
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, 8 + 2 * sizeof(struct vhost_range)), 0);
	ck_assert(be->link);
	ck_assert_uint_eq(be->mem.n, 2);
	ck_assert_uint_eq(be->mem.region[1].range.gpa, GPA + 8 * REGION);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(bad_memory_is_refused)
{
	const struct vhost_range bad[] = {
		{ GPA, 0, UVA, 0 },
		{ GPA, REGION + 1, UVA, 0 },
		{ GPA, REGION, UVA, 1 },
		{ GPA, 4096, UVA, UINT64_MAX - 100 },
		{ UINT64_MAX - 4095, REGION, UVA, 0 },
		{ GPA, REGION, UINT64_MAX - 4095, 0 },
		{ GPA, UINT64_MAX, UVA, 0 },
	};
	const struct vhost_range over[] = {
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
	const struct vhost_range r = { GPA, 4096, UVA, 0 };
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
	for (unsigned i = 0; i < VHOST_MEM_SLOTS; i++)
		ck_assert_int_eq(add(i), 0);
	ck_assert_int_eq(add(VHOST_MEM_SLOTS), -1);
	for (unsigned i = 0; i < VHOST_MEM_SLOTS; i++)
		ck_assert_ptr_eq(vsw_vhost_mem_find(&be->mem, GPA + i * REGION + 5)->map.host,
				 be->mem.region[i].map.host);
	ck_assert_ptr_null(vsw_vhost_mem_find(&be->mem, GPA - 1));
	ck_assert_ptr_null(vsw_vhost_mem_find(&be->mem, GPA + VHOST_MEM_SLOTS * REGION));
	vsw_vhost_backend_free(be);
}
END_TEST

/* A kick that is no eventfd could make whoever reads or writes it wait */
START_TEST(only_eventfds_are_rung)
{
	int p[2];

	for (unsigned i = 0; i < 3; i++) {
		static const uint32_t request[] = { VHOST_SET_VRING_KICK, VHOST_SET_VRING_CALL,
						    VHOST_SET_VRING_ERR };

		make(1);
		ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
		with_fd(p[1]);
		ck_assert_int_eq(word(request[i], 0), -1);
		close(p[0]);
		with_fd(memory(4096));
		ck_assert_int_eq(word(request[i], 0), -1);
		ck_assert_int_eq(word(request[i], 0), -1); /* none at all */
		with_fd(eventfd(0, EFD_CLOEXEC));
		ck_assert_int_eq(word(request[i], 0), 0);
		vsw_vhost_backend_free(be);
	}
	make(1);
	with_fd(eventfd(0, EFD_CLOEXEC));
	word(VHOST_SET_VRING_CALL, 0);
	ck_assert(fcntl(be->ring[0].vq.call_fd, F_GETFL) & O_NONBLOCK);
	ck_assert_int_eq(word(VHOST_SET_VRING_CALL, 0 | VHOST_NO_FD), 0);
	ck_assert_int_eq(be->ring[0].vq.call_fd, -1);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(rings_that_are_not_there_are_refused)
{
	make(2);
	for (unsigned i = 4; i < 300; i += 7) {
		ck_assert_int_eq(state(VHOST_SET_VRING_NUM, i, 64), -1);
		ck_assert_int_eq(state(VHOST_SET_VRING_BASE, i, 0), -1);
		ck_assert_int_eq(state(VHOST_SET_VRING_ENABLE, i, 1), -1);
		ck_assert_int_eq(state(VHOST_GET_VRING_BASE, i, 1), -1);
		ck_assert_int_eq(addr(i, UVA), -1);
		if (i < 256)
			ck_assert_int_eq(kick(i), -1);
	}
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(rings_of_a_bad_shape_do_not_run)
{
	bring_up();
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 1, 128), -1); /* it runs */
	ck_assert_int_eq(state(VHOST_SET_VRING_BASE, 1, 1), -1);
	state(VHOST_GET_VRING_BASE, 1, 0);
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 1, 0), -1);
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 1, 32769), -1);
	ck_assert_int_eq(addr(1, UVA + 8), -1);
	ck_assert_int_eq(addr(1, UVA + REGION - 0x2000), 0); /* its end is not in memory */
	kick(1);
	ck_assert_ptr_null(vsw_vhost_ring(be, 1));
	ck_assert_int_eq(addr(1, UVA), 0);
	ck_assert_ptr_nonnull(vsw_vhost_ring(be, 1));
	state(VHOST_GET_VRING_BASE, 1, 0);
	state(VHOST_SET_VRING_NUM, 1, 63); /* a split ring is a power of two */
	kick(1);
	ck_assert_ptr_null(vsw_vhost_ring(be, 1));
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(features_do_not_change_under_a_ring)
{
	uint64_t f;

	bring_up();
	f = be->features;
	ck_assert_int_eq(word(VHOST_SET_FEATURES, f | VIRTIO_BIT(VIRTIO_F_RING_PACKED)), -1);
	ck_assert_uint_eq(be->features, f);
	ck_assert_int_eq(word(VHOST_SET_FEATURES, f | VIRTIO_BIT(VHOST_F_LOG_ALL)), 0);
	ck_assert_int_eq(word(VHOST_SET_FEATURES, f | VIRTIO_BIT(63)), -1);
	ck_assert_int_eq(word(VHOST_SET_PROTOCOL_FEATURES, VIRTIO_BIT(8)), -1); /* post-copy */
	vsw_vhost_backend_free(be);
}
END_TEST

/* As QEMU begins a migration: log, feature, address with its flag, each to be acknowledged */
START_TEST(a_migration_turns_the_log_on_and_off)
{
	bring_up();
	m.payload.log.size = 4096;
	with_fd(memory(8192));
	ck_assert_int_eq(give(VHOST_SET_LOG_BASE, sizeof(m.payload.log)), 1);
	ck_assert_uint_eq(reply.payload.u64, 0);
	ck_assert_ptr_null(vsw_vhost_ring(be, 0)->log);
	ck_assert_int_eq(word(VHOST_SET_FEATURES, be->features | VIRTIO_BIT(VHOST_F_LOG_ALL)), 0);
	ck_assert_ptr_eq(vsw_vhost_ring(be, 0)->log, &be->log);
	ck_assert_uint_eq(vsw_vhost_ring(be, 0)->used_gpa, GPA + 0x2000);
	m.payload.addr.flags = VHOST_RING_LOG;
	m.payload.addr.log = 0x5000;
	ck_assert_int_eq(addr(0, UVA), 0);
	ck_assert_uint_eq(vsw_vhost_ring(be, 0)->used_gpa, 0x5000);
	ck_assert_int_eq(word(VHOST_SET_FEATURES, be->features & ~VIRTIO_BIT(VHOST_F_LOG_ALL)), 0);
	ck_assert_ptr_null(vsw_vhost_ring(be, 0)->log);

	m.payload.log.size = 4096;
	with_fd(memory(4095));
	ck_assert_int_eq(give(VHOST_SET_LOG_BASE, sizeof(m.payload.log)), -1);
	ck_assert_int_eq(give(VHOST_SET_LOG_BASE, sizeof(m.payload.log)), -1);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(an_answer_is_given_when_asked_for)
{
	make(1);
	m.flags = VHOST_NEED_REPLY; /* nobody has agreed to it yet */
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 0, 64), 0);
	features(0);
	m.flags = VHOST_NEED_REPLY;
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 0, 64), 1);
	ck_assert_uint_eq(reply.payload.u64, 0);
	m.flags = VHOST_NEED_REPLY;
	ck_assert_int_eq(state(VHOST_SET_VRING_NUM, 0, 0), 1);
	ck_assert_uint_ne(reply.payload.u64, 0);
	m.flags = VHOST_NEED_REPLY;
	ck_assert_int_eq(state(VHOST_GET_VRING_BASE, 9, 0), -1); /* has an answer of its own */
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(messages_that_are_none_end_the_connection)
{
	static const uint32_t unknown[] = { 0, 7, 21, 22, 23, 24, 28, 31, 39, 1000, UINT32_MAX };
	static const uint32_t sized[] = { VHOST_SET_FEATURES, VHOST_SET_VRING_ADDR,
					  VHOST_SET_VRING_KICK, VHOST_ADD_MEM_REG,
					  VHOST_SEND_RARP };

	make(1);
	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		ck_assert_int_eq(give(unknown[i], 8), -1);
	for (unsigned i = 0; i < sizeof(sized) / sizeof(sized[0]); i++)
		for (uint32_t size = 0; size < 60; size += 4)
			if (size != 8 && size != 40)
				ck_assert_int_eq(give(sized[i], size), -1);
	ck_assert_int_eq(give(VHOST_GET_FEATURES, UINT32_MAX), -1);
	m.flags = VHOST_REPLY;
	ck_assert_int_eq(give(VHOST_GET_FEATURES, 0), -1);
	m.flags = 2;
	ck_assert_int_eq(give(VHOST_GET_FEATURES, 0), -1); /* version 3 */
	m.payload.table.n = 9;
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, sizeof(m.payload.table)), -1);
	m.payload.table.n = 2;
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, 8 + sizeof(struct vhost_range)), -1);
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, 4), -1);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(an_announcement_and_an_mtu_are_noted)
{
	make(1);
	ck_assert_int_eq(word(VHOST_SEND_RARP, 0x060504030252), 0);
	ck_assert(be->rarp);
	ck_assert_mem_eq(be->rarp_mac, "\x52\x02\x03\x04\x05\x06", 6);
	ck_assert_int_eq(word(VHOST_SEND_RARP, 1), -1);
	ck_assert_int_eq(word(VHOST_NET_SET_MTU, 9000), 0);
	ck_assert_uint_eq(be->mtu, 9000);
	ck_assert_int_eq(word(VHOST_NET_SET_MTU, 9001), -1);
	ck_assert_int_eq(word(VHOST_NET_SET_MTU, 67), -1);
	ck_assert_uint_eq(be->mtu, 9000);
	vsw_vhost_backend_free(be);
}
END_TEST

/* Who knows nothing of disabled rings has none */
START_TEST(without_protocol_features_rings_are_enabled)
{
	make(1);
	ck_assert_int_eq(word(VHOST_SET_FEATURES, VIRTIO_BIT(VIRTIO_F_VERSION_1)), 0);
	add(0);
	start(0, 0);
	start(1, 0);
	ck_assert(be->link);
	give(VHOST_RESET_OWNER, 0);
	ck_assert(be->link);
	vsw_vhost_backend_free(be);

	bring_up();
	give(VHOST_RESET_OWNER, 0);
	ck_assert(!be->link);
	vsw_vhost_backend_free(be);
}
END_TEST

START_TEST(descriptors_nobody_asked_for_are_closed)
{
	int pair[2], many[VHOST_TABLE + 1];
	unsigned before = open_fds();
	struct vhost_channel a = { 0 };
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	a.fd = pair[0];
	b = back_new(pair[1], 0);
	for (unsigned i = 0; i < VHOST_TABLE; i++)
		many[i] = pair[0];
	m = (struct vhost_message) { .request = VHOST_GET_FEATURES };
	ck_assert_int_eq(vsw_vhost_send(&a, &m, many, VHOST_TABLE), 0);
	ck_assert(back_pump(b));
	ck_assert_int_eq(vsw_vhost_receive(&a), 1);
	m = (struct vhost_message) { .request = VHOST_SET_VRING_NUM, .size = 8 };
	m.payload.state.num = 64;
	ck_assert_int_eq(vsw_vhost_send(&a, &m, many, 3), 0);
	ck_assert(back_pump(b));
	back_free(b);
	close(pair[0]);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

/* More descriptors than any message has: the kernel cuts the list (MSG_CTRUNC) */
START_TEST(too_many_descriptors_end_the_connection)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(20 * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { &m, VHOST_HEADER };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	unsigned before = open_fds();
	int pair[2];
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	m = (struct vhost_message) { .request = VHOST_GET_FEATURES, .flags = VHOST_VERSION };
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	control.align.cmsg_len = CMSG_LEN(20 * sizeof(int));
	for (unsigned i = 0; i < 20; i++)
		memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &pair[0], sizeof(int));
	ck_assert_int_eq(sendmsg(pair[0], &mh, 0), VHOST_HEADER);
	ck_assert(!back_pump(b));
	ck_assert_ptr_nonnull(strstr(b->ch.why, "too many"));
	back_free(b);
	close(pair[0]);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

START_TEST(a_message_that_is_too_long_ends_the_connection)
{
	int pair[2];
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	m = (struct vhost_message) { .request = VHOST_SET_MEM_TABLE,
				     .flags = VHOST_VERSION,
				     .size = sizeof(m.payload) + 1 };
	ck_assert_int_eq(send(pair[0], &m, VHOST_HEADER, 0), VHOST_HEADER);
	ck_assert(!back_pump(b));
	ck_assert_str_eq(b->ch.why, "a message is too long");
	back_free(b);
	close(pair[0]);
}
END_TEST

/* Byte by byte, with the descriptor in the middle */
START_TEST(messages_may_come_in_pieces)
{
	int pair[2], fd = eventfd(0, 0);
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	for (unsigned round = 0; round < 3; round++) {
		m = (struct vhost_message) { .request = VHOST_SET_VRING_CALL,
					     .flags = VHOST_VERSION,
					     .size = 8 };
		for (unsigned i = 0; i < VHOST_HEADER + 8; i++) {
			union {
				struct cmsghdr align;
				char bytes[CMSG_SPACE(sizeof(int))];
			} control = { 0 };
			struct iovec iov = { (char *)&m + i, 1 };
			struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };

			if (i == 5) {
				mh.msg_control = &control;
				mh.msg_controllen = sizeof(control);
				control.align.cmsg_level = SOL_SOCKET;
				control.align.cmsg_type = SCM_RIGHTS;
				control.align.cmsg_len = CMSG_LEN(sizeof(int));
				memcpy(CMSG_DATA(&control.align), &fd, sizeof(int));
			}
			ck_assert_int_eq(sendmsg(pair[0], &mh, 0), 1);
			ck_assert(back_pump(b));
		}
		ck_assert_int_ge(b->be->ring[0].vq.call_fd, 0);
	}
	back_free(b);
	close(pair[0]);
	close(fd);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_virtual_machine_comes_up,
		a_ring_that_stops_says_where,
		rings_are_parked_only_for_what_concerns_them,
		memory_may_come_and_go_while_rings_run,
		a_memory_table_replaces_all_memory,
		bad_memory_is_refused,
		files_that_are_no_memory_are_refused,
		slots_are_as_many_as_said,
		only_eventfds_are_rung,
		rings_that_are_not_there_are_refused,
		rings_of_a_bad_shape_do_not_run,
		features_do_not_change_under_a_ring,
		a_migration_turns_the_log_on_and_off,
		an_answer_is_given_when_asked_for,
		messages_that_are_none_end_the_connection,
		an_announcement_and_an_mtu_are_noted,
		without_protocol_features_rings_are_enabled,
		descriptors_nobody_asked_for_are_closed,
		too_many_descriptors_end_the_connection,
		a_message_that_is_too_long_ends_the_connection,
		messages_may_come_in_pieces,
		NULL,
	};

	return run_tests("vhost-backend", tests);
}
