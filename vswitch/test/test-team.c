/* SPDX-License-Identifier: BSD-2-Clause */
/* Teams of uplinks: who leaves by which, failover, failback, announcements, beacons, what comes
 * back; VEPA. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#define PORTS 8

struct team {
	struct rig *r;
	struct rig_port *up[3], *p[PORTS];
};

static struct team make(unsigned uplinks)
{
	struct team t = { rig_new(), { NULL }, { NULL } };

	for (unsigned i = 0; i < uplinks; i++)
		t.up[i] = rig_uplink(t.r, (const char *[]) { "up0", "up1", "up2" }[i]);
	for (unsigned i = 0; i < PORTS; i++) {
		char id[4] = { 'p', (char)('0' + i), 0 }, mac[2] = { (char)('a' + i), 0 };

		t.p[i] = rig_card(t.r, id, 0, mac);
	}
	return t;
}

static void put(struct team *t, void (*change)(struct vsw_policy *policy))
{
	for (unsigned i = 0; i < PORTS; i++)
		rig_change(t->p[i], change);
	rig_clear(t->r);
}

/* One frame out from each port; how many left by each uplink */
static void all_send(struct team *t)
{
	rig_clear(t->r);
	for (unsigned i = 0; i < PORTS; i++) {
		char mac[2] = { (char)('a' + i), 0 };

		rig_send(t->p[i], "u", mac, -1);
	}
}

static unsigned count_type(struct rig_port *p, uint16_t type)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->n; i++)
		n += frame_be16(p->got[i].bytes + 12) == type;
	return n;
}

static void no_flooding(struct vsw_policy *p)
{
	p->mac.flooding = false;
}

START_TEST(by_port_spreads_ports)
{
	struct team t = make(2);

	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 4);
	ck_assert_uint_eq(t.up[1]->n, 4);
	rig_free(t.r);
}
END_TEST

/* All ports of a lost uplink move before the next frame; none is lost, and RARP announces them on
 * the new one */
START_TEST(link_loss_moves_all_ports_at_once)
{
	struct team t = make(2);

	all_send(&t);
	rig_clear(t.r);
	vsw_port_set_link(t.up[0]->port, false);
	rig_step(t.r, 0);
	ck_assert_uint_eq(count_type(t.up[1], 0x8035), 4);
	for (unsigned i = 0; i < t.up[1]->n;
	     i++) { /* each its own address, in the Ethernet and in the RARP header */
		ck_assert_mem_eq(t.up[1]->got[i].bytes + 6, t.up[1]->got[i].bytes + 22, 6);
		ck_assert_uint_eq(t.up[1]->got[i].bytes[0], 0xff);
	}
	ck_assert_uint_ge(t.r->events[VSW_EVENT_FAILOVER], 4);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 0);
	ck_assert_uint_eq(t.up[1]->n, 8);
	vsw_port_set_link(t.up[0]->port, true);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 4);
	vsw_port_set_link(t.up[0]->port, false);
	vsw_port_set_link(t.up[1]->port, false);
	put(&t, no_flooding);
	rig_send(t.p[0], "u", "a", -1);
	ck_assert_uint_eq(rig_drops(t.p[0], VSW_DROP_NO_UPLINK), 1);
	rig_free(t.r);
}
END_TEST

/* What waited at an uplink that goes down is lost, and counted there */
START_TEST(frames_lost_in_failover_are_counted)
{
	struct team t = make(2);
	struct rig_port *used;

	rig_send(t.p[0], "u", "a", -1);
	used = t.up[0]->n ? t.up[0] : t.up[1];
	used->room = 0;
	for (int i = 0; i < 10; i++)
		rig_send(t.p[0], "u", "a", -1);
	vsw_port_set_link(used->port, false);
	ck_assert_uint_eq(rig_drops(used, VSW_DROP_LINK_DOWN), 10);
	rig_free(t.r);
}
END_TEST

static void explicit_order(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_EXPLICIT;
	p->team.n_active = p->team.n_standby = 1;
	strcpy(p->team.active[0], "up1");
	strcpy(p->team.standby[0], "up0");
}

static void no_failback(struct vsw_policy *p)
{
	explicit_order(p);
	p->team.failback = false;
}

