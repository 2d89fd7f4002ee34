/* SPDX-License-Identifier: BSD-2-Clause */
/* vhost-user in a switch: a front end plugs in, frames pass, it stops, dies, misbehaves. */
#define _GNU_SOURCE /* memfd_create() */
#include "main.h"
#include "rig.h"

#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vhost/channel.h"
#include "vhost/front-priv.h"
#include "vhost-user.h"
#include "vswitch/front.h"

static struct bench *b;
static struct vsw_front *front;
static struct vhost_channel ch; /* of a driver that the test plays itself */
static int fd[2];
static char why[200];

static void up(void *opaque, bool is_up, const char *text)
{
	snprintf(why, sizeof(why), "%s", text ? text : "");
}

static const struct vsw_front_ops ops = { up };

static void pair(void)
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
}

/* Both threads' turns, until nothing happens any more */
static void run(void)
{
	for (unsigned i = 0; i < 8; i++) {
		while (g_main_context_iteration(NULL, FALSE))
			;
		bench_run(b);
		if (front)
			vsw_front_readable(front);
	}
}

static void begin(const char *options)
{
	char err[200];

	b = bench_new();
	front = vsw_front_new(NULL, &ops, NULL, err, sizeof(err));
	ck_assert_ptr_nonnull(front);
	pair();
	bench_plug(b, "vhost-user", fd[0], options);
	vsw_front_attach(front, fd[1]);
	run();
}

static void end(void)
{
	vsw_front_free(front);
	front = NULL;
	bench_free(b);
}

/* The front end sends frames to the card. Return: how many it could */
static unsigned put(unsigned n, uint32_t len)
{
	static uint8_t buf[9000];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;
	unsigned done = 0;

	for (; n--; done++) {
		bench_frame_make(buf, len, done);
		pkt_flat(&pkt, &iov, buf, len);
		if (!vsw_front_put(front, &one, 1))
			break;
	}
	vsw_front_flush(front);
	return done;
}

/* What the front end receives: frames numbered from @first. Return: how many */
static unsigned get(unsigned first, uint32_t len)
{
	static uint8_t want[9000], got[9000];
	const struct pkt *const *pkts;
	unsigned n, sum = 0;

	while ((n = vsw_front_get(front, &pkts))) {
		for (unsigned i = 0; i < n; i++) {
			bench_frame_make(want, len, first + sum + i);
			ck_assert_uint_eq(pkts[i]->len, len);
			pkt_copy(pkts[i], 0, got, len);
			ck_assert_mem_eq(got, want, len);
		}
		vsw_front_got(front, n);
		sum += n;
	}
	vsw_front_flush(front);
	return sum;
}

START_TEST(a_front_end_plugs_in_and_frames_pass)
{
	static uint8_t want[1514];

	begin(NULL);
	ck_assert_msg(vsw_front_is_up(front), "%s", why);
	ck_assert(b->link);
	ck_assert_uint_eq(put(200, 1514), 200);
	run();
	ck_assert_uint_eq(b->n, 200);
	for (unsigned i = 0; i < 200; i++) {
		bench_frame_make(want, sizeof(want), i);
		ck_assert_uint_eq(b->got[i].len, sizeof(want));
		ck_assert_mem_eq(b->got[i].bytes, want, sizeof(want));
	}
	bench_send(b, 200, 1514);
	ck_assert_uint_eq(get(0, 1514), 200);
	ck_assert_uint_eq(bench_fact(b, "frames"), 400);
	end();
}
END_TEST

/* No eventfd is written while the rings are polled; sleepers are told once */
START_TEST(who_sleeps_is_told)
{
	struct pollfd p;

	begin(NULL);
	p = (struct pollfd) { vsw_front_fd(front), POLLIN, 0 };
	vsw_front_wake(front);
	ck_assert(vsw_front_sleep(front, true));
	bench_send(b, 10, 60);
	run();
	ck_assert_int_eq(poll(&p, 1, 0), 1);
	vsw_front_wake(front);
	ck_assert_uint_eq(get(0, 60), 10);
	bench_send(b, 10, 60);
	run();
	ck_assert_int_eq(poll(&p, 1, 0), 0); /* it looks by itself */
	ck_assert_uint_eq(get(0, 60), 10);
	for (unsigned i = 0; i < 5; i++) { /* kicks wake the switch each time that it sleeps */
		put(1, 60);
		run();
		ck_assert_uint_eq(b->n, i + 1);
		ck_assert_uint_eq(vsw_front_counters(front)->kicks, i + 1);
	}
	end();
}
END_TEST

