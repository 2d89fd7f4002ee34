/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that were found from outside: one frame, one result, in whatever pieces it comes. */
#include "hwnet/frame.h"
#include "main.h"
#include "rig.h"

static void mark_46(struct vsw_policy *p)
{
	static const struct vsw_rule rule = {
		.direction = VSW_DIR_FROM_PORT, .action = VSW_RULE_MARK, .cos = -1, .dscp = 46
	};

	p->rules = &rule;
	p->n_rules = 1;
}

static void s_vlan(struct vsw_policy *p)
{
	p->vlan.tpid = 0x88a8;
}

static void tunnel(struct vsw_policy *p)
{
	p->vlan.mode = VSW_VLAN_TUNNEL;
}

static void is_sound(struct rig_port *p, const struct pkt *pkt)
{
	uint32_t need = pkt->len < PKT_HEAD ? pkt->len : PKT_HEAD;

	(void)p;
	ck_assert_uint_ge(pkt->iov[0].iov_len, need);
	ck_assert_uint_le(pkt->iovcnt, FRAME_PIECES_MAX);
}

/* In pieces of @piece bytes behind a head of @head, the last one as long as it must be */
static void send_pieces(struct rig_port *p, const uint8_t *buf, uint32_t len, uint32_t head,
			uint32_t piece)
{
	struct iovec iov[FRAME_PIECES_MAX] = { { (void *)buf, head < len ? head : len } };
	struct pkt pkt = { .iov = iov, .iovcnt = 1, .len = len };
	const struct pkt *one = &pkt;

	for (uint32_t at = head; at < len; at += piece) {
		piece = pkt.iovcnt == FRAME_PIECES_MAX - 1 || piece > len - at ? len - at : piece;
		iov[pkt.iovcnt++] = (struct iovec) { (void *)(buf + at), piece };
	}
	ck_assert_uint_eq(vsw_port_input(p->port, &one, 1), 1);
}

static void fill_ip(uint8_t *f, uint8_t proto, uint16_t frag)
{
	memset(f + 14, 0, 64 - 14);
	frame_put_be16(f + 12, FRAME_TYPE_IPV4);
	f[14] = 0x45;
	frame_put_be16(f + 16, 46);
	frame_put_be16(f + 20, frag);
	f[22] = 64;
	f[23] = proto;
	f[26] = f[30] = 10;
	csum_ipv4_set(f + 14);
}

static unsigned dscp_of(const struct rig_port *p, unsigned i)
{
	const uint8_t *f = p->got[i].bytes;

	return f[12] == 8 ? f[15] >> 2 : (f[14] & 15) << 2 | f[15] >> 6;
}

/* RFC 1624, 3: the receiver has to see what happened to the header. */
START_TEST(dscp_mark_makes_no_wrong_checksum_right)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct iovec iov;
	struct frame p;
	struct pkt pkt;
	uint8_t f[64];

	rig_change(a, mark_46);
	for (unsigned wrong = 0; wrong < 2; wrong++) {
		rig_frame(f, "*", "a", -1, sizeof(f));
		fill_ip(f, 17, 0);
		f[24] ^= (uint8_t)(wrong * 0x55);
		rig_send_bytes(a, f, sizeof(f));
		ck_assert_uint_eq(dscp_of(b, wrong), 46);
		pkt_flat(&pkt, &iov, b->got[wrong].bytes, sizeof(f));
		frame_parse(&p, &pkt, 0);
		ck_assert_int_eq(frame_verify_ip(&pkt, &p),
				 wrong ? FRAME_CSUM_BAD : FRAME_CSUM_GOOD);
	}
	rig_free(r);
}
END_TEST

/* The field is in the fixed header: what is odd behind that is no way around a mark. */
START_TEST(dscp_mark_needs_no_sound_l4)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint8_t f[64];

	rig_change(a, mark_46);
	for (unsigned i = 0; i < 3; i++) {
		rig_frame(f, "*", "a", -1, sizeof(f));
		fill_ip(f, 6, i == 1 ? 0x2000 : i == 2 ? 1 : 0); /* data offset 0; fragments */
		if (i == 1)
			frame_put_be16(f + 16, 28); /* 8 bytes of TCP */
		csum_ipv4_set(f + 14);
		rig_send_bytes(a, f, sizeof(f));
		ck_assert_uint_eq(dscp_of(b, i), 46);
	}
	rig_free(r);
}
END_TEST

