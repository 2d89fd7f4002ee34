/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver for the PCnet, for unit tests; see driver.h. */
#include "driver.h"

#include <string.h>

const uint8_t pc_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

void pc_open_coalesce(struct fake_host *h, enum pc_chip chip, unsigned frames, unsigned us)
{
	const struct hwnet_model *model = hwnet_find_model("pcnet");
	struct hwnet_config cfg;
	const char *err;

	fake_host_init(h);
	hwnet_config_init(model, &cfg);
	memcpy(cfg.mac, pc_mac, 6);
	cfg.values[0] = chip;
	cfg.values[1] = frames;
	cfg.values[2] = us;
	err = fake_open_cfg(h, model, &cfg);
	if (err)
		fake_fail("pcnet: %s", err);
}

void pc_open(struct fake_host *h, enum pc_chip chip)
{
	pc_open_coalesce(h, chip, 1, 250);
}

static void set_rap(struct pc_driver *d, unsigned n)
{
	if (d->dwio)
		fake_write(d->h, d->bar, 0x14, n, 4);
	else
		fake_write(d->h, d->bar, 0x12, n, 2);
}

void pc_switch_dwio(struct pc_driver *d)
{
	fake_write(d->h, d->bar, 0x10, 0, 4);
	d->dwio = true;
}

uint16_t pc_csr(struct pc_driver *d, unsigned n)
{
	set_rap(d, n);
	return (uint16_t)fake_read(d->h, d->bar, 0x10, d->dwio ? 4 : 2);
}

void pc_set_csr(struct pc_driver *d, unsigned n, uint16_t v)
{
	set_rap(d, n);
	fake_write(d->h, d->bar, 0x10, v, d->dwio ? 4 : 2);
}

uint16_t pc_bcr(struct pc_driver *d, unsigned n)
{
	set_rap(d, n);
	return (uint16_t)fake_read(d->h, d->bar, d->dwio ? 0x1c : 0x16, d->dwio ? 4 : 2);
}

void pc_set_bcr(struct pc_driver *d, unsigned n, uint16_t v)
{
	set_rap(d, n);
	fake_write(d->h, d->bar, d->dwio ? 0x1c : 0x16, v, d->dwio ? 4 : 2);
}

void pc_soft_reset(struct pc_driver *d)
{
	fake_read(d->h, d->bar, d->dwio ? 0x18 : 0x14, d->dwio ? 4 : 2);
}

uint16_t pc_mii(struct pc_driver *d, unsigned reg)
{
	pc_set_bcr(d, 33, (uint16_t)(30 << 5 | reg));
	return pc_bcr(d, 34);
}

void pc_set_mii(struct pc_driver *d, unsigned reg, uint16_t v)
{
	pc_set_bcr(d, 33, (uint16_t)(30 << 5 | reg));
	pc_set_bcr(d, 34, v);
}

static unsigned desc_size(const struct pc_driver *d)
{
	return d->style ? 16 : 8;
}

static unsigned log_of(unsigned n)
{
	unsigned log = 0;

	while (1u << log < n)
		log++;
	return log;
}

static void one_ring(struct pc_driver *d, struct pc_ring *r, unsigned n, unsigned size)
{
	r->n = n;
	r->size = size;
	r->next = 0;
	r->desc = fake_alloc(d->h, (size_t)n * desc_size(d), 16);
	r->bufs = fake_alloc(d->h, (size_t)n * size, 16);
}

void pc_rings(struct pc_driver *d, struct fake_host *h, unsigned style, unsigned n_rx,
	      unsigned n_tx, unsigned rx_size)
{
	memset(d, 0, sizeof(*d));
	d->h = h;
	d->style = style;
	one_ring(d, &d->rx, n_rx, rx_size);
	one_ring(d, &d->tx, n_tx, 2048);
	d->block = fake_alloc(h, 32, 16);
}

static void put_addresses(struct pc_driver *d, uint64_t at)
{
	fake_put(d->h, at, pc_mac, 6);
	fake_put64(d->h, d->style ? d->block + 12 : d->block + 8, d->ladrf);
}

static void write_block(struct pc_driver *d)
{
	unsigned rlen = log_of(d->rx.n), tlen = log_of(d->tx.n);

	fake_put16(d->h, d->block, d->mode);
	if (d->style) {
		fake_put16(d->h, d->block + 2, (uint16_t)(rlen << 4 | tlen << 12));
		put_addresses(d, d->block + 4);
		fake_put32(d->h, d->block + 0x14, (uint32_t)d->rx.desc);
		fake_put32(d->h, d->block + 0x18, (uint32_t)d->tx.desc);
	} else {
		put_addresses(d, d->block + 2);
		fake_put32(d->h, d->block + 0x10, (uint32_t)d->rx.desc | rlen << 29);
		fake_put32(d->h, d->block + 0x14, (uint32_t)d->tx.desc | tlen << 29);
	}
}

void pc_init(struct pc_driver *d)
{
	pc_set_bcr(d, 20, (uint16_t)d->style);
	write_block(d);
	pc_set_csr(d, 1, (uint16_t)d->block);
	pc_set_csr(d, 2, (uint16_t)(d->block >> 16));
	pc_set_csr(d, 0, CSR0_INIT);
	if (!(pc_csr(d, 0) & CSR0_IDON))
		fake_fail("no IDON");
	d->rx.next = d->tx.next = 0;
}

void pc_start(struct pc_driver *d)
{
	pc_init(d);
	pc_set_csr(d, 0, CSR0_STRT | CSR0_IENA | CSR0_IDON);
}

