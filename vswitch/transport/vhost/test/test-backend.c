/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to the back end: what front ends say, in order and out of it. */
#define _GNU_SOURCE /* pipe2(), syscall() */
#include "main.h"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "backend-rig.h"

/* As QEMU 7.2 does it: rings are enabled before they have an address */
START_TEST(a_virtual_machine_comes_up)
{
	unsigned before = open_fds();

	make(1);
	ck_assert(ask(VHOST_GET_FEATURES) & VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES));
	ck_assert(ask(VHOST_GET_PROTOCOL_FEATURES) &
		  VIRTIO_BIT(VHOST_PROTOCOL_CONFIGURE_MEM_SLOTS));
	ck_assert_uint_eq(ask(VHOST_GET_QUEUE_NUM), 1);
	ck_assert_uint_eq(ask(VHOST_GET_MAX_MEM_SLOTS), PEER_MEM_SLOTS);
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

/* A kick that is no eventfd could make whoever reads or writes it wait */
/* Has the kernel asynchronous input and output, by which eventfds are told apart? */
static bool has_aio(void)
{
	aio_context_t context = 0;

	if (syscall(SYS_io_setup, 1, &context) < 0)
		return false;
	syscall(SYS_io_destroy, context);
	return true;
}

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
	if (has_aio()) { /* else they pass for eventfds */
		with_fd(epoll_create1(EPOLL_CLOEXEC));
		ck_assert_int_eq(word(VHOST_SET_VRING_KICK, 0), -1);
		with_fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
		ck_assert_int_eq(word(VHOST_SET_VRING_CALL, 0), -1);
	}
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
	ck_assert_int_eq(give(VHOST_SET_MEM_TABLE, 8 + sizeof(struct peer_range)), -1);
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

/* What waits in it is not discarded before; later it is, while the ring is disabled */
START_TEST(a_ring_begins_when_it_is_enabled_first)
{
	make(1);
	features(0);
	ck_assert_int_eq(add(0), 0);
	start(1, 7);
	ck_assert_ptr_null(vsw_vhost_ring(be, 1));
	ck_assert_int_eq(state(VHOST_SET_VRING_ENABLE, 1, 1), 0);
	ck_assert_ptr_nonnull(vsw_vhost_ring(be, 1));
	ck_assert_int_eq(state(VHOST_SET_VRING_ENABLE, 1, 0), 0);
	ck_assert_ptr_nonnull(vsw_vhost_ring(be, 1));
	ck_assert(!vsw_vhost_ring(be, 1)->enabled);
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

/* Front ends together: none can take what others need. */
START_TEST(descriptors_are_shared)
{
	struct rlimit r;
	struct vhost_backend *greedy, *other[4];
	unsigned before, n = 0;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &r), 0);
	r.rlim_cur = 256;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &r), 0);
	before = open_fds();
	make(1);
	while (add(n) == 0)
		n++;
	ck_assert_str_eq(be->why, "front ends have too many descriptors, this one 96");
	ck_assert_uint_eq(n, 96); /* half of three quarters */
	ck_assert_uint_eq(be->mem.n, 96);
	greedy = be;
	for (unsigned k = 0; k < 3; k++) {
		for (make(1), n = 0; add(n) == 0; n++)
			;
		ck_assert_uint_eq(n, 32);
		other[k] = be;
	}
	make(1);
	ck_assert_int_eq(add(0), -1); /* now there are none */
	other[3] = be;
	be = greedy;
	ck_assert_int_eq(region(VHOST_REM_MEM_REG, (struct peer_range) { GPA, REGION, UVA, 0 }), 0);
	be = other[3];
	ck_assert_int_eq(add(0), 0); /* what is given back is there for others */
	ck_assert_int_eq(add(1), -1);
	vsw_vhost_backend_free(greedy);
	ck_assert_int_eq(add(1), 0);
	for (unsigned k = 0; k < 4; k++)
		vsw_vhost_backend_free(other[k]);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_virtual_machine_comes_up,
		a_ring_that_stops_says_where,
		rings_are_parked_only_for_what_concerns_them,
		only_eventfds_are_rung,
		rings_that_are_not_there_are_refused,
		rings_of_a_bad_shape_do_not_run,
		features_do_not_change_under_a_ring,
		a_migration_turns_the_log_on_and_off,
		an_answer_is_given_when_asked_for,
		messages_that_are_none_end_the_connection,
		an_announcement_and_an_mtu_are_noted,
		a_ring_begins_when_it_is_enabled_first,
		without_protocol_features_rings_are_enabled,
		descriptors_are_shared,
		NULL,
	};

	return run_tests("vhost-backend", tests);
}
