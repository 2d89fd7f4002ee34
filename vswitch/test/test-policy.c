/* SPDX-License-Identifier: BSD-2-Clause */
/* Traffic rules, mirrors: each also for messages that travel whole. */
#include "main.h"
#include "rig.h"

#include <string.h>

#define MAC(c) (UINT64_C(0x020000000000) + (c))

static void set_rules(struct rig_port *p, const struct vsw_rule *rule, unsigned n)
{
	struct vsw_policy policy = rig_policy_of(p);

	policy.rules = rule;
	policy.n_rules = n;
	rig_policy(p, &policy);
}

static void udp(struct rig_port *p, uint64_t src, uint32_t daddr, uint16_t dport)
{
	uint8_t buf[100];

	rig_send_bytes(
		p, buf,
		rig_udp(buf, UINT64_C(0xffffffffffff), src, 0x0a000001, daddr, 1000, dport, 50));
}

START_TEST(rules_match_in_order)
{
	static const struct vsw_rule rules[] = {
		{ .name = "dns",
		  .direction = VSW_DIR_FROM_PORT,
		  .match = VSW_MATCH_PROTOCOL | VSW_MATCH_DST_PORT,
		  .protocol = 17,
		  .dst_port = { 53, 53 },
		  .action = VSW_RULE_ACCEPT },
		{ .name = "net10",
		  .direction = VSW_DIR_FROM_PORT,
		  .match = VSW_MATCH_DST_IP,
		  .negate = VSW_MATCH_DST_IP,
		  .dst_ip = { 10, 0, 0, 0 },
		  .dst_prefix = 8,
		  .action = VSW_RULE_DROP,
		  .log = true },
		{ .name = "ports",
		  .direction = VSW_DIR_FROM_PORT,
		  .match = VSW_MATCH_DST_PORT,
		  .dst_port = { 1, 1023 },
		  .action = VSW_RULE_DROP },
	};
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	set_rules(a, rules, 3);
	udp(a, MAC('a'), 0xc0a80001, 53);
	ck_assert_uint_eq(b->n, 1);
	udp(a, MAC('a'), 0xc0a80001, 5000); /* not 10/8 */
	udp(a, MAC('a'), 0x0a000002, 80);
	ck_assert_uint_eq(b->n, 1);
	udp(a, MAC('a'), 0x0a000002, 5000);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RULE), 2);
	ck_assert_uint_eq(r->events[VSW_EVENT_RULE], 1);
	rig_send(a, "*", "a", -1); /* no IP: "not to 10/8" holds */
	ck_assert_uint_eq(b->n, 2);
	rig_free(r);
}
END_TEST

START_TEST(rules_to_port_and_tcp_flags)
{
	static const struct vsw_rule rule = { .direction = VSW_DIR_TO_PORT,
					      .match = VSW_MATCH_TCP_FLAGS,
					      .tcp_flags = 0x10,
					      .tcp_mask = 0x12,
					      .action = VSW_RULE_DROP };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	set_rules(b, &rule, 1);
	rig_send_tso(a, "*", "a", 5000, 1000); /* ACK without SYN, in five frames */
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(c->n, 5);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_OUT_RULE), 5);
	rig_free(r);
}
END_TEST

START_TEST(rules_limit_counts_segments)
{
	static const struct vsw_rule rule = { .direction = VSW_DIR_FROM_PORT,
					      .action = VSW_RULE_LIMIT,
					      .limit = 100 };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct vsw_counters n;

	b->discard = true;
	set_rules(a, &rule, 1);
	for (int i = 0; i < 1000; i++) {
		rig_send_tso(a, "*", "a", 5000, 1000);
		rig_step(r, 10 * MS);
	}
	vsw_port_counters(b->port, &n);
	ck_assert_uint_ge(n.out.broadcast.frames, 980);
	ck_assert_uint_le(n.out.broadcast.frames, 1015);
	ck_assert_uint_eq(n.out.broadcast.frames + rig_drops(a, VSW_DROP_RULE_RATE), 5000);
	rig_free(r);
}
END_TEST

