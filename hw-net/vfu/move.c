/* SPDX-License-Identifier: BSD-2-Clause */
/* A card and its client on their way to another process; see move.h. */
#include "vfu/move.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer/call.h"
#include "vfu/priv.h"

#define VERSION	  1u
#define NAME_ROOM 32u
#define TEXT_ROOM 80u

/* struct moved_head - before all else; @props texts of TEXT_ROOM bytes, @maps of struct moved_map
 * and @irqs of struct moved_irq follow */
struct moved_head {
	uint32_t version, props, maps, irqs;
	char model[NAME_ROOM];
	uint8_t mac[6], none[2];
};

/* struct moved_map - a range of memory; @shared: it has a descriptor */
struct moved_map {
	struct peer_range range;
	uint32_t shared, read_only;
};

/* struct moved_irq - an eventfd */
struct moved_irq {
	uint32_t index, vec;
};

/* struct frozen_card - where it stands; @state bytes of the card, @in that were read and @out that
 * are to be sent follow. @fds came with byte @fds_at of @in */
struct frozen_card {
	uint32_t version, state, in, out, fds, fds_at, pending;
	uint8_t greeted, masked, none[2];
	struct vfu_stats stats;
	struct hwnet_counters counters;
	uint64_t reads, writes;
	uint8_t space[VFU_SPACE];
	uint8_t msix[VFU_PENDING];
	uint8_t table[16 * HWNET_MAX_MSIX];
};

/* ---- said ---- */

static bool put_props(const struct vfu *v, struct peer_moved *m, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		char text[TEXT_ROOM] = "";

		hwnet_config_get(v->model, &v->cfg, i, text, sizeof(text));
		if (!peer_moved_put(m, text, sizeof(text)))
			return false;
	}
	return true;
}

static bool put_maps(const struct peer_mem *mem, struct peer_moved *m)
{
	for (unsigned i = 0; i < mem->n; i++) {
		const struct peer_region *r = &mem->region[i];
		struct moved_map z = { r->range, r->map.host != NULL, r->read_only };

		if (!peer_moved_put(m, &z, sizeof(z)) ||
		    (z.shared && !peer_moved_put_fd(m, r->map.fd)))
			return false;
	}
	return true;
}

static bool put_irqs(const struct vfu_irqs *q, struct peer_moved *m, uint32_t *n)
{
	for (uint32_t index = 0; index < 3; index++)
		for (uint32_t vec = 0; vec < q->count[index]; vec++) {
			struct moved_irq z = { index, vec };

			if (q->fd[index][vec] < 0)
				continue;
			if (!peer_moved_put(m, &z, sizeof(z)) ||
			    !peer_moved_put_fd(m, q->fd[index][vec]))
				return false;
			++*n;
		}
	return true;
}

int vfu_give(const struct vfu *v, struct peer_moved *m)
{
	struct moved_head z = { .version = VERSION, .maps = v->mem.n };
	size_t at = m->len;

	while (v->model->props[z.props].name)
		z.props++;
	snprintf(z.model, sizeof(z.model), "%s", v->model->name);
	memcpy(z.mac, v->cfg.mac, sizeof(z.mac));
	if (!peer_moved_put(m, &z, sizeof(z)) || !put_props(v, m, z.props) ||
	    !put_maps(&v->mem, m) || !put_irqs(&v->irqs, m, &z.irqs))
		return -1;
	memcpy(m->data + at, &z, sizeof(z));
	return 0;
}

/* What was read and not handled; a message that waits is its first */
static bool put_unread(const struct vfu *v, struct frozen_card *z, struct peer_moved *m)
{
	const struct vfu_channel *ch = &v->ch;
	const struct vfu_msg *waits = v->slow.waits ? &v->slow.msg : NULL;
	uint32_t start = ch->start - (waits ? waits->hdr.size : 0);
	const int *fd = ch->fds;

	z->in = ch->end - start;
	z->fds = ch->n_fds;
	z->fds_at = ch->n_fds ? ch->fds_at - start : 0;
	if (waits && waits->n_fds) {
		fd = waits->fds;
		z->fds = waits->n_fds;
		z->fds_at = waits->hdr.size - 1;
	}
	for (uint32_t i = 0; i < z->fds; i++)
		if (!peer_moved_put_fd(m, fd[i]))
			return false;
	return peer_moved_put(m, ch->in + start, z->in);
}

static void fill(struct vfu *v, struct frozen_card *z)
{
	z->version = VERSION;
	z->out = v->ch.out_end - v->ch.out_at;
	z->pending = v->pending;
	z->greeted = v->greeted;
	z->masked = v->irqs.masked;
	z->stats = v->stats;
	z->counters = *hwnet_counters(v->nic);
	z->reads = v->ch.reads;
	z->writes = v->ch.writes;
	memcpy(z->space, v->space.bytes, sizeof(z->space));
	memcpy(z->msix, v->irqs.pending, sizeof(z->msix));
	memcpy(z->table, v->table, sizeof(z->table));
}

int vfu_freeze(struct vfu *v, struct peer_moved *m)
{
	struct frozen_card z = { 0 };
	size_t at = m->len, max = hwnet_state_max(v->nic);

	fill(v, &z);
	if (!peer_moved_put(m, &z, sizeof(z)) || max > m->room - m->len)
		return -1;
	z.state = (uint32_t)hwnet_save(v->nic, m->data + m->len, max);
	m->len += z.state;
	if (!put_unread(v, &z, m) || !peer_moved_put(m, v->ch.out + v->ch.out_at, z.out))
		return -1;
	memcpy(m->data + at, &z, sizeof(z));
	return 0;
}

/* ---- heard ---- */

