/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A back end on its way to another process; see backend.h.
 *
 * What messages have said is said again, and checked again as if messages said it. Rings are given
 * at rest: where one stands is one word (vsw_vring_base()), since all that was taken out of it was
 * given back; all else of a ring follows from what messages said and from the ring itself.
 */
#include "backend-priv.h"

#include <string.h>
#include <unistd.h>

#define VERSION	  1u
#define TOUCHED	  (8u << 20) /* regions of at most so many bytes are touched as a whole */
#define WITH_KICK 1u
#define WITH_ERR  2u
#define WITH_CALL 4u

/* struct moved_head - before all else; struct peer_range by region and struct moved_ring by ring
 * follow, then the card. @log: there is one; its descriptor comes behind those of regions */
struct moved_head {
	uint32_t version, pairs, regions, card;
	uint64_t without, features, protocol, log_size, log_offset;
	uint16_t mtu, most_mtu;
	uint8_t log, rarp, new_card, none;
	uint8_t rarp_mac[8];
};

/* struct moved_ring - @fds: which descriptors it has */
struct moved_ring {
	uint64_t desc, used, avail, log;
	uint32_t num, flags, base;
	uint8_t started, enabled, fds, none;
};

/* struct frozen_ring - where it stands */
struct frozen_ring {
	uint64_t frames, malformed, too_long, calls;
	uint32_t base;
	uint8_t broken, none[3];
};

static bool put_ring(struct peer_moved *m, const struct vhost_ring *r)
{
	struct moved_ring z = { .desc = r->desc,
				.used = r->used,
				.avail = r->avail,
				.log = r->log,
				.num = r->num,
				.flags = r->flags,
				.base = r->base,
				.started = r->started,
				.enabled = r->enabled };

	z.fds = (uint8_t)((r->kick_fd >= 0 ? WITH_KICK : 0) | (r->err_fd >= 0 ? WITH_ERR : 0) |
			  (r->vq.call_fd >= 0 ? WITH_CALL : 0));
	return peer_moved_put(m, &z, sizeof(z)) &&
	       (r->kick_fd < 0 || peer_moved_put_fd(m, r->kick_fd)) &&
	       (r->err_fd < 0 || peer_moved_put_fd(m, r->err_fd)) &&
	       (r->vq.call_fd < 0 || peer_moved_put_fd(m, r->vq.call_fd));
}

static bool put_memory(struct peer_moved *m, const struct vhost_backend *be)
{
	for (unsigned i = 0; i < be->mem.n; i++)
		if (!peer_moved_put(m, &be->mem.region[i].range, sizeof(struct peer_range)) ||
		    !peer_moved_put_fd(m, be->mem.region[i].map.fd))
			return false;
	return !be->log.map.base || peer_moved_put_fd(m, be->log.map.fd);
}

int vsw_vhost_backend_give(const struct vhost_backend *be, struct peer_moved *m)
{
	uint32_t card = be->has_card ? VHOST_CARD_LEN(be->card.n) : 0;
	struct moved_head z = { .version = VERSION,
				.pairs = be->conf.pairs,
				.regions = be->mem.n,
				.card = card,
				.without = be->conf.without,
				.features = be->features,
				.protocol = be->protocol,
				.log_size = be->log.map.size,
				.log_offset = be->log.map.offset,
				.mtu = be->mtu,
				.most_mtu = be->conf.mtu,
				.log = be->log.map.base != NULL,
				.rarp = be->rarp,
				.new_card = be->new_card };

	memcpy(z.rarp_mac, be->rarp_mac, sizeof(be->rarp_mac));
	if (!peer_moved_put(m, &z, sizeof(z)) || !put_memory(m, be))
		return -1;
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++)
		if (!put_ring(m, &be->ring[i]))
			return -1;
	return peer_moved_put(m, &be->card, card) ? 0 : -1;
}

size_t vsw_vhost_backend_freeze(const struct vhost_backend *be, uint8_t *data, size_t room)
{
	struct peer_moved m = { .data = data, .room = room };

	for (unsigned i = 0; i < 2 * be->conf.pairs; i++) {
		const struct vring *vq = &be->ring[i].vq;
		struct frozen_ring z = { .frames = vq->count.frames,
					 .malformed = vq->count.malformed,
					 .too_long = vq->count.too_long,
					 .calls = vq->count.calls,
					 .base = be->ring[i].begun ? vsw_vring_base(vq) :
								     be->ring[i].base,
					 .broken = vq->why != NULL };

		if (!peer_moved_put(&m, &z, sizeof(z)))
			return 0;
	}
	return m.len;
}

/* An eventfd, if the ring has it. False: it is none */
static bool get_eventfd(struct peer_heard *r, bool there, int *fd)
{
	if (!there)
		return true;
	if (peer_moved_fd(r) < 0 || !vsw_vhost_eventfd(peer_moved_fd(r)))
		return false;
	*fd = peer_moved_fd(r);
	peer_moved_took_fd(r);
	return true;
}

/* As messages would say it, with their checks */
static bool say(struct vhost_backend *be, int (*run)(struct vhost_backend *, struct vhost_call *),
		const union vhost_payload *in)
{
	struct vhost_call c = { .size = sizeof(*in), .in = *in };

	return run(be, &c) == 0;
}