START_TEST(rules_mark)
{
	static const struct vsw_rule rule = {
		.direction = VSW_DIR_FROM_PORT, .action = VSW_RULE_MARK, .cos = 5, .dscp = 46
	};
	static const struct vsw_rule out = {
		.direction = VSW_DIR_TO_PORT, .action = VSW_RULE_MARK, .cos = 2, .dscp = -1
	};
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*t = rig_port(r, "t", 4095), *u = rig_port(r, "u", 4095);
	struct pkt pkt;
	struct iovec iov;
	struct frame f;

	set_rules(a, &rule, 1);
	set_rules(u, &out, 1);
	rig_send_tso(a, "*", "a", 2000, 1000);
	ck_assert_uint_eq(b->n, 2);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(b->got[i].bytes[15], 46 << 2);
		pkt_flat(&pkt, &iov, b->got[i].bytes, b->got[i].pkt.len);
		frame_parse(&f, &pkt, 0);
		ck_assert_int_eq(frame_verify_ip(&pkt, &f), FRAME_CSUM_GOOD);
		ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_GOOD);
	}
	ck_assert_uint_eq(frame_be16(t->got[0].bytes + 14), 5 << 13 | 10);
	ck_assert_uint_eq(frame_be16(u->got[0].bytes + 14), 2 << 13 | 10);
	rig_free(r);
}
END_TEST

static void add_mirror(struct rig *r, const struct vsw_mirror *m)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->n_mirrors = 1;
	sp->mirror[0] = *m;
	rig_switch_policy(r, sp);
	free(sp);
}

START_TEST(mirror_copies_equal_originals)
{
	struct vsw_mirror m = { .name = "m",
				.kind = VSW_MIRROR_PORT,
				.n_ports = 1,
				.port = { "a" },
				.direction = { VSW_DIR_BOTH },
				.to = "s",
				.strip = true };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*s = rig_port(r, "s", 99);
	uint8_t buf[1000];

	add_mirror(r, &m);
	rig_frame(buf, "*", "a", -1, sizeof(buf));
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(s->n, 1);
	ck_assert_mem_eq(s->got[0].bytes, buf, sizeof(buf));
	rig_send_len(b, "a", "b", -1, 200);
	ck_assert_uint_eq(s->n, 2);
	ck_assert_mem_eq(s->got[1].bytes, a->got[0].bytes, 200);
	rig_send(b, "b", "c", -1); /* not a's */
	ck_assert_uint_eq(s->n, 2);
	rig_send_tso(a, "*", "a", 3000, 1000);
	ck_assert_uint_eq(s->n, 5); /* it takes no messages: three frames */
	m.strip = false;
	m.sampling = 10;
	add_mirror(r, &m);
	rig_clear(r);
	for (int i = 0; i < 100; i++)
		rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(s->n, 10);
	ck_assert_uint_eq(frame_be32(s->got[0].bytes + 12), 0x8100000a); /* shows its VLAN */
	rig_free(r);
}
END_TEST

/* Copies that a rule on the way out asks for show the frame as it was, whatever was marked for whom
 */
START_TEST(mirror_by_rule_on_the_way_out)
{
	static const struct vsw_rule rules[] = {
		{ .direction = VSW_DIR_TO_PORT, .action = VSW_RULE_MARK, .cos = -1, .dscp = 46 },
		{ .direction = VSW_DIR_TO_PORT, .action = VSW_RULE_MIRROR, .mirror = "m" },
	};
	struct vsw_mirror m = { .name = "m", .kind = VSW_MIRROR_PORT, .to = "s", .strip = true };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10);
	struct rig_port *c = rig_port(r, "c", 10), *s = rig_port(r, "s", 99);

	add_mirror(r, &m);
	set_rules(b, rules, 2);
	set_rules(c, rules, 1);
	udp(a, MAC('a'), 0x0a000002, 1000);
	ck_assert_uint_eq(b->got[0].bytes[15], 46 << 2);
	ck_assert_uint_eq(c->got[0].bytes[15], 46 << 2);
	ck_assert_uint_eq(s->n, 1);
	ck_assert_uint_eq(s->got[0].bytes[15], 0);
	rig_free(r);
}
END_TEST

