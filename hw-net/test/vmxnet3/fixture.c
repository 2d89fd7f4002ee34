/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the vmxnet3 have in common; see fixture.h. */
#include "fixture.h"
#include "hwnet/frame.h"

struct fake_host h;
struct guest g;
struct guest_frame got;
uint8_t frame[BUILD_ROOM];

const uint8_t station[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

void open_host(unsigned rev, unsigned queues)
{
	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	guest_open(&g, &h, rev, queues);
}

void start(void)
{
	guest_prepare(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	for (unsigned i = 0; i <= g.queues; i++)
		guest_imr(&g, i, false);
}

void setup(unsigned rev, unsigned queues)
{
	open_host(rev, queues);
	start();
}

void setup_rss(unsigned rev, unsigned queues)
{
	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	guest_start_rss(&g, &h, rev, queues, 128);
}

void open_prop(const char *name, uint64_t val, unsigned rev, unsigned queues)
{
	const struct hwnet_model *m = hwnet_find_model("vmxnet3");
	struct hwnet_config cfg;
	unsigned i = 0;

	while (m->props[i].name && strcmp(m->props[i].name, name))
		i++;
	ck_assert_ptr_nonnull(m->props[i].name);
	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	hwnet_config_init(m, &cfg);
	cfg.values[i] = val;
	guest_open_cfg(&g, &h, &cfg, rev, queues);
}

uint32_t make(struct build b)
{
	memcpy(b.dst, station, 6);
	return build_frame(&b, frame);
}

uint32_t tcp(uint32_t payload)
{
	return make((struct build) { .payload = payload });
}

uint32_t udp(uint32_t payload)
{
	return make((struct build) { .proto = 17, .payload = payload });
}

struct pkt *send_pkt(struct sent *s, uint32_t len)
{
	uint32_t n = len < 300 ? len : 300;

	memset(s, 0, sizeof(*s));
	memcpy(s->head, frame, n);
	s->iov[0] = (struct iovec) { s->head, n };
	s->iov[1] = (struct iovec) { frame + n, len - n };
	s->pkt.iov = s->iov;
	s->pkt.iovcnt = len > n ? 2 : 1;
	s->pkt.len = len;
	return &s->pkt;
}

void message(struct sent *s, struct build b, uint16_t mss)
{
	uint32_t len = make(b);

	send_pkt(s, len);
	s->pkt.gso_type = b.v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4;
	s->pkt.gso_size = mss;
	s->pkt.outer_l4 = b.tunnel == BUILD_PLAIN ? 0 : 34;
	ck_assert_ptr_null(gso_init(&s->pkt, s->head));
}

unsigned deliver(const struct pkt *pkt)
{
	return fake_rx(&h, &pkt, 1);
}

unsigned count_segments(const struct pkt *msg)
{
	static struct gso_iter it;
	static struct pkt_buf buf;
	const struct pkt *seg;
	uint8_t want[70000];
	unsigned n = 0;

	ck_assert_ptr_null(gso_begin(&it, msg, GSO_FINISH));
	while ((seg = gso_next(&it, &buf))) {
		uint32_t len = pkt_copy(seg, 0, want, seg->len);

		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_frame_eq(got.data, got.len, want, len);
		n++;
	}
	return n;
}

bool passes(const uint8_t *dst, uint16_t vid)
{
	struct build b = { .proto = 17, .payload = 60 };
	uint32_t len;

	memcpy(b.dst, dst, 6);
	if (vid) {
		b.tpid[0] = 0x8100;
		b.tci[0] = vid;
	}
	len = build_frame(&b, frame);
	ck_assert(fake_rx_bytes(&h, frame, len));
	return guest_rx(&g, 0, &got);
}

unsigned queue_of(struct build b)
{
	uint32_t len = make(b);

	ck_assert(fake_rx_bytes(&h, frame, len));
	for (unsigned q = 0; q < g.queues; q++)
		if (guest_rx(&g, q, &got))
			return q;
	ck_abort_msg("no queue got the frame");
}

uint32_t bar1(uint64_t off)
{
	return (uint32_t)fake_read(&h, 1, off, 4);
}

void check_alive(void)
{
	uint32_t len = tcp(100);

	guest_recover(&g);
	guest_queue_plain(&g, 0, frame, len);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert(fake_rx_bytes(&h, frame, len));
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(h.mmio_dma, 0);
	fake_host_fini(&h);
}
