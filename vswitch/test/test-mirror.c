/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults of mirror sessions that were found by attack and in reports, each by name. */
#include "main.h"
#include "rig.h"
#include "vswitch/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORTS 33u

static void add_mirror(struct rig *r, const struct vsw_mirror *m)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->n_mirrors = 1;
	sp->mirror[0] = *m;
	rig_switch_policy(r, sp);
	free(sp);
}

static void burst(struct rig_port *from, unsigned n)
{
	static uint8_t buf[PKT_BURST][64];
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	const struct pkt *pkts[PKT_BURST];

	for (unsigned i = 0; i < n; i++) {
		rig_frame(buf[i], "*", "a", -1, 64);
		buf[i][20] = (uint8_t)i;
		pkt_flat(&pkt[i], &iov[i], buf[i], 64);
		pkts[i] = &pkt[i];
	}
	ck_assert_uint_eq(vsw_port_input(from->port, pkts, n), n);
}

/* Copies of a burst of 64 broadcasts from and to @n ports, each of them once */
static void copies_of(unsigned n)
{
	struct vsw_mirror m = { .name = "m", .to = "s", .n_ports = n < 32 ? n : 32, .strip = true };
	struct rig *r = rig_new();
	struct rig_port *p[PORTS], *s;
	unsigned seen[PKT_BURST] = { 0 };

	for (unsigned i = 0; i < n; i++) {
		char id[8];

		snprintf(id, sizeof(id), "p%u", i);
		p[i] = rig_port(r, id, 10);
		if (i < 32)
			strcpy(m.port[i], id);
		if (i < 32)
			m.direction[i] = VSW_DIR_BOTH;
	}
	s = rig_port(r, "s", 99);
	add_mirror(r, &m);
	burst(p[0], PKT_BURST);
	ck_assert_uint_eq(s->n, PKT_BURST * m.n_ports);
	for (unsigned i = 0; i < s->n; i++)
		seen[s->got[i].bytes[20]]++;
	for (unsigned i = 0; i < PKT_BURST; i++)
		ck_assert_uint_eq(seen[i], m.n_ports);
	for (unsigned i = 1; i < n; i++)
		ck_assert_uint_eq(p[i]->n, PKT_BURST);
	rig_free(r);
}

START_TEST(mirror_burst_loses_no_copy)
{
	copies_of(2);
	copies_of(6);
	copies_of(8);
	copies_of(32);
	copies_of(33);
}
END_TEST

/* Rules copy besides, once for each session however many of them hold */
START_TEST(mirror_burst_of_rules_loses_no_copy)
{
	static struct vsw_rule rules[VSW_MAX_RULES];
	struct vsw_mirror m = { .name = "m",
				.to = "s",
				.n_ports = 1,
				.port = { "a" },
				.direction = { VSW_DIR_BOTH },
				.strip = true };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *s = rig_port(r, "s", 99);
	struct vsw_policy policy;

	rig_port(r, "b", 10);
	for (unsigned i = 0; i < VSW_MAX_RULES; i++)
		rules[i] = (struct vsw_rule) { .direction = VSW_DIR_BOTH,
					       .action = VSW_RULE_MIRROR,
					       .mirror = "m",
					       .cos = -1,
					       .dscp = -1 };
	add_mirror(r, &m);
	policy = rig_policy_of(a);
	policy.rules = rules;
	policy.n_rules = VSW_MAX_RULES;
	rig_policy(a, &policy);
	burst(a, PKT_BURST);
	ck_assert_uint_eq(s->n, 2 * PKT_BURST); /* the port's session, and the rules' */
	rig_free(r);
}
END_TEST

static const struct vsw_mirror erspan = { .name = "m",
					  .kind = VSW_MIRROR_ERSPAN3,
					  .to = "s",
					  .n_ports = 1,
					  .port = { "a" },
					  .direction = { VSW_DIR_BOTH },
					  .session = 5,
					  .src_ip = { 10, 0, 0, 1 },
					  .dst_ip = { 10, 0, 0, 2 },
					  .src_mac = { 2, 0, 0, 0, 0, 1 },
					  .dst_mac = { 2, 0, 0, 0, 0, 2 } };

