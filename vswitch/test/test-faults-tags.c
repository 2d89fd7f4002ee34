/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of tags and VLANs, found from outside, each with what is like it. */
#include <string.h>

#include "main.h"
#include "rig.h"
#include "vswitch/query.h"

static void trunk_of(struct vsw_policy *p, uint64_t vlans)
{
	memset(p->vlan.allowed, 0, sizeof(p->vlan.allowed));
	p->vlan.allowed[0] = vlans;
}

/* A frame with two tags in its bytes */
static void send_tags(struct rig_port *from, uint16_t outer, uint16_t tci, uint16_t inner,
		      uint16_t tci2)
{
	uint8_t f[68];

	rig_frame(f, "*", "a", tci, sizeof(f));
	frame_put_be16(f + 12, outer);
	frame_put_be16(f + 16, inner);
	frame_put_be16(f + 18, tci2);
	frame_put_be16(f + 20, 0x88b5);
	rig_send_bytes(from, f, sizeof(f));
}

static bool leaves_with_tag(const struct rig_port *p, uint16_t tpid, uint16_t vid)
{
	for (unsigned i = 0; i < p->n; i++)
		if (frame_be16(p->got[i].bytes + 12) == tpid &&
		    (frame_be16(p->got[i].bytes + 14) & 0xfff) == vid)
			return true;
	return false;
}

/* ---- a tag that comes to the front where another is taken away ---- */

/* A guest that may send untagged frames only reaches no other VLAN by a tag behind
 * a priority tag */
START_TEST(vlan_hop_by_a_priority_tag)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 0, "a"), *up = rig_uplink(r, "up");

	send_tags(a, 0x8100, 0, 0x8100, 20);
	send_tags(a, 0x8100, 0xe000, 0x8100, 0);
	send_tags(a, 0x8100, 0, 0x8100, 0xfff);
	ck_assert_uint_eq(up->n, 0);
	ck_assert_uint_eq(rig_drops(up, VSW_DROP_BARE_TAG), 3);
	send_tags(a, 0x8100, 0, 0x88a8, 20); /* no tag to whoever is behind this uplink */
	ck_assert_uint_eq(up->n, 1);
	rig_free(r);
}
END_TEST

static void native_10(struct vsw_policy *p)
{
	p->vlan.vid = 10;
}

static void s_vlan(struct vsw_policy *p)
{
	p->vlan.tpid = 0x88a8;
}

static void only_10(struct vsw_policy *p)
{
	trunk_of(p, 1 << 10);
}

/* Nor does one in VLAN 10 where that is an uplink's native VLAN, by either type of tag */
START_TEST(vlan_hop_by_the_native_vlan)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 10, "a"), *up = rig_uplink(r, "up");

	rig_change(up, native_10);
	send_tags(a, 0x8100, 0, 0x8100, 20);
	ck_assert_uint_eq(up->n, 0);
	rig_change(up, s_vlan);
	send_tags(a, 0x88a8, 20, 0x8100, 0);
	send_tags(a, 0x8100, 0, 0x88a8, 20);
	ck_assert_uint_eq(up->n, 0);
	rig_free(r);
}
END_TEST

/* A trunk of VLAN 10 puts no tag of VLAN 20 behind its own; a trunk that has both may */
START_TEST(vlan_hop_by_a_tag_behind_a_tag)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", VSW_VGT, "a"), *up = rig_uplink(r, "up"),
			*b = rig_card(r, "b", 10, "b");

	rig_change(a, only_10);
	rig_change(up, native_10);
	send_tags(a, 0x8100, 10, 0x8100, 20);
	ck_assert_uint_eq(up->n + b->n, 0);
	rig_change(a, native_10);
	rig_clear(r);
	send_tags(a, 0x8100, 10, 0x8100, 10);
	ck_assert_uint_eq(up->n, 1);
	rig_free(r);
}
END_TEST

/* The outer tag beside the frame is a tag all the same */
START_TEST(vlan_hop_by_a_tag_beside_the_frame)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 0, "a"), *up = rig_uplink(r, "up");
	uint8_t f[64];
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	rig_frame(f, "*", "a", 20, sizeof(f));
	pkt_flat(&pkt, &iov, f, sizeof(f));
	pkt.flags = PKT_VLAN;
	pkt.vlan_tpid = 0x8100;
	pkt.vlan_tci = 0;
	vsw_port_input(a->port, &one, 1);
	ck_assert_uint_eq(up->n, 0);
	rig_change(up, s_vlan);
	pkt.vlan_tpid = 0x88a8; /* payload here, beside the frame, and a tag behind the uplink */
	pkt.vlan_tci = 20;
	vsw_port_input(a->port, &one, 1);
	ck_assert(!leaves_with_tag(up, 0x88a8, 20));
	ck_assert_uint_eq(up->n, 0);
	rig_free(r);
}
END_TEST

static void tunnel(struct vsw_policy *p)
{
	p->vlan.mode = VSW_VLAN_TUNNEL;
}

/* Tags of a customer go from tunnel port to tunnel port,
 * and nowhere else without their outer one */
START_TEST(tags_in_a_tunnel_stay_in_it)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 10, "a"), *b = rig_card(r, "b", 10, "b"),
			*c = rig_card(r, "c", 10, "c");

	rig_change(a, tunnel);
	rig_change(b, tunnel);
	rig_send(a, "*", "a", 20);
	ck_assert_uint_eq(b->n, 1);
	ck_assert(leaves_with_tag(b, 0x8100, 20));
	ck_assert_uint_eq(c->n, 0);
	rig_free(r);
}
END_TEST

