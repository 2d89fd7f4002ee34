/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames between two stations that are ordinary but for one thing: each is looked at
 * (core/admit.h). Groups and tags in other tests would hide that it is not.
 */
#include "main.h"
#include "rig.h"

#include <string.h>

/* struct two - ports that know each other's stations */
struct two {
	struct rig *r;
	struct rig_port *a, *b;
};

static struct two two(int vlan)
{
	struct two t = { .r = rig_new() };

	t.a = rig_port(t.r, "a", vlan);
	t.b = rig_port(t.r, "b", vlan);
	rig_send(t.a, "*", "a", vlan == VSW_VGT ? 10 : -1);
	rig_send(t.b, "*", "b", vlan == VSW_VGT ? 10 : -1);
	rig_clear(t.r);
	return t;
}

/* From a to b. @tpid: of a tag beside the frame; 0: none */
static void send(struct two *t, uint16_t type, uint16_t tpid, uint16_t tci)
{
	uint8_t f[64];
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	rig_frame(f, "b", "a", -1, sizeof(f));
	frame_put_be16(f + FRAME_ADDRS_LEN, type);
	pkt_flat(&pkt, &iov, f, sizeof(f));
	pkt.flags = tpid ? PKT_VLAN : 0;
	pkt.vlan_tpid = tpid;
	pkt.vlan_tci = tci;
	vsw_port_input(t->a->port, &one, 1);
}

START_TEST(ordinary_frames_pass)
{
	static const uint16_t types[] = { 0x0800, 0x0806, 0x86dd, 0x88cc, 0x8863, 0x8847, 46 };
	struct two t = two(0);

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		send(&t, types[i], 0, 0);
	ck_assert_uint_eq(t.b->n, sizeof(types) / sizeof(types[0]));
	rig_free(t.r);
}
END_TEST

START_TEST(a_group_is_no_source)
{
	struct two t = two(0);

	rig_send(t.a, "b", "01:00:5e:00:00:01", -1);
	ck_assert_uint_eq(t.b->n, 0);
	ck_assert_uint_eq(rig_drops(t.a, VSW_DROP_SRC_GROUP), 1);
	rig_free(t.r);
}
END_TEST

START_TEST(frames_are_as_long_as_the_mtu_allows)
{
	struct two t = two(0);
	uint32_t most = vsw_switch_policy(t.r->sw)->mtu + FRAME_ETH_LEN;

	rig_send_len(t.a, "b", "a", -1, most);
	ck_assert_uint_eq(t.b->n, 1);
	rig_send_len(t.a, "b", "a", -1, most + 1);
	ck_assert_uint_eq(t.b->n, 1);
	ck_assert_uint_eq(rig_drops(t.a, VSW_DROP_TOO_LONG), 1);
	rig_free(t.r);
}
END_TEST

START_TEST(mac_control_does_not_pass_between_stations)
{
	struct two t = two(0);

	send(&t, 0x8808, 0, 0);
	ck_assert_uint_eq(t.b->n, 0);
	ck_assert_uint_eq(rig_drops(t.a, VSW_DROP_RESERVED), 1);
	rig_free(t.r);
}
END_TEST

static void only_tagged(struct vsw_policy *p)
{
	p->vlan.accept = VSW_ACCEPT_TAGGED;
}

START_TEST(untagged_frames_do_not_pass_where_tags_are_wanted)
{
	struct two t = two(VSW_VGT);

	rig_change(t.a, only_tagged);
	send(&t, 0x0800, 0, 0);
	ck_assert_uint_eq(t.b->n, 0);
	ck_assert_uint_eq(rig_drops(t.a, VSW_DROP_VLAN), 1);
	send(&t, 0x0800, 0x8100, 10);
	ck_assert_uint_eq(t.b->n, 1);
	rig_free(t.r);
}
END_TEST

static void only_10(struct vsw_policy *p)
{
	memset(p->vlan.allowed, 0, sizeof(p->vlan.allowed));
	p->vlan.allowed[0] = 1 << 10;
}

