/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: parsing, verifying, cutting, joining, and fitting of frames.
 *
 * Input: u16 options, the words of a message (12 bytes), then frames, each u16 length (12 bits) and
 * flags (4 bits: checksum valid, tag beside, in pieces) and bytes. The first frame is also taken as
 * a GSO message with those words.
 */
#include <stdlib.h>
#include <string.h>

#include "hwnet/frame.h"

#include "build-frame.h"
#include "fuzz.h"

#define WORDS 14u

struct frames {
	uint8_t *bytes[PKT_BURST];
	struct iovec iov[PKT_BURST][FRAME_PIECES_MAX];
	struct pkt pkts[PKT_BURST];
	const struct pkt *in[PKT_BURST], *out[PKT_BURST];
	unsigned n;
};

static struct frames frames;
static struct gro gro;
static struct pkt_fit fit;
static struct pkt_buf buf, done, other;

static void need(bool what)
{
	if (!what)
		abort();
}

/* Is it what pkt.h promises, after whatever was done to it? */
static void need_sound(const struct pkt *pkt)
{
	uint32_t len = 0;

	need(pkt->iovcnt && pkt->iovcnt <= FRAME_PIECES_MAX);
	need(pkt->len >= FRAME_ETH_LEN && pkt->len <= PKT_MAX_LEN);
	need(pkt_head_len(pkt) >= (pkt->len < PKT_HEAD ? pkt->len : PKT_HEAD));
	for (unsigned i = 0; i < pkt->iovcnt; i++) {
		need(pkt->iov[i].iov_len);
		len += (uint32_t)pkt->iov[i].iov_len;
	}
	need(len == pkt->len);
}

/* As many pieces as there may be, behind a head of any length that is allowed with so many. */
static void split(struct pkt *pkt, struct iovec *iov, uint8_t *p, uint32_t how)
{
	uint32_t at = PKT_HEAD + how % (FRAME_HDR_MAX - PKT_HEAD + 1), n;

	if (at >= pkt->len)
		return;
	iov[0].iov_len = at;
	for (; at < pkt->len; at += n) {
		n = pkt->iovcnt == FRAME_PIECES_MAX - 1 ? pkt->len - at : 1 + how % 5;
		n = n < pkt->len - at ? n : pkt->len - at;
		iov[pkt->iovcnt++] = (struct iovec) { p + at, n };
	}
}

/* Each frame stands in memory of its own, so that a sanitizer sees each step beyond. */
static void take_frames(const uint8_t *p, size_t left)
{
	frames.n = 0;
	while (left >= 16 && frames.n < PKT_BURST) {
		unsigned word = frame_be16(p), i = frames.n++;
		size_t len = word & 0xfff;

		len = len < 14 ? 14 : len;
		len = len < left - 2 ? len : left - 2;
		frames.bytes[i] = malloc(len);
		need(frames.bytes[i]);
		memcpy(frames.bytes[i], p + 2, len);
		pkt_flat(&frames.pkts[i], frames.iov[i], frames.bytes[i], (uint32_t)len);
		if (word & 0x4000)
			split(&frames.pkts[i], frames.iov[i], frames.bytes[i], p[2 + len / 2]);
		frames.pkts[i].flags = word & 0x1000 ? PKT_CSUM_VALID : 0;
		frames.pkts[i].flags |= word & 0x2000 ? PKT_VLAN : 0;
		frames.in[i] = &frames.pkts[i];
		p += 2 + len;
		left -= 2 + len;
	}
}

static void drop_frames(void)
{
	for (unsigned i = 0; i < frames.n; i++)
		free(frames.bytes[i]);
}

static uint32_t payload_of(const struct pkt *pkt)
{
	struct frame f;

	frame_parse(&f, pkt, 0);
	return f.flags & FRAME_TCP && f.payload ? f.end - f.payload : 0;
}

/* A mark makes no wrong header checksum right, and no right one wrong. */
static void check_mark(const struct pkt *pkt, const struct frame *f, uint8_t ds)
{
	enum frame_csum was = frame_verify_ip(pkt, f);

	need(!pkt_head_own(pkt, &done));
	need_sound(&done.pkt);
	frame_set_ds(done.head, f, ds);
	need(frame_ds(done.head, f) == ds && frame_verify_ip(&done.pkt, f) == was);
}

/* Wherever the tag is, what is left without it is the same. */
static void check_untag(const struct pkt *bytes, const struct pkt *beside)
{
	static uint8_t a[PKT_MAX_LEN], b[PKT_MAX_LEN];
	uint32_t next = frame_next_tag(bytes);

	need(next == frame_next_tag(beside));
	need(!pkt_vlan_untag(bytes, FRAME_MIN_LEN, &done));
	need(!pkt_vlan_untag(beside, FRAME_MIN_LEN, &other));
	need_sound(&done.pkt);
	need_sound(&other.pkt);
	need(done.pkt.len == other.pkt.len && done.pkt.len >= FRAME_MIN_LEN);
	pkt_copy(&done.pkt, 0, a, done.pkt.len);
	pkt_copy(&other.pkt, 0, b, done.pkt.len);
	need(!memcmp(a, b, done.pkt.len));
	need(!next == !frame_l2(&done.pkt).tpid || bytes->len < 22);
}

