/* SPDX-License-Identifier: BSD-2-Clause */
/* A card on its way to another process: its client notices nothing, and what is said is checked. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"
#include "unit.h"
#include "vfu/move.h"

#define SIZE 0x10000u
#define FDS  64u
#define ROOM (1u << 20)

static struct rig r;

/* struct saying - one part of what is said, as another process gets it */
struct saying {
	struct peer_moved m;
	int fd[FDS];
	uint8_t data[ROOM];
};

static struct saying given, frozen;

static void open_card(void)
{
	rig_open(&r, hwnet_models()[0], true);
	rig_memory(&r, SIZE, true);
}

/* Descriptors of its own, as a message brings them */
static void say(struct vfu *v, struct saying *s, int (*part)(struct vfu *v, struct peer_moved *m))
{
	s->m = (struct peer_moved) { s->fd, 0, FDS, s->data, 0, ROOM };
	ck_assert_int_eq(part(v, &s->m), 0);
	for (unsigned i = 0; i < s->m.n_fds; i++)
		s->fd[i] = fcntl(s->fd[i], F_DUPFD_CLOEXEC, 0);
}

static int give(struct vfu *v, struct peer_moved *m)
{
	return vfu_give(v, m);
}

static void forget(struct saying *s)
{
	for (unsigned i = 0; i < s->m.n_fds; i++)
		if (s->fd[i] >= 0)
			close(s->fd[i]);
}

/* A copy that may be cut or damaged: descriptors stay */
static struct saying *copy(const struct saying *s)
{
	struct saying *c = malloc(sizeof(*c));

	memcpy(c, s, sizeof(*c));
	c->m.fd = c->fd;
	c->m.data = c->data;
	for (unsigned i = 0; i < c->m.n_fds; i++)
		c->fd[i] = fcntl(s->fd[i], F_DUPFD_CLOEXEC, 0);
	return c;
}

static struct vfu *take(struct saying *s)
{
	char why[160] = "";

	return vfu_taken(&s->m, rig_ops, &r, r.fd, why, sizeof(why));
}

static void move(void)
{
	say(r.v, &given, give);
	say(r.v, &frozen, vfu_freeze);
	vfu_free(r.v);
	r.v = take(&given);
	ck_assert(r.v);
	ck_assert_int_eq(vfu_thaw(r.v, &frozen.m), 0);
}

START_TEST(a_card_goes_on)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	struct vfu_stats before, after;

	open_card();
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, VFU_SET_EVENTFD | VFU_SET_TRIGGER, 0, 1, &fd, 1),
			 0);
	rig_write(&r, VFU_CONFIG, 0x10, 0xfebc0000, 4);
	rig_write(&r, VFU_CONFIG, 0x3c, 11, 1);
	vfu_stats(r.v, &before);
	move();
	vfu_stats(r.v, &after);
	ck_assert_mem_eq(&before, &after, sizeof(before));
	ck_assert_uint_eq(after.maps, 1);
	ck_assert_uint_eq(rig_rung(fd), 0);
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 4, 2), 0x0007);
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 0x10, 4) & ~0xfu, 0xfebc0000);
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 0x3c, 1), 11);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, VFU_SET_NONE | VFU_SET_TRIGGER, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(rig_rung(fd), 1);
	ck_assert_int_eq(rig_unmap(&r, RIG_BASE, SIZE, 0), 0);
	rig_close(&r);
	close(fd);
}
END_TEST

START_TEST(a_client_that_has_not_greeted_goes_on)
{
	static const struct vfu_version hello = { 0, 0 };

	rig_open(&r, hwnet_models()[0], false);
	move();
	ck_assert_int_eq(rig_ask(&r, VFU_VERSION, &hello, sizeof(hello), NULL, 0, NULL), 0);
	rig_close(&r);
}
END_TEST

START_TEST(half_a_message_is_read_on)
{
	struct vfu_access at = { 0, VFU_CONFIG, 4 };
	struct vfu_hdr hdr = { 7, VFU_REGION_READ, sizeof(hdr) + sizeof(at), 0, 0 };
	struct answer a;

	open_card();
	rig_raw(&r, &hdr, sizeof(hdr));
	rig_raw(&r, &at, 5);
	rig_serve(&r);
	move();
	rig_raw(&r, (uint8_t *)&at + 5, sizeof(at) - 5);
	rig_serve(&r);
	ck_assert(rig_get(&r, &a));
	ck_assert_uint_eq(a.hdr.id, 7);
	ck_assert_uint_eq(a.hdr.flags, VFU_REPLY);
	rig_close(&r);
}
END_TEST

/* One that maps memory is read, and not carried out */
static void send_map(void)
{
	struct vfu_dma_map m = { sizeof(m), 3, 0, 4 * RIG_BASE, SIZE };

	rig_send(&r, VFU_DMA_MAP, 0, &m, sizeof(m), &r.mem_fd, 1);
	ck_assert_int_eq(vfu_receive(r.v), VFU_SLOW);
}

