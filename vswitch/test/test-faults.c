/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that were found from outside, each with what is like it; named after what must hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hwnet/csum.h"
#include "main.h"
#include "rig.h"

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

static void s_vlan_trunk(struct vsw_policy *p)
{
	vsw_policy_set_vlan(p, VSW_VGT);
	s_vlan(p);
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

/* ---- owners that are called before they have their port ---- */

static bool in_add;

static void not_in_add(struct rig_port *p, const struct pkt *pkt)
{
	ck_assert(!in_add);
}

static struct rig_port *add_uplink(struct rig *r, const char *id)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig_port *p = &r->port[r->n_ports];

	conf.id = id;
	conf.uplink = true;
	p->on_frame = not_in_add;
	in_add = true;
	p = rig_add(r, &conf);
	in_add = false;
	return p;
}

/* A second uplink to which ports move is told of their addresses, but not from inside
 * vsw_port_add() */
START_TEST(second_uplink_has_its_port_before_it_gets_frames)
{
	struct rig *r = rig_new();
	struct rig_port *up2;

	rig_uplink(r, "u1");
	for (unsigned i = 0; i < 4; i++)
		rig_card(r, (char[]) { 'a', (char)('0' + i), 0 }, 0,
			 (char[]) { (char)('a' + i), 0 });
	up2 = add_uplink(r, "u2");
	ck_assert_uint_eq(up2->n, 0);
	rig_step(r, 0);
	ck_assert_uint_ge(up2->n, 1);
	ck_assert_uint_eq(frame_be16(up2->got[0].bytes + 12), 0x8035);
	rig_free(r);
}
END_TEST

/* An uplink that takes the number of one that went is told as well */
START_TEST(uplink_with_the_number_of_a_former_one_is_told)
{
	struct rig *r = rig_new();
	struct rig_port *up = rig_uplink(r, "u1"), *up2;

	rig_card(r, "a", 0, "a");
	rig_step(r, 0);
	vsw_port_remove(up->port);
	rig_step(r, 0);
	up2 = add_uplink(r, "u2");
	rig_step(r, 0);
	ck_assert_uint_eq(up2->n, 1);
	ck_assert_uint_eq(frame_be16(up2->got[0].bytes + 12), 0x8035);
	up->port = NULL;
	rig_free(r);
}
END_TEST

/* ---- what keeps a port's number ---- */

static struct vsw_control *control_of(struct rig *r)
{
	return r->ctl ? r->ctl : rig_control(r);
}

static char *execute(struct rig *r, const char *text)
{
	return vsw_control_execute(control_of(r), text, strlen(text));
}

/* A static address goes with its port: neither a crash, nor somebody else's frames */
START_TEST(fdb_stale_static_address_goes_with_its_port)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0), *c;
	char *answer = execute(r, "{\"execute\": \"fdb-add\", \"arguments\": "
				  "{\"mac\": \"02:00:00:00:00:77\", \"port\": \"b\"}}");
	uint8_t f[60];

	free(answer);
	vsw_port_remove(b->port);
	b->port = NULL;
	answer = execute(r, "{\"execute\": \"query-fdb\"}");
	ck_assert_ptr_null(strstr(answer, "02:00:00:00:00:77"));
	free(answer);
	c = rig_port(r, "c", 0); /* gets b's number */
	rig_frame(f, "*", "a", -1, sizeof(f));
	memcpy(f, "\2\0\0\0\0\x77", 6);
	rig_send_bytes(a, f, sizeof(f));
	ck_assert_uint_eq(c->n, 1); /* flooded, as any unknown one */
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

/* ---- rules that cannot be evaded ---- */

static void one_rule(struct rig_port *p, const struct vsw_rule *rule, unsigned n)
{
	struct vsw_policy policy = rig_policy_of(p);

	policy.rules = rule;
	policy.n_rules = n;
	rig_policy(p, &policy);
}

static struct vsw_rule drop_ssh(bool v6)
{
	return (struct vsw_rule) { .name = "no-ssh",
				   .direction = VSW_DIR_BOTH,
				   .match = VSW_MATCH_PROTOCOL | VSW_MATCH_DST_PORT,
				   .protocol = 6,
				   .dst_port = { 22, 22 },
				   .v6 = v6,
				   .action = VSW_RULE_DROP,
				   .cos = -1,
				   .dscp = -1 };
}

