/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last frames that were dropped.
 *
 * In a flood of them not all are kept: MS_DROPS in a millisecond, so that what is kept costs the
 * thread a part of its time that does not depend on who sends what. Of the others the next one that
 * is kept has the number, and who reads it is told that he missed them.
 */
#include <stdlib.h>

#include "core/vsw.h"

#define MS_DROPS  64u
#define NS_PER_MS INT64_C(1000000)

/*
 * struct vsw_drop_ring
 * @n:     Frames that were put in it ever
 * @since: Begin of a millisecond in which @kept of them came
 * @left:  Frames that were not kept since the last one that was
 */
struct vsw_drop_ring {
	uint64_t n;
	int64_t since;
	unsigned size, kept;
	uint32_t left;
	struct vsw_dropped frame[];
};

struct vsw_drop_ring *vsw_drop_ring_new(unsigned n)
{
	struct vsw_drop_ring *ring = calloc(1, sizeof(*ring) + n * sizeof(ring->frame[0]));

	if (ring)
		ring->size = n;
	return ring;
}

void vsw_drop_ring_free(struct vsw_drop_ring *ring)
{
	free(ring);
}

struct vsw_drop_ring *vsw_drops_keep(struct vsw *sw, struct vsw_drop_ring *ring)
{
	struct vsw_drop_ring *was = sw->look.drops;

	sw->look.drops = ring;
	vsw_look_settle(sw);
	return was;
}

/* Is this one too many to be kept? */
static bool is_flood(struct vsw_drop_ring *ring, int64_t now)
{
	if (now - ring->since >= NS_PER_MS) {
		ring->since = now;
		ring->kept = 0;
	}
	if (ring->kept == MS_DROPS)
		return true;
	ring->kept++;
	return false;
}

/**
 * vsw_ring_put() - Keep a frame, unless there are too many
 * @ring: The ring
 * @p:    Where it is dropped
 * @why:  What for
 * @pkt:  The frame; its first piece is read, which is private
 * @now:  The time
 */
void vsw_ring_put(struct vsw_drop_ring *ring, const struct vsw_port *p, enum vsw_drop why,
		  const struct pkt *pkt, int64_t now)
{
	struct vsw_dropped *d;
	size_t n = pkt->iov[0].iov_len;

	if (is_flood(ring, now)) {
		ring->left++;
		return;
	}
	d = &ring->frame[ring->n++ % ring->size];
	d->left = ring->left;
	ring->left = 0;
	d->when = now;
	d->why = why;
	d->len = pkt->len;
	d->frames = wire_frames(pkt);
	d->tag = pkt->flags & PKT_VLAN ? (uint32_t)pkt->vlan_tpid << 16 | pkt->vlan_tci : 0;
	d->n = (uint16_t)(n < VSW_DROPPED_HEAD ? n : VSW_DROPPED_HEAD);
	memcpy(d->port, p->id, sizeof(d->port));
	memcpy(d->head, pkt_head(pkt), d->n);
}

unsigned vsw_drops(struct vsw *sw, uint64_t *next, struct vsw_dropped *dropped, unsigned n,
		   uint64_t *missed, int64_t *now)
{
	const struct vsw_drop_ring *ring = sw->look.drops;
	unsigned done = 0;
	uint64_t oldest;

	*missed = 0;
	*now = vsw_now(sw);
	if (!ring)
		return 0;
	oldest = ring->n > ring->size ? ring->n - ring->size : 0;
	if (*next > ring->n) /* of another ring */
		*next = 0;
	if (*next < oldest) {
		*missed = oldest - *next;
		*next = oldest;
	}
	for (; done < n && *next < ring->n; done++) {
		dropped[done] = ring->frame[(*next)++ % ring->size];
		*missed += dropped[done].left;
	}
	return done;
}