START_TEST(standby_takes_over_and_gives_back)
{
	struct team t = make(3);

	put(&t, explicit_order);
	all_send(&t);
	ck_assert_uint_eq(t.up[1]->n, 8);
	vsw_port_set_link(t.up[1]->port, false);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 8);
	vsw_port_set_link(t.up[1]->port, true);
	all_send(&t);
	ck_assert_uint_eq(t.up[1]->n, 8);
	ck_assert_uint_eq(t.up[2]->n, 0);
	put(&t, no_failback);
	vsw_port_set_link(t.up[1]->port, false);
	vsw_port_set_link(t.up[1]->port, true);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 8); /* stays */
	vsw_port_set_link(t.up[0]->port, false);
	all_send(&t);
	ck_assert_uint_eq(t.up[1]->n, 8);
	rig_free(t.r);
}
END_TEST

static void by_mac(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_MAC;
}

START_TEST(by_mac_spreads_addresses_of_one_port)
{
	struct team t = make(2);
	char mac[20];

	put(&t, by_mac);
	for (unsigned i = 0; i < 64; i++) {
		snprintf(mac, sizeof(mac), "02:00:00:00:07:%02x", i);
		rig_send(t.p[0], "u", mac, -1);
	}
	ck_assert_uint_eq(t.up[0]->n + t.up[1]->n, 64);
	ck_assert_uint_ge(t.up[0]->n, 16);
	ck_assert_uint_ge(t.up[1]->n, 16);
	rig_clear(t.r);
	for (unsigned i = 0; i < 10; i++)
		rig_send(t.p[0], "u", "02:00:00:00:07:09", -1);
	ck_assert(t.up[0]->n == 10 || t.up[1]->n == 10);
	rig_free(t.r);
}
END_TEST

static void by_ip(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_IP;
}

START_TEST(by_ip_spreads_pairs_and_takes_from_any)
{
	struct team t = make(2);
	uint8_t buf[100];

	put(&t, by_ip);
	for (uint32_t i = 0; i < 64; i++)
		rig_send_bytes(t.p[0], buf,
			       rig_udp(buf, 0x020000000075, 0x020000000061, 0x0a000001,
				       0x0a000100 + i, 1, 2, 30));
	ck_assert_uint_eq(t.up[0]->n, 32);
	ck_assert_uint_eq(t.up[1]->n, 32);
	rig_send(t.up[0], "a", "u", -1);
	rig_send(t.up[1], "a", "u", -1);
	ck_assert_uint_eq(t.p[0]->n, 2);
	rig_free(t.r);
}
END_TEST

static void by_load(struct vsw_policy *p)
{
	p->team.kind = VSW_TEAM_LOAD;
}

START_TEST(by_load_relieves_a_crowded_uplink)
{
	struct rig *r = rig_new();
	struct rig_port *up[2], *p[4];
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	conf.uplink = true;
	conf.speed_mbps = 1;
	for (int i = 0; i < 2; i++) {
		conf.id = i ? "up1" : "up0";
		up[i] = rig_add(r, &conf);
		up[i]->discard = true;
	}
	for (int i = 0; i < 4; i++) {
		char id[4] = { 'p', (char)('0' + i), 0 };
		struct vsw_policy policy;

		p[i] = rig_port(r, id, 0);
		policy = rig_policy_of(p[i]);
		by_load(&policy);
		policy.mac.flooding = false;
		rig_policy(p[i], &policy);
	}
	for (int s = 0; s < 70;
	     s++) { /* p0 and p2 share an uplink and fill it, the others are quiet */
		for (int i = 0; i < 50; i++) {
			rig_send_len(p[0], "u", "a", -1, 1000);
			rig_send_len(p[2], "u", "c", -1, 1000);
		}
		rig_step(r, SEC);
	}
	rig_clear(r);
	for (int i = 0; i < 10; i++) {
		rig_send_len(p[0], "u", "a", -1, 1000);
		rig_send_len(p[2], "u", "c", -1, 1000);
	}
	ck_assert_uint_eq(up[0]->total, 10);
	ck_assert_uint_eq(up[1]->total, 10);
	rig_free(r);
}
END_TEST

