/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at frames: those that were dropped, and what would become of one. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "vswitch/look.h"
#include "vswitch/manage.h"
#include "vswitch/query.h"

#define RING 8u

/* Read all there is; NULL: count it only. Return: how many */
static unsigned read_drops(struct rig *r, uint64_t *next, struct vsw_dropped *d, uint64_t *missed)
{
	int64_t now;

	return vsw_drops(r->sw, next, d, 2 * RING, missed, &now);
}

START_TEST(a_dropped_frame_is_kept_with_its_reason_and_port)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10);
	struct vsw_drop_ring *ring = vsw_drop_ring_new(RING);
	struct vsw_dropped d[2 * RING];
	uint64_t next = 0, missed;

	rig_port(r, "b", 10);
	rig_send(a, "01:80:c2:00:00:0e", "a", -1); /* nobody looks yet */
	ck_assert_ptr_null(vsw_drops_keep(r->sw, ring));
	r->now += 5 * SEC;
	rig_send_len(a, "01:80:c2:00:00:0e", "a", -1, 1000);
	rig_send(a, "b", "a", 20);
	ck_assert_uint_eq(read_drops(r, &next, d, &missed), 2);
	ck_assert_uint_eq(missed, 0);
	ck_assert_str_eq(d[0].port, "a");
	ck_assert_int_eq(d[0].why, VSW_DROP_RESERVED);
	ck_assert_int_eq(d[0].when, r->now);
	ck_assert_uint_eq(d[0].len, 1000);
	ck_assert_uint_eq(d[0].n, VSW_DROPPED_HEAD);
	ck_assert_mem_eq(d[0].head, "\x01\x80\xc2\0\0\x0e", 6);
	ck_assert_int_eq(d[1].why, VSW_DROP_VLAN);
	ck_assert_uint_eq(read_drops(r, &next, d, &missed), 0);
	ck_assert_ptr_eq(vsw_drops_keep(r->sw, NULL), ring);
	rig_send(a, "01:80:c2:00:00:0e", "a", -1);
	ck_assert_uint_eq(read_drops(r, &next, d, &missed), 0);
	vsw_drop_ring_free(ring);
	rig_free(r);
}
END_TEST

START_TEST(a_reader_that_is_late_is_told_how_many_he_missed)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0);
	struct vsw_drop_ring *ring = vsw_drop_ring_new(RING);
	struct vsw_dropped d[2 * RING];
	uint64_t next = 0, missed;

	vsw_drops_keep(r->sw, ring);
	for (unsigned i = 0; i < RING + 3; i++)
		rig_send_len(a, "01:80:c2:00:00:0e", "a", -1, 60 + i);
	ck_assert_uint_eq(read_drops(r, &next, d, &missed), RING);
	ck_assert_uint_eq(missed, 3);
	ck_assert_uint_eq(d[0].len, 63);
	ck_assert_uint_eq(next, RING + 3);
	next = 1000; /* of a ring that was */
	ck_assert_uint_eq(read_drops(r, &next, d, &missed), RING);
	vsw_drops_keep(r->sw, NULL);
	vsw_drop_ring_free(ring);
	rig_free(r);
}
END_TEST

/* In a millisecond 64 are kept; the others are missed, but not forgotten */
START_TEST(a_flood_of_drops_is_not_copied)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0);
	struct vsw_drop_ring *ring = vsw_drop_ring_new(4096);
	static struct vsw_dropped d[4096];
	uint64_t next = 0, missed;
	int64_t now;

	vsw_drops_keep(r->sw, ring);
	for (unsigned i = 0; i < 1000; i++)
		rig_send(a, "01:80:c2:00:00:0e", "a", -1);
	ck_assert_uint_eq(vsw_drops(r->sw, &next, d, 4096, &missed, &now), 64);
	ck_assert_uint_eq(missed, 0);
	r->now += MS;
	rig_send(a, "01:80:c2:00:00:0e", "a", -1);
	ck_assert_uint_eq(vsw_drops(r->sw, &next, d, 4096, &missed, &now), 1);
	ck_assert_uint_eq(missed, 1000 - 64);
	ck_assert_int_eq(d[0].when, now);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RESERVED), 1001);
	vsw_drops_keep(r->sw, NULL);
	vsw_drop_ring_free(ring);
	rig_free(r);
}
END_TEST