START_TEST(a_tag_beside_a_frame_says_its_vlan)
{
	struct two t = two(VSW_VGT);
	struct vsw_counters n;

	rig_change(t.a, only_10);
	send(&t, 0x0800, 0x8100, 20);
	ck_assert_uint_eq(t.b->n, 0);
	ck_assert_uint_eq(rig_drops(t.a, VSW_DROP_VLAN), 1);
	send(&t, 0x0800, 0x8100, 5 << 13 | 10);
	ck_assert_uint_eq(t.b->n, 1);
	ck_assert_uint_eq(frame_be16(t.b->got[0].bytes + 12), 0x8100);
	ck_assert_uint_eq(frame_be16(t.b->got[0].bytes + 14), 5 << 13 | 10);
	vsw_port_counters(t.a->port, &n); /* two of 68 bytes on the wire, and what taught */
	ck_assert_uint_eq(n.in.unicast.frames, 2);
	ck_assert_uint_eq(n.in.unicast.bytes, 2 * (64 + FRAME_TAG_LEN));
	rig_free(t.r);
}
END_TEST

static void s_vlan(struct vsw_policy *p)
{
	p->vlan.tpid = 0x88a8;
}

/* From trunk to trunk a frame is the same, if its tag is */
START_TEST(a_tag_beside_a_frame_is_of_the_type_of_the_port_it_leaves_by)
{
	struct two t = two(VSW_VGT);

	rig_change(t.b, s_vlan);
	send(&t, 0x0800, 0x8100, 10);
	ck_assert_uint_eq(t.b->n, 1);
	ck_assert_uint_eq(frame_be16(t.b->got[0].bytes + 12), 0x88a8);
	ck_assert_uint_eq(frame_be16(t.b->got[0].bytes + 14), 10);
	rig_free(t.r);
}
END_TEST

static void mark_5(struct vsw_policy *p)
{
	static struct vsw_rule rule = {
		.direction = VSW_DIR_TO_PORT, .action = VSW_RULE_MARK, .cos = 5, .dscp = -1
	};

	p->rules = &rule;
	p->n_rules = 1;
}

START_TEST(a_tag_beside_a_frame_has_the_priority_that_a_rule_gives_it)
{
	struct two t = two(VSW_VGT);

	rig_change(t.b, mark_5);
	send(&t, 0x0800, 0x8100, 10);
	ck_assert_uint_eq(t.b->n, 1);
	ck_assert_uint_eq(frame_be16(t.b->got[0].bytes + 14), 5 << 13 | 10);
	rig_free(t.r);
}
END_TEST

/* It is payload to a port whose tags are of the other type, and must not count behind this one */
START_TEST(a_foreign_tag_beside_a_frame_does_not_come_to_the_front)
{
	struct two t = two(0);

	t.b = rig_uplink(t.r, "up");
	rig_change(t.b, s_vlan);
	rig_send(t.b, "*", "b", -1);
	send(&t, 0x0800, 0, 0);
	ck_assert_uint_eq(t.b->n, 1);
	send(&t, 0x0800, 0x88a8, 20);
	ck_assert_uint_eq(t.b->n, 1);
	ck_assert_uint_eq(rig_drops(t.b, VSW_DROP_BARE_TAG), 1);
	rig_free(t.r);
}
END_TEST

START_TEST(a_message_counts_as_its_segments)
{
	struct two t = two(0);
	struct vsw_counters n;

	rig_send_tso(t.a, "b", "a", 3000, 1000);
	vsw_port_counters(t.a->port, &n);
	ck_assert_uint_eq(n.in.unicast.frames, 3);
	ck_assert_uint_eq(n.in.unicast.bytes, 3000 + 3 * 54);
	ck_assert_uint_eq(n.in.gso, 1);
	rig_free(t.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		ordinary_frames_pass,
		a_group_is_no_source,
		frames_are_as_long_as_the_mtu_allows,
		mac_control_does_not_pass_between_stations,
		untagged_frames_do_not_pass_where_tags_are_wanted,
		a_tag_beside_a_frame_says_its_vlan,
		a_tag_beside_a_frame_is_of_the_type_of_the_port_it_leaves_by,
		a_tag_beside_a_frame_has_the_priority_that_a_rule_gives_it,
		a_foreign_tag_beside_a_frame_does_not_come_to_the_front,
		a_message_counts_as_its_segments,
		NULL,
	};

	return run_tests("admit", tests);
}
