/* SPDX-License-Identifier: BSD-2-Clause */
/* The front end's life and its data path; see vswitch/front.h. */
#define _GNU_SOURCE /* memfd_create(), preadv2() */
#include "front-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "vring-priv.h"

#define ENTRIES	    256u
#define MIN_ENTRIES 64u
#define MAX_ENTRIES 4096u
#define PAGE	    4096u

/* Places in the shared memory: words for events, each on a cache line of its own, then rings, then
 * bytes */
static size_t layout(struct vsw_front *f)
{
	size_t desc = f->entries * sizeof(struct vring_desc), at = PAGE;

	for (unsigned i = 0; i < FRONT_RINGS; i++) {
		struct front_ring *r = &f->ring[i];

		r->num = f->entries;
		r->ours = (void *)(f->bytes + 128 * i);
		r->theirs = (void *)(f->bytes + 128 * i + 64);
		r->desc = (void *)(f->bytes + at);
		at += (desc + PAGE - 1) / PAGE * PAGE;
	}
	for (unsigned i = 0; i < FRONT_RINGS; i++) {
		f->ring[i].buf = f->bytes + at;
		f->ring[i].gpa = FRONT_ADDR + at;
		at += i == FRONT_TX ? FRONT_BYTES : (size_t)f->entries * FRONT_STRIDE;
	}
	return (at + PAGE - 1) / PAGE * PAGE;
}