static void small_queue(struct vsw_policy *p)
{
	p->queue.frames = 16;
	p->queue.target = 0;
}

START_TEST(frames_that_waited_are_kept_when_they_are_dropped)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_card(r, "b", 0, "02:00:00:00:00:0b");
	struct vsw_drop_ring *ring = vsw_drop_ring_new(RING);
	struct vsw_dropped d[2 * RING];
	uint64_t next = 0, missed;
	unsigned n;

	rig_change(b, small_queue);
	vsw_drops_keep(r->sw, ring);
	b->room = 0;
	for (unsigned i = 0; i < 20; i++)
		rig_send_len(a, "02:00:00:00:00:0b", "a", -1, 300 + i);
	n = read_drops(r, &next, d, &missed);
	ck_assert_uint_eq(n, rig_drops(b, VSW_DROP_QUEUE_FULL));
	ck_assert_uint_ge(n, 1);
	for (unsigned i = 0; i < n; i++) {
		ck_assert_str_eq(d[i].port, "b");
		ck_assert_int_eq(d[i].why, VSW_DROP_QUEUE_FULL);
		ck_assert_mem_eq(d[i].head, "\x02\0\0\0\0\x0b", 6);
	}
	vsw_port_set_link(b->port, false);
	read_drops(r, &next, d, &missed);
	ck_assert_int_eq(d[0].why, VSW_DROP_LINK_DOWN);
	vsw_drops_keep(r->sw, NULL);
	vsw_drop_ring_free(ring);
	rig_free(r);
}
END_TEST

#define SLOT 512u

/* The n-th copy; NULL: it is not there */
static const struct vsw_tap_frame *copied(const uint8_t *memory, uint64_t n)
{
	const struct vsw_tap_frame *f = (const void *)(memory + n % RING * SLOT);

	return f->number == 2 * n + 2 ? f : NULL;
}

static bool is_copy(const uint8_t *memory, uint64_t n, enum vsw_tap_stage stage, const char *port)
{
	const struct vsw_tap_frame *f = copied(memory, n);

	return f && f->stage == stage && !strcmp(f->port, port);
}

