/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames from port to port: learning, flooding, partial acceptance, re-entrance, finishing,
 * queueing. */
#include "main.h"
#include "rig.h"

#include <stdlib.h>
#include <string.h>

#include "vswitch/manage.h"

START_TEST(unknown_floods_known_does_not)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	ck_assert_uint_eq(rig_send(a, "b", "a", -1), 1);
	ck_assert_uint_eq(a->n, 0);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(c->n, 1);
	rig_send(b, "a", "b", -1);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(c->n, 1);
	ck_assert_int_eq(b->got[1].bytes[5], 'b');
	rig_free(r);
}
END_TEST

START_TEST(bytes_arrive_as_sent)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint8_t buf[1514];

	rig_frame(buf, "*", "a", -1, sizeof(buf));
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, sizeof(buf));
	ck_assert_mem_eq(b->got[0].bytes, buf, sizeof(buf));
	rig_free(r);
}
END_TEST

START_TEST(burst_reaches_each_receiver_in_one_call)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	uint8_t bytes[48][64];
	struct pkt pkt[48];
	struct iovec iov[48];
	const struct pkt *pkts[48];

	rig_send(b, "*", "b", -1);
	rig_send(c, "*", "c", -1);
	rig_clear(r);
	for (int i = 0; i < 48; i++) {
		rig_frame(bytes[i], i & 1 ? "b" : "c", "a", -1, 64);
		bytes[i][60] = (uint8_t)i;
		pkt_flat(&pkt[i], &iov[i], bytes[i], 64);
		pkts[i] = &pkt[i];
	}
	ck_assert_uint_eq(vsw_port_input(a->port, pkts, 48), 48);
	ck_assert_uint_eq(b->calls, 1);
	ck_assert_uint_eq(c->calls, 1);
	for (int i = 0; i < 24; i++) {
		ck_assert_int_eq(b->got[i].bytes[60], 2 * i + 1);
		ck_assert_int_eq(c->got[i].bytes[60], 2 * i);
	}
	rig_free(r);
}
END_TEST

START_TEST(refused_frames_wait_and_come_in_order)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	struct vsw_counters n;

	b->room = 1;
	for (uint32_t i = 0; i < 10; i++)
		rig_send_len(a, "*", "a", -1, 100 + i);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(c->n, 10); /* a slow receiver does not hold the others up */
	vsw_port_counters(b->port, &n);
	ck_assert_uint_eq(n.queue_frames, 9);
	b->room = 4;
	vsw_port_ready(b->port);
	ck_assert_uint_eq(b->n, 5);
	b->room = UINT32_MAX;
	vsw_port_ready(b->port);
	ck_assert_uint_eq(b->n, 10);
	for (unsigned i = 0; i < 10; i++) {
		ck_assert_uint_eq(b->got[i].pkt.len, 100 + i);
		ck_assert_mem_eq(b->got[i].bytes, c->got[i].bytes, 100 + i);
	}
	vsw_port_counters(b->port, &n);
	ck_assert_uint_eq(n.queue_frames, 0);
	ck_assert_uint_eq(n.queue_bytes, 0);
	ck_assert_uint_eq(n.queued, 9);
	ck_assert_uint_eq(n.out.broadcast.frames, 10);
	rig_free(r);
}
END_TEST

START_TEST(queue_is_bounded_and_drops_are_counted)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct vsw_counters n;

	b->room = 0;
	for (int i = 0; i < 3000; i++)
		ck_assert_uint_eq(rig_send_len(a, "*", "a", -1, 1514), 1);
	vsw_port_counters(b->port, &n);
	ck_assert_uint_le(n.queue_frames, 1024);
	ck_assert_uint_eq(n.queue_frames + n.drops[VSW_DROP_QUEUE_FULL], 3000);
	b->room = UINT32_MAX;
	vsw_port_ready(b->port);
	vsw_port_counters(b->port, &n);
	ck_assert_uint_eq(b->n + n.drops[VSW_DROP_QUEUE_FULL] + n.drops[VSW_DROP_QUEUE_DELAY],
			  3000);
	rig_free(r);
}
END_TEST