/* Memory that cannot shrink under whoever has mapped it */
static bool share(struct vsw_front *f)
{
	f->size = layout(f);
	f->memfd = memfd_create("vchassis-front", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (f->memfd < 0 || ftruncate(f->memfd, (off_t)f->size) ||
	    fcntl(f->memfd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return false;
	f->bytes = mmap(NULL, f->size, PROT_READ | PROT_WRITE, MAP_SHARED, f->memfd, 0);
	if (f->bytes == MAP_FAILED) {
		f->bytes = NULL;
		return false;
	}
	layout(f);
	return true;
}

static bool make(struct vsw_front *f)
{
	struct front_ring *tx = &f->ring[FRONT_TX];

	f->ch.fd = f->memfd = f->state_fd = -1;
	f->call_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (unsigned i = 0; i < FRONT_RINGS; i++) {
		f->ring[i].kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		f->ring[i].rest = calloc(f->entries, sizeof(uint64_t));
	}
	tx->addr = calloc(f->entries, sizeof(uint64_t));
	tx->end = calloc(f->entries, sizeof(uint32_t));
	f->broken = true; /* not made yet */
	f->card.flags = VHOST_CARD_LINK;
	f->card_len = VHOST_CARD_LEN(0);
	return f->call_fd >= 0 && f->ring[0].kick_fd >= 0 && tx->kick_fd >= 0 && f->ring[0].rest &&
	       tx->rest && tx->addr && tx->end && share(f);
}

struct vsw_front *vsw_front_new(const struct vsw_front_conf *conf, const struct vsw_front_ops *ops,
				void *opaque, char *err, size_t errlen)
{
	unsigned entries = conf && conf->entries ? conf->entries : ENTRIES;
	struct vsw_front *f;

	if (entries < MIN_ENTRIES || entries > MAX_ENTRIES) {
		snprintf(err, errlen, "rings of %u entries: %u to %u", entries, MIN_ENTRIES,
			 MAX_ENTRIES);
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (f) {
		f->ops = ops;
		f->opaque = opaque;
		f->entries = (uint16_t)entries;
	}
	if (f && make(f))
		return f;
	snprintf(err, errlen, "no shared memory for rings: %m");
	vsw_front_free(f);
	return NULL;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void vsw_front_free(struct vsw_front *f)
{
	if (!f)
		return;
	vsw_front_detach(f);
	for (unsigned i = 0; i < FRONT_RINGS; i++) {
		close_fd(f->ring[i].kick_fd);
		free(f->ring[i].rest);
		free(f->ring[i].addr);
		free(f->ring[i].end);
	}
	if (f->bytes)
		munmap(f->bytes, f->size);
	close_fd(f->memfd);
	close_fd(f->state_fd);
	close_fd(f->call_fd);
	free(f);
}

void vsw_front_attach(struct vsw_front *f, int fd)
{
	memset(&f->ch, 0, sizeof(f->ch));
	f->ch.fd = fd;
	vsw_front_hello(f);
}

void vsw_front_detach(struct vsw_front *f)
{
	f->state = FRONT_DOWN;
	vsw_front_state_lost(f);
	vsw_vhost_drop_fds(&f->ch);
	close_fd(f->ch.fd);
	f->ch.fd = -1;
}

void vsw_front_over(struct vsw_front *f, const char *why)
{
	if (f->state == FRONT_DOWN)
		return;
	f->state = FRONT_DOWN;
	f->ops->up(f->opaque, false, why);
	vsw_front_detach(f);
}

/* The switch has written nonsense: nothing of the rings can be used again */
static void broken(struct vsw_front *f, const char *why)
{
	f->broken = true;
	vsw_front_over(f, why);
}

void vsw_front_readable(struct vsw_front *f)
{
	while (f->state != FRONT_DOWN) {
		int ret = vsw_vhost_receive(&f->ch);

		if (ret < 0)
			vsw_front_over(f, f->ch.why);
		if (ret <= 0)
			return;
		vsw_front_message(f);
	}
}

bool vsw_front_is_up(const struct vsw_front *f)
{
	return f->state == FRONT_UP && !f->stands;
}

bool vsw_front_stands(const struct vsw_front *f)
{
	return f->state == FRONT_UP && f->stands && f->stand && !f->unanswered;
}

void vsw_front_run(struct vsw_front *f, bool on)
{
	f->stand = !on;
	vsw_front_talk(f);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static bool all_answered(const struct vsw_front *f)
{
	return f->state == FRONT_UP && !f->waiting && !f->unanswered && f->stand == f->stands &&
	       f->state_fd < 0;
}

bool vsw_front_wait(struct vsw_front *f, int ms)
{
	int64_t end = now_ms() + ms, left;

	while (f->state != FRONT_DOWN && !all_answered(f) && (left = end - now_ms()) > 0) {
		struct pollfd p = { f->ch.fd, POLLIN, 0 };

		if (poll(&p, 1, (int)left) > 0)
			vsw_front_readable(f);
	}
	return all_answered(f);
}

uint32_t vsw_front_takes(const struct vsw_front *f)
{
	return vsw_vnet_takes(f->features, false);
}

unsigned vsw_front_put(struct vsw_front *f, const struct pkt *const *pkts, unsigned n)
{
	const char *why = NULL;
	int sent;

	if (unlikely(!vsw_front_is_up(f)))
		return 0;
	sent = vsw_front_tx_put(&f->ring[FRONT_TX], pkts, n, &why);
	if (unlikely(sent < 0)) {
		broken(f, why);
		return 0;
	}
	f->count.sent += (unsigned)sent;
	return (unsigned)sent;
}

void vsw_front_flush(struct vsw_front *f)
{
	const uint64_t one = 1;

	if (!(f->ring[FRONT_TX].unkicked | f->ring[FRONT_RX].unkicked) || !vsw_front_is_up(f))
		return;
	vring_fence();
	for (unsigned i = 0; i < FRONT_RINGS; i++) {
		if (!vsw_front_ring_must_kick(&f->ring[i]))
			continue;
		f->count.kicks++;
		if (write(f->ring[i].kick_fd, &one, sizeof(one)) < 0)
			continue; /* full: it was told before and has not looked */
	}
}

unsigned vsw_front_get(struct vsw_front *f, const struct pkt *const **pkts)
{
	const char *why = NULL;

	f->burst.n = f->burst.chains = 0;
	*pkts = f->burst.pkts;
	if (unlikely(f->broken))
		return 0;
	if (unlikely(!vsw_front_rx_get(&f->ring[FRONT_RX], &f->burst, &why))) {
		f->burst.n = f->burst.chains = 0;
		broken(f, why);
	}
	return f->burst.n;
}

void vsw_front_got(struct vsw_front *f, unsigned taken)
{
	const struct vring_burst *b = &f->burst;
	unsigned chains = taken < b->n ? b->at[taken] : b->chains;

	f->count.received += taken;
	f->count.malformed += chains - taken;
	vsw_front_rx_got(&f->ring[FRONT_RX], b, chains);
}

int vsw_front_fd(const struct vsw_front *f)
{
	return f->call_fd;
}

bool vsw_front_room(struct vsw_front *f)
{
	struct front_ring *tx = &f->ring[FRONT_TX];

	if (tx->full && vsw_front_ring_more(tx))
		tx->full = false;
	return !tx->full;
}

bool vsw_front_sleep(struct vsw_front *f, bool frames)
{
	struct front_ring *rx = &f->ring[FRONT_RX], *tx = &f->ring[FRONT_TX];

	if (f->broken)
		return true;
	vsw_front_ring_want(rx, frames);
	if (tx->full)
		vsw_front_ring_want(tx, true);
	vring_fence();
	return !(frames && vsw_front_ring_more(rx)) && !(tx->full && vsw_front_ring_more(tx));
}

/* The switch has this eventfd, too, and can make it a blocking one, and empty: the call itself says
 * that it must not wait. Linux before 5.12 does not know that of an eventfd. */
static void read_call(struct vsw_front *f)
{
	uint64_t n;
	struct iovec iov = { &n, sizeof(n) };

	if (preadv2(f->call_fd, &iov, 1, -1, RWF_NOWAIT) < 0 && errno == EOPNOTSUPP &&
	    read(f->call_fd, &n, sizeof(n)) < 0)
		n = 0; /* nobody had told us: we looked by ourselves */
}

void vsw_front_wake(struct vsw_front *f)
{
	read_call(f);
	if (f->broken)
		return;
	vsw_front_ring_want(&f->ring[FRONT_RX], false);
	vsw_front_ring_want(&f->ring[FRONT_TX], false);
}

static void fill_card(struct vhost_card *card, bool link, const struct vsw_addrs *addrs)
{
	memset(card, 0, sizeof(*card));
	card->flags = link ? VHOST_CARD_LINK : 0;
	if (!addrs)
		return;
	memcpy(card->mac, addrs->mac, sizeof(card->mac));
	card->flags |= VHOST_CARD_ADDRS;
	card->flags |= addrs->promiscuous ? VHOST_CARD_PROMISCUOUS : 0;
	card->flags |= addrs->allmulti ? VHOST_CARD_ALLMULTI : 0;
	card->n = addrs->n < VSW_MAX_ADDRS ? addrs->n : VSW_MAX_ADDRS;
	if (card->n < addrs->n) /* they may be groups */
		card->flags |= VHOST_CARD_ALLMULTI;
	if (card->n)
		memcpy(card->addrs, addrs->addrs, card->n * sizeof(card->addrs[0]));
}

void vsw_front_set_card(struct vsw_front *f, bool link, const struct vsw_addrs *addrs)
{
	struct vhost_card card;

	fill_card(&card, link, addrs);
	if (f->card_len == VHOST_CARD_LEN(card.n) && !memcmp(&f->card, &card, f->card_len))
		return;
	f->card = card;
	f->card_len = VHOST_CARD_LEN(card.n);
	f->new_card = true;
	vsw_front_talk(f);
}

void vsw_front_ask(struct vsw_front *f)
{
	f->asking = true;
	vsw_front_talk(f);
}

const struct vsw_front_counters *vsw_front_counters(const struct vsw_front *f)
{
	return &f->count;
}