/* draft-foschiano-erspan-03 4.3: D is 0 for ingress, 1 for egress */
START_TEST(erspan3_direction_tells_ingress_from_egress)
{
	struct vsw_rule rule = { .direction = VSW_DIR_BOTH,
				 .action = VSW_RULE_MIRROR,
				 .mirror = "m",
				 .cos = -1,
				 .dscp = -1 };
	struct vsw_mirror m = erspan;
	struct vsw_policy policy;

	for (unsigned by_rule = 0; by_rule < 2; by_rule++) {
		struct rig *r = rig_new();
		struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
				*s = rig_port(r, "s", 99);

		m.n_ports = !by_rule;
		add_mirror(r, &m);
		policy = rig_policy_of(a);
		policy.rules = &rule;
		policy.n_rules = by_rule;
		rig_policy(a, &policy);
		rig_send(a, "*", "a", -1);
		rig_send(b, "*", "b", -1);
		ck_assert_uint_eq(s->n, 2);
		ck_assert_uint_eq(frame_be16(s->got[0].bytes + 42 + 10), 0);
		ck_assert_uint_eq(frame_be16(s->got[1].bytes + 42 + 10), 1 << 3);
		rig_free(r);
	}
}
END_TEST

/* Send a frame with a tag in the bytes, or beside them */
static void send_tagged(struct rig_port *p, uint16_t tci, bool meta)
{
	uint8_t buf[72];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	rig_frame(buf, "*", "a", meta ? -1 : tci, sizeof(buf));
	pkt_flat(&pkt, &iov, buf, sizeof(buf));
	if (meta) {
		pkt.flags = PKT_VLAN;
		pkt.vlan_tpid = FRAME_TYPE_VLAN;
		pkt.vlan_tci = tci;
	}
	vsw_port_input(p->port, &one, 1);
}

/* A copy shows the VLAN that the frame has in the switch, wherever a priority tag was */
START_TEST(mirror_tags_of_priority_tagged_frames_show_their_vlan)
{
	static const enum vsw_mirror_kind kinds[] = { VSW_MIRROR_PORT, VSW_MIRROR_VLAN,
						      VSW_MIRROR_ERSPAN2 };

	for (unsigned k = 0; k < 3; k++) {
		for (unsigned meta = 0; meta < 2; meta++) {
			struct rig *r = rig_new();
			struct rig_port *a = rig_port(r, "a", 10), *s = rig_port(r, "s", 99);
			struct vsw_mirror m = erspan;
			uint32_t at = k == 0 ? 12 : k == 1 ? 16 : 50 + 12;

			m.kind = kinds[k];
			m.vlan = k == 1 ? 77 : 0;
			add_mirror(r, &m);
			send_tagged(a, 0xa000, meta);
			ck_assert_uint_eq(s->n, 1);
			ck_assert_uint_eq(frame_be32(s->got[0].bytes + at), 0x8100a00a);
			ck_assert_uint_eq(frame_be16(s->got[0].bytes + at + 4), 0x88b5);
			rig_free(r);
		}
	}
}
END_TEST

/* draft-foschiano-erspan 4.2: how the frame came, and whether the copy shows a tag */
START_TEST(mirror_tags_are_told_by_erspan2)
{
	static const struct {
		int vlan, tag;
		bool strip;
		unsigned en;
	} rows[] = {
		{ 4095, 20, false, 3 },	    /* tagged, tag kept */
		{ 4095, 20, true, 2 },	    /* tagged, tag gone */
		{ 20, -1, true, 0 },	    /* untagged */
		{ 20, -1, false, 3 },	    /* untagged, its VLAN shown by a tag */
		{ 4095, 0xa000, false, 3 }, /* priority tag */
		{ 4095, 0xa000, true, 2 },  { 0, -1, false, 0 }, /* untagged, in no VLAN */
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig *r = rig_new();
		struct rig_port *a = rig_port(r, "a", rows[i].vlan), *s = rig_port(r, "s", 99);
		struct vsw_mirror m = erspan;
		const uint8_t *e;

		m.kind = VSW_MIRROR_ERSPAN2;
		m.strip = rows[i].strip;
		add_mirror(r, &m);
		rig_send_len(a, "*", "a", rows[i].tag, 72);
		ck_assert_uint_eq(s->n, 1);
		e = s->got[0].bytes + 42;
		ck_assert_msg((e[2] >> 3 & 3) == rows[i].en, "row %u: En %u", i, e[2] >> 3 & 3);
		ck_assert_msg((frame_be16(e + 8 + 12) == 0x8100) == (rows[i].en == 3), "row %u", i);
		rig_free(r);
	}
}
END_TEST

