/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A wire of vhost-user on its way to another process: the connection here, all else by the back end
 * (vhost/backend.h).
 */
#include "vhost-user-move.h"

#include <string.h>

/* struct moved_channel - a message of which only a part has come: @got bytes follow. @no_owner:
 * VHOST_SET_OWNER has not come */
struct moved_channel {
	uint32_t version, got, fds, no_owner;
};

static int give_channel(const struct vsw_vhost *v, struct vsw_handover *h)
{
	const struct vhost_channel *ch = &v->ch;
	bool half = vsw_vhost_half(ch); /* one that has come as a whole was dealt with */
	struct moved_channel z = { 1, half ? ch->got : 0, half ? ch->n_fds : 0, !v->owned };

	if (sizeof(z) + z.got > h->room)
		return -1;
	memcpy(h->data, &z, sizeof(z));
	memcpy(h->data + sizeof(z), &ch->msg, z.got);
	h->len = sizeof(z) + z.got;
	h->fd[0] = ch->fd;
	memcpy(h->fd + 1, ch->fds, z.fds * sizeof(int));
	h->n_fds = 1 + z.fds;
	return 0;
}

int vsw_vhost_move_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	const struct vsw_vhost *v = (const struct vsw_vhost *)wire;
	struct peer_moved m;

	if (give_channel(v, h) < 0)
		return -1;
	m = (struct peer_moved) { .fd = h->fd,
				  .n_fds = h->n_fds,
				  .max_fds = VSW_HANDOVER_FDS,
				  .data = h->data,
				  .len = h->len,
				  .room = h->room };
	if (vsw_vhost_backend_give(v->be, &m) < 0)
		return -1;
	h->n_fds = m.n_fds;
	h->len = m.len;
	return 0;
}

int vsw_vhost_move_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	const struct vsw_vhost *v = (const struct vsw_vhost *)wire;

	h->len = vsw_vhost_backend_freeze(v->be, h->data, h->room);
	return h->len ? 0 : -1;
}

static bool open_channel(struct vsw_vhost *v, struct vsw_handover *h, size_t *len)
{
	struct vhost_channel *ch = &v->ch;
	struct moved_channel z;

	if (h->len < sizeof(z))
		return false;
	memcpy(&z, h->data, sizeof(z));
	if (z.version != 1 || z.got >= sizeof(ch->msg) || h->len - sizeof(z) < z.got ||
	    z.fds > VHOST_TABLE || h->n_fds < 1 + z.fds)
		return false;
	memcpy(&ch->msg, h->data + sizeof(z), z.got);
	if (z.got >= VHOST_HEADER && z.got - VHOST_HEADER >= ch->msg.size)
		return false; /* not a part of one */
	v->owned = !z.no_owner;
	ch->fd = h->fd[0];
	ch->got = z.got;
	ch->n_fds = z.fds;
	memcpy(ch->fds, h->fd + 1, z.fds * sizeof(int));
	*len = sizeof(z) + z.got;
	return true;
}

struct vhost_backend *vsw_vhost_move_open(struct vsw_vhost *v, struct vsw_handover *h,
					  const struct vhost_host *host)
{
	struct vhost_backend *be;
	struct peer_moved m;
	unsigned own;
	size_t len;

	if (!open_channel(v, h, &len))
		return NULL;
	own = 1 + v->ch.n_fds;
	m = (struct peer_moved) { .fd = h->fd + own,
				  .n_fds = h->n_fds - own,
				  .data = h->data + len,
				  .len = h->len - len };
	be = vsw_vhost_backend_taken(&m, host, v);
	for (unsigned i = 0; be && i < own; i++)
		h->fd[i] = -1;
	return be;
}

int vsw_vhost_move_thaw(struct vsw_vhost *v, const struct vsw_handover *h)
{
	return vsw_vhost_backend_thaw(v->be, h->data, h->len);
}
