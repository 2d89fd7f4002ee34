/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 receive checksum offload: status and error bits, packet checksum, completed frames. */
#include "rig.h"

#define IPOFL	0x100u
#define TUOFL	0x200u
#define IPV6OFL 0x400u

static struct rig R;
static uint8_t frame[BUILD_ROOM], want[BUILD_ROOM];

static struct rig_rxd take(const struct build *b, unsigned flags)
{
	uint32_t len = build_frame(b, frame), n = rd(&R, RDH);
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;

	memcpy(frame, rig_mac, 6);
	pkt_flat(&pkt, &iov, frame, len);
	pkt.flags = (uint16_t)flags;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	wr(&R, RDT, n);
	return rig_rxd(&R, n);
}

static unsigned bits(const struct build *b)
{
	struct rig_rxd d = take(b, 0);

	return d.errors << 8 | (d.status & (ST_IXSM | ST_TCPCS | ST_IPCS));
}

START_TEST(status_is_truthful)
{
	struct build tcp = { .payload = 77 }, udp = { .payload = 10, .proto = 17 },
		     bad = { .payload = 77, .bad_csum = true },
		     none = { .payload = 20, .proto = 17, .no_csum = true },
		     frag = { .payload = 64, .frag = 0x2000 }, icmp = { .payload = 64, .proto = 1 },
		     v6 = { .payload = 64, .v6 = true },
		     opts = { .payload = 64, .ip_opts = 12, .tcp_opts = 12 };

	rig_open(&R);
	ck_assert_uint_eq(bits(&tcp), ST_IXSM);
	wr(&R, RXCSUM, IPOFL);
	ck_assert_uint_eq(bits(&tcp), ST_IPCS);
	wr(&R, RXCSUM, TUOFL);
	ck_assert_uint_eq(bits(&tcp), ST_TCPCS);
	wr(&R, RXCSUM, IPOFL | TUOFL);
	ck_assert_uint_eq(bits(&tcp), ST_TCPCS | ST_IPCS);
	ck_assert_uint_eq(bits(&udp), ST_TCPCS | ST_IPCS);
	ck_assert_uint_eq(bits(&opts), ST_TCPCS | ST_IPCS);
	ck_assert_uint_eq(bits(&bad), ER_TCPE << 8 | ST_TCPCS | ST_IPCS);
	ck_assert_uint_eq(bits(&none), ST_IPCS);
	ck_assert_uint_eq(bits(&frag), ST_IPCS);
	ck_assert_uint_eq(take(&frag, PKT_CSUM_VALID).status & ST_TCPCS, 0);
	ck_assert_uint_eq(bits(&icmp), ST_IPCS);
	ck_assert_uint_eq(bits(&v6), ST_IXSM);
	wr(&R, RXCSUM, TUOFL | IPV6OFL);
	ck_assert_uint_eq(bits(&v6), ST_TCPCS);
	v6.bad_csum = true;
	ck_assert_uint_eq(bits(&v6), ER_TCPE << 8 | ST_TCPCS);
	rig_close(&R);
}
END_TEST

/* tunnel-segment-status: said to be right, and not there; or right over less than the datagram. */
START_TEST(what_was_not_verified_is_not_called_so)
{
	struct build none[] = { { .payload = 40, .proto = 17, .no_csum = true },
				{ .payload = 41, .tunnel = BUILD_VXLAN },
				{ .payload = 42, .tunnel = BUILD_GENEVE, .v6 = true } };
	struct build b = { .payload = 40, .proto = 17 };
	uint32_t len;
	struct rig_rxd d;
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;

	rig_open(&R);
	wr(&R, RXCSUM, IPOFL | TUOFL | 14);
	for (unsigned i = 0; i < 3; i++) {
		d = take(&none[i], PKT_CSUM_VALID);
		len = d.len;
		ck_assert_uint_eq(d.status & ST_TCPCS, 0);
		ck_assert_uint_eq(d.csum, (uint16_t)~slow_sum(0, frame + 14, len - 14));
	}
	len = build_frame(&b, frame);
	memcpy(frame, rig_mac, 6);
	frame_put_be16(frame + 38, 8 + 20); /* UDP ends before IP does */
	frame_put_be16(frame + 40, 0);
	frame_put_be16(frame + 40, slow_l4(frame + 14, false, 17, frame + 34, 28));
	pkt_flat(&pkt, &iov, frame, len);
	pkt.flags = PKT_CSUM_VALID;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	d = rig_rxd(&R, 3);
	ck_assert_uint_eq(d.status & ST_TCPCS, ST_TCPCS);
	ck_assert_uint_eq(d.csum, (uint16_t)~slow_sum(0, frame + 14, len - 14));
	rig_close(&R);
}
END_TEST

