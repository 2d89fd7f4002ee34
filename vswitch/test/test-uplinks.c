/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults around several uplinks that were found in reports and by attack, each by name: stations
 * that move, announcements, beacons, priorities. */
#include "core/siphash.h"
#include "core/vsw.h"
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#define VRRP "00:00:5e:00:01:32"

/* struct two - a switch with two uplinks and two guests */
struct two {
	struct rig *r;
	struct rig_port *u1, *u2, *a, *c;
};

static struct two two(void)
{
	struct two t = { .r = rig_new() };

	t.u1 = rig_uplink(t.r, "u1");
	t.u2 = rig_uplink(t.r, "u2");
	t.a = rig_card(t.r, "a", 0, "a");
	t.c = rig_card(t.r, "c", 0, "c");
	return t;
}

/* Does a frame to the address leave by an uplink, and not reach @a? */
static bool is_outside(struct two *t, const char *mac)
{
	rig_clear(t->r);
	rig_send(t->c, mac, "c", -1);
	return t->u1->n + t->u2->n && !t->a->n;
}

static void from_outside(struct two *t, const char *mac)
{
	rig_send(t->u1, "*", mac, -1);
	rig_send(t->u2, "*", mac, -1);
}

/* A virtual router's address goes from a guest to a machine outside */
START_TEST(team_mac_move_is_believed_within_two_seconds)
{
	struct two t = two();

	for (int i = 0; i < 30; i++) {
		rig_send(t.a, "01:00:5e:00:00:12", VRRP, -1);
		rig_step(t.r, SEC);
	}
	from_outside(&t, VRRP);
	ck_assert(!is_outside(&t, VRRP));
	ck_assert_uint_eq(rig_drops(t.u1, VSW_DROP_REFLECTED), 1);
	rig_step(t.r, SEC);
	from_outside(&t, VRRP);
	ck_assert(!is_outside(&t, VRRP));
	rig_step(t.r, SEC);
	from_outside(&t, VRRP);
	ck_assert(is_outside(&t, VRRP));
	rig_send(t.a, "*", VRRP, -1); /* and comes back at once */
	ck_assert(!is_outside(&t, VRRP));
	rig_free(t.r);
}
END_TEST

/* The physical network returns each broadcast by the other uplink. That is no move, however long it
 * goes on, and however seldom the station speaks. */
START_TEST(team_mac_move_is_not_seen_in_copies)
{
	static const int64_t pauses[] = { SEC / 100, SEC, 10 * SEC, 24 * SEC, 26 * SEC, 60 * SEC };

	for (unsigned i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		struct two t = two();

		for (int k = 0; k < 100; k++) {
			rig_send(t.a, "*", VRRP, -1);
			rig_step(t.r, MS);
			from_outside(&t, VRRP);
			ck_assert(!is_outside(&t, VRRP));
			rig_step(t.r, pauses[i]);
		}
		rig_free(t.r);
	}
}
END_TEST

/* What a card registered is here, whatever is heard */
START_TEST(team_mac_move_does_not_take_registered_addresses)
{
	struct two t = two();

	for (int k = 0; k < 10; k++) {
		from_outside(&t, "a");
		rig_step(t.r, SEC);
	}
	rig_clear(t.r);
	rig_send(t.c, "a", "c", -1);
	ck_assert_uint_eq(t.a->n, 1);
	rig_free(t.r);
}
END_TEST

/* Gratuitous ARP, RARP, unsolicited neighbour advertisement of VRRP's address. Return: length */
static uint32_t announcement(uint8_t *p, unsigned kind)
{
	memset(p, 0, 100);
	memset(p, 0xff, 6);
	rig_mac(VRRP, p + 6);
	if (kind < 2) {
		frame_put_be16(p + 12, kind ? 0x8035 : 0x0806);
		memcpy(p + 14, (uint8_t[]) { 0, 1, 8, 0, 6, 4, 0, kind ? 3 : 1 }, 8);
		memcpy(p + 22, p + 6, 6);
		if (!kind) {
			frame_put_be32(p + 28, 0x0a000032);
			frame_put_be32(p + 38, 0x0a000032);
		}
		return 60;
	}
	memcpy(p, (uint8_t[]) { 0x33, 0x33, 0, 0, 0, 1 }, 6);
	memcpy(p + 12, (uint8_t[]) { 0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255, 0xfe, 0x80 }, 12);
	p[38] = 0xff;
	p[39] = 2;
	p[53] = 1;
	p[54] = 136;
	return 86;
}

