/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver of one virtqueue for tests; see driver.h. */
#define _GNU_SOURCE /* memfd_create() */
#include "driver.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE (2 * DRIVER_REGION)

static void add_region(struct driver *d, int fd, unsigned i)
{
	uint64_t at = (uint64_t)i * DRIVER_REGION;
	struct peer_range r = { DRIVER_GPA + at, DRIVER_REGION, 0x7000000000 + 3 * at, at };

	ck_assert_ptr_null(peer_mem_add(&d->mem, &r, dup(fd)));
}

static void add_log(struct driver *d)
{
	uint64_t bytes = (DRIVER_GPA + SIZE) >> VHOST_LOG_PAGE >> 3;
	int fd = memfd_create("log", MFD_CLOEXEC);

	ck_assert_int_eq(ftruncate(fd, (off_t)bytes), 0);
	ck_assert_ptr_null(peer_map(&d->log.map, fd, 0, bytes, &d->mem.broken));
	d->vq.log = &d->log;
}

static void init_split(struct driver *d)
{
	uint16_t num = d->conf.num;

	d->ring = driver_alloc(d, 16u * num);
	d->avail = driver_alloc(d, 6u + 2 * num);
	d->used = driver_alloc(d, 6u + 8 * num);
	for (unsigned i = 0; i < num; i++)
		driver_desc(d, i)->rest = (uint64_t)(i + 1) << 48;
}

static void init_packed(struct driver *d)
{
	d->ring = driver_alloc(d, 16u * d->conf.num);
	d->avail = driver_alloc(d, 4);
	d->used = driver_alloc(d, 4);
	d->next_wrap = d->last_wrap = true;
}

/* The device's side, as its control half would fill it */
static void init_device(struct driver *d)
{
	struct vring *vq = &d->vq;
	uint64_t gpa;

	vq->desc = peer_mem_user(&d->mem, d->ring - DRIVER_GPA + 0x7000000000, 16, &gpa);
	vq->avail = peer_mem_user(&d->mem, d->avail - DRIVER_GPA + 0x7000000000, 4, &gpa);
	vq->used = peer_mem_user(&d->mem, d->used - DRIVER_GPA + 0x7000000000, 4, &gpa);
	ck_assert(vq->desc && vq->avail && vq->used);
	vq->mem = &d->mem;
	vq->desc_gpa = d->ring;
	vq->used_gpa = d->used;
	vq->packed = d->conf.packed;
	vq->event_idx = d->conf.event_idx;
	vq->in_order = d->conf.in_order;
	vq->mergeable = d->conf.mergeable;
	vq->to_driver = d->conf.to_driver;
	vq->indirect = vq->enabled = true;
	vq->hdr_len = VNET_HDR_LEN;
	vq->num = d->conf.num;
	vq->call_fd = -1;
	vsw_vring_start(vq, d->conf.packed ? 0x80008000 : 0);
}

struct driver *driver_new(const struct driver_conf *conf)
{
	struct driver *d = calloc(1, sizeof(*d));
	int fd = memfd_create("guest", MFD_CLOEXEC);

	d->conf = *conf;
	ck_assert_int_eq(ftruncate(fd, SIZE), 0);
	d->bytes = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(d->bytes, MAP_FAILED);
	add_region(d, fd, 0);
	add_region(d, fd, 1);
	close(fd);
	if (conf->log)
		add_log(d);
	d->length = calloc(conf->num, sizeof(*d->length));
	d->order = calloc(conf->num, sizeof(*d->order));
	d->free = conf->num;
	if (conf->packed)
		init_packed(d);
	else
		init_split(d);
	init_device(d);
	return d;
}

void driver_free(struct driver *d)
{
	peer_unmap(&d->log.map);
	peer_mem_clear(&d->mem);
	munmap(d->bytes, SIZE);
	free(d->length);
	free(d->order);
	free(d);
}

uint64_t driver_alloc(struct driver *d, uint32_t len)
{
	uint64_t gpa = DRIVER_GPA + d->brk;

	d->brk += (len + 15) & ~15u;
	ck_assert_uint_le(d->brk, SIZE);
	return gpa;
}

void *driver_at(const struct driver *d, uint64_t gpa)
{
	return d->bytes + (gpa - DRIVER_GPA);
}

struct vring_desc *driver_desc(const struct driver *d, unsigned i)
{
	return (struct vring_desc *)driver_at(d, d->ring) + i;
}

