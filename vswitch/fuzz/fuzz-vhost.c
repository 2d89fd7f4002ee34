/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a front end of vhost-user that says anything, writes anything into its memory, and
 * takes it away.
 *
 * The input is a list of operations, a byte each with what they need behind them: messages (most of
 * the right size, with addresses that lead somewhere, and descriptors of all kinds), words written
 * into the memory it shares, descriptors and indices of rings, its size, and turns of the switch,
 * which takes frames and delivers them to all rings. Memory is written with pwrite(), so that only
 * the switch meets what is not there. Pages around each map are made unreadable, and with
 * AddressSanitizer the bytes of its pages that are not in the region.
 *
 * What the switch is given must keep the rules of hwnet/pkt.h, and nothing may be left open.
 */
#define _GNU_SOURCE /* memfd_create() */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "hwnet/frame.h"
#include "hwnet/words.h"
#include "transport/vhost/backend.h"

#define PAIRS  2u
#define FILES  2u
#define BYTES  65536u
#define GPA(i) (UINT64_C(0x10000) * (1 + 3 * (i))) /* where file i usually is, in the guest */
#define UVA(i) (UINT64_C(0x7f0000000000) + GPA(i))

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

/* struct fence - unreadable pages before and behind a map */
struct fence {
	void *page[2];
};

static struct {
	const uint8_t *p, *end;
	struct vhost_backend *be;
	int file[FILES];
	struct fence fence[VHOST_TABLE];
	unsigned fences;
	struct vring_burst burst;
	bool parked;
} w;

static void check(bool ok)
{
	if (!ok)
		abort();
}

static uint32_t byte(void)
{
	return w.p < w.end ? *w.p++ : 0;
}

static uint32_t word(void)
{
	uint32_t v = byte();

	return v << 8 | byte();
}

static uint64_t any(void)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | byte();
	return v;
}

static void unfence(void)
{
	for (; w.fences; w.fences--)
		for (unsigned i = 0; i < 2; i++)
			if (w.fence[w.fences - 1].page[i])
				munmap(w.fence[w.fences - 1].page[i], 4096);
}

static void *wall(uintptr_t at)
{
	void *p = mmap((void *)at, 4096, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != MAP_FAILED && p != (void *)at) {
		munmap(p, 4096);
		return NULL;
	}
	return p == MAP_FAILED ? NULL : p;
}

#ifdef __SANITIZE_ADDRESS__
static void poison(const struct peer_map *m, bool on)
{
	uint8_t *base = m->base, *tail = m->host + m->size;

	if (!on) {
		__asan_unpoison_memory_region(base, m->len);
		return;
	}
	__asan_poison_memory_region(base, (size_t)(m->host - base));
	__asan_poison_memory_region(tail, (size_t)(base + m->len - tail));
}
#else
static void poison(const struct peer_map *m, bool on)
{
}
#endif

/* Nothing around the maps may be touched while the data half runs */
static void fences(bool on)
{
	unfence();
	for (unsigned i = 0; i < w.be->mem.n; i++) {
		const struct peer_map *m = &w.be->mem.region[i].map;

		poison(m, on);
		if (!on || w.fences == VHOST_TABLE)
			continue;
		w.fence[w.fences].page[0] = wall((uintptr_t)m->base - 4096);
		w.fence[w.fences].page[1] = wall((uintptr_t)m->base + m->len);
		w.fences++;
	}
}

static void park(void *opaque)
{
	check(!w.parked);
	w.parked = true;
	fences(false);
}

static const struct vhost_host host = { park };

static void begin(void)
{
	const struct vhost_conf conf = { .pairs = PAIRS, .mtu = 9000 };

	w.be = vsw_vhost_backend_new(&conf, &host, NULL);
	check(w.be);
	w.parked = true;
}

static void settle(void)
{
	check(vsw_vhost_backend_settle(w.be) == w.parked);
	if (w.parked)
		fences(true);
	w.parked = false;
}

static int some_fd(void)
{
	uint32_t kind = byte();
	int p[2];

	switch (kind & 7) {
	case 0:
	case 1:
		return eventfd(0, EFD_CLOEXEC | (kind & 8 ? EFD_NONBLOCK : 0));
	case 2:
	case 3:
	case 4:
		return fcntl(w.file[kind & 1], F_DUPFD_CLOEXEC, 0);
	case 5:
		check(!pipe2(p, O_CLOEXEC));
		close(p[0]);
		return p[1];
	case 6:
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	}
	return -1;
}

static struct peer_range range(void)
{
	uint32_t how = byte();
	unsigned i = how & 1;
	struct peer_range r = { GPA(i), BYTES, UVA(i), 0 };