START_TEST(team_mac_move_ends_at_once_with_an_announcement)
{
	for (unsigned kind = 0; kind < 3; kind++) {
		struct two t = two();
		uint8_t buf[100];
		uint32_t len = announcement(buf, kind);

		rig_send(t.a, "*", VRRP, -1);
		rig_send_bytes(t.u1, buf, len);
		ck_assert(is_outside(&t, VRRP));
		rig_free(t.r);
	}
}
END_TEST

START_TEST(team_mac_move_is_not_seen_in_copies_of_announcements)
{
	for (unsigned kind = 0; kind < 3; kind++) {
		struct two t = two();
		uint8_t buf[100];
		uint32_t len = announcement(buf, kind);

		rig_send_bytes(t.a, buf, len); /* the guest takes the address */
		rig_step(t.r, MS);
		rig_send_bytes(t.u1, buf, len);
		rig_send_bytes(t.u2, buf, len);
		ck_assert(!is_outside(&t, VRRP));
		rig_step(t.r, 6 * SEC);
		rig_send_bytes(t.u1, buf, len); /* and much later somebody else does */
		ck_assert(is_outside(&t, VRRP));
		rig_free(t.r);
	}
}
END_TEST

/* The switch's own announcements come back, too */
START_TEST(team_mac_move_is_not_seen_in_the_switchs_announcements)
{
	struct two t = two();
	struct rig_port *lost, *used;

	rig_send(t.a, "x", VRRP, -1); /* to learn it, and by which uplink it leaves */
	lost = t.u1->n ? t.u1 : t.u2;
	used = t.u1->n ? t.u2 : t.u1;
	vsw_port_set_link(lost->port, false);
	rig_clear(t.r);
	rig_step(t.r, MS);
	ck_assert_uint_ge(used->n, 1);
	vsw_port_set_link(lost->port, true);
	for (unsigned i = 0; i < used->n; i++)
		rig_send_bytes(lost, used->got[i].bytes, used->got[i].pkt.len);
	ck_assert(!is_outside(&t, VRRP));
	rig_free(t.r);
}
END_TEST

/* RARPs of a station in a VLAN; -1: untagged */
static unsigned rarps(const struct rig_port *p, const char *who, int vlan)
{
	uint8_t mac[6];
	unsigned n = 0;

	rig_mac(who, mac);
	for (unsigned i = 0; i < p->n; i++) {
		const uint8_t *b = p->got[i].bytes;
		bool tagged = frame_be16(b + 12) == 0x8100;
		int v = tagged ? frame_be16(b + 14) & 0xfff : -1;

		n += frame_be16(b + (tagged ? 16 : 12)) == 0x8035 && !memcmp(b + 6, mac, 6) &&
		     v == vlan;
	}
	return n;
}

static void in_order(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_EXPLICIT;
	p->team.n_active = p->team.n_standby = 1;
	strcpy(p->team.active[0], "u1");
	strcpy(p->team.standby[0], "u2");
}

/* A guest that tags is announced in the VLANs that it used, and in its native one */
START_TEST(team_announce_vgt_reaches_the_vlans_that_are_used)
{
	struct two t = two();
	struct rig_port *g = rig_card(t.r, "g", 4095, "g"), *l = rig_port(t.r, "l", 4095);

	rig_change(g, in_order);
	rig_change(l, in_order);
	rig_send(g, "*", "g", 10);
	rig_send(g, "*", "g", 20);
	rig_send(l, "*", "l", 20);
	rig_clear(t.r);
	vsw_port_set_link(t.u1->port, false);
	rig_step(t.r, 10 * SEC);
	ck_assert_uint_eq(rarps(t.u2, "g", 10), 5);
	ck_assert_uint_eq(rarps(t.u2, "g", 20), 5);
	ck_assert_uint_eq(rarps(t.u2, "g", -1), 5);
	ck_assert_uint_eq(rarps(t.u2, "g", 30), 0);
	ck_assert_uint_eq(rarps(t.u2, "l", 20), 5);
	ck_assert_uint_eq(rarps(t.u2, "l", -1), 0);
	rig_free(t.r);
}
END_TEST

