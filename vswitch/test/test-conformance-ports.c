/* SPDX-License-Identifier: BSD-2-Clause */
/* The conformance checklist for what a port lets in and out: tags, lengths, private VLANs,
 * security. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

static void trunk(struct rig_port *p, uint16_t native, const char *vlans)
{
	struct vsw_policy policy = rig_policy_of(p);
	unsigned from, to;
	int used;

	vsw_policy_set_vlan(&policy, VSW_VGT);
	policy.vlan.vid = native;
	memset(policy.vlan.allowed, 0, sizeof(policy.vlan.allowed));
	while (sscanf(vlans, "%u-%u,%n", &from, &to, &used) == 2) {
		for (; from <= to; from++)
			policy.vlan.allowed[from / 64] |= UINT64_C(1) << from % 64;
		vlans += used;
	}
	rig_policy(p, &policy);
}

/* 7 */
START_TEST(c07_priority_tag_is_pvid_and_keeps_its_priority)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*t = rig_port(r, "t", 4095);

	rig_send(a, "*", "a", 5 << 13);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, 60); /* 64 with the tag, 60 without */
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 12), 0x88b5);
	ck_assert_uint_eq(t->n, 1);
	ck_assert_uint_eq(frame_be16(t->got[0].bytes + 12), 0x8100);
	ck_assert_uint_eq(frame_be16(t->got[0].bytes + 14), 5 << 13 | 10);
	rig_free(r);
}
END_TEST

START_TEST(c07_vid_4095_is_dropped_and_refused)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 4095);
	struct vsw_policy p = rig_policy_of(a);
	struct vsw_txn *txn = vsw_txn_new(r->sw);

	rig_send(a, "*", "a", 4095);
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_VLAN_RESERVED), 1);
	p.vlan.allowed[63] |= UINT64_C(1) << 63;
	ck_assert_int_eq(vsw_txn_port(txn, a->port, &p, r->err, sizeof(r->err)), -1);
	vsw_txn_abort(txn);
	rig_free(r);
}
END_TEST

START_TEST(c07_double_tags_pass_untouched_and_qinq_wraps)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 4095),
			*q = rig_port(r, "q", 0);
	struct vsw_policy p = rig_policy_of(q);
	uint8_t buf[68];

	rig_frame(buf, "*", "a", 100, sizeof(buf));
	frame_put_be16(buf + 16, 0x8100);
	frame_put_be16(buf + 18, 200);
	frame_put_be16(buf + 20, 0x88b5);
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_mem_eq(b->got[0].bytes, buf, sizeof(buf));
	p.vlan.mode = VSW_VLAN_TUNNEL;
	p.vlan.vid = 300;
	rig_policy(q, &p);
	rig_clear(r);
	rig_send_bytes(q, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, sizeof(buf) + 4);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 14), 300);
	ck_assert_mem_eq(b->got[0].bytes + 16, buf + 12, sizeof(buf) - 12);
	rig_send_bytes(b, b->got[0].bytes, sizeof(buf) + 4);
	ck_assert_uint_eq(q->n, 1);
	ck_assert_mem_eq(q->got[0].bytes, buf, sizeof(buf));
	rig_free(r);
}
END_TEST

START_TEST(c07_88a8_is_payload_for_a_c_vlan_port_and_tag_for_an_s_vlan_port)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*s = rig_port(r, "s", 4095);
	struct vsw_policy p = rig_policy_of(s);
	uint8_t buf[64];

	rig_frame(buf, "*", "a", 55, sizeof(buf));
	frame_put_be16(buf + 12, 0x88a8);
	p.vlan.tpid = 0x88a8;
	rig_policy(s, &p);
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_mem_eq(b->got[0].bytes, buf, sizeof(buf));
	ck_assert_uint_eq(s->n, 1);
	ck_assert_uint_eq(frame_be32(s->got[0].bytes + 12), 0x88a8000a);
	rig_clear(r);
	frame_put_be16(buf + 14, 10);
	rig_send_bytes(s, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 12), 0x88b5);
	rig_free(r);
}
END_TEST