	if (how & 2) {
		r.offset = word();
		r.size = word();
	}
	if (how & 4)
		r.gpa += word();
	if ((how & 0xf8) == 0x80)
		r = (struct peer_range) { any(), any(), any(), any() };
	return r;
}

static uint64_t near(void)
{
	return UVA(byte() & 1) + 16u * word();
}

/* A payload that makes sense for most requests. Return: its size */
static uint32_t payload(uint32_t request, union vhost_payload *p)
{
	switch (request) {
	case VHOST_SET_MEM_TABLE:
		p->table.n = byte() % 4;
		for (unsigned i = 0; i < VHOST_TABLE && i < p->table.n; i++)
			p->table.range[i] = range();
		return 8 + p->table.n * (uint32_t)sizeof(struct peer_range);
	case VHOST_ADD_MEM_REG:
	case VHOST_REM_MEM_REG:
		p->region.range = range();
		return sizeof(p->region);
	case VHOST_SET_LOG_BASE:
		p->log.size = word();
		p->log.offset = byte();
		return sizeof(p->log);
	case VHOST_SET_VRING_ADDR:
		p->addr.index = byte() % (2 * PAIRS + 1);
		p->addr.flags = byte() & 1;
		p->addr.desc = near();
		p->addr.avail = near();
		p->addr.used = near();
		p->addr.log = word();
		return sizeof(p->addr);
	case VHOST_CARD:
		p->card.mac[0] = (uint8_t)byte();
		p->card.flags = (uint16_t)byte();
		p->card.n = word() % (VSW_MAX_ADDRS + 2);
		return VHOST_CARD_LEN(p->card.n < VSW_MAX_ADDRS ? p->card.n : VSW_MAX_ADDRS);
	case VHOST_COUNTERS:
		return 0;
	case VHOST_SET_FEATURES:
	case VHOST_SET_PROTOCOL_FEATURES:
	case VHOST_SEND_RARP:
		p->u64 = any();
		return sizeof(p->u64);
	}
	p->state.index = byte() % (2 * PAIRS + 1);
	p->state.num = byte() & 1 ? word() : 1u << byte() % 16;
	if (request >= VHOST_SET_VRING_KICK && request <= VHOST_SET_VRING_ERR)
		p->u64 = p->state.index | (byte() % 16 ? 0 : VHOST_NO_FD);
	return sizeof(p->u64);
}