static uint32_t ssh(uint8_t *f)
{
	return rig_tcp(f, 0x020000000000 | 'b', 0x020000000000 | 'a', 0x0a000001, 0x0a000002, 1000,
		       22, 10);
}

/* A switch with a rule at b; frames go from a */
static struct rig *guarded(const struct vsw_rule *rule, unsigned n, struct rig_port **a,
			   struct rig_port **b)
{
	struct rig *r = rig_new();

	*a = rig_card(r, "a", 0, "a");
	*b = rig_card(r, "b", 0, "b");
	one_rule(*b, rule, n);
	return r;
}

/* RFC 1858 3.1 and 3.2: neither a first fragment without the whole header, with IP options or
 * without, nor one over its flags */
START_TEST(rules_tiny_fragments_do_not_pass)
{
	struct vsw_rule rule = drop_ssh(false);
	struct rig_port *a, *b;
	struct rig *r = guarded(&rule, 1, &a, &b);
	uint8_t f[100], t[100];

	rig_send_bytes(a, f, ssh(f));
	memcpy(t, f, sizeof(t));
	frame_put_be16(t + 16, 28);
	frame_put_be16(t + 20, 0x2000);
	csum_ipv4_set(t + 14);
	rig_send_bytes(a, t, 60);
	memmove(t + 38, t + 34, 8);
	memset(t + 34, 1, 4);
	t[14] = 0x46;
	frame_put_be16(t + 16, 32);
	csum_ipv4_set(t + 14);
	rig_send_bytes(a, t, 60);
	memcpy(t, f, sizeof(t));
	frame_put_be16(t + 20, 1);
	csum_ipv4_set(t + 14);
	rig_send_bytes(a, t, 60);
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_OUT_RULE), 4);
	frame_put_be16(t + 20, 2); /* any later one passes: it is nothing without the first */
	csum_ipv4_set(t + 14);
	rig_send_bytes(a, t, 60);
	ck_assert_uint_eq(b->n, 1);
	rig_free(r);
}
END_TEST

/* An IPv6 frame to port 22 behind @n destination options of @each + 1 times 8 bytes */
static uint32_t options(uint8_t *f, unsigned n, unsigned each)
{
	unsigned at = 54;

	memset(f, 0, 700);
	rig_mac("b", f);
	rig_mac("a", f + 6);
	frame_put_be16(f + 12, 0x86dd);
	f[14] = 0x60;
	f[20] = n ? 60 : 6;
	f[21] = 64;
	f[22] = f[38] = 0xfe;
	f[23] = f[39] = 0x80;
	f[37] = 1;
	f[53] = 2;
	for (unsigned i = 0; i < n; i++) {
		f[at] = i == n - 1 ? 6 : 60;
		f[at + 1] = (uint8_t)each;
		f[at + 2] = 1;
		f[at + 3] = (uint8_t)(each * 8 + 4);
		at += (each + 1) * 8;
	}
	frame_put_be16(f + at, 1000);
	frame_put_be16(f + at + 2, 22);
	f[at + 12] = 0x50;
	at += 20;
	frame_put_be16(f + 18, (uint16_t)(at - 54));
	return at;
}

/* RFC 7112: the header may be behind more extension headers than are passed, or beyond the head */
START_TEST(rules_many_extension_headers_do_not_pass)
{
	static const unsigned chain[][2] = { { 0, 0 }, { 3, 0 }, { 9, 0 }, { 1, 31 }, { 20, 2 } };
	struct vsw_rule rule = drop_ssh(true);
	struct rig_port *a, *b;
	struct rig *r = guarded(&rule, 1, &a, &b);

	for (unsigned i = 0; i < sizeof(chain) / sizeof(chain[0]); i++) {
		uint8_t f[700];
		uint32_t len = options(f, chain[i][0], chain[i][1]);
		struct iovec iov[2] = { { f, len < 192 ? len : 192 }, { f + 192, len - 192 } };
		struct pkt pkt = { .iov = iov, .iovcnt = len > 192 ? 2 : 1, .len = len };
		const struct pkt *one = &pkt;

		vsw_port_input(a->port, &one, 1);
	}
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_OUT_RULE), 5);
	rig_free(r);
}
END_TEST