START_TEST(a_tap_copies_what_comes_goes_and_is_dropped_and_costs_nothing_after)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", VSW_VGT);
	static uint64_t memory[RING * SLOT / 8];
	const uint8_t *m = (const uint8_t *)memory;
	struct vsw_tap_conf conf = { (uint8_t *)memory, RING, SLOT, "" };
	struct vsw_tap *all = vsw_tap_new(&conf), *more[VSW_TAPS];
	int64_t now;

	rig_port(r, "c", 99);
	r->now = 7 * SEC;
	ck_assert_int_eq(vsw_tap_start(r->sw, all, &now), 0);
	ck_assert_int_eq(now, 7 * SEC);
	rig_send_len(a, "ff:ff:ff:ff:ff:ff", "a", -1, 100);
	ck_assert(is_copy(m, 0, VSW_TAP_IN, "a"));
	ck_assert(is_copy(m, 1, VSW_TAP_OUT, "b"));
	ck_assert_uint_eq(copied(m, 0)->len, 100);
	ck_assert_uint_eq(copied(m, 1)->len, 104); /* the tag that travels beside it is in it */
	ck_assert_mem_eq(copied(m, 1)->bytes + 12, "\x81\0\0\x0a", 4);
	ck_assert_mem_eq(copied(m, 1)->bytes, b->got[0].bytes, 12);
	rig_send(a, "01:80:c2:00:00:0e", "a", -1);
	ck_assert(is_copy(m, 2, VSW_TAP_DROP, "a"));
	ck_assert_uint_eq(copied(m, 2)->why, VSW_DROP_RESERVED);
	ck_assert_ptr_null(copied(m, 3));
	rig_send_len(a, "ff:ff:ff:ff:ff:ff", "a", -1, 1000);
	ck_assert_uint_eq(copied(m, 3)->n, SLOT - sizeof(struct vsw_tap_frame));
	ck_assert_uint_eq(copied(m, 3)->len, 1000);
	for (unsigned i = 0; i < RING; i++)
		rig_send(a, "01:80:c2:00:00:0e", "a", -1);
	ck_assert_ptr_null(copied(m, 0)); /* written over */
	for (unsigned i = 0; i + 1 < VSW_TAPS; i++) {
		more[i] = vsw_tap_new(&conf);
		ck_assert_int_eq(vsw_tap_start(r->sw, more[i], &now), 0);
	}
	more[VSW_TAPS - 1] = vsw_tap_new(&conf);
	ck_assert_int_eq(vsw_tap_start(r->sw, more[VSW_TAPS - 1], &now), -1);
	for (unsigned i = 0; i < VSW_TAPS; i++) {
		vsw_tap_stop(r->sw, more[i]);
		vsw_tap_free(more[i]);
	}
	vsw_tap_stop(r->sw, all);
	vsw_tap_free(all);
	memset(memory, 0, sizeof(memory));
	rig_send(a, "ff:ff:ff:ff:ff:ff", "a", -1);
	ck_assert_ptr_null(copied(m, 0));
	rig_free(r);
}
END_TEST

START_TEST(a_tap_of_one_port_survives_changes_and_sees_no_other)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	static uint64_t memory[RING * SLOT / 8];
	const uint8_t *m = (const uint8_t *)memory;
	struct vsw_tap_conf conf = { (uint8_t *)memory, RING, SLOT, "b" };
	struct vsw_tap *tap = vsw_tap_new(&conf);
	int64_t now;

	rig_port(r, "c", 0);
	vsw_tap_start(r->sw, tap, &now);
	vsw_port_set_link(a->port, false);
	vsw_port_set_link(a->port, true); /* policies are worked out anew */
	rig_send(a, "ff:ff:ff:ff:ff:ff", "a", -1);
	ck_assert(is_copy(m, 0, VSW_TAP_OUT, "b"));
	rig_send(b, "01:80:c2:00:00:0e", "b", -1);
	ck_assert(is_copy(m, 1, VSW_TAP_DROP, "b"));
	ck_assert_ptr_null(copied(m, 2));
	vsw_port_set_link(b->port,
			  false); /* what is sent all the same is refused before the rest */
	rig_send(b, "ff:ff:ff:ff:ff:ff", "b", -1);
	ck_assert(is_copy(m, 2, VSW_TAP_DROP, "b"));
	vsw_tap_stop(r->sw, tap);
	vsw_tap_free(tap);
	rig_free(r);
}
END_TEST