/* At once, then after 50, 150, 250 and 350 ms; who moves again meanwhile begins again */
START_TEST(team_announce_is_repeated)
{
	static const int64_t at[] = { 0, 50, 200, 450, 800 };
	struct two t = two();

	rig_change(t.c, in_order);
	rig_clear(t.r);
	vsw_port_set_link(t.u1->port, false);
	for (unsigned i = 0; i < 5; i++) {
		rig_step(t.r, i ? (at[i] - at[i - 1]) * MS : 0);
		ck_assert_uint_eq(rarps(t.u2, "c", -1), i + 1);
	}
	rig_step(t.r, 10 * SEC);
	ck_assert_uint_eq(rarps(t.u2, "c", -1), 5);
	rig_clear(t.r);
	vsw_port_set_link(t.u1->port, true);
	rig_step(t.r, 100 * MS);
	vsw_port_set_link(t.u1->port, false);
	rig_step(t.r, 10 * SEC);
	ck_assert_uint_eq(rarps(t.u1, "c", -1), 2);
	ck_assert_uint_eq(rarps(t.u2, "c", -1), 5);
	rig_free(t.r);
}
END_TEST

/* A guest in all VLANs with many addresses: a call of the timer sends so many frames and no more,
 * and all is announced in the end */
START_TEST(team_announce_is_bounded_a_run)
{
	static uint8_t list[64][6];
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, 'g' },
				   .n = 64,
				   .addrs = (const uint8_t(*)[6])list };
	struct two t = two();
	struct rig_port *g = rig_card(t.r, "g", 4095, "g");
	unsigned runs = 0;
	int64_t end;

	rig_change(g, in_order);
	for (unsigned i = 0; i < 64; i++)
		memcpy(list[i], (uint8_t[]) { 2, 0, 0, 0, 1, (uint8_t)i }, 6);
	vsw_port_set_addrs(g->port, &addrs);
	t.u1->discard = t.u2->discard = true;
	for (int vlan = 1; vlan <= 1000; vlan++)
		rig_send(g, "01:00:5e:00:00:12", "g", vlan);
	rig_clear(t.r);
	vsw_port_set_link(t.u1->port, false);
	end = t.r->now + 10 * SEC;
	while (t.r->deadline < end) {
		uint64_t before = t.u2->total;

		if (t.r->deadline > t.r->now)
			t.r->now = t.r->deadline;
		t.r->deadline = VSW_NEVER;
		vsw_timer(t.r->sw);
		ck_assert_uint_le(t.u2->total - before, 256);
		runs++;
	}
	/* with its native VLAN; and one of the other guests */
	ck_assert_uint_eq(t.u2->total, 5 * (65 * 1001 + 1));
	ck_assert_uint_ge(runs, 5 * 65 * 1001 / 256);
	rig_free(t.r);
}
END_TEST

static void by_mac(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_MAC;
}

/* Where the address decides, it is announced at the uplink that its frames take */
START_TEST(team_announce_by_mac_is_where_the_frames_leave)
{
	struct rig *r = rig_new();
	struct rig_port *u[3], *p[16];

	u[0] = rig_uplink(r, "u0");
	u[1] = rig_uplink(r, "u1");
	u[2] = rig_uplink(r, "u2");
	for (unsigned i = 0; i < 16; i++) {
		char id[4] = { 'p', (char)('a' + i), 0 }, mac[2] = { (char)('a' + i), 0 };

		p[i] = rig_card(r, id, 0, mac);
		rig_change(p[i], by_mac);
	}
	vsw_port_set_link(u[2]->port, false);
	rig_clear(r);
	rig_step(r, SEC);
	for (unsigned i = 0; i < 16; i++) {
		char mac[2] = { (char)('a' + i), 0 };
		unsigned told[2] = { rarps(u[0], mac, -1), rarps(u[1], mac, -1) }, from = u[0]->n;

		ck_assert_uint_eq(told[0] + told[1], 5);
		rig_send(p[i], "*", mac, -1);
		ck_assert_uint_eq(u[0]->n > from, told[0] == 5);
	}
	rig_free(r);
}
END_TEST

static void isolated(struct vsw_policy *p)
{
	in_order(p);
	p->vlan.mode = VSW_VLAN_PRIVATE;
	p->vlan.vid = 101;
}