struct vring_avail *driver_avail(const struct driver *d)
{
	return driver_at(d, d->avail);
}

static struct vring_used *driver_used(const struct driver *d)
{
	return driver_at(d, d->used);
}

/* A table of descriptors for a chain; it becomes the chain's only part */
static struct driver_part make_table(struct driver *d, const struct driver_part *part, unsigned n)
{
	uint64_t gpa = driver_alloc(d, 16 * n);
	struct vring_desc *t = driver_at(d, gpa);
	uint64_t flags = d->conf.to_driver ? VRING_F_WRITE : 0;

	for (unsigned i = 0; i < n; i++) {
		t[i].addr = part[i].gpa;
		if (d->conf.packed)
			t[i].rest = part[i].len | flags << 48;
		else
			t[i].rest = part[i].len | (flags | (i + 1 < n ? VRING_F_NEXT : 0)) << 32 |
				    (uint64_t)(i + 1) << 48;
	}
	return (struct driver_part) { gpa, 16 * n };
}

static int offer_split(struct driver *d, const struct driver_part *part, unsigned n, uint64_t flags)
{
	struct vring_avail *avail = driver_avail(d);
	uint16_t head = d->free_head;

	for (unsigned i = 0; i < n; i++) {
		struct vring_desc *desc = driver_desc(d, d->free_head);
		uint16_t next = (uint16_t)(desc->rest >> 48);
		uint64_t f = flags | (i + 1 < n ? VRING_F_NEXT : 0);

		desc->addr = part[i].gpa;
		desc->rest = part[i].len | f << 32 | (uint64_t)next << 48;
		d->free_head = next;
	}
	avail->ring[d->next % d->conf.num] = head;
	d->next++;
	__atomic_store_n(&avail->idx, d->next, __ATOMIC_RELEASE);
	d->length[head] = (uint16_t)n;
	return head;
}

static void step(const struct driver *d, uint16_t *at, bool *wrap, unsigned n)
{
	for (; n; n--) {
		*at = (uint16_t)(*at + 1);
		if (*at == d->conf.num) {
			*at = 0;
			*wrap = !*wrap;
		}
	}
}

static int offer_packed(struct driver *d, const struct driver_part *part, unsigned n,
			uint64_t flags)
{
	uint64_t first = 0;
	uint16_t id = d->next, at = d->next;

	for (unsigned i = 0; i < n; i++) {
		struct vring_desc *desc = driver_desc(d, d->next);
		uint64_t f = flags | (i + 1 < n ? VRING_F_NEXT : 0) |
			     (d->next_wrap ? VRING_F_AVAIL : VRING_F_USED);
		/* the buffer id stands in the last one (2.8.6);
		 * another elsewhere must not matter */
		uint64_t rest = part[i].len | (uint64_t)(i + 1 < n ? 0x5555 : id) << 32 | f << 48;

		desc->addr = part[i].gpa;
		if (i)
			__atomic_store_n(&desc->rest, rest, __ATOMIC_RELAXED);
		else
			first = rest;
		step(d, &d->next, &d->next_wrap, 1);
	}
	__atomic_store_n(&driver_desc(d, at)->rest, first, __ATOMIC_RELEASE);
	d->length[id] = (uint16_t)n;
	d->order[d->order_head++ % d->conf.num] = id;
	return id;
}

int driver_offer(struct driver *d, const struct driver_part *part, unsigned n, bool indirect)
{
	uint64_t flags = d->conf.to_driver ? VRING_F_WRITE : 0;
	struct driver_part table;

	if (indirect) {
		table = make_table(d, part, n);
		part = &table;
		n = 1;
		flags = VRING_F_INDIRECT;
	}
	if (n > d->free)
		return -1;
	d->free = (uint16_t)(d->free - n);
	return d->conf.packed ? offer_packed(d, part, n, flags) : offer_split(d, part, n, flags);
}

uint64_t driver_offer_buffer(struct driver *d, uint32_t len)
{
	struct driver_part part = { driver_alloc(d, len), len };

	ck_assert_int_ge(driver_offer(d, &part, 1, false), 0);
	return part.gpa;
}

int driver_send(struct driver *d, const struct vnet_hdr *h, const void *frame, uint32_t len)
{
	struct driver_part part = { driver_alloc(d, (uint32_t)VNET_HDR_LEN + len),
				    (uint32_t)VNET_HDR_LEN + len };

	memcpy(driver_at(d, part.gpa), h, VNET_HDR_LEN);
	memcpy((uint8_t *)driver_at(d, part.gpa) + VNET_HDR_LEN, frame, len);
	return driver_offer(d, &part, 1, false);
}

