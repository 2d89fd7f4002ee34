/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that map memory or look at descriptors, in three steps; see vfu.h. */
#include <errno.h>
#include <string.h>

#include "vfu/priv.h"

/* A SET_IRQS that may have eventfds to be closed */
static bool sets_eventfds(const struct vfu_msg *m)
{
	struct vfu_irq_set set = { 0 };

	memcpy(&set, m->body, m->len < sizeof(set) ? m->len : sizeof(set));
	return set.flags & VFU_SET_TRIGGER;
}

bool vfu_is_slow(const struct vfu_msg *m)
{
	if (m->n_fds)
		return true; /* they are to be closed, if nothing else */
	if ((m->hdr.flags & VFU_TYPE) != VFU_REQUEST)
		return false;
	return m->hdr.command == VFU_DMA_MAP || m->hdr.command == VFU_DMA_UNMAP ||
	       (m->hdr.command == VFU_SET_IRQS && sets_eventfds(m));
}

/* ---- DMA_MAP ---- */

static int check_map(const struct vfu *v, const struct vfu_msg *m, const struct vfu_dma_map *map)
{
	const uint32_t known = VFU_DMA_READABLE | VFU_DMA_WRITABLE;

	if (map->argsz < sizeof(*map) || m->n_fds > 1 || map->flags & ~known ||
	    !(map->flags & VFU_DMA_READABLE))
		return EINVAL;
	if ((map->addr | map->size) & 0xfff)
		return EINVAL;
	return v->mem.n == PEER_MEM_SLOTS ? ENOSPC : 0;
}

/* The table changes in vfu_apply() only, which comes after this. */
static int prepare_map(struct vfu *v)
{
	struct vfu_msg *m = &v->slow.msg;
	struct peer_region *r = &v->slow.region;
	struct vfu_dma_map map;
	int error;

	if (m->len < sizeof(map))
		return EINVAL;
	memcpy(&map, m->body, sizeof(map));
	error = check_map(v, m, &map);
	if (error)
		return error;
	r->range = (struct peer_range) { .gpa = map.addr, .size = map.size, .offset = map.offset };
	r->read_only = !(map.flags & VFU_DMA_WRITABLE);
	if (peer_mem_check(&v->mem, &r->range))
		return EINVAL;
	if (!m->n_fds)
		return 0;
	if (peer_map(&r->map, m->fds[0], map.offset, map.size, &v->mem.broken))
		return EINVAL;
	m->fds[0] = -1;
	return 0;
}

static void apply_map(struct vfu *v)
{
	if (peer_mem_put(&v->mem, &v->slow.region))
		v->slow.error = ENOMEM; /* vfu_dispose() unmaps it */
	else
		memset(&v->slow.region, 0, sizeof(v->slow.region));
	vfu_answer(v, &v->slow.msg, v->slow.error, 0);
}

/* ---- DMA_UNMAP ---- */

static int check_unmap(const struct vfu_msg *m, const struct vfu_dma_unmap *un)
{
	if (m->n_fds || un->argsz < sizeof(*un) || un->flags & ~VFU_UNMAP_ALL)
		return EINVAL; /* no list of dirty pages either: nothing is migrated */
	return un->flags && (un->addr || un->size) ? EINVAL : 0;
}

static int prepare_unmap(const struct vfu *v)
{
	const struct vfu_msg *m = &v->slow.msg;
	struct vfu_dma_unmap un;

	if (m->len < sizeof(un))
		return EINVAL;
	memcpy(&un, m->body, sizeof(un));
	return check_unmap(m, &un);
}

static void apply_unmap(struct vfu *v)
{
	struct peer_range range = { 0 };
	struct vfu_dma_unmap un;

	memcpy(&un, v->slow.msg.body, sizeof(un));
	range.gpa = un.addr;
	range.size = un.size;
	if (un.flags & VFU_UNMAP_ALL)
		peer_mem_move(&v->mem, &v->slow.gone);
	else if (peer_mem_take(&v->mem, &range, &v->slow.region))
		v->slow.error = ENOENT;
	memcpy(vfu_channel_room(&v->ch), &un, sizeof(un));
	vfu_answer(v, &v->slow.msg, v->slow.error, sizeof(un));
}

/* ---- SET_IRQS ---- */

static void apply_irqs(struct vfu *v)
{
	vfu_irqs_set(&v->irqs, &v->slow.msg);
	vfu_irqs_update(&v->irqs, &v->space);
	vfu_answer(v, &v->slow.msg, 0, 0);
}

static int prepare(struct vfu *v)
{
	if (!v->greeted)
		return EPROTO;
	switch (v->slow.msg.hdr.command) {
	case VFU_DMA_MAP:
		return prepare_map(v);
	case VFU_DMA_UNMAP:
		return prepare_unmap(v);
	case VFU_SET_IRQS:
		return vfu_irqs_check(&v->irqs, &v->slow.msg);
	default:
		return v->slow.msg.hdr.command < VFU_COMMANDS ? EINVAL : ENOTSUP;
	}
}

void vfu_prepare(struct vfu *v)
{
	v->slow.error = prepare(v);
}

void vfu_apply(struct vfu *v)
{
	if (!vfu_is_request(v, &v->slow.msg))
		return;
	if (v->slow.error) {
		vfu_refuse(v, &v->slow.msg, v->slow.error);
		return;
	}
	switch (v->slow.msg.hdr.command) {
	case VFU_DMA_MAP:
		apply_map(v);
		break;
	case VFU_DMA_UNMAP:
		apply_unmap(v);
		break;
	default:
		apply_irqs(v);
		break;
	}
}

void vfu_dispose(struct vfu *v)
{
	peer_unmap(&v->slow.region.map);
	memset(&v->slow.region, 0, sizeof(v->slow.region));
	peer_mem_clear(&v->slow.gone);
	vfu_msg_drop(&v->slow.msg);
	v->slow.waits = false;
	vfu_irqs_drop(&v->irqs);
}