/* A bit of each thing that a frame can meet */
static const char document[] =
	"{'multicast': 'snooping', 'querier': {'enabled': true, 'address': '10.0.0.1'},"
	" 'private-vlans': [{'primary': 30, 'secondary': 31, 'type': 'isolated'}],"
	" 'classes': [{'name': 'c', 'shares': 10}],"
	" 'mirrors': [{'name': 'm', 'to': 'sink', 'sources': {'p0': 'both', 'p3': 'to-port'}}],"
	" 'ports': {'p0': {'storm': {'broadcast': 20, 'unknown': 20}},"
	"  'p1': {'security': {'forged-transmits': false, 'mac-changes': false}},"
	"  'p2': {'mac': {'learning': true, 'limit': 2, 'limit-drop': true}},"
	"  'p3': {'rules': [{'name': 'r', 'match': {'ethertype': '0x1234'}, 'action': 'drop'},"
	"                   {'match': {'source-mac': '02:00:00:00:00:01'}, 'action': 'mark',"
	"                    'cos': 5},"
	"                   {'match': {'destination-mac': '02:00:00:00:00:02'}, 'action': 'limit',"
	"                    'limit': 15}, {'action': 'mirror', 'mirror': 'm'}]},"
	"  'p4': {'vlan': {'mode': 'trunk', 'id': 10, 'trunk': '10,20'},"
	"         'mac': {'bpdu': 'filter'}},"
	"  'p5': {'vlan': 10, 'mac': {'bpdu': 'guard', 'bpdu-recovery': 1}},"
	"  'p6': {'vlan': {'mode': 'private', 'id': 31}},"
	"  'p7': {'vlan': {'mode': 'tunnel', 'id': 20}, 'mac': {'learning': true}},"
	"  'p8': {'vlan': 4095, 'mac': {'flooding': false}},"
	"  'p9': {'blocked': true}, 'p10': {'reflective-relay': true, 'mac': {'learning': true}}}}";

#define PORTS 11u

static struct rig *mixed(void)
{
	struct rig *r = rig_new();
	struct vsw_control *ctl = rig_control(r);
	char text[sizeof(document)], id[8], mac[20];

	memcpy(text, document, sizeof(text));
	for (char *p = text; (p = strchr(p, '\'')); p++)
		*p = '"';
	ck_assert_msg(vsw_control_load(ctl, text, strlen(text), r->err, sizeof(r->err)) == 0, "%s",
		      r->err);
	for (unsigned i = 0; i < PORTS; i++) {
		snprintf(id, sizeof(id), "p%u", i);
		snprintf(mac, sizeof(mac), "02:00:00:00:00:%02x", i);
		if (i % 3)
			rig_card(r, id, VSW_VLAN_DEFAULT, mac);
		else
			rig_port(r, id, VSW_VLAN_DEFAULT);
	}
	rig_uplink(r, "up0");
	rig_uplink(r, "up1");
	rig_port(r, "sink", VSW_VLAN_DEFAULT); /* of the mirror: the last one */
	return r;
}

static uint64_t seed;

static unsigned draw(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

/* Checksum of a header, which stands in it @at */
static void put_sum(uint8_t *p, unsigned n, unsigned at)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < n; i += 2)
		sum += i == at ? 0 : frame_be16(p + i);
	sum = (sum & 0xffff) + (sum >> 16);
	frame_put_be16(p + at, (uint16_t) ~(sum + (sum >> 16)));
}

static uint32_t draw_frame(uint8_t *f)
{
	static const char *const to[] = { "ff:ff:ff:ff:ff:ff", "01:00:5e:01:02:03",
					  "01:80:c2:00:00:00", "01:80:c2:00:00:0e",
					  "01:00:0c:cc:cc:cd", "33:33:00:00:00:01" };
	static const int tags[] = { -1, -1, -1, 0, 10, 20, 30, 31, 4095, 99 };
	char dst[20], src[20];
	uint32_t len;

	snprintf(dst, sizeof(dst), "02:00:00:00:00:%02x", draw(24));
	snprintf(src, sizeof(src), "02:00:00:00:00:%02x", draw(24));
	if (!strcmp(src, dst)) /* not learnt, it would not be found */
		src[16] ^= 1;
	len = rig_frame(f, draw(3) ? dst : to[draw(6)], draw(40) ? src : "01:00:00:00:00:01",
			tags[draw(10)], 60 + draw(100));
	if (!draw(3))
		memcpy(f + 12, "\x12\x34", 2);
	if (!draw(10)) { /* IGMPv2 (RFC 2236): a report, a leave, or what only a router sends */
		static const uint8_t ip[] = { 0x08, 0, 0x46, 0, 0, 32, 0,   0, 0, 0, 1,	   2,
					      0,    0, 10,   0, 0, 1,  239, 1, 2, 3, 0x94, 4,
					      0,    0, 0x16, 0, 0, 0,  239, 1, 2, 3 };
		static const uint8_t types[] = { 0x16, 0x17, 0x11 };

		memcpy(f, "\x01\x00\x5e\x01\x02\x03", 6);
		memcpy(f + 12, ip, sizeof(ip));
		f[12 + 26] = types[draw(3)];
		put_sum(f + 12 + 2, 24, 10);
		put_sum(f + 12 + 26, 8, 2);
	}
	return len;
}