static int take_split(struct driver *d, uint32_t *len)
{
	struct vring_used *used = driver_used(d);
	uint16_t id, tail;

	if (__atomic_load_n(&used->idx, __ATOMIC_ACQUIRE) == d->last)
		return -1;
	id = (uint16_t)used->ring[d->last % d->conf.num].id;
	*len = used->ring[d->last % d->conf.num].len;
	d->last++;
	ck_assert_uint_lt(id, d->conf.num);
	ck_assert_uint_gt(d->length[id], 0);
	tail = id;
	for (unsigned i = 1; i < d->length[id]; i++)
		tail = (uint16_t)(driver_desc(d, tail)->rest >> 48);
	driver_desc(d, tail)->rest = (uint64_t)d->free_head << 48;
	d->free_head = id;
	return id;
}

/* Chains offered up to the one of the id that stands in the ring are given back: one a call */
static int take_packed(struct driver *d, uint32_t *len)
{
	uint64_t rest = __atomic_load_n(&driver_desc(d, d->last)->rest, __ATOMIC_ACQUIRE);
	uint16_t flags = (uint16_t)(rest >> 48), id = (uint16_t)(rest >> 32), oldest;
	bool a = flags & VRING_F_AVAIL, u = flags & VRING_F_USED;

	oldest = d->order[d->order_tail % d->conf.num];
	*len = (uint32_t)rest;
	if (!d->batch) {
		if (d->order_tail == d->order_head || a != u || u != d->last_wrap)
			return -1;
		ck_assert_int_eq(!(flags & VRING_F_WRITE), !d->conf.to_driver);
		ck_assert_uint_lt(id, d->conf.num);
		do
			d->batch++;
		while (d->order[(d->order_tail + d->batch - 1u) % d->conf.num] != id &&
		       d->order_tail + d->batch < d->order_head);
		ck_assert(d->batch == 1 || d->conf.in_order);
	}
	d->batch--;
	d->order_tail++;
	step(d, &d->last, &d->last_wrap, d->length[oldest]);
	return oldest;
}

int driver_take(struct driver *d, uint32_t *len)
{
	uint32_t none;
	int id = d->conf.packed ? take_packed(d, len ? len : &none) :
				  take_split(d, len ? len : &none);

	if (id >= 0) {
		d->free = (uint16_t)(d->free + d->length[id]);
		d->length[id] = 0;
	}
	return id;
}

void driver_want_calls(struct driver *d, int when)
{
	struct vring_event *ev = driver_at(d, d->avail);

	if (d->conf.packed)
		ev->word = when == 2 ? VRING_EVENT_DESC | d->last | (uint32_t)d->last_wrap << 15 :
			   when	     ? VRING_EVENT_ENABLE :
				       VRING_EVENT_DISABLE;
	else if (when == 2)
		driver_avail(d)->ring[d->conf.num] = d->last;
	else
		driver_avail(d)->flags = when ? 0 : VRING_NO_NOTIFY;
}

/* Is an event among those from @old to before @new? */
static bool passed(uint16_t event, uint16_t new, uint16_t old)
{
	for (; old != new; old++)
		if (old == event)
			return true;
	return false;
}

bool driver_must_kick(const struct driver *d, uint16_t old)
{
	const struct vring_event *ev = driver_at(d, d->used);
	const struct vring_used *used = driver_used(d);
	uint16_t at;
	bool wrap;

	if (!d->conf.packed && !d->conf.event_idx)
		return !(used->flags & VRING_NO_NOTIFY);
	if (!d->conf.packed)
		return passed(*(const uint16_t *)&used->ring[d->conf.num], d->next,
			      (uint16_t)(d->next - old));
	if ((ev->word & VRING_EVENT_FLAGS) != VRING_EVENT_DESC)
		return (ev->word & VRING_EVENT_FLAGS) == VRING_EVENT_ENABLE;
	/* walk back over what was offered */
	at = d->next;
	wrap = d->next_wrap;
	for (; old; old--) {
		if (at == 0) {
			at = d->conf.num;
			wrap = !wrap;
		}
		at--;
		if ((ev->word & 0xffff) == (at | (uint32_t)wrap << 15))
			return true;
	}
	return false;
}