/* 8 */
START_TEST(c08_acceptable_frame_types_and_ingress_filter)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 4095);
	struct vsw_policy p;

	trunk(a, 7, "10-20,");
	rig_send(a, "*", "a", -1);
	rig_send(a, "*", "a", 10);
	rig_send(a, "*", "a", 30);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 14), 7);
	p = rig_policy_of(a);
	p.vlan.accept = VSW_ACCEPT_TAGGED;
	rig_policy(a, &p);
	rig_clear(r);
	rig_send(a, "*", "a", -1);
	rig_send(a, "*", "a", 0); /* priority-tagged counts as untagged */
	rig_send(a, "*", "a", 10);
	ck_assert_uint_eq(b->n, 1);
	p.vlan.accept = VSW_ACCEPT_UNTAGGED;
	rig_policy(a, &p);
	rig_clear(r);
	rig_send(a, "*", "a", -1);
	rig_send(a, "*", "a", 0);
	rig_send(a, "*", "a", 10);
	ck_assert_uint_eq(b->n, 2);
	p.vlan.accept = VSW_ACCEPT_ALL;
	p.vlan.filter = false;
	rig_policy(a, &p);
	rig_clear(r);
	rig_send(a, "*", "a", 30);
	ck_assert_uint_eq(b->n, 1);
	rig_send(b, "*", "b", 30); /* out it does not go */
	ck_assert_uint_eq(a->n, 0);
	rig_free(r);
}
END_TEST

/* 9 */
START_TEST(c09_lengths)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 10);
	struct vsw_switch_policy sp = *vsw_switch_policy(r->sw);
	uint8_t buf[64];

	rig_send_len(a, "*", "a", 10, 60); /* 56 without its tag: padded */
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, 60);
	for (unsigned i = 56; i < 60; i++)
		ck_assert_uint_eq(b->got[0].bytes[i], 0);
	sp.mtu = 1500;
	rig_switch_policy(r, &sp);
	rig_send_len(a, "*", "a", 10, 1518);
	ck_assert_uint_eq(b->n, 2);
	rig_send_len(a, "*", "a", 10, 1519);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_TOO_LONG), 1);
	rig_send_len(b, "*", "b", -1, 1515);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_TOO_LONG), 1);
	rig_clear(r);
	rig_send_tso(b, "*", "b", 30000, 1446); /* 1500 with headers */
	ck_assert_uint_eq(a->n, 21);
	rig_send_tso(b, "*", "b", 30000, 1461);
	ck_assert_uint_eq(a->n, 21);
	rig_frame(buf, "*", "a", 10, sizeof(buf));
	frame_put_be16(buf + 16, 40); /* an 802.3 length is as good as a type */
	rig_clear(r);
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(rig_send_len(b, "*", "b", -1, 14), 1); /* the shortest */
	rig_free(r);
}
END_TEST

/* 13 */
START_TEST(c13_private_vlan_matrix)
{
	enum { P1, P2, I1, I2, C1, C2, D1, PORTS };
	static const uint16_t vid[PORTS] = { 100, 100, 101, 101, 102, 102, 103 };
	struct rig *r = rig_new();
	struct vsw_switch_policy sp = *vsw_switch_policy(r->sw);
	struct rig_port *p[PORTS], *t = rig_port(r, "t", 4095);
	char id[8];

	sp.n_pvlans = 3;
	sp.pvlan[0] = (struct vsw_pvlan) { 100, 101, true };
	sp.pvlan[1] = (struct vsw_pvlan) { 100, 102, false };
	sp.pvlan[2] = (struct vsw_pvlan) { 100, 103, false };
	rig_switch_policy(r, &sp);
	for (int i = 0; i < PORTS; i++) {
		struct vsw_policy policy;

		snprintf(id, sizeof(id), "p%d", i);
		p[i] = rig_port(r, id, 0);
		policy = rig_policy_of(p[i]);
		policy.vlan.mode = VSW_VLAN_PRIVATE;
		policy.vlan.vid = vid[i];
		rig_policy(p[i], &policy);
	}
	for (int pass = 0; pass < 2; pass++) /* flooded, then to learnt addresses */
		for (int i = 0; i < PORTS; i++)
			for (int j = 0; j < PORTS; j++) {
				bool ok = i != j && (vid[i] == 100 || vid[j] == 100 ||
						     (vid[i] == vid[j] && vid[i] != 101));
				char src[2] = { (char)('a' + i), 0 },
				     dst[2] = { (char)('a' + j), 0 };

				rig_clear(r);
				rig_send(p[i], pass ? dst : "*", src, -1);
				ck_assert_msg(p[j]->n == ok, "%d to %d, pass %d", i, j, pass);
			}
	rig_clear(r);
	rig_send(p[I1], "*", "c", -1); /* on a trunk the secondary VLAN shows */
	ck_assert_uint_eq(frame_be16(t->got[0].bytes + 14), 101);
	rig_clear(r);
	rig_send(t, "*", "t", 101);
	ck_assert_uint_eq(p[P1]->n, 1);
	ck_assert_uint_eq(p[I1]->n + p[I2]->n + p[C1]->n, 0);
	rig_free(r);
}
END_TEST