START_TEST(tso_travels_whole_to_who_takes_it)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	struct vsw_counters n;

	vsw_port_set_caps(b->port, PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	rig_send_tso(a, "*", "a", 40000, 1460);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, 40054);
	ck_assert_uint_eq(b->got[0].pkt.gso_type, PKT_GSO_TCPV4);
	ck_assert_uint_eq(c->n, (40000 + 1459) / 1460);
	for (unsigned i = 0; i < c->n; i++) {
		ck_assert_uint_le(c->got[i].pkt.len, 1514);
		ck_assert_uint_eq(c->got[i].pkt.flags & PKT_CSUM_PARTIAL, 0);
		ck_assert_uint_eq(c->got[i].pkt.gso_type, 0);
	}
	vsw_port_counters(a->port, &n);
	ck_assert_uint_eq(n.in.broadcast.frames, 28);
	ck_assert_uint_eq(n.in.broadcast.bytes, 40000 + 28 * 54);
	ck_assert_uint_eq(n.in.gso, 1);
	vsw_port_counters(b->port, &n);
	ck_assert_uint_eq(n.out.broadcast.frames, 28);
	ck_assert_uint_eq(n.out.broadcast.bytes, 40000 + 28 * 54);
	ck_assert_uint_eq(n.out.gso, 1);
	vsw_port_counters(c->port, &n);
	ck_assert_uint_eq(n.out.broadcast.frames, 28);
	ck_assert_uint_eq(n.out.broadcast.bytes, 40000 + 28 * 54);
	ck_assert_uint_eq(n.segmented, 1);
	rig_free(r);
}
END_TEST

/* Regression: a message that waits was counted as cut, and as completed, each time its first
 * segment was refused. */
START_TEST(refused_messages_count_once)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct vsw_counters n;

	b->room = 0;
	rig_send_len(a, "*", "a", -1, 100); /* so that the message waits behind it, whole */
	rig_send_tso(a, "*", "a", 4000, 1000);
	for (unsigned i = 0; i < 4; i++) {
		b->room = i == 0;
		vsw_port_ready(b->port);
		vsw_port_counters(b->port, &n);
		ck_assert_uint_eq(b->n, 1);
		ck_assert_uint_eq(n.segmented, 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		b->room = 1;
		vsw_port_ready(b->port);
		vsw_port_counters(b->port, &n);
		ck_assert_uint_eq(b->n, i + 2);
		ck_assert_uint_eq(n.segmented, 1);
		ck_assert_uint_eq(n.csummed, 1);
	}
	rig_free(r);
}
END_TEST

/* Segments of one message, taken a few at a time: each once, in order */
START_TEST(segments_survive_partial_acceptance)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint32_t seq = 1000;

	b->room = 5;
	rig_send_tso(a, "*", "a", 60000, 1000);
	rig_send_tso(a, "*", "a", 60000, 1000);
	for (int i = 0; i < 100 && b->n < 120; i++) {
		b->room = 3;
		vsw_port_ready(b->port);
	}
	ck_assert_uint_eq(b->n, 120);
	for (unsigned i = 0; i < 120; i++) {
		ck_assert_uint_eq(frame_be32(b->got[i].bytes + 38), seq);
		seq = i == 59 ? 1000 : seq + 1000;
	}
	rig_free(r);
}
END_TEST

/* Regression: the rest of a message was made for what the owner took when it began. */
START_TEST(segments_fit_an_owner_who_changes)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	const uint32_t takes[] = { PKT_TAKES_CSUM, 0, PKT_TAKES_CSUM | PKT_TAKES_GSO };

	b->room = 0;
	rig_send_len(a, "*", "a", -1, 100); /* so that the message waits behind it, whole */
	rig_send_tso(a, "*", "a", 6000, 1000);
	for (unsigned i = 0; i < 3; i++) {
		vsw_port_set_caps(b->port, takes[i]);
		b->room = i ? 2 : 3;
		vsw_port_ready(b->port);
	}
	ck_assert_uint_eq(b->n, 7);
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(frame_be32(b->got[i + 1].bytes + 38), 1000 + 1000 * i);
		ck_assert_uint_eq(b->got[i + 1].pkt.gso_type, 0);
		ck_assert_uint_eq(!(b->got[i + 1].pkt.flags & PKT_CSUM_PARTIAL), i / 2 == 1);
	}
	rig_free(r);
}
END_TEST

START_TEST(input_from_inside_send_waits)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	b->echo = c->port; /* a loop: what b gets goes in again at c */
	ck_assert_uint_eq(rig_send(a, "*", "a", -1), 1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->echo_taken, 0);
	ck_assert_uint_eq(c->ready, 0);
	rig_step(r, 0);
	ck_assert_uint_eq(c->ready, 1);
	rig_free(r);
}
END_TEST

static void say_ready(struct rig_port *p, const struct pkt *pkt)
{
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, 'z' } };

	(void)pkt;
	vsw_port_ready(p->port);
	vsw_port_set_addrs(p->port, &addrs);
	vsw_port_set_link(p->rig->port[2].port, false);
}