void pc_up(struct pc_driver *d, struct fake_host *h, unsigned style, unsigned n_rx, unsigned n_tx)
{
	pc_rings(d, h, style, n_rx, n_tx, 2048);
	pc_refill(d);
	pc_start(d);
}

uint64_t pc_desc(const struct pc_driver *d, const struct pc_ring *r, unsigned i)
{
	return r->desc + (uint64_t)(i % r->n) * desc_size(d);
}

static uint64_t flags_at(const struct pc_driver *d, const struct pc_ring *r, unsigned i)
{
	return pc_desc(d, r, i) + (d->style ? 6 : 2);
}

uint16_t pc_flags(struct pc_driver *d, const struct pc_ring *r, unsigned i)
{
	uint16_t v = fake_get16(d->h, flags_at(d, r, i));

	return d->style ? v : v & 0xff00;
}

void pc_set_flags(struct pc_driver *d, const struct pc_ring *r, unsigned i, uint16_t flags)
{
	if (d->style)
		fake_put16(d->h, flags_at(d, r, i), flags);
	else
		fake_put8(d->h, flags_at(d, r, i) + 1, (uint8_t)(flags >> 8));
}

static uint64_t misc_at(const struct pc_driver *d, const struct pc_ring *r, unsigned i)
{
	static const uint8_t off[] = { 6, 8, 8, 0 };

	return pc_desc(d, r, i) + off[d->style];
}

uint16_t pc_mcnt(struct pc_driver *d, unsigned i)
{
	return fake_get16(d->h, misc_at(d, &d->rx, i)) & 0xfff;
}

uint16_t pc_counts(struct pc_driver *d, unsigned i)
{
	return fake_get16(d->h, misc_at(d, &d->rx, i) + 2);
}

uint16_t pc_error(struct pc_driver *d, unsigned i)
{
	return fake_get16(d->h, misc_at(d, &d->tx, i) + (d->style ? 2 : 0));
}

void pc_set_buffer(struct pc_driver *d, const struct pc_ring *r, unsigned i, uint64_t addr,
		   unsigned len)
{
	uint64_t at = pc_desc(d, r, i);

	fake_put16(d->h, at + 4, (uint16_t)(0u - len) | 0xf000);
	if (d->style == 0) {
		fake_put16(d->h, at, (uint16_t)addr);
		fake_put8(d->h, at + 2, (uint8_t)(addr >> 16));
	} else {
		fake_put32(d->h, d->style == 3 ? at + 8 : at, (uint32_t)addr);
	}
}

uint64_t pc_buf(const struct pc_ring *r, unsigned i)
{
	return r->bufs + (uint64_t)(i % r->n) * r->size;
}

void pc_give(struct pc_driver *d, unsigned i)
{
	pc_set_buffer(d, &d->rx, i, pc_buf(&d->rx, i), d->rx.size);
	pc_set_flags(d, &d->rx, i, D_OWN);
}

void pc_refill(struct pc_driver *d)
{
	for (unsigned i = 0; i < d->rx.n; i++)
		pc_give(d, i);
}

unsigned pc_queue(struct pc_driver *d, const void *frame, const unsigned *pieces, unsigned n,
		  uint16_t flags)
{
	struct pc_ring *r = &d->tx;
	unsigned first = r->next % r->n;
	const uint8_t *p = frame;

	for (unsigned i = 0; i < n; i++) {
		unsigned at = (first + i) % r->n;
		uint16_t f = (uint16_t)(flags | (i ? D_OWN : D_STP) | (i == n - 1 ? D_ENP : 0));

		fake_put(d->h, pc_buf(r, at), p, pieces[i]);
		pc_set_buffer(d, r, at, pc_buf(r, at), pieces[i]);
		pc_set_flags(d, r, at, f);
		p += pieces[i];
	}
	pc_set_flags(d, r, first, pc_flags(d, r, first) | D_OWN);
	r->next = (first + n) % r->n;
	return first;
}

void pc_ring_tdmd(struct pc_driver *d)
{
	pc_set_csr(d, 0, CSR0_TDMD | CSR0_IENA);
}

unsigned pc_send(struct pc_driver *d, const void *frame, unsigned len)
{
	unsigned at = pc_queue(d, frame, &len, 1, 0);

	pc_ring_tdmd(d);
	return at;
}

unsigned pc_recv(struct pc_driver *d, void *buf, unsigned room, uint16_t *flags)
{
	struct pc_ring *r = &d->rx;
	uint8_t *p = buf;
	unsigned len, done = 0, i = r->next;

	for (;; i = (i + 1) % r->n) {
		*flags = pc_flags(d, r, i);
		if (*flags & D_OWN)
			return 0;
		if (*flags & (D_ENP | D_ERR))
			break;
		if (done + r->size <= room)
			fake_get(d->h, pc_buf(r, i), p + done, r->size);
		done += r->size;
		pc_give(d, i);
	}
	len = pc_mcnt(d, i);
	if (len > done && len <= room)
		fake_get(d->h, pc_buf(r, i), p + done, len - done);
	pc_give(d, i);
	r->next = (i + 1) % r->n;
	return len;
}

void pc_frame(uint8_t *buf, const uint8_t *dst, unsigned len, uint8_t fill)
{
	static const uint8_t src[8] = { 0x02, 0, 0, 0, 0, 0x01, 0x88, 0xb5 };

	memcpy(buf, dst, 6);
	memcpy(buf + 6, src, 8);
	for (unsigned i = 14; i < len; i++)
		buf[i] = (uint8_t)(fill + i);
}