static void send_fragment(struct rig_port *from, uint16_t word)
{
	uint8_t f[200];
	uint32_t n = rig_udp(f, 0x020000000000 | 'b', 0x020000000000 | 'a', 0x0a000001, 0x0a000002,
			     4000, word & 0x1fff ? 0x5a5a : 5000, 100);

	frame_put_be16(f + 20, word);
	csum_ipv4_set(f + 14);
	rig_send_bytes(from, f, n);
}

/* A datagram passes whole by a rule for its port and one for the fragments that have none */
START_TEST(rules_fragments_have_a_match_of_their_own)
{
	struct vsw_rule rules[3] = {
		{ .name = "dns",
		  .direction = VSW_DIR_BOTH,
		  .cos = -1,
		  .dscp = -1,
		  .match = VSW_MATCH_PROTOCOL | VSW_MATCH_DST_PORT,
		  .protocol = 17,
		  .dst_port = { 5000, 5000 },
		  .action = VSW_RULE_ACCEPT },
		{ .name = "rest",
		  .direction = VSW_DIR_BOTH,
		  .cos = -1,
		  .dscp = -1,
		  .action = VSW_RULE_DROP },
		{ .name = "rest",
		  .direction = VSW_DIR_BOTH,
		  .cos = -1,
		  .dscp = -1,
		  .action = VSW_RULE_DROP },
	};
	struct rig_port *a, *b;
	struct rig *r = guarded(rules, 2, &a, &b);

	send_fragment(a, 0x2000);
	send_fragment(a, 13);
	ck_assert_uint_eq(b->n, 1);
	rules[1] = (struct vsw_rule) { .name = "later",
				       .direction = VSW_DIR_BOTH,
				       .cos = -1,
				       .dscp = -1,
				       .match = VSW_MATCH_PROTOCOL | VSW_MATCH_FRAGMENT,
				       .protocol = 17,
				       .fragment = VSW_FRAGMENT_LATER,
				       .action = VSW_RULE_ACCEPT };
	one_rule(b, rules, 3);
	rig_clear(r);
	send_fragment(a, 0x2000);
	send_fragment(a, 0x2000 | 13);
	send_fragment(a, 26);
	ck_assert_uint_eq(b->n, 3);
	rig_free(r);
}
END_TEST

/* What a frame does not have is neither this nor not this */
START_TEST(rules_negated_ports_match_frames_with_ports_only)
{
	struct vsw_rule rule = { .name = "web-only",
				 .direction = VSW_DIR_BOTH,
				 .cos = -1,
				 .dscp = -1,
				 .match = VSW_MATCH_DST_PORT,
				 .negate = VSW_MATCH_DST_PORT,
				 .dst_port = { 80, 80 },
				 .action = VSW_RULE_DROP };
	struct rig_port *a, *b;
	struct rig *r = guarded(&rule, 1, &a, &b);
	uint8_t f[100];

	rig_send_bytes(a, f, ssh(f));
	ck_assert_uint_eq(b->n, 0);
	send_fragment(a, 13);
	rig_frame(f, "b", "a", -1, 60);
	frame_put_be16(f + 12, 0x806);
	rig_send_bytes(a, f, 60);
	ck_assert_uint_eq(b->n, 2);
	rig_free(r);
}
END_TEST

/* IP behind a third tag is not seen; a rule that drops does not let it pass */
START_TEST(rules_third_tag_hides_nothing)
{
	struct vsw_rule rule = drop_ssh(false);
	struct rig_port *a, *b;
	struct rig *r = guarded(&rule, 1, &a, &b);
	uint8_t f[120], t[120];
	uint32_t len = ssh(f);

	rig_change(a, s_vlan_trunk);
	rig_change(b, s_vlan_trunk);
	memcpy(t, f, 12);
	for (unsigned i = 0; i < 3; i++)
		frame_put_be32(t + 12 + 4 * i, 0x81000000);
	memcpy(t + 24, f + 12, len - 12);
	rig_send_bytes(a, t, len + 12);
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_OUT_RULE), 1);
	rig_free(r);
}
END_TEST

/* ---- a clock that goes back ---- */

static void shaped_out(struct vsw_policy *p)
{
	p->shape_out = (struct vsw_shape_policy) { 4000000, 4000000, 20000 };
}