START_TEST(state_told_from_inside_send_takes_effect_after)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	b->on_frame = say_ready;
	rig_send(a, "*", "a", -1);
	b->on_frame = NULL;
	ck_assert_uint_eq(c->n, 1);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(c->n, 1);
	rig_send(c, "a", "c", -1);
	ck_assert_uint_eq(rig_drops(c, VSW_DROP_LINK_DOWN), 1);
	rig_free(r);
}
END_TEST

START_TEST(bad_ports_are_refused)
{
	struct rig *r = rig_new();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	conf.id = "a b";
	ck_assert_ptr_null(rig_add(r, &conf));
	ck_assert_ptr_nonnull(strstr(r->err, "a b"));
	conf.id = "a";
	conf.vlan = 4096;
	ck_assert_ptr_null(rig_add(r, &conf));
	ck_assert_str_eq(r->err, "port 'a': VLAN 4096 out of range (0 to 4095)");
	conf.vlan = -7;
	ck_assert_ptr_null(rig_add(r, &conf));
	conf.vlan = 5;
	conf.portgroup = "blue";
	ck_assert_ptr_null(rig_add(r, &conf));
	ck_assert_str_eq(r->err, "port 'a': no port group 'blue'");
	conf.portgroup = NULL;
	ck_assert_ptr_nonnull(rig_add(r, &conf));
	ck_assert_ptr_null(rig_add(r, &conf));
	ck_assert_str_eq(r->err, "port 'a' exists already");
	ck_assert_ptr_null(vsw_port_next(r->sw, vsw_port_next(r->sw, NULL)));
	rig_free(r);
}
END_TEST

START_TEST(removed_port_is_closed_and_forgotten)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	rig_send(b, "*", "b", -1);
	rig_clear(r);
	vsw_port_remove(b->port);
	ck_assert_uint_eq(b->closed, 1);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(c->n, 1); /* unknown again */
	rig_free(r);
}
END_TEST

static void set_table(struct rig *r, uint32_t addresses)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->table = addresses;
	rig_switch_policy(r, sp);
	free(sp);
}

static uint32_t known(struct rig_port *p)
{
	struct vsw_counters c;

	vsw_port_counters(p->port, &c);
	return c.addresses;
}

/* So many stations behind a port, each with a frame; how many of them are known then */
static uint32_t stations(struct rig_port *p, uint32_t n)
{
	uint8_t buf[60];

	for (uint32_t i = 0; i < n; i++) {
		rig_frame(buf, "p", "s", -1, sizeof(buf));
		memcpy(buf + 8, &i, 3);
		rig_send_bytes(p, buf, sizeof(buf));
	}
	return known(p);
}

/* What was entered by hand is known in any of them; one that it does not fit into is not taken */
START_TEST(table_of_another_size)
{
	struct rig *r = rig_new_addresses(1024);
	struct rig_port *a = rig_port(r, "a", 0), *p = rig_port(r, "p", 0);
	struct vsw_policy policy = rig_policy_of(p);
	uint8_t mac[6] = { 2, 1 };

	policy.mac.limit = 0;
	rig_policy(p, &policy);
	p->discard = a->discard = true;
	for (unsigned i = 0; i < 500; i++) {
		mac[4] = (uint8_t)(i >> 8);
		mac[5] = (uint8_t)i;
		ck_assert_int_eq(vsw_address_add(a->port, 0, mac, NULL, 0), 0);
	}
	ck_assert_uint_lt(stations(p, 100000), 2048);
	set_table(r, 150000);
	ck_assert_uint_eq(known(p), 0);
	ck_assert_uint_eq(stations(p, 100000), 100000);
	set_table(r, 1); /* has 96 places */
	ck_assert_uint_eq(stations(p, 100000), 100000);
	set_table(r, 0);
	ck_assert_uint_lt(stations(p, 100000), 2048);
	for (unsigned i = 0; i < 500; i++) {
		mac[4] = (uint8_t)(i >> 8);
		mac[5] = (uint8_t)i;
		ck_assert_int_eq(vsw_address_remove(r->sw, 0, mac), 0);
	}
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		unknown_floods_known_does_not,
		bytes_arrive_as_sent,
		burst_reaches_each_receiver_in_one_call,
		refused_frames_wait_and_come_in_order,
		refused_messages_count_once,
		queue_is_bounded_and_drops_are_counted,
		tso_travels_whole_to_who_takes_it,
		segments_survive_partial_acceptance,
		segments_fit_an_owner_who_changes,
		input_from_inside_send_waits,
		state_told_from_inside_send_takes_effect_after,
		bad_ports_are_refused,
		removed_port_is_closed_and_forgotten,
		table_of_another_size,
		NULL,
	};

	return run_tests("basic", tests);
}
