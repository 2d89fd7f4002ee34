/* SPDX-License-Identifier: BSD-2-Clause */
/* A switch of many ports: frames for many are done a bounded part at a time, for all in turn. */
#include "main.h"

#include <stdio.h>
#include <string.h>

#include "hwnet/frame.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define PORTS	1000u
#define SENDERS 8u
#define FRAMES	200u
#define ROUND	16384u /* docs/security.md */

/* enum what - where the frames of a test go */
enum what { TO_ALL, TO_A_STRANGER, TO_ONE };

/* struct station - a port's owner; senders have frames left */
struct station {
	struct vsw_port *port;
	unsigned number, sent, ready;
	enum what what;
	uint8_t heard[SENDERS]; /* frames of each sender, whose last number that is */
};

static struct vsw *sw;
static struct station station[PORTS];
static int64_t deadline;
static unsigned deliveries;

static int64_t host_now(void *opaque)
{
	return 1000;
}

static void host_timer(void *opaque, int64_t when)
{
	deadline = when;
}

static const struct vsw_host host = { host_now, host_timer, NULL };

/* Frames of a sender come in order, and none is missing */
static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct station *s = opaque;

	for (unsigned i = 0; i < n; i++) {
		const uint8_t *bytes = pkt_head(pkts[i]);
		unsigned from = bytes[10] << 8 | bytes[11];

		if (from >= SENDERS)
			continue;
		CK_EACH(bytes[14] == s->heard[from], "station %u: frame %u of %u, not %u",
			s->number, bytes[14], from, s->heard[from]);
		s->heard[from]++;
	}
	deliveries += n;
	return n;
}

static void address(uint8_t *mac, unsigned n)
{
	memcpy(mac, (uint8_t[]) { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n }, 6);
}

/* All that is left of a sender's frames, as far as the switch takes them. Return: how many */
static unsigned go_on(struct station *s)
{
	uint8_t buf[PKT_BURST][60] = { { 0 } };
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	const struct pkt *pkts[PKT_BURST];
	unsigned n, taken, sum = 0;

	do {
		n = FRAMES - s->sent < PKT_BURST ? FRAMES - s->sent : PKT_BURST;
		for (unsigned i = 0; i < n; i++) {
			address(buf[i], s->what == TO_ONE ? PORTS - 1 : 9999);
			if (s->what == TO_ALL)
				memset(buf[i], 0xff, 6);
			address(buf[i] + 6, s->number);
			frame_put_be16(buf[i] + 12, 0x88b5);
			buf[i][14] = (uint8_t)(s->sent + i);
			pkt_flat(&pkt[i], &iov[i], buf[i], sizeof(buf[i]));
			pkts[i] = &pkt[i];
		}
		taken = n ? vsw_port_input(s->port, pkts, n) : 0;
		s->sent += taken;
		sum += taken;
	} while (n && taken == n);
	return sum;
}

static void ready(void *opaque)
{
	struct station *s = opaque;

	s->ready++;
	go_on(s);
}

static const struct vsw_port_ops ops = { take, ready, NULL };
static const struct vsw_port_ops keeps_nothing = { take, NULL, NULL };

static void begin(unsigned ports, const struct vsw_port_ops *o)
{
	struct vsw_conf conf = { .name = "sw", .host = &host, .seed = 1 };
	struct vsw_port_conf pc = VSW_PORT_CONF_INIT;
	char id[16], err[200];

	memset(station, 0, sizeof(station));
	deliveries = 0;
	deadline = VSW_NEVER;
	sw = vsw_new(&conf, NULL, 0);
	for (unsigned i = 0; i < ports; i++) {
		snprintf(id, sizeof(id), "p%u", i);
		pc.id = id;
		pc.vlan = 7;
		address(pc.mac, i);
		station[i].number = i;
		station[i].port = vsw_port_add(sw, &pc, o, &station[i], err, sizeof(err));
		ck_assert_msg(station[i].port != NULL, "%s", err);
	}
}

static void send_all(enum what what)
{
	for (unsigned i = 0; i < SENDERS; i++) {
		station[i].what = what;
		go_on(&station[i]);
	}
}

/* Run the timer until nobody waits. Each run brings a round's deliveries, and somebody a turn */
static unsigned run(void)
{
	unsigned runs = 0, before[SENDERS];

	ck_assert_uint_le(deliveries, ROUND);
	while (deadline <= 1000) { /* at once */
		for (unsigned i = 0; i < SENDERS; i++)
			before[i] = station[i].ready;
		deliveries = 0;
		deadline = VSW_NEVER;
		vsw_timer(sw);
		ck_assert_uint_le(deliveries, ROUND);
		for (unsigned i = 0; i < SENDERS; i++)
			CK_EACH(station[i].ready - before[i] <= 1, "%u twice", i);
		ck_assert_uint_lt(++runs, 1000);
		if (runs == SENDERS / 4 + 1) /* a turn each: nobody keeps others out */
			for (unsigned i = 0; i < SENDERS; i++)
				CK_EACH(station[i].sent, "sender %u had no turn", i);
	}
	return runs;
}

static void all_came(unsigned ports)
{
	for (unsigned i = 0; i < ports; i++)
		for (unsigned from = 0; from < SENDERS; from++)
			CK_EACH(i == from || station[i].heard[from] == FRAMES,
				"station %u has %u frames of %u", i, station[i].heard[from], from);
}

START_TEST(frames_to_all_are_shared_out)
{
	begin(PORTS, &ops);
	send_all(TO_ALL);
	ck_assert_uint_ge(run(), SENDERS * FRAMES * (PORTS - 1) / ROUND);
	all_came(PORTS);
	vsw_free(sw);
}
END_TEST

START_TEST(frames_to_strangers_are_shared_out)
{
	begin(PORTS, &ops);
	send_all(TO_A_STRANGER);
	ck_assert_uint_ge(run(), SENDERS * FRAMES * (PORTS - 1) / ROUND);
	all_came(PORTS);
	vsw_free(sw);
}
END_TEST

/* Whoever sends to a station that is known waits for nobody */
START_TEST(frames_to_one_do_not_wait)
{
	begin(PORTS, &ops);
	station[0].what = TO_ALL;
	go_on(&station[0]);
	ck_assert_uint_lt(station[0].sent, FRAMES);
	station[1].what = TO_ONE;
	ck_assert_uint_eq(go_on(&station[1]), FRAMES);
	ck_assert_uint_eq(station[PORTS - 1].heard[1], FRAMES);
	vsw_free(sw);
}
END_TEST

/* A port that goes while it waits takes its place along */
START_TEST(who_goes_waits_no_more)
{
	begin(PORTS, &ops);
	send_all(TO_ALL);
	for (unsigned i = 0; i < 4; i++)
		vsw_port_remove(station[i].port);
	while (deadline <= 1000) { /* at once */
		deadline = VSW_NEVER;
		vsw_timer(sw);
	}
	for (unsigned i = 4; i < SENDERS; i++)
		ck_assert_uint_eq(station[i].sent, FRAMES);
	vsw_free(sw);
}
END_TEST

/* Small switches, and owners that keep nothing, are as ever */
START_TEST(others_are_not_held)
{
	begin(200, &ops);
	send_all(TO_ALL);
	all_came(200);
	vsw_free(sw);
	begin(PORTS, &keeps_nothing);
	send_all(TO_ALL);
	all_came(PORTS);
	vsw_free(sw);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frames_to_all_are_shared_out, frames_to_strangers_are_shared_out,
		frames_to_one_do_not_wait,    who_goes_waits_no_more,
		others_are_not_held,	      NULL,
	};

	return run_tests("vswitch-share", tests);
}