/* Padding is for frames: a message's would become payload of its segments */
START_TEST(untagging_does_not_pad_a_message)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", VSW_VGT, "a"), *b = rig_card(r, "b", 10, "b");
	uint8_t f[80], t[80];
	uint32_t len = rig_tcp(f, 0x020000000000 | 'b', 0x020000000000 | 'a', 0x0a000001,
			       0x0a000002, 1000, 80, 1);
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	memcpy(t, f, 12);
	frame_put_be16(t + 12, 0x8100);
	frame_put_be16(t + 14, 10);
	memcpy(t + 16, f + 12, len - 12);
	pkt_flat(&pkt, &iov, t, len + 4);
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = 1;
	ck_assert_ptr_null(gso_init(&pkt, t));
	vsw_port_input(a->port, &one, 1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 16), 41);
	rig_free(r);
}
END_TEST

/* ---- registered addresses ---- */

static void claim(struct rig_port *p, const char *mac)
{
	struct vsw_addrs a = { 0 };

	rig_mac(mac, a.mac);
	vsw_port_set_addrs(p->port, &a);
}

static void many_but_30(struct vsw_policy *p)
{
	trunk_of(p, ~(UINT64_C(1) << 30));
}

/* A trunk without VLAN 30 takes nobody's traffic there by registering his address, whether its
 * addresses are kept for each VLAN or for all */
START_TEST(registered_address_counts_where_its_port_is)
{
	void (*const kinds[])(struct vsw_policy * p) = { only_10, many_but_30 };

	for (unsigned k = 0; k < 2; k++) {
		struct rig *r = rig_new();
		struct rig_port *att = rig_card(r, "att", VSW_VGT, "x"),
				*vic = rig_card(r, "vic", 30, "b"), *up = rig_uplink(r, "up"),
				*ten = rig_card(r, "ten", 10, "t");

		rig_change(att, kinds[k]);
		rig_send(up, "b", "z", 30);
		claim(att, "z");
		rig_clear(r);
		rig_send(vic, "z", "b", -1);
		ck_assert_uint_eq(up->n, 1);
		ck_assert_uint_eq(att->n, 0);
		rig_send(up, "b", "z", 30); /* the station itself is heard there, and learnt */
		rig_clear(r);
		rig_send(vic, "z", "b", -1);
		ck_assert_uint_eq(up->n, 1);
		rig_send(ten, "z", "t", -1); /* in VLAN 10 it is the trunk's */
		ck_assert_uint_eq(att->n, 1);
		ck_assert_uint_eq(up->n, 1);
		rig_free(r);
	}
}
END_TEST

static void sixteen_vlans(struct vsw_policy *policy)
{
	vsw_policy_set_vlan(policy, VSW_VGT);
	memset(policy->vlan.allowed, 0, sizeof(policy->vlan.allowed));
	policy->vlan.allowed[0] = 0x1fffe;
}

/* A guest may register as many addresses as its card's filter has: each is one entry in the table,
 * or one a VLAN while these are few; so a write of a register costs so many look-ups and no more */
START_TEST(filter_cost_is_an_entry_an_address)
{
	void (*const kinds[])(struct vsw_policy * p) = { only_10, many_but_30, sixteen_vlans };
	static uint8_t more[VSW_MAX_ADDRS + 100][6];
	struct vsw_addrs a = { .mac = { 2 }, .addrs = (const uint8_t(*)[6])more };

	for (unsigned i = 0; i < VSW_MAX_ADDRS + 100; i++) {
		more[i][0] = 2;
		frame_put_be32(more[i] + 2, i + 1);
	}
	for (unsigned k = 0; k < 3; k++)
		for (a.n = 0; a.n < VSW_MAX_ADDRS + 100; a.n += 17) {
			struct rig *r = rig_new();
			struct rig_port *p = rig_port(r, "a", 0);
			struct vsw_state st;

			rig_change(p, kinds[k]);
			vsw_port_set_addrs(p->port, &a);
			vsw_state(r->sw, &st);
			ck_assert_uint_ge(st.addresses, 1);
			ck_assert_uint_le(st.addresses, VSW_MAX_ADDRS + 1);
			rig_free(r);
		}
}
END_TEST

/* A card's permanent address is its own, whoever claimed it before */
START_TEST(permanent_address_takes_precedence)
{
	struct rig *r = rig_new();
	struct rig_port *att = rig_card(r, "att", 10, "x"), *vic, *c = rig_card(r, "c", 10, "c");

	claim(att, "v");
	vic = rig_card(r, "vic", 10, "v");
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CONFLICT], 1);
	rig_clear(r);
	rig_send(c, "v", "c", -1);
	ck_assert_uint_eq(vic->n, 1);
	ck_assert_uint_eq(att->n, 0);
	claim(att, "v"); /* again: it stays where it belongs */
	rig_send(c, "v", "c", -1);
	ck_assert_uint_eq(vic->n, 2);
	vsw_port_remove(vic->port);
	vic->port = NULL;
	rig_send(c, "v", "c", -1);
	ck_assert_uint_eq(att->n, 1);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		vlan_hop_by_a_priority_tag,
		vlan_hop_by_the_native_vlan,
		vlan_hop_by_a_tag_behind_a_tag,
		vlan_hop_by_a_tag_beside_the_frame,
		tags_in_a_tunnel_stay_in_it,
		untagging_does_not_pad_a_message,
		registered_address_counts_where_its_port_is,
		filter_cost_is_an_entry_an_address,
		permanent_address_takes_precedence,
		NULL,
	};

	return run_tests("faults-tags", tests);
}
