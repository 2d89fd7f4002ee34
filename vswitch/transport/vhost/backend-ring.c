/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages about rings; see backend.h. */
#include "backend-priv.h"

#include <fcntl.h>
#include <unistd.h>

#include "peer/call.h"

/* #syscalls control fcntl */

static struct vhost_ring *find(struct vhost_backend *be, uint32_t i)
{
	if (i < 2 * be->conf.pairs)
		return &be->ring[i];
	vsw_vhost_refuse(be, "ring %u: there are %u", i, 2 * be->conf.pairs);
	return NULL;
}

/* A ring that may not run now */
static struct vhost_ring *find_stopped(struct vhost_backend *be, uint32_t i)
{
	struct vhost_ring *r = find(be, i);

	if (!r || !r->started)
		return r;
	vsw_vhost_refuse(be, "ring %u runs: its size and base cannot be set", i);
	return NULL;
}

int vsw_vhost_set_vring_num(struct vhost_backend *be, struct vhost_call *c)
{
	struct vhost_ring *r = find_stopped(be, c->in.state.index);
	uint32_t num = c->in.state.num;

	if (!r)
		return -1;
	if (!num || num > VRING_MAX)
		return vsw_vhost_refuse(be, "a ring of %u entries: 1 to %u", num, VRING_MAX);
	r->num = num;
	return 0;
}

int vsw_vhost_set_vring_addr(struct vhost_backend *be, struct vhost_call *c)
{
	struct vhost_ring *r = find(be, c->in.addr.index);

	if (!r)
		return -1;
	if (c->in.addr.desc % 16 || c->in.addr.avail % 2 || c->in.addr.used % 4)
		return vsw_vhost_refuse(be, "ring %u: not aligned (virtio 1.2, 2.7)",
					c->in.addr.index);
	r->flags = c->in.addr.flags;
	r->desc = c->in.addr.desc;
	r->used = c->in.addr.used;
	r->avail = c->in.addr.avail;
	r->log = c->in.addr.log;
	return 0;
}

int vsw_vhost_set_vring_base(struct vhost_backend *be, struct vhost_call *c)
{
	struct vhost_ring *r = find_stopped(be, c->in.state.index);

	if (!r)
		return -1;
	r->base = c->in.state.num;
	r->begun = false;
	return 0;
}

int vsw_vhost_get_vring_base(struct vhost_backend *be, struct vhost_call *c)
{
	struct vhost_ring *r = find(be, c->in.state.index);

	if (!r)
		return -1;
	if (r->begun)
		r->base = vsw_vring_base(&r->vq);
	r->started = r->begun = r->there = false;
	if (r->kick_fd >= 0)
		close(r->kick_fd);
	r->kick_fd = -1;
	c->out.state.index = c->in.state.index;
	c->out.state.num = r->base;
	c->reply = sizeof(c->out.state);
	return 0;
}

