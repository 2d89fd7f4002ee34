/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames from the wire; see rx.h. */
#include "rx.h"

#include <string.h>

#include "hwnet/frame.h"

struct wire_frame {
	uint8_t bytes[BUILD_ROOM];
	struct iovec iov[8];
	struct pkt pkt;
};

static struct wire_frame frames[FUZZ_WIRE];
static struct pkt_fit fit[FUZZ_WIRE];
static struct pkt_buf bufs[FUZZ_WIRE];

struct build fuzz_build(struct fuzz *z)
{
	static const uint8_t protos[] = { 6, 17, 6, 1, 58, 132, 50, 6 };
	static const uint16_t tpids[] = { 0, 0x8100, 0x88a8, 0x8100 };
	uint8_t a = fuzz_u8(z), b = fuzz_u8(z);
	struct build f = { .v6 = a & 1,
			   .proto = protos[a >> 1 & 7],
			   .tpid = { tpids[a >> 4 & 3] } };

	f.tpid[1] = a & 0x40 ? 0x8100 : 0;
	f.bad_csum = a & 0x80;
	f.tcp_opts = (b & 3) * 12;
	f.ip_opts = b & 4 ? 8 : 0;
	f.flags = b & 8 ? fuzz_u8(z) : 0;
	f.frag = b & 16 ? fuzz_u16(z) & 0x3fff : 0;
	f.no_csum = b & 32;
	f.tunnel = b & 64 ? (b & 32 ? BUILD_GENEVE : BUILD_VXLAN) : BUILD_PLAIN;
	f.outer_csum = b & 8;
	f.payload = fuzz_u8(z);
	f.payload = b & 128 ? f.payload * 40 : f.payload;
	f.tci[0] = f.tci[1] = a & 0x30 ? fuzz_u16(z) : 0;
	/* To the card itself, or to a group */
	memcpy(f.dst, FUZZ_MAC, 6);
	if (b % 5 == 0)
		memset(f.dst, 0xff, 6);
	else if (b % 5 == 1)
		memcpy(f.dst, FUZZ_GROUP, 6);
	if (z->dress)
		z->dress(z, &f);
	return f;
}

/* In pieces: the private head, then what guests can change. */
static void split_frame(struct wire_frame *f, uint32_t len, uint8_t how)
{
	uint32_t at = PKT_HEAD + how % 32;
	unsigned cnt = 1;

	pkt_flat(&f->pkt, f->iov, f->bytes, len);
	if (!(how & 0x80) || at >= len)
		return;
	f->iov[0].iov_len = at;
	while (at < len) {
		uint32_t n = cnt == 7 ? len - at : 1 + how * 11u;

		n = n < len - at ? n : len - at;
		f->iov[cnt++] = (struct iovec) { f->bytes + at, n };
		at += n;
	}
	f->pkt.iovcnt = (uint16_t)cnt;
}

/* Take the checksum out again: as a frame that comes from a guest without one. */
static void unfinish(struct wire_frame *f)
{
	struct frame h;
	uint16_t v;

	frame_parse(&h, &f->pkt, 0);
	if (!(h.flags & (FRAME_TCP | FRAME_UDP)) || (h.flags & (FRAME_FRAG | FRAME_TRUNC)))
		return;
	f->pkt.flags |= PKT_CSUM_PARTIAL;
	f->pkt.csum_start = h.l4;
	f->pkt.csum_offset = h.flags & FRAME_TCP ? FRAME_TCP_CSUM : FRAME_UDP_CSUM;
	v = csum_fold16(csum_pseudo(f->bytes, &h, f->pkt.len - h.l4));
	memcpy(f->bytes + h.l4 + f->pkt.csum_offset, &v, 2);
}

/* Where the UDP header of a tunnel is. */
static uint16_t outer_l4(const struct wire_frame *f)
{
	struct frame h;

	frame_parse(&h, &f->pkt, 0);
	return h.l4;
}