/* Frames of an isolated port leave in its own VLAN, not in the primary one that the table has */
START_TEST(team_announce_of_isolated_ports_is_in_their_vlan)
{
	struct two t = two();
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(t.r->sw);
	sp->n_pvlans = 1;
	sp->pvlan[0] = (struct vsw_pvlan) { 100, 101, true };
	rig_switch_policy(t.r, sp);
	free(sp);
	rig_change(t.a, isolated);
	rig_clear(t.r);
	vsw_port_set_link(t.u1->port, false);
	rig_step(t.r, SEC);
	ck_assert_uint_eq(rarps(t.u2, "a", 101), 5);
	ck_assert_uint_eq(rarps(t.u2, "a", 100), 0);
	rig_free(t.r);
}
END_TEST

/* Nobody has that address */
START_TEST(source_of_zero_is_not_learnt)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	struct vsw_counters counters;

	rig_send(a, "*", "00:00:00:00:00:00", -1);
	ck_assert_uint_eq(b->n, 1);
	vsw_port_counters(a->port, &counters);
	ck_assert_uint_eq(counters.addresses, 0);
	rig_clear(r);
	rig_send(b, "00:00:00:00:00:00", "b", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(c->n, 1);
	rig_free(r);
}
END_TEST

static void native_ten(struct vsw_policy *p)
{
	p->vlan.vid = 10;
}

static void untagged_only(struct vsw_policy *p)
{
	p->vlan.accept = VSW_ACCEPT_UNTAGGED;
}

/* Through the native VLAN of a trunk a priority needs a tag of its own */
START_TEST(priority_survives_between_two_trunks)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 4095),
			*n = rig_port(r, "n", 4095), *u = rig_port(r, "u", 4095),
			*c = rig_port(r, "c", 0);

	rig_change(n, native_ten);
	rig_change(u, untagged_only);
	rig_send(a, "*", "a", 0xa000); /* priority tag */
	ck_assert_uint_eq(frame_be32(b->got[0].bytes + 12), 0x8100a000);
	ck_assert_uint_eq(frame_be16(u->got[0].bytes + 12), 0x88b5);
	ck_assert_uint_eq(frame_be16(c->got[0].bytes + 12), 0x88b5);
	rig_clear(r);
	rig_send(a, "*", "a", 0xa00a); /* VLAN 10, which is native there */
	ck_assert_uint_eq(frame_be32(b->got[0].bytes + 12), 0x8100a00a);
	ck_assert_uint_eq(frame_be32(n->got[0].bytes + 12), 0x8100a000);
	rig_clear(r);
	rig_send(a, "*", "a", 0); /* nothing to be kept */
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 12), 0x88b5);
	rig_free(r);
}
END_TEST

/* The reference vector of 8 bytes 0 to 7 under the key 0 to 15 */
START_TEST(siphash_is_siphash)
{
	static const uint64_t key[2] = { UINT64_C(0x0706050403020100),
					 UINT64_C(0x0f0e0d0c0b0a0908) };
	uint64_t word = UINT64_C(0x0706050403020100);

	ck_assert_uint_eq(siphash(key, &word, 1), UINT64_C(0x93f5f5799a932462));
}
END_TEST

/* struct three - a switch that probes three uplinks, and a beacon of each */
struct three {
	struct rig *r;
	struct rig_port *u[3], *a;
};

static void probing(struct vsw_policy *p)
{
	p->team.beacon = true;
	p->team.kind = VSW_TEAM_EXPLICIT;
}

static struct three three(void)
{
	struct three t = { .r = rig_new() };

	t.u[0] = rig_uplink(t.r, "u0");
	t.u[1] = rig_uplink(t.r, "u1");
	t.u[2] = rig_uplink(t.r, "u2");
	t.a = rig_card(t.r, "a", 0, "a");
	rig_change(t.a, probing);
	rig_clear(t.r);
	return t;
}

/* @seconds pass in which beacons of the last two reach each other,
 * and @extra is heard at the last */
static void probe(struct three *t, unsigned seconds, const uint8_t *extra)
{
	for (unsigned i = 0; i < seconds; i++) {
		uint8_t b[2][60];

		rig_clear(t->r);
		rig_step(t->r, SEC);
		for (unsigned k = 0; k < 2; k++) {
			ck_assert_uint_ge(t->u[k + 1]->n, 1);
			memcpy(b[k], t->u[k + 1]->got[0].bytes, 60);
		}
		rig_send_bytes(t->u[2], b[0], 60);
		rig_send_bytes(t->u[1], b[1], 60);
		if (extra)
			rig_send_bytes(t->u[2], extra, 60);
	}
}