START_TEST(frames_without_buffers_wait_in_the_queue)
{
	unsigned n;

	begin(NULL);
	bench_send(b, 300, 60); /* the ring has 256 */
	n = get(0, 60);
	ck_assert_uint_eq(n, 256);
	run();
	n += get(n, 60);
	ck_assert_uint_eq(n, 300);
	end();
}
END_TEST

START_TEST(offloads_can_be_withheld)
{
	begin("offloads=off");
	ck_assert(b->link);
	ck_assert_uint_eq(vsw_front_takes(front), 0);
	end();
	begin(NULL);
	ck_assert(vsw_front_takes(front) & PKT_TAKES_TCPV4);
	end();
}
END_TEST

START_TEST(a_front_end_that_goes_takes_the_link_along)
{
	begin(NULL);
	vsw_front_detach(front);
	run();
	ck_assert(!b->link);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_str_eq(b->why, "closed");
	end();
}
END_TEST

START_TEST(the_next_wire_goes_on_with_the_rings)
{
	begin(NULL);
	ck_assert_uint_eq(put(10, 60), 10);
	bench_unplug(b); /* nobody has looked yet */
	vsw_front_readable(front);
	ck_assert(!vsw_front_is_up(front));
	pair();
	bench_plug(b, "vhost-user", fd[0], NULL);
	vsw_front_attach(front, fd[1]);
	run();
	ck_assert(b->link);
	ck_assert_uint_eq(b->n, 10);
	end();
}
END_TEST

/* ---- a driver that the test plays: memory of one page for all, one pair of rings ---- */

static uint8_t *memory;
static int memory_fd, kick_fd, err_fd;

static void say(uint32_t request, const void *payload, uint32_t size, int with)
{
	struct vhost_message m = { .request = request, .size = size };

	memcpy(&m.payload, payload, size);
	ck_assert_int_eq(vsw_vhost_send(&ch, &m, &with, with >= 0), 0);
}

static void say_word(uint32_t request, uint64_t word, int with)
{
	say(request, &word, 8, with);
}

static void say_state(uint32_t request, uint32_t i, uint32_t num)
{
	const uint32_t state[2] = { i, num };

	say(request, state, 8, -1);
}

static void start_ring_at(uint32_t i, uint32_t base)
{
	union vhost_payload p;

	memset(&p, 0, sizeof(p));
	p.addr.index = i;
	p.addr.desc = 0x10000 + 0x1000 * i;
	p.addr.avail = p.addr.desc + 0x400;
	p.addr.used = p.addr.desc + 0x800;
	say_state(VHOST_SET_VRING_NUM, i, 16);
	say_state(VHOST_SET_VRING_BASE, i, base);
	say(VHOST_SET_VRING_ADDR, &p, sizeof(p.addr), -1);
	say_word(VHOST_SET_VRING_ERR, i, err_fd);
	say_word(VHOST_SET_VRING_KICK, i | (kick_fd < 0 ? VHOST_NO_FD : 0), kick_fd);
	say_state(VHOST_SET_VRING_ENABLE, i, 1);
}

static void start_ring(uint32_t i)
{
	start_ring_at(i, 0);
}

static void begin_driver(int kick)
{
	struct {
		uint64_t padding;
		struct peer_range range;
	} region = { 0, { 0x10000, 0x10000, 0x10000, 0 } };

	b = bench_new();
	pair();
	bench_plug(b, "vhost-user", fd[0], NULL);
	ch = (struct vhost_channel) { .fd = fd[1] };
	memory_fd = memfd_create("driver", MFD_CLOEXEC);
	ck_assert_int_eq(ftruncate(memory_fd, 0x10000), 0);
	memory = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
	kick_fd = kick;
	err_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	say_word(VHOST_SET_FEATURES,
		 VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES), -1);
	say(VHOST_ADD_MEM_REG, &region, sizeof(region), memory_fd);
	start_ring(0);
	start_ring(1);
	run();
	ck_assert(b->link);
}

