/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules that could be evaded, each way with what is like it. */
#include <string.h>

#include "hwnet/csum.h"
#include "main.h"
#include "rig.h"

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

static void s_vlan_trunk(struct vsw_policy *p)
{
	vsw_policy_set_vlan(p, VSW_VGT);
	p->vlan.tpid = 0x88a8;
}

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

int main(void)
{
	const TTest *const tests[] = {
		rules_tiny_fragments_do_not_pass,
		rules_many_extension_headers_do_not_pass,
		rules_fragments_have_a_match_of_their_own,
		rules_negated_ports_match_frames_with_ports_only,
		rules_third_tag_hides_nothing,
		NULL,
	};

	return run_tests("faults-rules", tests);
}