static void make_frame(struct fuzz *z, struct wire_frame *f)
{
	struct build b = fuzz_build(z);
	uint8_t words = fuzz_u8(z), how = fuzz_u8(z);

	split_frame(f, build_frame(&b, f->bytes), how);
	if (words & 1) {
		f->pkt.flags |= PKT_VLAN;
		f->pkt.vlan_tpid = words & 2 ? 0x88a8 : 0x8100;
		f->pkt.vlan_tci = (uint16_t)(words << 8 | how);
	}
	f->pkt.flags |= words & 4 ? PKT_HASH : 0;
	f->pkt.hash = words * 0x01010101u;
	f->pkt.flags |= (words & 0xc0) == 0xc0 ? PKT_FCS_BAD : 0;
	if (words & 8) {
		f->pkt.outer_l4 = b.tunnel == BUILD_PLAIN ? 0 : outer_l4(f);
		f->pkt.gso_type = b.proto == 17 ? PKT_GSO_UDP_L4 :
				  b.v6		? PKT_GSO_TCPV6 :
						  PKT_GSO_TCPV4;
		f->pkt.gso_size = (uint16_t)(1 + how * 8);
		if (!gso_init(&f->pkt, f->bytes))
			return;
		f->pkt.gso_type = PKT_GSO_NONE;
		f->pkt.gso_size = f->pkt.outer_l4 = 0;
		f->pkt.csum_start = 0;
	}
	if (words & 16)
		unfinish(f);
	else if (words & 32)
		f->pkt.flags |= PKT_CSUM_VALID;
}

const struct pkt *fuzz_wire(struct fuzz *z, unsigned i)
{
	make_frame(z, &frames[i]);
	return &frames[i].pkt;
}

/* A host segments what the card does not take whole; of a message that is cut only the first
 * segment is used. */
static const struct pkt *fit_frame(struct fuzz *z, unsigned i)
{
	uint32_t takes = hwnet_rx_caps(z->host.nic) | PKT_TAKES_CSUM | PKT_TAKES_VLAN |
			 PKT_TAKES_ECN | PKT_TAKES_TUNNEL;

	if (pkt_fit_begin(&fit[i], &frames[i].pkt, takes))
		fake_fail("rx: the fuzzer made a frame that does not fit");
	return pkt_fit_next(&fit[i], &bufs[i]);
}

void fuzz_rx(struct fuzz *z)
{
	unsigned n = 1 + fuzz_u8(z) % FUZZ_WIRE;
	const struct pkt *pkts[FUZZ_WIRE];

	for (unsigned i = 0; i < n; i++) {
		make_frame(z, &frames[i]);
		pkts[i] = fit_frame(z, i);
		if (!pkts[i])
			return;
	}
	fake_rx(&z->host, pkts, n);
}

/* The pattern of Magic Packet. */
static void put_magic(uint8_t *p)
{
	memset(p, 0xff, 6);
	for (unsigned i = 1; i <= 16; i++)
		memcpy(p + 6 * i, FUZZ_MAC, 6);
}

static const struct pkt *raw_frame(struct fuzz *z)
{
	struct wire_frame *f = &frames[0];
	uint8_t kind = fuzz_u8(z), bytes = fuzz_u8(z) % 64;
	uint32_t len = 14 + bytes;

	memset(f->bytes, kind, 18000);
	for (unsigned i = 0; i < bytes; i++)
		f->bytes[i] = fuzz_u8(z);
	if (kind % 4 == 1)
		put_magic(f->bytes + len);
	if (kind & 1)
		len += fuzz_u16(z) % 17000;
	split_frame(f, len, kind);
	f->pkt.flags |= kind % 4 == 2 ? PKT_FCS_BAD : 0;
	return &f->pkt;
}

void fuzz_rx_raw(struct fuzz *z)
{
	const struct pkt *pkt = raw_frame(z);

	fake_rx(&z->host, &pkt, 1);
}

void fuzz_wake(struct fuzz *z)
{
	const struct pkt *pkt = raw_frame(z);

	fake_wake(&z->host, pkt->len == 14 ? NULL : pkt);
}