START_TEST(bad_ip_header)
{
	struct build b = { .payload = 64 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	wr(&R, RXCSUM, IPOFL);
	memcpy(frame, rig_mac, 6);
	frame[22] ^= 1; /* TTL */
	fake_rx_bytes(&R.h, frame, len);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, ER_IPE);
	ck_assert_uint_eq(rig_rxd(&R, 0).status & ST_IPCS, ST_IPCS);
	rig_close(&R);
}
END_TEST

/* The complement of the sum from PCSS on, in each way the card comes by it. */
START_TEST(packet_checksum)
{
	struct build frames[] = { { .payload = 301 },
				  { .payload = 64, .v6 = true },
				  { .payload = 5, .proto = 17, .pad = 13 },
				  { .payload = 64, .proto = 1 } };

	rig_open(&R);
	for (unsigned f = 0; f < 4; f++) {
		for (unsigned pcss = 0; pcss < 80; pcss += 7) {
			struct rig_rxd d;
			uint32_t sum;

			wr(&R, RXCSUM, TUOFL | IPV6OFL | pcss);
			d = take(&frames[f], pcss & 1 ? 0 : PKT_CSUM_VALID);
			sum = pcss < d.len ? slow_sum(0, frame + pcss, d.len - pcss) : 0;
			ck_assert_uint_eq((d.csum ^ 0xffff) % 0xffff, sum % 0xffff);
		}
	}
	rig_close(&R);
}
END_TEST

/* With a tag put in or stripped PCSS counts in what the guest sees. */
START_TEST(packet_checksum_with_tags)
{
	struct build b = { .payload = 100, .tpid = { 0x8100 }, .tci = { 5 } };
	uint32_t len = build_frame(&b, frame);
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;

	memcpy(frame, rig_mac, 6);
	memcpy(want, frame, 12);
	memcpy(want + 12, frame + 16, len - 16);
	for (unsigned meta = 0; meta < 2; meta++) {
		for (unsigned pcss = 0; pcss < 40; pcss += 3) {
			rig_open(&R);
			wr(&R, CTRL, rd(&R, CTRL) | (meta ? 0 : 1u << 30));
			wr(&R, RXCSUM, TUOFL | pcss);
			pkt_flat(&pkt, &iov, meta ? want : frame, meta ? len - 4 : len);
			pkt.flags = meta ? PKT_VLAN : 0;
			pkt.vlan_tpid = 0x8100;
			pkt.vlan_tci = 5;
			ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
			ck_assert_uint_eq((rig_rxd(&R, 0).csum ^ 0xffff) % 0xffff,
					  slow_sum(0, (meta ? frame : want) + pcss,
						   (meta ? len : len - 4) - pcss) %
						  0xffff);
			rig_close(&R);
		}
	}
}
END_TEST

/* A partial checksum is completed in the guest's memory; a wrong pseudo-header is not hidden. */
START_TEST(partial_is_completed)
{
	struct build b = { .payload = 1200 };
	uint32_t len = build_frame(&b, want);
	struct iovec iov[2];
	struct pkt pkt;
	const struct pkt *vec = &pkt;
	uint16_t v;

	memcpy(want, rig_mac, 6);
	memcpy(frame, want, len);
	v = csum_fold16(csum_pseudo4(frame + 26, 6, len - 34));
	memcpy(frame + 50, &v, 2);
	rig_open(&R);
	wr(&R, RXCSUM, TUOFL);
	pkt_flat(&pkt, iov, frame, len);
	iov[0].iov_len = 200;
	iov[1] = (struct iovec) { frame + 200, len - 200 };
	pkt.iovcnt = 2;
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = 34;
	pkt.csum_offset = 16;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_mem_eq(rig_rx_mem(&R, 0), want, len);
	ck_assert_uint_eq(rig_rxd(&R, 0).status & (ST_TCPCS | ST_IXSM), ST_TCPCS);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, 0);
	ck_assert_uint_eq((rig_rxd(&R, 0).csum ^ 0xffff) % 0xffff, slow_sum(0, want, len) % 0xffff);
	frame[50] ^= 0x40;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_uint_eq(rig_rxd(&R, 1).errors, ER_TCPE);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { status_is_truthful,
				       what_was_not_verified_is_not_called_so,
				       bad_ip_header,
				       packet_checksum,
				       packet_checksum_with_tags,
				       partial_is_completed,
				       NULL };

	return unit_main("e1000-rxcsum", tests);
}