bool vsw_vhost_eventfd(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && peer_is_eventfd(fd) && !fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* The ring and the descriptor of a message. Return: the ring, or NULL; the descriptor may be -1 */
static struct vhost_ring *ring_and_fd(struct vhost_backend *be, struct vhost_call *c, int *fd)
{
	struct vhost_ring *r = find(be, c->in.u64 & VHOST_RING_MASK);

	*fd = -1;
	if (!r || c->in.u64 & VHOST_NO_FD)
		return r;
	*fd = vsw_vhost_take_fd(c, 0);
	if (*fd >= 0 && vsw_vhost_eventfd(*fd))
		return r;
	if (*fd >= 0)
		close(*fd);
	vsw_vhost_refuse(be, "ring %u: no eventfd came with it",
			 (unsigned)(c->in.u64 & VHOST_RING_MASK));
	return NULL;
}

static void replace(int *was, int fd)
{
	if (*was >= 0)
		close(*was);
	*was = fd;
}

int vsw_vhost_set_vring_kick(struct vhost_backend *be, struct vhost_call *c)
{
	int fd;
	struct vhost_ring *r = ring_and_fd(be, c, &fd);

	if (!r)
		return -1;
	replace(&r->kick_fd, fd);
	r->started = true;
	return 0;
}

int vsw_vhost_set_vring_call(struct vhost_backend *be, struct vhost_call *c)
{
	int fd;
	struct vhost_ring *r = ring_and_fd(be, c, &fd);

	if (!r)
		return -1;
	replace(&r->vq.call_fd, fd);
	return 0;
}

int vsw_vhost_set_vring_err(struct vhost_backend *be, struct vhost_call *c)
{
	int fd;
	struct vhost_ring *r = ring_and_fd(be, c, &fd);

	if (!r)
		return -1;
	replace(&r->err_fd, fd);
	return 0;
}

int vsw_vhost_set_vring_enable(struct vhost_backend *be, struct vhost_call *c)
{
	struct vhost_ring *r = find(be, c->in.state.index);

	if (!r)
		return -1;
	r->enabled = c->in.state.num;
	return 0;
}

/* Find the parts of a ring in memory. Return: false: they are not all there */
static bool locate(struct vhost_backend *be, struct vhost_ring *r)
{
	bool packed = be->features & VIRTIO_BIT(VIRTIO_F_RING_PACKED);
	uint64_t num = r->num, avail_gpa, used_gpa;
	struct vring *vq = &r->vq;

	if (!num || (!packed && num & (num - 1)))
		return false;
	vq->num = (uint16_t)num;
	vq->packed = packed;
	vq->desc = peer_mem_user(&be->mem, r->desc, 16 * num, &vq->desc_gpa);
	vq->avail = peer_mem_user(&be->mem, r->avail, packed ? 4 : 6 + 2 * num, &avail_gpa);
	vq->used = peer_mem_user(&be->mem, r->used, packed ? 4 : 6 + 8 * num, &used_gpa);
	vq->used_gpa = r->flags & VHOST_RING_LOG ? r->log : used_gpa;
	/* a region may begin anywhere in its file; words must be where one access reaches them */
	return vq->desc && vq->avail && vq->used && !((uintptr_t)vq->desc % 16) &&
	       !((uintptr_t)vq->avail % (packed ? 4 : 2)) && !((uintptr_t)vq->used % 4);
}

static bool has(const struct vhost_backend *be, unsigned feature)
{
	return be->features & VIRTIO_BIT(feature);
}

void vsw_vhost_ring_settle(struct vhost_backend *be, struct vhost_ring *r)
{
	struct vring *vq = &r->vq;

	/* who knows nothing of disabled rings has none (vhost-user, "Ring states") */
	vq->enabled = r->enabled || !has(be, VHOST_USER_F_PROTOCOL_FEATURES);
	/* what waits in a ring since before a crash is not discarded between its start and its
	 * first enabling, which are two messages */
	r->there = r->started && (r->begun || vq->enabled) && locate(be, r);
	if (!r->there)
		return;
	vq->mem = &be->mem;
	vq->log = has(be, VHOST_F_LOG_ALL) && be->log.map.host ? &be->log : NULL;
	vq->event_idx = has(be, VIRTIO_F_EVENT_IDX);
	vq->indirect = has(be, VIRTIO_F_INDIRECT_DESC);
	vq->in_order = has(be, VIRTIO_F_IN_ORDER);
	vq->mergeable = has(be, VIRTIO_NET_F_MRG_RXBUF);
	vq->csum_valid = has(be, VIRTIO_NET_F_GUEST_CSUM);
	vq->hdr_len = has(be, VIRTIO_F_VERSION_1) || vq->mergeable ? VNET_HDR_LEN : VNET_HDR_LEGACY;
	vq->hint.size = 0;
	if (!r->begun)
		vsw_vring_start(vq, r->base);
	r->begun = true;
}

void vsw_vhost_ring_close(struct vhost_ring *r)
{
	replace(&r->kick_fd, -1);
	replace(&r->err_fd, -1);
	replace(&r->vq.call_fd, -1);
}

void vsw_vhost_rings_disable(struct vhost_backend *be)
{
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++)
		be->ring[i].enabled = false;
}

bool vsw_vhost_any_started(const struct vhost_backend *be)
{
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++)
		if (be->ring[i].started)
			return true;
	return false;
}