/* What a switch would remember of a frame */
struct memory {
	struct vsw_counters c[RIG_PORTS];
	struct vsw_port_state st[RIG_PORTS];
	struct vsw_address address[256];
	unsigned n;
	unsigned events[32];
	uint64_t hits[4];
	struct vsw_snooping snooping[16];
	struct vsw_snooping_counters not_used;
};

static void remember(struct rig *r, struct memory *m)
{
	uint64_t cursor = 0;

	memset(m, 0, sizeof(*m));
	for (unsigned i = 0; i < r->n_ports; i++) {
		vsw_port_counters(r->port[i].port, &m->c[i]);
		vsw_port_state(r->port[i].port, &m->st[i]);
	}
	while (cursor != VSW_WALK_END && m->n < 240)
		m->n += vsw_addresses(r->sw, &cursor, m->address + m->n, 16);
	for (unsigned i = cursor = 0; cursor != VSW_WALK_END && i < 15;)
		i += vsw_snooping(r->sw, &cursor, m->snooping + i, 1);
	vsw_snooping_counters(r->sw, &m->not_used);
	memcpy(m->events, r->events, sizeof(m->events));
	for (unsigned i = 0; i < 4; i++)
		m->hits[i] = vsw_port_rule_hits(r->port[3].port, i);
}

/* Steps of an explanation that are about a port: how often it gets the frame, and is it dropped
 * there for @why? */
static unsigned receives(const struct vsw_step *s, unsigned n, const char *id)
{
	unsigned times = 0;

	for (unsigned i = 0; i < n; i++)
		times += !strcmp(s[i].stage, "receiver") && !strcmp(s[i].port, id);
	return times;
}

static unsigned drops(const struct vsw_step *s, unsigned n, const char *id, int why)
{
	unsigned times = 0;

	for (unsigned i = 0; i < n; i++)
		times += s[i].why == why && !strcmp(s[i].port, id);
	return times;
}

/* Does the switch do what was said it would? */
static void compare(struct rig *r, const struct memory *m, const struct vsw_step *s, unsigned n)
{
	for (unsigned i = 0; i < r->n_ports - 1; i++) {
		const char *id = vsw_port_id(r->port[i].port);
		struct vsw_counters c;

		vsw_port_counters(r->port[i].port, &c);
		CK_EACH(r->port[i].total == receives(s, n, id), "%s got %u, not %u", id,
			(unsigned)r->port[i].total, receives(s, n, id));
		for (int why = 0; why < VSW_DROP_COUNT; why++)
			CK_EACH(c.drops[why] - m->c[i].drops[why] == drops(s, n, id, why), "%s: %s",
				id, vsw_drop_name((enum vsw_drop)why));
	}
}