static void shaped_in(struct vsw_policy *p)
{
	p->shape_in = (struct vsw_shape_policy) { 4000000, 4000000, 20000 };
}

static void stormy(struct vsw_policy *p)
{
	p->storm.broadcast = 100;
}

static void limited(struct vsw_policy *p)
{
	static const struct vsw_rule rule = { .name = "r",
					      .direction = VSW_DIR_FROM_PORT,
					      .action = VSW_RULE_LIMIT,
					      .limit = 100,
					      .cos = -1,
					      .dscp = -1 };

	p->rules = &rule;
	p->n_rules = 1;
}

/* Frames that arrive in a second, at 1000 a second */
static uint64_t in_a_second(struct rig *r, struct rig_port *from, struct rig_port *to)
{
	uint64_t had = to->total;

	for (unsigned ms = 0; ms < 1000; ms++) {
		rig_send_len(from, "*", "a", -1, 1000);
		rig_step(r, MS);
	}
	return to->total - had;
}

/* A rate is what it was after loadvm has set the clock back, by a minute or by years, and after it
 * has jumped ahead */
START_TEST(loadvm_clock_does_not_stop_what_has_a_rate)
{
	void (*const changes[])(struct vsw_policy * p) = { shaped_out, shaped_in, stormy, limited };
	static const int64_t jumps[] = { -60 * SEC, -SEC, 1000 * SEC };

	for (unsigned i = 0; i < 4; i++) {
		struct rig *r = rig_new();
		struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
		uint64_t before;

		r->now += 100 * SEC;
		b->discard = true;
		rig_change(i ? a : b, changes[i]);
		in_a_second(r, a, b);
		before = in_a_second(r, a, b);
		ck_assert_uint_gt(before, 50);
		for (unsigned k = 0; k < 3; k++) {
			r->now += jumps[k];
			vsw_timer(r->sw);
			in_a_second(r, a, b); /* a bucket that was empty */
			ck_assert_uint_ge(in_a_second(r, a, b), before * 95 / 100);
			ck_assert_uint_le(in_a_second(r, a, b), before * 105 / 100 + 20);
		}
		rig_free(r);
	}
}
END_TEST

/* So are ages and deadlines: the host is told the same time from now */
START_TEST(loadvm_clock_sets_deadlines_anew)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	int64_t left;

	r->now += 100 * SEC;
	vsw_timer(r->sw);
	rig_send(b, "*", "b", -1);
	left = r->deadline - r->now;
	r->now -= 90 * SEC;
	vsw_timer(r->sw);
	ck_assert_int_eq(r->deadline - r->now, left);
	rig_step(r, 290 * SEC);
	rig_clear(r);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(c->n, 0); /* still known */
	rig_step(r, 40 * SEC);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(c->n, 1);
	rig_free(r);
}
END_TEST

/* ---- values that are read wholly or refused ---- */

static bool takes_match(struct rig *r, const char *match)
{
	char text[300], err[200] = "";

	snprintf(text, sizeof(text),
		 "{\"defaults\": {\"rules\": [{\"name\": \"r\", \"match\": {%s}, "
		 "\"action\": \"drop\"}]}}",
		 match);
	if (vsw_control_load(control_of(r), text, strlen(text), err, sizeof(err)) == 0)
		return true;
	ck_assert_msg(strstr(err, "/defaults/rules/0/match/") != NULL, "%s: %s", match, err);
	return false;
}