static void message(void)
{
	struct vhost_message m = { 0 }, reply;
	union vhost_payload p;
	int fds[VHOST_TABLE];
	uint32_t how = byte();
	unsigned n = 0;
	int ret;

	memset(&p, 0, sizeof(p));
	m.request = byte() % (VHOST_REQUESTS + 3);
	if (m.request > VHOST_REQUESTS) /* ours; VHOST_REQUESTS itself is none */
		m.request += VHOST_CARD - VHOST_REQUESTS - 1;
	m.size = payload(m.request, &p);
	m.flags = VHOST_VERSION | (how & 1 ? VHOST_NEED_REPLY : 0) | (how > 250 ? how << 2 : 0);
	if (how < 4)
		m.size = byte();
	if (m.size > sizeof(p)) /* no such message comes out of a channel */
		m.size = sizeof(p);
	memcpy(&m.payload, &p, sizeof(p));
	for (uint32_t want = how >> 1 & 3; n < want; n++)
		fds[n] = some_fd();
	ret = vsw_vhost_backend_message(w.be, &m, fds, n, &reply);
	check(ret >= -1 && ret <= 1);
	check(ret != 1 || (reply.size <= sizeof(p) && reply.request == m.request));
	for (unsigned i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	settle();
	if (ret < 0 && how & 0x80) { /* else go on, as if it had not been said */
		vsw_vhost_backend_free(w.be);
		begin();
		settle();
	}
}

static void poke(unsigned file, uint32_t at, uint64_t v, size_t n)
{
	if (pwrite(w.file[file], &v, n, at) < 0)
		return;
}

static void write_memory(void)
{
	unsigned file = byte() & 1, n = 1 + byte() % 24;
	uint32_t at = word();

	while (n--)
		poke(file, at++, byte(), 1);
}

/* A descriptor that looks like one, at a place in a table */
static void write_desc(void)
{
	unsigned file = byte() & 1;
	uint32_t at = word() & ~15u, how = byte();
	uint64_t addr = GPA(how & 1) + word(), len = how & 2 ? word() : byte();
	uint64_t flags = byte() & 7, other = byte();

	if (how & 4)
		flags |= how & 8 ? VRING_F_AVAIL : VRING_F_USED;
	poke(file, at, addr, 8);
	if (how & 16) /* packed, split */
		poke(file, at + 8, len | other << 32 | flags << 48, 8);
	else
		poke(file, at + 8, len | flags << 32 | other << 48, 8);
}

static void write_index(void)
{
	unsigned file = byte() & 1;
	uint32_t at = word() & ~1u;

	poke(file, at + 2, word(), 2);
	poke(file, at + 4, byte(), 2);
}

static void resize(void)
{
	uint32_t how = byte();

	if (ftruncate(w.file[how & 1], how & 2 ? BYTES : (off_t)word()))
		abort();
}

/* Words that would be settled otherwise were not */
static void check_words(const struct pkt *p)
{
	static uint8_t head[FRAME_HDR_MAX];
	struct pkt copy = *p;

	check(pkt_head_len(p) <= sizeof(head));
	memcpy(head, pkt_head(p), pkt_head_len(p));
	check(!pkt_words_settle(&copy, head) && copy.flags == p->flags);
}

static void check_frame(const struct pkt *p)
{
	const uint8_t *head = pkt_head(p);
	uint64_t len = 0;

	check(p->len >= 14 && p->len <= PKT_MAX_LEN && p->iovcnt >= 1 && p->iovcnt < FRAME_IOV_MAX);
	check(head >= w.burst.head && head + pkt_head_len(p) <= w.burst.head + VRING_BURST_HEADS);
	check(pkt_head_len(p) >= (p->len < PKT_HEAD ? p->len : PKT_HEAD));
	for (unsigned i = 0; i < p->iovcnt; i++) {
		check(p->iov[i].iov_len);
		len += p->iov[i].iov_len;
	}
	check(len == p->len);
	check_words(p);
}

/* Frames from one ring to all that receive */
static void turn(void)
{
	unsigned i = byte() % PAIRS, take = byte() % (PKT_BURST + 8);
	struct vring *from = vsw_vhost_ring(w.be, 2 * i + 1);

	if (!from)
		return;
	vsw_vring_get(from, &w.burst);
	check(w.burst.n <= PKT_BURST && w.burst.n <= w.burst.chains);
	for (unsigned k = 0; k < w.burst.n; k++)
		check_frame(w.burst.pkts[k]);
	for (unsigned k = 0; k < PAIRS; k++) {
		struct vring *to = vsw_vhost_ring(w.be, 2 * k);

		if (to && w.burst.n)
			check(vsw_vring_put(to, w.burst.pkts, w.burst.n) <= w.burst.n);
	}
	vsw_vring_got(from, &w.burst, take < w.burst.n ? take : w.burst.n);
}

static void deliver(void)
{
	static uint8_t bytes[PKT_MAX_LEN];
	struct vring *to = vsw_vhost_ring(w.be, 2 * (byte() % PAIRS));
	struct pkt pkt[4];
	struct iovec iov[4];
	const struct pkt *pkts[4];
	uint32_t how = byte();

	for (unsigned i = 0; i < 4; i++) {
		pkt_flat(&pkt[i], &iov[i], bytes, how & 1 ? 14 + word() : 14 + byte());
		pkts[i] = &pkt[i];
	}
	if (to)
		check(vsw_vring_put(to, pkts, 1 + how / 2 % 4) <= 4);
}

static void notify(void)
{
	uint32_t how = byte();
	struct vring *vq = vsw_vhost_ring(w.be, how % (2 * PAIRS));

	if (!vq)
		return;
	vsw_vring_more(vq);
	vsw_vring_kicks(vq, how & 16);
	vsw_vring_signal(vq);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const op[])(void) = { message, message, write_memory, write_desc, write_index,
					    turn,    deliver, notify,	    turn,	message };

	memset(&w, 0, offsetof(typeof(w), burst));
	w.p = data;
	w.end = data + size;
	for (unsigned i = 0; i < FILES; i++) {
		w.file[i] = memfd_create("fuzz", MFD_CLOEXEC);
		check(w.file[i] >= 0 && !ftruncate(w.file[i], BYTES));
	}
	begin();
	settle();
	while (w.p < w.end) {
		uint32_t o = byte();

		if (o >= 250)
			resize();
		else
			op[o % 10]();
	}
	vsw_vhost_backend_free(w.be);
	unfence();
	for (unsigned i = 0; i < FILES; i++)
		close(w.file[i]);
	return 0;
}

/* ---- seeds: both rings of a pair brought up, then frames both ways ---- */

static uint8_t *s;

static void out(unsigned n, uint64_t v)
{
	while (n--)
		*s++ = (uint8_t)(v >> 8 * n);
}

static void say(uint32_t request, unsigned fds)
{
	out(1, 0); /* message */
	out(1, 8 | fds << 1);
	out(1, request);
}

static void say_state(uint32_t request, uint32_t i, uint32_t num, unsigned fds)
{
	say(request, fds);
	out(1, i);
	out(1, 1);
	out(2, num);
}

static void say_fd(uint32_t request, uint32_t i)
{
	say_state(request, i, 0, 1);
	out(1, 1); /* with a descriptor */
	out(1, 0); /* eventfd */
}