START_TEST(mirror_to_vlan_and_truncated)
{
	struct vsw_mirror m = { .name = "m",
				.kind = VSW_MIRROR_VLAN,
				.n_ports = 1,
				.port = { "a" },
				.direction = { VSW_DIR_FROM_PORT },
				.to = "up",
				.vlan = 77,
				.truncate = 100 };
	struct rig *r = rig_new();
	struct rig_port *up = rig_uplink(r, "up"), *a = rig_port(r, "a", 10),
			*b = rig_port(r, "b", 10);

	rig_send(b, "*", "b", -1);
	add_mirror(r, &m);
	rig_clear(r);
	rig_send_len(a, "b", "a", -1, 500);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].pkt.len, 500);
	ck_assert_uint_eq(up->n, 1);
	ck_assert_uint_eq(up->got[0].pkt.len, 104);
	ck_assert_uint_eq(frame_be32(up->got[0].bytes + 12), 0x8100004d);
	ck_assert_uint_eq(frame_be32(up->got[0].bytes + 16), 0x8100000a);
	rig_free(r);
}
END_TEST

START_TEST(mirror_erspan)
{
	struct vsw_mirror m = { .name = "m",
				.kind = VSW_MIRROR_ERSPAN2,
				.n_ports = 1,
				.port = { "a" },
				.direction = { VSW_DIR_FROM_PORT },
				.to = "up",
				.session = 5,
				.strip = true,
				.src_ip = { 10, 0, 0, 1 },
				.dst_ip = { 10, 0, 0, 2 },
				.src_mac = { 2, 0, 0, 0, 0, 1 },
				.dst_mac = { 2, 0, 0, 0, 0, 2 } };
	struct rig *r = rig_new();
	struct rig_port *up = rig_uplink(r, "up"), *a = rig_port(r, "a", 10),
			*b = rig_port(r, "b", 10);
	struct frame f;
	struct pkt pkt;
	struct iovec iov;
	uint8_t buf[300];

	rig_send(b, "*", "b", -1);
	add_mirror(r, &m);
	rig_clear(r);
	rig_frame(buf, "b", "a", -1, sizeof(buf));
	rig_send_bytes(a, buf, sizeof(buf));
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(up->n, 2);
	pkt_flat(&pkt, &iov, up->got[1].bytes, up->got[1].pkt.len);
	frame_parse(&f, &pkt, 0);
	ck_assert(f.flags & FRAME_GRE);
	ck_assert_int_eq(frame_verify_ip(&pkt, &f), FRAME_CSUM_GOOD);
	ck_assert_uint_eq(up->got[1].pkt.len, 14 + 20 + 8 + 8 + sizeof(buf));
	ck_assert_uint_eq(frame_be16(up->got[1].bytes + 16), 20 + 8 + 8 + sizeof(buf));
	ck_assert_uint_eq(frame_be32(up->got[1].bytes + 34), 0x100088be);
	ck_assert_uint_eq(frame_be32(up->got[1].bytes + 38), 1); /* the second one */
	ck_assert_uint_eq(frame_be32(up->got[1].bytes + 42), 1u << 28 | 10u << 16 | 5);
	ck_assert_mem_eq(up->got[1].bytes + 50, buf, sizeof(buf));
	m.kind = VSW_MIRROR_ERSPAN3;
	m.truncate = 64;
	add_mirror(r, &m);
	rig_clear(r);
	rig_send_bytes(a, buf, sizeof(buf));
	ck_assert_uint_eq(up->got[0].pkt.len, 14 + 20 + 8 + 12 + 64);
	ck_assert_uint_eq(frame_be16(up->got[0].bytes + 36), 0x22eb);
	ck_assert_uint_eq(frame_be32(up->got[0].bytes + 42), 2u << 28 | 10u << 16 | 1u << 10 | 5);
	ck_assert_mem_eq(up->got[0].bytes + 54, buf, 64);
	rig_clear(r);
	rig_send_tso(a, "b", "a", 3000,
		     1000); /* each frame that it will become, in a tunnel of its own */
	ck_assert_uint_eq(up->n, 3);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		rules_match_in_order,
		rules_to_port_and_tcp_flags,
		rules_limit_counts_segments,
		rules_mark,
		mirror_copies_equal_originals,
		mirror_by_rule_on_the_way_out,
		mirror_to_vlan_and_truncated,
		mirror_erspan,
		NULL,
	};

	return run_tests("policy", tests);
}