START_TEST(rule_parse_refuses_what_it_does_not_understand)
{
	static const char *const good[] = {
		"\"protocol\": \"tcp\"",
		"\"protocol\": \"17\"",
		"\"protocol\": 17",
		"\"protocol\": \"0x11\"",
		"\"protocol\": \"icmpv6\"",
		"\"ethertype\": \"arp\"",
		"\"ethertype\": \"0x88b5\"",
		"\"ethertype\": \"lldp\"",
		"\"ethertype\": 2048",
		"\"source-ip\": \"10.0.0.0/8\"",
		"\"source-ip\": \"fe80::/10\"",
		"\"source-ip\": \"10.0.0.1\"",
		"\"source-ip\": \"0.0.0.0/0\"",
		"\"source-port\": \"80\"",
		"\"source-port\": \"1-65535\"",
		"\"tcp-flags\": \"S!A\"",
		"\"fragment\": \"later\"",
		"\"vlan\": \"4094\"",
		"\"source-mac\": \"2:0:0:0:0:1/ff:ff:ff:0:0:0\"",
	};
	static const char *const bad[] = {
		"\"protocol\": \"TCP\"",
		"\"protocol\": \"tcp \"",
		"\"protocol\": \"\"",
		"\"protocol\": \"256\"",
		"\"protocol\": \"017\"",
		"\"protocol\": \"+17\"",
		"\"protocol\": \"0x\"",
		"\"protocol\": \"17x\"",
		"\"protocol\": -1",
		"\"protocol\": true",
		"\"ethertype\": \"zzz\"",
		"\"ethertype\": \"0x800junk\"",
		"\"ethertype\": \"0x10800\"",
		"\"ethertype\": \"0800\"",
		"\"source-ip\": \"10.0.0.0/\"",
		"\"source-ip\": \"10.0.0.0/abc\"",
		"\"source-ip\": \"10.0.0.0/24x\"",
		"\"source-ip\": \"10.0.0.0/33\"",
		"\"source-ip\": \"10.0.0.0/-1\"",
		"\"source-ip\": \"10.0.0.0/ 8\"",
		"\"source-ip\": \"10.0.0\"",
		"\"source-ip\": \"fe80::/129\"",
		"\"source-ip\": \"\"",
		"\"source-port\": \"80-\"",
		"\"source-port\": \"-80\"",
		"\"source-port\": \"90-80\"",
		"\"source-port\": \"80-65536\"",
		"\"source-port\": \" 80\"",
		"\"source-port\": \"80-90x\"",
		"\"tcp-flags\": \"\"",
		"\"tcp-flags\": \"!\"",
		"\"tcp-flags\": \"S!S\"",
		"\"tcp-flags\": \"X\"",
		"\"tcp-flags\": 2",
		"\"fragment\": \"4\"",
		"\"vlan\": \"4095\"",
		"\"source-mac\": \"2:0:0:0:0:1/\"",
		"\"source-mac\": \"2:0:0:0:0:1:\"",
		"\"source-mac\": \"2:0:0:0:0\"",
		"\"source-mac\": \"2:0:0:0:0:+1\"",
		"\"source-mac\": \"2:0:0:0:0:001\"",
	};
	struct rig *r = rig_new();

	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(takes_match(r, good[i]), "%s is refused", good[i]);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!takes_match(r, bad[i]), "%s is taken", bad[i]);
	rig_free(r);
}
END_TEST

/* The siblings: every value that is written as text */
START_TEST(texts_of_other_values_are_read_wholly)
{
	static const char *const bad[] = {
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-10,\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \" 1\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-+5\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"0-5\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"tpid\": \"0x8100 \"}}}",
		"{\"defaults\": {\"mac\": {\"addresses\": [\"02:00:00:00:00:1x\"]}}}",
		"{\"defaults\": {\"mac\": {\"addresses\": [\" 2:0:0:0:0:1\"]}}}",
		"{\"querier\": {\"address\": \"10.0.0.01\"}}",
		"{\"querier\": {\"address\": \"10.0.0.1 \"}}",
		"{\"querier\": {\"address\": \"10.0.0.+1\"}}",
	};
	struct rig *r = rig_new();

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char err[200] = "";

		ck_assert_msg(vsw_control_load(control_of(r), bad[i], strlen(bad[i]), err,
					       sizeof(err)) < 0,
			      "%s is taken", bad[i]);
		ck_assert_msg(err[0] == '/', "%s: %s", bad[i], err);
	}
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
		second_uplink_has_its_port_before_it_gets_frames,
		uplink_with_the_number_of_a_former_one_is_told,
		fdb_stale_static_address_goes_with_its_port,
		registered_address_counts_where_its_port_is,
		permanent_address_takes_precedence,
		rules_tiny_fragments_do_not_pass,
		rules_many_extension_headers_do_not_pass,
		rules_fragments_have_a_match_of_their_own,
		rules_negated_ports_match_frames_with_ports_only,
		rules_third_tag_hides_nothing,
		loadvm_clock_does_not_stop_what_has_a_rate,
		loadvm_clock_sets_deadlines_anew,
		rule_parse_refuses_what_it_does_not_understand,
		texts_of_other_values_are_read_wholly,
		NULL,
	};

	return run_tests("faults", tests);
}