START_TEST(copies_from_several_uplinks_arrive_once)
{
	struct team t = make(2);

	all_send(&t);
	rig_clear(t.r);
	rig_send(t.up[0], "*", "u", -1); /* the physical switch floods to both of our links */
	rig_send(t.up[1], "*", "u", -1);
	for (unsigned i = 0; i < PORTS; i++)
		ck_assert_uint_eq(t.p[i]->n, 1);
	ck_assert_uint_eq(t.up[0]->n + t.up[1]->n, 0); /* never from uplink to uplink */
	rig_clear(t.r);
	rig_send(t.p[0], "*", "a", -1);
	rig_send(t.up[t.up[0]->n ? 1 : 0], "*", "a",
		 -1); /* our own broadcast comes back by the other one */
	for (unsigned i = 1; i < PORTS; i++)
		ck_assert_uint_eq(t.p[i]->n, 1);
	ck_assert_uint_eq(t.p[0]->n, 0);
	ck_assert_uint_eq(
		rig_drops(t.up[0], VSW_DROP_REFLECTED) + rig_drops(t.up[1], VSW_DROP_REFLECTED), 1);
	rig_free(t.r);
}
END_TEST

static void beacon(struct vsw_policy *p)
{
	p->team.beacon = true;
	p->team.kind = VSW_TEAM_EXPLICIT;
}

static bool cut[3];
static struct team *wired;

/* A hub between the uplinks whose cable is not cut: their frames reach the others a moment later */
static uint8_t carried[64][60];
static unsigned carried_from[64], n_carried;

static void to_hub(struct rig_port *p, const struct pkt *pkt)
{
	for (unsigned i = 0; i < 3; i++)
		if (wired->up[i] == p && !cut[i] && n_carried < 64 && pkt->len == 60) {
			pkt_copy(pkt, 0, carried[n_carried], 60);
			carried_from[n_carried++] = i;
		}
}

static void run_hub(struct team *t, unsigned seconds)
{
	for (unsigned s = 0; s < seconds * 10; s++) {
		rig_step(t->r, SEC / 10);
		for (unsigned k = 0; k < n_carried; k++)
			for (unsigned i = 0; i < 3; i++)
				if (i != carried_from[k] && !cut[i])
					rig_send_bytes(t->up[i], carried[k], 60);
		n_carried = 0;
	}
}

START_TEST(beacons_find_a_link_that_leads_nowhere)
{
	struct team t = make(3);

	wired = &t;
	put(&t, beacon);
	for (unsigned i = 0; i < 3; i++)
		t.up[i]->on_frame = to_hub;
	run_hub(&t, 10);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 8);
	for (unsigned i = 0; i < PORTS; i++) /* beacons are nobody else's business */
		ck_assert_uint_eq(count_type(t.p[i], 0x88b6), 0);
	cut[0] = true; /* its link stays up */
	run_hub(&t, 10);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 0);
	ck_assert_uint_eq(t.up[1]->n, 8);
	cut[0] = false;
	run_hub(&t, 10);
	all_send(&t);
	ck_assert_uint_eq(t.up[0]->n, 8);
	rig_free(t.r);
}
END_TEST

START_TEST(vepa_goes_out_and_does_not_return_to_its_source)
{
	struct team t = make(1);
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(t.r->sw);
	sp->vepa = true;
	rig_switch_policy(t.r, sp);
	free(sp);
	rig_send(t.p[0], "b", "a", -1);
	ck_assert_uint_eq(t.p[1]->n, 0);
	ck_assert_uint_eq(t.up[0]->n, 1);
	rig_send(t.up[0], "b", "a", -1); /* the physical bridge reflects it */
	ck_assert_uint_eq(t.p[1]->n, 1);
	rig_clear(t.r);
	rig_send(t.up[0], "*", "a", -1);
	ck_assert_uint_eq(t.p[0]->n, 0);
	for (unsigned i = 1; i < PORTS; i++)
		ck_assert_uint_eq(t.p[i]->n, 1);
	rig_send(t.p[1], "a", "b", -1); /* a is still where it was */
	rig_send(t.up[0], "a", "b", -1);
	ck_assert_uint_eq(t.p[0]->n, 1);
	rig_free(t.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		by_port_spreads_ports,
		link_loss_moves_all_ports_at_once,
		frames_lost_in_failover_are_counted,
		standby_takes_over_and_gives_back,
		by_mac_spreads_addresses_of_one_port,
		by_ip_spreads_pairs_and_takes_from_any,
		by_load_relieves_a_crowded_uplink,
		copies_from_several_uplinks_arrive_once,
		beacons_find_a_link_that_leads_nowhere,
		vepa_goes_out_and_does_not_return_to_its_source,
		NULL,
	};

	return run_tests("team", tests);
}