/* A packet whose extension headers go beyond the private bytes fares as in one piece. */
START_TEST(dscp_mark_is_the_same_in_pieces)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint8_t f[256];

	rig_change(a, mark_46);
	rig_frame(f, "*", "a", -1, sizeof(f));
	memset(f + 14, 0, sizeof(f) - 14);
	frame_put_be16(f + 12, FRAME_TYPE_IPV6);
	f[14] = 0x60;
	frame_put_be16(f + 18, sizeof(f) - 54);
	f[20] = 60; /* destination options: 160 bytes, then UDP */
	f[54] = 17;
	f[55] = 160 / 8 - 1;
	frame_put_be16(f + 54 + 160 + 4, sizeof(f) - 54 - 160);
	send_pieces(a, f, sizeof(f), sizeof(f), 1);
	send_pieces(a, f, sizeof(f), PKT_HEAD, 1000);
	ck_assert_uint_eq(dscp_of(b, 0), 46);
	ck_assert_uint_eq(dscp_of(b, 1), 46);
	ck_assert_mem_eq(b->got[0].bytes, b->got[1].bytes, sizeof(f));
	rig_free(r);
}
END_TEST

/* 802.1Q-2018, 6.9.2: padded in the head, and to one length wherever the tag was */
START_TEST(untag_short_frames_alike)
{
	struct rig *r = rig_new();
	struct rig_port *t = rig_port(r, "t", 4095), *b = rig_port(r, "b", 10);
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;
	uint8_t f[62];

	b->on_frame = is_sound;
	rig_frame(f, "*", "t", 10, sizeof(f));
	rig_send_bytes(t, f, sizeof(f));
	memmove(f + 12, f + 16, sizeof(f) - 16);
	pkt_flat(&pkt, &iov, f, sizeof(f) - 4);
	pkt.flags = PKT_VLAN;
	pkt.vlan_tpid = 0x8100;
	pkt.vlan_tci = 10;
	vsw_port_input(t->port, &one, 1);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(b->got[0].pkt.len, 60);
	ck_assert_uint_eq(b->got[1].pkt.len, 60);
	ck_assert_mem_eq(b->got[0].bytes, b->got[1].bytes, 60);
	rig_free(r);
}
END_TEST

/* The most pieces that there may be, marked and retagged: delivered, or counted */
START_TEST(pieces_64_are_not_lost)
{
	for (unsigned i = 0; i < 6; i++) {
		uint32_t head = i / 2 == 0 ? PKT_HEAD : i / 2 == 1 ? 300 : 600;
		struct rig *r = rig_new();
		struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 4095);
		uint8_t f[900];

		b->on_frame = is_sound;
		rig_change(b, s_vlan);
		if (i & 1)
			rig_change(a, mark_46);
		rig_frame(f, "*", "a", 5, sizeof(f));
		memset(f + 16, 0, sizeof(f) - 16);
		frame_put_be16(f + 16, FRAME_TYPE_IPV4);
		f[18] = 0x45;
		f[27] = 17;
		send_pieces(a, f, sizeof(f), head, 1);
		ck_assert_uint_eq(b->n + rig_drops(b, VSW_DROP_FINISH), 1);
		ck_assert_uint_eq(b->n, head <= FRAME_HDR_MAX); /* a longer one breaks pkt.h */
		rig_free(r);
	}
}
END_TEST

/* A message with two tags of its sender's, and one that the trunk puts around it */
START_TEST(message_with_three_tags_is_cut)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 7), *b = rig_port(r, "b", 4095);
	uint8_t f[3000 + 62];
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	rig_change(a, tunnel); /* its tags are payload */
	rig_change(b, s_vlan);
	rig_tcp(f + 8, UINT64_C(0xffffffffffff), UINT64_C(0x020000000061), 0x0a000001, 0x0a000002,
		1, 2, 3000);
	memmove(f, f + 8, 12);
	memcpy(f + 12, "\x81\x00\x00\x05\x81\x00\x00\x06", 8);
	pkt_flat(&pkt, &iov, f, sizeof(f));
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = 1000;
	ck_assert_ptr_null(gso_init(&pkt, f));
	ck_assert_uint_eq(vsw_port_input(a->port, &one, 1), 1);
	ck_assert_uint_eq(b->n, 3);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_FINISH), 0);
	ck_assert_mem_eq(b->got[2].bytes + 12, "\x88\xa8\x00\x07\x81\x00\x00\x05\x81\x00\x00\x06",
			 12);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { dscp_mark_makes_no_wrong_checksum_right,
				       dscp_mark_needs_no_sound_l4,
				       dscp_mark_is_the_same_in_pieces,
				       untag_short_frames_alike,
				       pieces_64_are_not_lost,
				       message_with_three_tags_is_cut,
				       NULL };

	return run_tests("faults-frames", tests);
}