static void expect_mapped(void)
{
	struct vfu_stats stats;
	struct answer a;

	ck_assert(rig_get(&r, &a));
	ck_assert_uint_eq(a.hdr.flags, VFU_REPLY);
	vfu_stats(r.v, &stats);
	ck_assert_uint_eq(stats.maps, 2);
}

START_TEST(a_message_that_waits_comes_along_with_its_descriptor)
{
	open_card();
	send_map();
	move();
	ck_assert_uint_eq(frozen.m.n_fds, 1);
	rig_serve(&r);
	expect_mapped();
	rig_close(&r);
}
END_TEST

START_TEST(a_card_that_comes_to_stay_has_lost_nothing)
{
	open_card();
	send_map();
	say(r.v, &given, give);
	say(r.v, &frozen, vfu_freeze);
	forget(&given);
	forget(&frozen);
	vfu_prepare(r.v);
	vfu_apply(r.v);
	vfu_dispose(r.v);
	rig_serve(&r);
	expect_mapped();
	rig_close(&r);
}
END_TEST

/* Sends more questions than the socket has room for answers. Return: how many */
static unsigned flood(void)
{
	struct vfu_access at = { 0, VFU_CONFIG, VFU_DATA_MAX / 16 };
	int least = 1;
	unsigned n = 0;

	setsockopt(r.fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof(least));
	for (r.state = VFU_IDLE; r.state != VFU_FULL; n++) {
		rig_send(&r, VFU_REGION_READ, 0, &at, sizeof(at), NULL, 0);
		rig_serve(&r);
		ck_assert_uint_lt(n, 10000);
	}
	return n;
}

START_TEST(an_answer_that_was_not_sent_is_sent)
{
	unsigned n, got = 0;
	struct answer a;

	open_card();
	n = flood();
	move();
	while (got < n && rig_get(&r, &a)) {
		got++;
		ck_assert_uint_eq(a.hdr.flags, VFU_REPLY);
		rig_serve(&r);
	}
	ck_assert_uint_eq(got, n);
	rig_close(&r);
}
END_TEST

static bool taken(struct saying *s)
{
	struct vfu *v = take(s);

	vfu_free(v);
	forget(s);
	free(s);
	return v;
}

static bool thawed(struct saying *s)
{
	struct saying *g = copy(&given);
	struct vfu *v = take(g);
	bool ok;

	ck_assert(v);
	ok = vfu_thaw(v, &s->m) == 0;
	vfu_free(v);
	forget(g);
	free(g);
	if (!ok)
		forget(s);
	free(s);
	return ok;
}

/* Is each of these refused: cut anywhere, a byte more, no or other descriptors, another version? */
static void refuses(const struct saying *said, bool (*takes)(struct saying *s))
{
	struct saying *s;

	ck_assert(takes(copy(said)));
	for (size_t len = 0; len < said->m.len; len += len < 200 ? 1 : 61) {
		s = copy(said);
		s->m.len = len;
		ck_assert_msg(!takes(s), "cut to %zu bytes", len);
	}
	s = copy(said);
	s->m.len++;
	ck_assert(!takes(s));
	s = copy(said);
	close(s->fd[--s->m.n_fds]);
	ck_assert(!takes(s));
	s = copy(said);
	s->m.data[0]++;
	ck_assert(!takes(s));
}

START_TEST(what_is_said_is_checked)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	open_card();
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, VFU_SET_EVENTFD | VFU_SET_TRIGGER, 0, 1, &fd, 1),
			 0);
	send_map();
	say(r.v, &given, give);
	say(r.v, &frozen, vfu_freeze);
	refuses(&given, taken);
	refuses(&frozen, thawed);
	forget(&given);
	forget(&frozen);
	rig_close(&r);
	close(fd);
}
END_TEST

START_TEST(damage_does_no_harm)
{
	open_card();
	say(r.v, &given, give);
	say(r.v, &frozen, vfu_freeze);
	for (size_t at = 0; at < given.m.len; at++) {
		struct saying *s = copy(&given);

		s->m.data[at] ^= 0xff;
		taken(s);
	}
	for (size_t at = 0; at < frozen.m.len; at += 7) {
		struct saying *s = copy(&frozen);

		s->m.data[at] ^= 0xff;
		thawed(s);
	}
	forget(&given);
	forget(&frozen);
	rig_close(&r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_card_goes_on,
		a_client_that_has_not_greeted_goes_on,
		half_a_message_is_read_on,
		a_message_that_waits_comes_along_with_its_descriptor,
		a_card_that_comes_to_stay_has_lost_nothing,
		an_answer_that_was_not_sent_is_sent,
		what_is_said_is_checked,
		damage_does_no_harm,
		NULL,
	};

	return unit_main("vfu-move", tests);
}
