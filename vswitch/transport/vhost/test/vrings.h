/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of rings share: layouts, and frames that are recognised by a number. */
#ifndef VSWITCH_VHOST_TEST_VRINGS_H
#define VSWITCH_VHOST_TEST_VRINGS_H

#include <string.h>

#include "driver.h"

static const struct driver_conf layouts[] = {
	{ .num = 64 },
	{ .num = 64, .event_idx = true },
	{ .num = 64, .packed = true },
	{ .num = 50, .packed = true, .in_order = true, .event_idx = true },
};

#define EACH_LAYOUT(i) for (unsigned i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)

static struct vring_burst burst;
static uint8_t bytes[PKT_MAX_LEN + 100];

static inline struct driver *sender(unsigned layout)
{
	return driver_new(&layouts[layout]);
}

static inline struct driver *receiver(unsigned layout, bool mergeable)
{
	struct driver_conf conf = layouts[layout];

	conf.to_driver = true;
	conf.mergeable = mergeable;
	return driver_new(&conf);
}

static inline void fill(uint8_t *p, uint32_t len, unsigned seed)
{
	for (uint32_t i = 0; i < len; i++)
		p[i] = (uint8_t)(seed + i * 7 + (i >> 8));
}

static inline int send_plain(struct driver *d, uint32_t len, unsigned seed)
{
	const struct vnet_hdr h = { 0 };

	fill(bytes, len, seed);
	return driver_send(d, &h, bytes, len);
}

/* A frame of the burst is the one that was made of @seed, and keeps the rules of pkt.h */
static inline void check_frame(const struct pkt *p, uint32_t len, unsigned seed)
{
	static uint8_t got[PKT_MAX_LEN], want[PKT_MAX_LEN];
	uint32_t sum = 0;

	ck_assert_uint_eq(p->len, len);
	ck_assert_uint_ge(p->iov[0].iov_len, len < PKT_HEAD ? len : PKT_HEAD);
	ck_assert((uint8_t *)p->iov[0].iov_base >= burst.head);
	ck_assert((uint8_t *)p->iov[0].iov_base < burst.head + sizeof(burst.head));
	ck_assert_uint_lt(p->iovcnt, FRAME_IOV_MAX);
	for (unsigned i = 0; i < p->iovcnt; i++) {
		ck_assert_uint_gt(p->iov[i].iov_len, 0);
		sum += (uint32_t)p->iov[i].iov_len;
	}
	ck_assert_uint_eq(sum, len);
	fill(want, len, seed);
	pkt_copy(p, 0, got, len);
	ck_assert_mem_eq(got, want, len);
}

/* Everything the driver has sent arrives and is given back. Return: frames */
static inline unsigned drain(struct driver *d)
{
	unsigned n = vsw_vring_get(&d->vq, &burst);

	vsw_vring_got(&d->vq, &burst, n);
	return n;
}

#endif