static const struct hwnet_model *get_config(struct peer_heard *h, const struct moved_head *z,
					    struct hwnet_config *cfg, char *err, size_t errlen)
{
	const struct hwnet_model *model =
		memchr(z->model, 0, sizeof(z->model)) ? hwnet_find_model(z->model) : NULL;

	snprintf(err, errlen, "what was said of the card is not sound");
	if (!model || z->mac[0] & 1 || z->props > HWNET_MAX_PROPS)
		return NULL;
	hwnet_config_init(model, cfg);
	memcpy(cfg->mac, z->mac, sizeof(cfg->mac));
	for (uint32_t i = 0; i < z->props; i++) {
		char text[TEXT_ROOM];

		if (!peer_moved_get(h, text, sizeof(text)) || !memchr(text, 0, sizeof(text)) ||
		    hwnet_config_set(model, cfg, text, err, errlen) < 0)
			return NULL;
	}
	return model;
}

static bool get_map(struct peer_heard *h, struct peer_mem *mem)
{
	struct peer_region r = { 0 };
	struct moved_map z;

	if (!peer_moved_get(h, &z, sizeof(z)))
		return false;
	r.range = z.range;
	r.read_only = z.read_only;
	if (peer_mem_check(mem, &r.range))
		return false;
	if (z.shared) {
		if (peer_moved_fd(h) < 0 ||
		    peer_map(&r.map, peer_moved_fd(h), r.range.offset, r.range.size, &mem->broken))
			return false;
		peer_moved_took_fd(h);
	}
	if (!peer_mem_put(mem, &r))
		return true;
	peer_unmap(&r.map);
	return false;
}

static bool get_irq(struct peer_heard *h, struct vfu_irqs *q)
{
	int fd = peer_moved_fd(h), *at;
	struct moved_irq z;

	if (!peer_moved_get(h, &z, sizeof(z)) || z.vec >= vfu_irqs_count(q, z.index))
		return false;
	at = &q->fd[z.index][z.vec];
	if (*at >= 0 || fd < 0 || !peer_is_eventfd(fd))
		return false;
	*at = fd;
	peer_moved_took_fd(h);
	return true;
}

static bool get_rest(struct peer_heard *h, struct vfu *v, const struct moved_head *z)
{
	for (uint32_t i = 0; i < z->maps; i++)
		if (!get_map(h, &v->mem))
			return false;
	for (uint32_t i = 0; i < z->irqs; i++)
		if (!get_irq(h, &v->irqs))
			return false;
	return peer_moved_over(h);
}

struct vfu *vfu_taken(const struct peer_moved *m, const struct vfu_ops *ops, void *opaque, int fd,
		      char *err, size_t errlen)
{
	struct peer_heard h = { m, 0, 0 };
	const struct hwnet_model *model;
	struct hwnet_config cfg;
	struct moved_head z;
	struct vfu *v;

	snprintf(err, errlen, "another release said what card it is");
	if (!peer_moved_get(&h, &z, sizeof(z)) || z.version != VERSION)
		return NULL;
	model = get_config(&h, &z, &cfg, err, errlen);
	v = model ? vfu_new(model, &cfg, ops, opaque, fd, err, errlen) : NULL;
	if (!v || get_rest(&h, v, &z))
		return v;
	vfu_free(v);
	snprintf(err, errlen, "memory or interrupts that it had are not sound");
	return NULL;
}

static bool get_channel(struct peer_heard *h, struct vfu_channel *ch, const struct frozen_card *z)
{
	if (z->in > sizeof(ch->in) || z->out > sizeof(ch->out) || z->fds > VFU_FDS_MAX ||
	    (z->fds && z->fds_at >= z->in) || z->fds != h->m->n_fds ||
	    !peer_moved_get(h, ch->in, z->in) || !peer_moved_get(h, ch->out, z->out) ||
	    h->at != h->m->len)
		return false;
	ch->end = z->in;
	ch->out_end = z->out;
	ch->fds_at = z->fds_at;
	ch->reads = z->reads;
	ch->writes = z->writes;
	return true;
}

/* The card's own; nothing is told by that */
static bool load(struct vfu *v, const struct frozen_card *z, const void *state)
{
	char why[160];
	int ret;

	vfu_space_load(&v->space, z->space); /* asked for by what follows */
	v->irqs.quiet = v->busy = true;
	ret = hwnet_load(v->nic, state, z->state, why, sizeof(why));
	v->busy = false;
	if (ret < 0)
		return false;
	vfu_settle(v);
	vfu_irqs_load(&v->irqs, &v->space, z->masked, z->msix);
	memcpy(v->table, z->table, sizeof(v->table));
	return true;
}

static void take_fds(struct vfu_channel *ch, const struct frozen_card *z, struct peer_heard *h)
{
	while (ch->n_fds < z->fds) {
		ch->fds[ch->n_fds++] = peer_moved_fd(h);
		peer_moved_took_fd(h);
	}
}

int vfu_thaw(struct vfu *v, const struct peer_moved *m)
{
	struct peer_heard h = { m, 0, 0 };
	struct frozen_card z;
	const uint8_t *state;

	if (!peer_moved_get(&h, &z, sizeof(z)) || z.version != VERSION || z.state > m->len - h.at)
		return -1;
	state = m->data + h.at;
	h.at += z.state;
	if (!get_channel(&h, &v->ch, &z) || !load(v, &z, state))
		return -1;
	take_fds(&v->ch, &z, &h);
	v->greeted = z.greeted;
	v->stats = z.stats;
	hwnet_set_counters(v->nic, &z.counters);
	v->pending |= z.pending & VFU_ALL;
	return 0;
}