static bool get_ring(struct peer_heard *r, struct vhost_backend *be, unsigned i)
{
	struct vhost_ring *ring = &be->ring[i];
	struct moved_ring z;
	union vhost_payload in = { .state = { i, 0 } };

	if (!peer_moved_get(r, &z, sizeof(z)))
		return false;
	in.state.num = z.num;
	if (z.num && !say(be, vsw_vhost_set_vring_num, &in))
		return false;
	in.state.num = z.base;
	if (!say(be, vsw_vhost_set_vring_base, &in))
		return false;
	in.addr.index = i;
	in.addr.flags = z.flags;
	in.addr.desc = z.desc;
	in.addr.used = z.used;
	in.addr.avail = z.avail;
	in.addr.log = z.log;
	if (!say(be, vsw_vhost_set_vring_addr, &in))
		return false;
	ring->started = z.started;
	ring->enabled = z.enabled;
	return get_eventfd(r, z.fds & WITH_KICK, &ring->kick_fd) &&
	       get_eventfd(r, z.fds & WITH_ERR, &ring->err_fd) &&
	       get_eventfd(r, z.fds & WITH_CALL, &ring->vq.call_fd);
}

static bool get_memory(struct peer_heard *r, struct vhost_backend *be, const struct moved_head *z)
{
	for (unsigned i = 0; i < z->regions; i++) {
		struct peer_range range;

		if (!peer_moved_get(r, &range, sizeof(range)) || peer_moved_fd(r) < 0 ||
		    peer_mem_add(&be->mem, &range, peer_moved_fd(r)))
			return false;
		peer_moved_took_fd(r);
	}
	if (!z->log)
		return true;
	if (peer_moved_fd(r) < 0 ||
	    peer_map(&be->log.map, peer_moved_fd(r), z->log_offset, z->log_size, &be->mem.broken))
		return false;
	peer_moved_took_fd(r);
	return true;
}

static bool get_card(struct peer_heard *r, struct vhost_backend *be, uint32_t len)
{
	struct vhost_call c = { .size = len };

	if (!len)
		return true;
	return len <= sizeof(c.in.card) && peer_moved_get(r, &c.in.card, len) &&
	       vsw_vhost_set_card(be, &c) == 0;
}

/* A card's memory as a whole, of a machine's that of its rings: the first frames find it there */
static void touch(const struct vhost_backend *be)
{
	for (unsigned i = 0; i < be->mem.n; i++)
		if (be->mem.region[i].range.size <= TOUCHED)
			peer_map_touch(be->mem.region[i].map.host, be->mem.region[i].range.size);
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++) {
		const struct vhost_ring *r = &be->ring[i];
		uint64_t gpa;
		void *desc = peer_mem_user(&be->mem, r->desc, 16ull * r->num, &gpa);
		void *used = peer_mem_user(&be->mem, r->used, 4, &gpa);

		if (desc)
			peer_map_touch(desc, 16ull * r->num);
		if (used)
			peer_map_touch(used, 4);
	}
}

static bool fill(struct vhost_backend *be, struct peer_heard *r, const struct moved_head *z)
{
	be->protocol = z->protocol;
	be->mtu = z->mtu;
	be->rarp = z->rarp;
	memcpy(be->rarp_mac, z->rarp_mac, sizeof(be->rarp_mac));
	if (!say(be, vsw_vhost_set_features, &(union vhost_payload) { .u64 = z->features }) ||
	    !get_memory(r, be, z))
		return false;
	for (unsigned i = 0; i < 2 * z->pairs; i++)
		if (!get_ring(r, be, i))
			return false;
	if (!get_card(r, be, z->card) || !peer_moved_over(r))
		return false;
	be->new_card = z->new_card && z->card;
	touch(be);
	return true;
}

struct vhost_backend *vsw_vhost_backend_taken(const struct peer_moved *m,
					      const struct vhost_host *host, void *opaque)
{
	struct peer_heard r = { m, 0, 0 };
	struct vhost_backend *be;
	struct vhost_conf conf;
	struct moved_head z;

	if (!peer_moved_get(&r, &z, sizeof(z)) || z.version != VERSION || !z.pairs ||
	    z.pairs > VHOST_PAIRS || z.regions > PEER_MEM_SLOTS || z.rarp_mac[0] & 1 ||
	    z.mtu > z.most_mtu)
		return NULL;
	conf = (struct vhost_conf) { z.pairs, z.most_mtu, z.without };
	be = vsw_vhost_backend_new(&conf, host, opaque);
	if (be && fill(be, &r, &z))
		return be;
	vsw_vhost_backend_free(be);
	return NULL;
}

int vsw_vhost_backend_thaw(struct vhost_backend *be, const uint8_t *data, size_t len)
{
	struct frozen_ring z;

	if (len != 2 * be->conf.pairs * sizeof(z))
		return -1;
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++) {
		struct vhost_ring *r = &be->ring[i];

		memcpy(&z, data + i * sizeof(z), sizeof(z));
		r->base = z.base;
		r->begun = false;
		vsw_vhost_ring_settle(be, r);
		if (r->there && z.broken)
			r->vq.why = "it was broken before the switch was handed over";
		r->vq.count = (struct vring_count) { z.frames, z.malformed, z.too_long, z.calls };
	}
	return 0;
}