START_TEST(c13_promiscuous_only_if_accepted)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*s = rig_port(r, "s", 10);
	struct rig_port *o = rig_port(r, "o", 20);
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, 's' }, .promiscuous = true };
	struct vsw_policy p = rig_policy_of(s);

	rig_send(a, "*", "a", -1);
	rig_send(b, "*", "b", -1);
	rig_clear(r);
	vsw_port_set_addrs(s->port, &addrs);
	vsw_port_set_addrs(o->port, &addrs);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(s->n, 0);
	p.security.promiscuous = true;
	rig_policy(s, &p);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(s->n, 1);
	ck_assert_uint_eq(b->n, 2);
	p = rig_policy_of(o);
	p.security.promiscuous = true;
	rig_policy(o, &p);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(o->n, 0); /* another VLAN's traffic never */
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(s->n, 3); /* once, though it is both listed and promiscuous */
	rig_free(r);
}
END_TEST

START_TEST(c13_forged_transmits)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 10, "a"), *b = rig_port(r, "b", 10),
			*t = rig_card(r, "t", 4095, "t");
	struct vsw_policy p = rig_policy_of(a);

	rig_send(a, "*", "x", -1);
	ck_assert_uint_eq(b->n, 1);
	p.security.forged_transmits = false;
	rig_policy(a, &p);
	rig_send(a, "*", "x", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_FORGED), 1);
	ck_assert_uint_eq(r->events[VSW_EVENT_FORGED], 1);
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->n, 2);
	rig_send(a, "*", "b", -1); /* somebody else's, known */
	rig_send(b, "*", "b", -1);
	rig_send(a, "*", "b", -1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_FORGED), 3);
	p = rig_policy_of(t); /* a trunk's card has its address in every VLAN */
	p.security.forged_transmits = false;
	rig_policy(t, &p);
	rig_clear(r);
	rig_send(t, "*", "t", 10);
	ck_assert_uint_eq(b->n, 1);
	rig_send(t, "*", "x", 10);
	ck_assert_uint_eq(b->n, 1);
	rig_free(r);
}
END_TEST

START_TEST(c13_mac_changes)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 0, "a"), *b = rig_port(r, "b", 0);
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, 'z' } };
	struct vsw_policy p = rig_policy_of(a);

	vsw_port_set_addrs(a->port, &addrs);
	rig_send(b, "z", "b", -1);
	ck_assert_uint_eq(a->n, 1);
	p.security.mac_changes = false;
	rig_policy(a, &p);
	rig_send(b, "z", "b", -1);
	rig_send(b, "*", "b", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_MAC_CHANGE), 2);
	rig_step(r, SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 1);
	addrs.mac[5] = 'a';
	vsw_port_set_addrs(a->port, &addrs);
	rig_send(b, "a", "b", -1);
	ck_assert_uint_eq(a->n, 2);
	rig_free(r);
}
END_TEST

static void set_mac(struct rig_port *p, const uint8_t mac[6])
{
	struct vsw_addrs addrs = { .n = 0 };

	memcpy(addrs.mac, mac, 6);
	vsw_port_set_addrs(p->port, &addrs);
}

/* Drivers write an address in two or three pieces; the event told of the first one */
START_TEST(c13_mac_change_tells_of_whole_addresses)
{
	static const uint8_t own[6] = { 2, 0, 0, 0, 0, 'a' }, half[6] = { 2, 1, 1, 1, 0, 'a' },
			     whole[6] = { 2, 1, 1, 1, 1, 1 };
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 0, "a"), *b = rig_port(r, "b", 0);
	struct vsw_policy p = rig_policy_of(a);

	set_mac(a, own);
	p.security.mac_changes = false;
	rig_policy(a, &p);
	set_mac(a, half);
	rig_send(b, "*", "b", -1);
	ck_assert_uint_eq(a->n, 0); /* refused at once */
	rig_step(r, MS);
	set_mac(a, whole);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 0);
	rig_step(r, SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 1);
	ck_assert_mem_eq(r->last_mac, whole, 6);
	rig_step(r, 10 * SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 1);
	set_mac(a, half); /* the same the other way: nothing was wrong in the end */
	set_mac(a, own);
	rig_step(r, 10 * SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 1);
	set_mac(a, whole);
	rig_step(r, SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_CHANGE], 2);
	vsw_port_remove(a->port); /* with a deadline pending */
	rig_step(r, SEC);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		c07_priority_tag_is_pvid_and_keeps_its_priority,
		c07_vid_4095_is_dropped_and_refused,
		c07_double_tags_pass_untouched_and_qinq_wraps,
		c07_88a8_is_payload_for_a_c_vlan_port_and_tag_for_an_s_vlan_port,
		c08_acceptable_frame_types_and_ingress_filter,
		c09_lengths,
		c13_private_vlan_matrix,
		c13_promiscuous_only_if_accepted,
		c13_forged_transmits,
		c13_mac_changes,
		c13_mac_change_tells_of_whole_addresses,
		NULL,
	};

	return run_tests("conformance-ports", tests);
}