/* A copy that is finished for the session, and then once more for its port */
START_TEST(mirror_alias_does_not_tear_finished_copies)
{
	struct vsw_mirror m = { .name = "m",
				.kind = VSW_MIRROR_VLAN,
				.vlan = 9,
				.to = "s",
				.n_ports = 1,
				.port = { "a" },
				.direction = { VSW_DIR_FROM_PORT },
				.truncate = 9000,
				.strip = true };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *s = rig_port(r, "s", 0);
	static uint8_t buf[1400];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	add_mirror(r, &m);
	rig_tcp(buf, UINT64_C(0x020000000077), UINT64_C(0x020000000061), 0x0a000001, 0x0a000002, 1,
		2, sizeof(buf) - 54);
	pkt_flat(&pkt, &iov, buf, sizeof(buf));
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = 34;
	pkt.csum_offset = 16;
	vsw_port_input(a->port, &one, 1);
	ck_assert_uint_eq(s->n, 2); /* itself, to an unknown address, and the copy */
	for (unsigned i = 0; i < 2; i++) {
		const uint8_t *b = s->got[i].bytes;
		bool copy = frame_be16(b + 12) == FRAME_TYPE_VLAN;

		ck_assert_uint_eq(s->got[i].pkt.len, sizeof(buf) + (copy ? 4 : 0));
		ck_assert_mem_eq(b + (copy ? 58 : 54), buf + 54, sizeof(buf) - 54);
	}
	rig_free(r);
}
END_TEST

/* As many pieces as a frame may have: its copy comes whole or not at all, and is counted */
START_TEST(mirror_of_many_pieces_is_not_torn)
{
	static uint8_t buf[4000];

	for (unsigned kind = 0; kind < 4; kind++) {
		for (unsigned truncate = 0; truncate < 2; truncate++) {
			struct rig *r = rig_new();
			struct rig_port *a = rig_port(r, "a", 10), *s = rig_port(r, "s", 99);
			struct vsw_mirror m = erspan;
			struct vsw_mirror_state st[VSW_MAX_MIRRORS];
			struct iovec iov[63];
			struct pkt pkt;
			const struct pkt *one = &pkt;

			m.kind = (enum vsw_mirror_kind)kind;
			m.vlan = kind == VSW_MIRROR_VLAN ? 77 : 0;
			m.truncate = truncate ? 3900 : 0;
			m.direction[0] = VSW_DIR_FROM_PORT;
			vsw_port_set_caps(s->port, PKT_TAKES_VLAN);
			add_mirror(r, &m);
			rig_frame(buf, "a", "a", -1, sizeof(buf));
			pkt_flat(&pkt, iov, buf, sizeof(buf));
			iov[0].iov_len = 280;
			for (unsigned i = 1; i < 63; i++)
				iov[i] = (struct iovec) { buf + 220 + 60 * i, 60 };
			pkt.iovcnt = 63;
			vsw_port_input(a->port, &one, 1);
			vsw_mirror_states(r->sw, st);
			ck_assert_uint_eq(s->n + st[0].missed + rig_drops(s, VSW_DROP_FINISH), 1);
			rig_free(r); /* the rig has read all bytes of what came */
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		mirror_burst_loses_no_copy,
		mirror_burst_of_rules_loses_no_copy,
		erspan3_direction_tells_ingress_from_egress,
		mirror_tags_of_priority_tagged_frames_show_their_vlan,
		mirror_tags_are_told_by_erspan2,
		mirror_alias_does_not_tear_finished_copies,
		mirror_of_many_pieces_is_not_torn,
		NULL,
	};

	return run_tests("mirror", tests);
}