static void end_driver(void)
{
	bench_free(b);
	vsw_vhost_drop_fds(&ch);
	close(ch.fd);
	munmap(memory, 0x10000);
	close(memory_fd);
	if (kick_fd >= 0)
		close(kick_fd);
	close(err_fd);
}

/* Offer frames of 60 bytes: descriptor 0 of the sending ring, again and again */
static void offer(uint16_t n)
{
	struct vring_desc *desc = (void *)(memory + 0x1000);
	struct vring_avail *avail = (void *)(memory + 0x1400);

	bench_frame_make(memory + 0x8000 + 12, 60, 0);
	desc->addr = 0x18000;
	desc->rest = 72;
	__atomic_store_n(&avail->idx, (uint16_t)(avail->idx + n), __ATOMIC_RELEASE);
}

static void kick(void)
{
	const uint64_t one = 1;

	ck_assert_int_eq(write(kick_fd, &one, 8), 8);
}

START_TEST(an_announcement_passes_through_the_switch)
{
	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	say_word(VHOST_SEND_RARP, 0x060504030252, -1);
	run();
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].len, 60);
	ck_assert_mem_eq(b->got[0].bytes + 6, "\x52\2\3\4\5\6\x80\x35", 8);
	end_driver();
}
END_TEST

START_TEST(a_broken_ring_closes_the_port_until_it_starts_anew)
{
	uint64_t n;

	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	offer(17);
	kick();
	run();
	ck_assert(!b->link);
	ck_assert_uint_eq(b->failed, 0);
	ck_assert_int_eq(read(err_fd, &n, 8), 8);
	bench_send(b, 3, 60);
	run();
	memset(memory, 0, 0x2000);
	say_state(VHOST_GET_VRING_BASE, 1, 0);
	start_ring(1);
	run();
	ck_assert(b->link);
	offer(3);
	kick();
	run();
	ck_assert_uint_eq(b->n, 3);
	end_driver();
}
END_TEST

START_TEST(memory_that_is_taken_away_ends_the_wire)
{
	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	offer(1);
	ck_assert_int_eq(ftruncate(memory_fd, 0), 0);
	kick();
	run();
	ck_assert(!b->link);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_ptr_nonnull(strstr(b->why, "memory"));
	end_driver();
}
END_TEST

/* It was noticed only when the driver sent something */
START_TEST(memory_that_is_taken_away_is_noticed_by_who_sends_there)
{
	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	ck_assert_int_eq(ftruncate(memory_fd, 0), 0);
	bench_send(b, 1, 60);
	run();
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_ptr_nonnull(strstr(b->why, "memory"));
	end_driver();
}
END_TEST

START_TEST(a_message_that_is_refused_ends_the_wire)
{
	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	say_state(VHOST_SET_VRING_NUM, 1, 16);
	run();
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_ptr_nonnull(strstr(b->why, "ring 1 runs"));
	ck_assert(!b->link);
	end_driver();
}
END_TEST

/* A driver without kicks, and one that kicks for ever, are looked at now and then */
START_TEST(rings_without_kicks_are_looked_at)
{
	begin_driver(-1);
	offer(3);
	run();
	ck_assert_uint_eq(b->n, 0);
	b->now += 1000000;
	run();
	ck_assert_uint_eq(b->n, 3);
	end_driver();
}
END_TEST

START_TEST(a_flood_of_kicks_is_not_listened_to)
{
	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	for (unsigned i = 0; i < 1100; i++) {
		kick();
		vsw_worker_round(b->worker, 0);
		vsw_worker_round(b->worker, 0);
	}
	ck_assert(!((struct vsw_vhost *)b->wire)->kick[1].on);
	offer(2); /* frames come nevertheless, and kicks count again */
	b->now += 1000000;
	run();
	ck_assert_uint_eq(b->n, 2);
	ck_assert(((struct vsw_vhost *)b->wire)->kick[1].on);
	offer(1);
	kick();
	run();
	ck_assert_uint_eq(b->n, 3);
	end_driver();
}
END_TEST