START_TEST(what_is_explained_happens_and_explaining_changes_nothing)
{
	struct rig *r = mixed();
	struct vsw_explain *x = vsw_explain_new();
	static struct memory before, after;
	unsigned n, more, dropped = 0, passed = 0;

	seed = 1;
	for (unsigned round = 0; round < 20000; round++) {
		struct rig_port *in = &r->port[draw(r->n_ports)];
		const struct vsw_step *s;
		uint8_t f[200];
		struct iovec iov = { f, draw_frame(f) };
		struct pkt pkt = { .iov = &iov, .iovcnt = 1, .len = (uint32_t)iov.iov_len };

		if (!draw(8))
			rig_step(r, (int64_t)draw(400) * MS);
		rig_clear(r);
		remember(r, &before);
		vsw_explain(x, in->port, &pkt);
		remember(r, &after);
		CK_EACH(!memcmp(&before, &after, sizeof(before)), "round %u: something changed",
			round);
		CK_EACH(!r->port[draw(r->n_ports)].total, "round %u: something was sent", round);
		s = vsw_explain_steps(x, &n, &more);
		CK_EACH(n && !more, "round %u: %u steps", round, n);
		const struct pkt *pkts = &pkt;

		vsw_port_input(in->port, &pkts, 1);
		compare(r, &before, s, n);
		dropped += drops(s, n, vsw_port_id(in->port), s[n - 1].why) && s[n - 1].why >= 0;
		passed += s[n - 1].why < 0;
	}
	ck_assert_uint_ge(dropped, 2000);
	ck_assert_uint_ge(passed, 2000);
	vsw_explain_free(x);
	rig_free(r);
}
END_TEST

static bool says(const struct vsw_explain *x, const char *stage, const char *text)
{
	unsigned n, more;
	const struct vsw_step *s = vsw_explain_steps(x, &n, &more);

	for (unsigned i = 0; i < n; i++)
		if (!strcmp(s[i].stage, stage) && strstr(s[i].text, text))
			return true;
	return false;
}

static void explain(struct vsw_explain *x, struct rig_port *from, const char *dst, const char *src,
		    int tag)
{
	uint8_t f[200];
	struct iovec iov = { f, rig_frame(f, dst, src, tag, 60) };
	struct pkt pkt = { .iov = &iov, .iovcnt = 1, .len = (uint32_t)iov.iov_len };

	vsw_explain(x, from->port, &pkt);
}

START_TEST(an_explanation_names_what_decides)
{
	struct rig *r = mixed();
	struct vsw_explain *x = vsw_explain_new();

	explain(x, &r->port[9], "02:00:00:00:00:01", "02:00:00:00:00:00", -1);
	ck_assert(says(x, "port", "blocked"));
	explain(x, &r->port[3], "02:00:00:00:00:01", "02:00:00:00:00:30", -1);
	ck_assert(says(x, "admission", "a frame to a station, untagged"));
	ck_assert(says(x, "source", "02:00:00:00:00:30 is not in the table"));
	ck_assert(says(x, "destination", "02:00:00:00:00:01 is at p1, static"));
	ck_assert(says(x, "receiver", "gets it"));
	ck_assert(says(x, "rules", "rule 4 holds"));
	explain(x, &r->port[4], "02:00:00:00:00:05", "02:00:00:00:00:04", 10);
	ck_assert(says(x, "admission", "in VLAN 10"));
	explain(x, &r->port[0], "02:00:00:00:00:01", "02:00:00:00:00:00", -1);
	ck_assert(says(x, "mirror", "session m"));
	explain(x, &r->port[10], "02:00:00:00:00:01", "02:00:00:00:00:0c", -1);
	ck_assert(says(x, "source", "is learnt"));
	explain(x, &r->port[0], "02:00:00:00:00:77", "02:00:00:00:00:00", -1);
	ck_assert(says(x, "destination", "02:00:00:00:00:77 is not in the table"));
	vsw_explain_free(x);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_dropped_frame_is_kept_with_its_reason_and_port,
		a_reader_that_is_late_is_told_how_many_he_missed,
		a_flood_of_drops_is_not_copied,
		frames_that_waited_are_kept_when_they_are_dropped,
		a_tap_copies_what_comes_goes_and_is_dropped_and_costs_nothing_after,
		a_tap_of_one_port_survives_changes_and_sees_no_other,
		what_is_explained_happens_and_explaining_changes_nothing,
		an_explanation_names_what_decides,
		NULL,
	};

	return run_tests("look", tests);
}