static bool leaves_by_first(struct three *t)
{
	rig_clear(t->r);
	rig_send(t->a, "x", "a", -1);
	return t->u[0]->n == 1;
}

/* One that was heard before does not keep a dead uplink alive, nor does one with other numbers */
START_TEST(beacon_seed_replays_and_forgeries_do_not_count)
{
	struct three t = three();
	uint8_t old[60], forged[60];

	rig_step(t.r, SEC);
	memcpy(old, t.u[0]->got[0].bytes, 60);
	probe(&t, 1, old); /* it is alive */
	ck_assert(leaves_by_first(&t));
	probe(&t, 10, old);
	ck_assert(!leaves_by_first(&t));
	for (unsigned i = 0; i < 10; i++) {
		memcpy(forged, old, 60);
		frame_put_be32(forged + 26, frame_be32(t.u[1]->got[0].bytes + 26) + 1);
		probe(&t, 1, forged);
	}
	ck_assert(!leaves_by_first(&t));
	rig_clear(t.r);
	rig_send_bytes(t.u[2], forged, 60); /* not ours: a frame like others */
	rig_send_bytes(t.u[2], old, 60);    /* ours, if old */
	ck_assert_uint_eq(t.a->n, 0);	    /* its port is on another uplink */
	rig_free(t.r);
}
END_TEST

static uint8_t kept[60];

static int64_t now(void *opaque)
{
	return SEC;
}

static void timer(void *opaque, int64_t deadline)
{
}

static unsigned keep(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	pkt_copy(pkts[0], 0, kept, sizeof(kept));
	return n;
}

static void add_probing_guest(struct vsw *sw, const struct vsw_port_ops *ops)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct vsw_policy policy;
	struct vsw_txn *txn;
	struct vsw_port *p;

	conf.id = "a";
	p = vsw_port_add(sw, &conf, ops, NULL, NULL, 0);
	policy = *vsw_port_policy(p);
	policy.team.beacon = true;
	txn = vsw_txn_new(sw);
	ck_assert_int_eq(vsw_txn_port(txn, p, &policy, NULL, 0), 0);
	ck_assert_int_eq(vsw_txn_prepare(txn, NULL, 0), 0);
	vsw_txn_commit(txn);
}

/* What is in a beacon was drawn for itself: from it nothing follows about where the
 * table puts whom */
START_TEST(beacon_seed_is_not_on_the_wire)
{
	static const struct vsw_host host = { now, timer, NULL };
	static const struct vsw_port_ops ops = { keep, NULL, NULL };
	struct vsw_conf conf = { .name = "s", .host = &host };
	struct vsw *sw = vsw_new(&conf, NULL, 0);

	for (char id[3] = "u0"; id[1] < '3'; id[1]++) {
		struct vsw_port_conf port = VSW_PORT_CONF_INIT;

		port.id = id;
		port.uplink = true;
		ck_assert_ptr_nonnull(vsw_port_add(sw, &port, &ops, NULL, NULL, 0));
	}
	add_probing_guest(sw, &ops);
	vsw_timer(sw);
	ck_assert_uint_ne(mac_number(kept + 18), 0);
	ck_assert_uint_ne(mac_number(kept + 18), sw->seed * HASH_FACTOR >> 16 & MAC_MASK);
	ck_assert_uint_ne(mac_number(kept + 18), sw->seed & MAC_MASK);
	ck_assert_uint_ne(sw->id, sw->seed);
	vsw_free(sw);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		team_mac_move_is_believed_within_two_seconds,
		team_mac_move_is_not_seen_in_copies,
		team_mac_move_does_not_take_registered_addresses,
		team_mac_move_ends_at_once_with_an_announcement,
		team_mac_move_is_not_seen_in_copies_of_announcements,
		team_mac_move_is_not_seen_in_the_switchs_announcements,
		team_announce_vgt_reaches_the_vlans_that_are_used,
		team_announce_is_repeated,
		team_announce_is_bounded_a_run,
		team_announce_by_mac_is_where_the_frames_leave,
		team_announce_of_isolated_ports_is_in_their_vlan,
		source_of_zero_is_not_learnt,
		priority_survives_between_two_trunks,
		siphash_is_siphash,
		beacon_seed_replays_and_forgeries_do_not_count,
		beacon_seed_is_not_on_the_wire,
		NULL,
	};

	return run_tests("uplinks", tests);
}