static bool count_there(void *opaque)
{
	*(unsigned *)opaque = b->n;
	return false;
}

/* Frames that came to the card; the worker runs */
static unsigned came(void)
{
	unsigned n;

	vsw_worker_call(b->worker, count_there, &n);
	return n;
}

static bool unplug_there(void *opaque)
{
	vsw_wire_unplug(b->wire);
	return false;
}

/* A second thread takes frames while messages stop and start the rings: all come, once */
START_TEST(rings_stop_and_start_while_frames_flow)
{
	struct vring_avail *avail;
	uint16_t base;
	char err[100];

	begin_driver(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
	avail = (void *)(memory + 0x1400);
	ck_assert_int_eq(vsw_worker_start(b->worker, err, sizeof(err)), 0);
	for (unsigned i = 0; i < 200; i++) {
		for (unsigned k = 0; k < 10; k++) {
			offer(1);
			kick();
		}
		say_state(VHOST_GET_VRING_BASE, 1, 0);
		while (vsw_vhost_receive(&ch) != 1)
			g_main_context_iteration(NULL, FALSE);
		ck_assert_uint_eq(ch.msg.request, VHOST_GET_VRING_BASE);
		base = (uint16_t)ch.msg.payload.state.num;
		ck_assert_uint_le((uint16_t)(avail->idx - base), 10);
		ck_assert_uint_eq(came() & 0xffff, base);
		start_ring_at(1, base);
		while ((came() & 0xffff) != avail->idx)
			g_main_context_iteration(NULL, FALSE);
	}
	vsw_worker_call(b->worker, unplug_there, NULL);
	vsw_worker_stop(b->worker);
	ck_assert_uint_eq(b->n, 2000);
	end_driver();
}
END_TEST

/* Many pairs: each flow keeps to one, and a full ring loses its own frames only */
START_TEST(flows_are_spread_over_pairs)
{
	b = bench_new();
	pair();
	bench_plug(b, "vhost-user", fd[0], "queues=4");
	ch = (struct vhost_channel) { .fd = fd[1] };
	say(VHOST_GET_QUEUE_NUM, "", 0, -1);
	run();
	ck_assert_int_eq(vsw_vhost_receive(&ch), 1);
	ck_assert_uint_eq(ch.msg.payload.u64, 4);
	bench_free(b);
	close(ch.fd);
}
END_TEST

/* The wire goes into another process: @data is what give() said, @more what freeze() did */
static struct vsw_wire *move_wire(struct vsw_handover *h, struct vsw_handover *more)
{
	struct vsw_wire *old = b->wire, *new;
	struct vsw_wire_conf conf = { .port = "wire", .fd = -1, .worker = b->worker };

	ck_assert_int_eq(old->transport->give(old, h), 0);
	for (unsigned i = 0; i < h->n_fds; i++)
		h->fd[i] = dup(h->fd[i]);
	conf.host = old->host;
	conf.opaque = b;
	conf.from = h;
	new = old->transport->open(&conf, b->err, sizeof(b->err));
	ck_assert_ptr_nonnull(new);
	for (unsigned i = 0; i < h->n_fds; i++)
		ck_assert_int_eq(h->fd[i], -1);
	put(30, 1514); /* the old one still works */
	run();
	put(30, 1514);
	bench_send(b, 300, 1514); /* more than the ring has buffers for */
	bench_run(b);
	vsw_wire_unplug(old);
	ck_assert_int_eq(old->transport->freeze(old, more), 0);
	return new;
}

START_TEST(hand_over_loses_nothing)
{
	static uint8_t data[VSW_HANDOVER_GIVEN], rest[4096];
	static struct vsw_handover h, more;
	struct vsw_wire *new;
	unsigned n;

	h = (struct vsw_handover) { .data = data, .room = sizeof(data) };
	more = (struct vsw_handover) { .data = rest, .room = sizeof(rest) };
	begin(NULL);
	ck_assert_uint_eq(put(100, 60), 100);
	run();
	ck_assert_uint_eq(b->n, 100);
	bench_clear(b);
	new = move_wire(&h, &more);
	put(20, 1514); /* nobody is there */
	vsw_wire_close(b->wire);
	b->wire = new;
	for (size_t len = 0; len < more.len; len += 7) { /* cut short: refused */
		struct vsw_handover cut = { .data = rest, .len = len };

		ck_assert_int_lt(new->transport->thaw(new, &cut), 0);
	}
	ck_assert_int_eq(new->transport->thaw(new, &more), 0);
	vsw_wire_plug(new, &b->jack);
	run();
	ck_assert(b->link);
	ck_assert(vsw_front_is_up(front));
	ck_assert_uint_eq(b->n, 80);
	n = get(0, 1514);
	for (unsigned i = 0; i < 8 && n < 300; i++) {
		run();
		n += get(n, 1514);
	}
	ck_assert_uint_eq(n, 256); /* those that waited in the port were the old switch's */
	vsw_front_set_card(front, false, NULL); /* messages go on, too */
	run();
	ck_assert(!b->link);
	end();
}
END_TEST

/* What is handed over may be anything: it is understood or refused, and descriptors stay */
START_TEST(hand_over_is_checked)
{
	static uint8_t data[VSW_HANDOVER_GIVEN];
	static struct vsw_handover h;
	struct vsw_wire *old;

	h = (struct vsw_handover) { .data = data, .room = sizeof(data) };
	begin(NULL);
	old = b->wire;
	ck_assert_int_eq(old->transport->give(old, &h), 0);
	for (unsigned i = 0; i < 4000; i++) {
		static uint8_t bad[VSW_HANDOVER_GIVEN];
		static struct vsw_handover copy;
		struct vsw_wire_conf conf = { .port = "wire", .fd = -1, .worker = b->worker };
		struct vsw_wire *new;

		copy = h;
		copy.data = bad;
		memcpy(bad, data, h.len);
		if (i % 3 == 0)
			copy.len = i * 7919u % h.len;
		else if (i % 3 == 1)
			copy.n_fds = i % h.n_fds;
		else
			bad[i * 31u % h.len] ^= (uint8_t)(1u << i % 8);
		for (unsigned k = 0; k < copy.n_fds; k++)
			copy.fd[k] = dup(h.fd[k]);
		conf.host = old->host;
		conf.opaque = b;
		conf.from = &copy;
		new = old->transport->open(&conf, b->err, sizeof(b->err));
		ck_assert(!new || i % 3 == 2);
		vsw_wire_close(new);
		for (unsigned k = 0; k < copy.n_fds; k++)
			if (copy.fd[k] >= 0)
				close(copy.fd[k]);
	}
	ck_assert_uint_eq(put(10, 60), 10);
	run();
	ck_assert_uint_eq(b->n, 10);
	end();
}
END_TEST

/* The clock goes on to when the wire is too late, if it ever is. Return: ms that it had */
static int64_t let_time_pass(void)
{
	GSource *s = g_main_context_find_source_by_funcs_user_data(NULL, &g_timeout_funcs, b->wire);
	int64_t left;

	if (!s)
		return -1;
	left = (g_source_get_ready_time(s) - g_get_monotonic_time() + 999) / 1000;
	g_source_set_ready_time(s, 0);
	run();
	return left;
}

static void begin_message(uint32_t request, uint32_t size, unsigned bytes)
{
	const uint32_t head[3] = { request, VHOST_VERSION, size };

	ck_assert_int_eq(send(fd[1], head, bytes, 0), bytes);
	run();
}

static void connect_only(void)
{
	b = bench_new();
	pair();
	bench_plug(b, "vhost-user", fd[0], NULL);
	run();
}

/* Whoever connects and does not say whose it is has no port for ever, whatever else it says */
START_TEST(no_owner_ends_the_wire)
{
	static const unsigned bytes[] = { 0, 5, VHOST_HEADER };

	for (unsigned i = 0; i < 3; i++) {
		int64_t left;

		connect_only();
		if (bytes[i])
			begin_message(VHOST_GET_FEATURES, 0, bytes[i]);
		ck_assert(!b->failed);
		left = let_time_pass();
		ck_assert_msg(left > 0 && left <= VHOST_LATE_MS, "%lld ms", (long long)left);
		ck_assert_uint_eq(b->failed, 1);
		ck_assert_str_eq(b->why, "it said no SET_OWNER for 30 s");
		close(fd[1]);
		bench_free(b);
	}
}
END_TEST

/* With an owner it may be silent, but not in the middle of a message; a whole one gives it time */
START_TEST(half_a_message_ends_the_wire)
{
	int64_t left;
	GSource *s;

	connect_only();
	begin_message(VHOST_SET_OWNER, 0, VHOST_HEADER);
	ck_assert_int_eq(let_time_pass(), -1);
	begin_message(VHOST_SET_VRING_NUM, 8, VHOST_HEADER);
	s = g_main_context_find_source_by_funcs_user_data(NULL, &g_timeout_funcs, b->wire);
	ck_assert_ptr_nonnull(s);
	left = g_source_get_ready_time(s);
	ck_assert_int_eq(send(fd[1], "\0\0\0", 4, 0), 4); /* still not all of it */
	run();
	ck_assert_int_eq(g_source_get_ready_time(s), left);
	ck_assert_int_eq(send(fd[1], "\0\1\0", 4, 0), 4);
	run();
	ck_assert(!b->failed);
	ck_assert_int_eq(let_time_pass(), -1);
	begin_message(VHOST_SET_OWNER, 0, 1);
	let_time_pass();
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_str_eq(b->why, "it stopped in the middle of a message for 30 s");
	close(fd[1]);
	bench_free(b);
}
END_TEST

/* A hand-over makes nobody's connection more than it was */
START_TEST(no_owner_is_known_after_a_hand_over)
{
	static uint8_t data[VSW_HANDOVER_GIVEN];

	for (unsigned owned = 0; owned < 2; owned++) {
		static struct vsw_handover h;
		struct vsw_wire *old;

		h = (struct vsw_handover) { .data = data, .room = sizeof(data) };
		connect_only();
		if (owned)
			begin_message(VHOST_SET_OWNER, 0, VHOST_HEADER);
		old = b->wire;
		ck_assert_int_eq(old->transport->give(old, &h), 0);
		for (unsigned i = 0; i < h.n_fds; i++)
			h.fd[i] = dup(h.fd[i]);
		b->from = &h;
		ck_assert_ptr_nonnull(bench_open(b, "vhost-user", -1, NULL));
		ck_assert_int_eq(let_time_pass() > 0, !owned);
		ck_assert_uint_eq(b->failed, !owned);
		vsw_wire_unplug(old);
		vsw_wire_close(old);
		close(fd[1]);
		bench_free(b);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_front_end_plugs_in_and_frames_pass,
		who_sleeps_is_told,
		frames_without_buffers_wait_in_the_queue,
		offloads_can_be_withheld,
		a_front_end_that_goes_takes_the_link_along,
		the_next_wire_goes_on_with_the_rings,
		an_announcement_passes_through_the_switch,
		a_broken_ring_closes_the_port_until_it_starts_anew,
		memory_that_is_taken_away_ends_the_wire,
		memory_that_is_taken_away_is_noticed_by_who_sends_there,
		a_message_that_is_refused_ends_the_wire,
		rings_without_kicks_are_looked_at,
		a_flood_of_kicks_is_not_listened_to,
		rings_stop_and_start_while_frames_flow,
		flows_are_spread_over_pairs,
		hand_over_loses_nothing,
		hand_over_is_checked,
		no_owner_ends_the_wire,
		half_a_message_ends_the_wire,
		no_owner_is_known_after_a_hand_over,
		NULL,
	};

	return run_tests("transport-vhost-user", tests);
}