static void say_ring(uint32_t i, uint32_t at, bool packed)
{
	say_state(VHOST_SET_VRING_NUM, i, 16, 0);
	say_state(VHOST_SET_VRING_BASE, i, packed ? 0x8000 : 0, 0);
	say(VHOST_SET_VRING_ADDR, 0);
	out(1, i);
	out(1, 0);
	for (unsigned k = 0; k < 3; k++) {
		out(1, 0);
		out(2, at / 16 + 32 * k);
	}
	out(2, 0);
	say_fd(VHOST_SET_VRING_CALL, i);
	say_fd(VHOST_SET_VRING_KICK, i);
	say_state(VHOST_SET_VRING_ENABLE, i, 1, 0);
}

static void seed_desc(uint32_t at, uint32_t addr, uint32_t len, uint32_t flags, bool packed,
		      unsigned id)
{
	out(1, 3);
	out(1, 0);
	out(2, at);
	out(1, packed ? 2 | 4 | 8 | 16 : 2);
	out(2, addr);
	out(2, len);
	out(1, flags);
	out(1, id);
}

static void seed_frames(unsigned i, bool packed, uint32_t len)
{
	/* the sending ring: frame at 0x8000 with an unfinished TCP checksum; the other: buffers */
	static const uint8_t frame[] = { 1, 0, 0, 0, 8, 0, 34, 0, 16, 0, 0, 0 };
	static const uint8_t head[] = { 2, 0, 0,    0, 0, 1,  2, 0, 0, 0, 0,  2,
					8, 0, 0x45, 0, 0, 80, 0, 0, 0, 0, 64, 6 };

	out(1, 2);
	out(1, 0);
	out(1, sizeof(frame) - 1);
	out(2, 0x8000);
	for (unsigned k = 0; k < sizeof(frame); k++)
		out(1, frame[k] + (k == 1 ? i / 2 % 2 : 0));
	out(1, 2);
	out(1, 0);
	out(1, sizeof(head) - 1);
	out(2, 0x800c);
	for (unsigned k = 0; k < sizeof(head); k++)
		out(1, head[k]);
	out(1, 2);
	out(1, 0);
	out(1, 0);
	out(2, 0x800c + 46);
	out(1, 0x50);
	for (unsigned k = 0; k < 4; k++) {
		seed_desc(0x2000 + 16 * k, 0x8000, len, i == 3 && k == 0 ? 1 : 0, packed, k);
		seed_desc(0x1000 + 16 * k, 0x9000 + 2048 * k, 2048, 2, packed, k);
	}
	for (unsigned ring = 0; ring < 2 && !packed; ring++) {
		out(1, 4);
		out(1, 0);
		out(2, 0x1200 + 0x1000 * ring);
		out(2, 4); /* chains are offered */
		out(1, 0);
	}
	for (unsigned k = 0; k < 3; k++) {
		out(1, 5); /* turn */
		out(1, 0);
		out(1, 2);
		out(1, 6); /* deliver */
		out(1, 0);
		out(1, 1);
		for (unsigned f = 0; f < 4; f++)
			out(2, 1000);
		out(1, 7);
		out(1, 16 + k);
	}
}

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	bool packed = i & 1;
	uint64_t features = VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VIRTIO_NET_F_MRG_RXBUF) |
			    VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES) |
			    VIRTIO_BIT(VIRTIO_F_INDIRECT_DESC);

	if (i >= 16)
		return 0;
	s = buf;
	features |= packed ? VIRTIO_BIT(VIRTIO_F_RING_PACKED) : 0;
	features |= i & 2 ? VIRTIO_BIT(VIRTIO_F_EVENT_IDX) : 0;
	features |= i & 4 ? VIRTIO_BIT(VIRTIO_F_IN_ORDER) : 0;
	features |= i & 8 ? VIRTIO_BIT(VHOST_F_LOG_ALL) : 0;
	say(VHOST_SET_FEATURES, 0);
	out(8, features);
	say(VHOST_SET_PROTOCOL_FEATURES, 0);
	out(8, 0x800f);
	for (unsigned k = 0; k < 2; k++) {
		say(VHOST_ADD_MEM_REG, 1);
		out(1, k);
		out(1, 2 + k);
	}
	if (i & 8) {
		say(VHOST_SET_LOG_BASE, 1);
		out(2, 4096);
		out(1, 0);
		out(1, 3);
	}
	say_ring(0, 0x1000, packed);
	say_ring(1, 0x2000, packed);
	seed_frames(i, packed, i % 5 == 4 ? 1500 : 92);
	if (i > 12) {
		out(1, 250);
		out(1, 0);
		out(2, 4096 * (i - 12));
		out(1, 5);
		out(2, 2);
	}
	return (size_t)(s - buf);
}