static void check_parse(const struct pkt *pkt, unsigned opts)
{
	static struct toeplitz key;
	struct frame f, inner;
	uint32_t hash;

	frame_parse(&f, pkt, opts & 3);
	need(f.end <= pkt->len && f.l4 <= pkt_head_len(pkt) && f.payload <= pkt_head_len(pkt));
	frame_verify_ip(pkt, &f);
	frame_verify_l4(pkt, &f);
	frame_flow_hash(pkt_head(pkt), &f);
	toeplitz_frame(&key, pkt_head(pkt), &f, opts, &hash);
	if (frame_parse_tunnel(&inner, pkt, &f, opts % 3, opts & 3)) {
		need(inner.end <= pkt->len && inner.payload <= pkt_head_len(pkt));
		frame_verify_l4(pkt, &inner);
		frame_flow_hash(pkt_head(pkt), &inner);
	}
	if (f.flags & FRAME_IP)
		check_mark(pkt, &f, (uint8_t)opts);
	if (!pkt_vlan_to_meta(pkt, &buf)) {
		need_sound(&buf.pkt);
		need(buf.pkt.len == pkt->len - 4);
		need(!pkt_vlan_to_bytes(&buf.pkt, &done) && done.pkt.len == pkt->len);
		need_sound(&done.pkt);
		need(!memcmp(done.head, pkt_head(pkt), 16));
		check_untag(pkt, &buf.pkt);
	}
}

/* Joined, there is as much payload as before, and each message can be cut again. */
static void check_join(unsigned opts)
{
	uint32_t before = 0, after = 0;
	unsigned n;

	for (unsigned i = 0; i < frames.n; i++)
		before += payload_of(frames.in[i]);
	n = gro_burst(&gro, frames.in, frames.n, frames.out,
		      opts & (GRO_TCPV4 | GRO_TCPV6 | GRO_VERIFY));
	need(n <= frames.n);
	for (unsigned i = 0; i < n; i++) {
		after += payload_of(frames.out[i]);
		need_sound(frames.out[i]);
		need(frames.out[i]->gso_type == PKT_GSO_NONE || !gso_check(frames.out[i], NULL));
	}
	need(before == after);
}

/* Whatever a frame's words are: a receiver that takes little gets frames it can take, and all the
 * bytes. */
static void check_fit(const struct pkt *pkt, uint32_t takes)
{
	const struct pkt *one;
	unsigned n = 0;

	if (pkt_fit_begin(&fit, pkt, takes))
		return;
	while ((one = pkt_fit_next(&fit, &buf)) != NULL) {
		need(pkt_fits(one, takes));
		need_sound(one);
		need(one->len <= PKT_MAX_LEN && ++n <= PKT_MAX_LEN);
		pkt_crc32(one);
	}
	/* One: taken whole, or a message that makes one. */
	need(n == 1 || n == gso_segments(pkt));
}

static void check_message(const uint8_t *w, unsigned opts)
{
	struct pkt *pkt = &frames.pkts[0];
	uint8_t *head = frames.bytes[0];

	pkt->gso_type = w[0] & 0x87;
	pkt->gso_size = frame_be16(w + 2);
	pkt->outer_l4 = w[1] & 1 ? w[11] : 0;
	if (w[1] & 2) {
		if (gso_init(pkt, head))
			return;
		need(!gso_check(pkt, NULL));
	} else {
		pkt->flags |= PKT_CSUM_PARTIAL;
		pkt->csum_start = frame_be16(w + 4);
		pkt->csum_offset = frame_be16(w + 6);
		pkt->hdr_len = frame_be16(w + 8);
	}
	if (w[1] & 4)
		pkt->flags |= PKT_OUTER_CSUM;
	check_fit(pkt, opts);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned opts;

	if (size < WORDS)
		return 0;
	opts = frame_be16(data);
	take_frames(data + WORDS, size - WORDS);
	for (unsigned i = 0; i < frames.n; i++)
		check_parse(frames.in[i], opts);
	check_join(opts);
	if (frames.n)
		check_message(data + 2, opts);
	drop_frames();
	return 0;
}

static uint8_t *put_frame(uint8_t *p, const struct build *b, unsigned flags)
{
	static uint8_t frame[BUILD_ROOM];
	uint32_t len = build_frame(b, frame);

	frame_put_be16(p, (uint16_t)(len | flags << 12));
	memcpy(p + 2, frame, len);
	return p + 2 + len;
}

size_t fuzz_seed(unsigned i, uint8_t *out)
{
	struct build b = { .payload = 60, .v6 = i & 1, .proto = i & 2 ? 17 : 6, .tcp_opts = 12 };
	uint8_t *p = out + WORDS;

	if (i >= 24)
		return 0;
	memset(out, 0, WORDS);
	out[1] = i & 4 ? 0xff : 0;
	out[0] = i & 8 ? 0xff : 0;
	out[2] = b.proto == 17 ? PKT_GSO_UDP_L4 : b.v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4;
	out[3] = 2;
	out[5] = 20;
	if (i & 16) {
		b.tunnel = i & 8 ? BUILD_VXLAN : BUILD_GENEVE;
		out[3] |= 5;
		out[13] = 34;
	} else if (i & 8) {
		b.tpid[0] = 0x8100;
	}
	for (unsigned k = 0; k < 4; k++) {
		p = put_frame(p, &b, 1 + (i & 8 ? 2 : 0) + (i & 1 ? 4 : 0));
		b.seq += b.payload;
		b.ip_id++;
	}
	return (size_t)(p - out);
}
