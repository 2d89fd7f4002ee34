/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts on their way to the client; see irqs.h. */
#include "vfu/irqs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "peer/call.h"

static const uint32_t header = sizeof(struct vfu_irq_set);

void vfu_irqs_init(struct vfu_irqs *q, const struct hwnet_pci *ids)
{
	memset(q, 0, sizeof(*q));
	q->count[VFU_INTX] = 1;
	q->count[VFU_MSI] = ids->msi_vectors;
	q->count[VFU_MSIX] = ids->msix_vectors;
	for (unsigned i = 0; i < 3; i++)
		for (unsigned vec = 0; vec < HWNET_MAX_MSIX; vec++)
			q->fd[i][vec] = -1;
}

/* Nothing is closed here: the thread of frames does not. */
static void replace(struct vfu_irqs *q, int *at, int fd)
{
	if (*at >= 0)
		q->gone[q->n_gone++] = *at;
	*at = fd;
}

void vfu_irqs_drop(struct vfu_irqs *q)
{
	while (q->n_gone)
		close(q->gone[--q->n_gone]);
}

void vfu_irqs_fini(struct vfu_irqs *q)
{
	vfu_irqs_drop(q);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned vec = 0; vec < HWNET_MAX_MSIX; vec++)
			replace(q, &q->fd[i][vec], -1);
		vfu_irqs_drop(q);
	}
}

void vfu_irqs_reset(struct vfu_irqs *q)
{
	q->masked = false;
	memset(q->pending, 0, sizeof(q->pending));
}

unsigned vfu_irqs_count(const struct vfu_irqs *q, uint32_t index)
{
	return index < 3 ? q->count[index] : 0;
}

static bool one_bit(uint32_t v)
{
	return v && !(v & (v - 1));
}

/* Masks are those of the line; of messages they are the client's. An eventfd that unmasks is not
 * watched. */
static bool action_is_known(const struct vfu_irq_set *set)
{
	if (!one_bit(set->flags & VFU_SET_DATA) || !one_bit(set->flags & VFU_SET_ACTION) ||
	    set->flags & ~(VFU_SET_DATA | VFU_SET_ACTION))
		return false;
	if (set->flags & VFU_SET_TRIGGER)
		return true;
	return set->index == VFU_INTX && !(set->flags & VFU_SET_EVENTFD);
}

static int check_fds(const struct vfu_irq_set *set, const struct vfu_msg *m)
{
	if (!(set->flags & VFU_SET_EVENTFD))
		return m->n_fds ? EINVAL : 0;
	if (m->n_fds && m->n_fds != set->count)
		return EINVAL;
	for (unsigned i = 0; i < m->n_fds; i++)
		if (!peer_is_eventfd(m->fds[i]))
			return EINVAL;
	return 0;
}

int vfu_irqs_check(const struct vfu_irqs *q, const struct vfu_msg *m)
{
	struct vfu_irq_set set;
	unsigned n;

	if (m->len < header)
		return EINVAL;
	memcpy(&set, m->body, header);
	n = vfu_irqs_count(q, set.index);
	if (!action_is_known(&set) || set.start > n || set.count > n - set.start)
		return EINVAL;
	if (set.flags & VFU_SET_BOOL && m->len - header < set.count)
		return EINVAL;
	return check_fds(&set, m);
}

static void tell(const struct vfu_irqs *q, unsigned index, unsigned vec)
{
	if (q->fd[index][vec] >= 0)
		peer_call(q->fd[index][vec]);
}

static void tell_pending(struct vfu_irqs *q, unsigned vec)
{
	uint8_t bit = (uint8_t)(1u << vec % 8);

	if (q->fd[VFU_MSIX][vec] < 0 || !(q->pending[vec / 8] & bit))
		return;
	q->pending[vec / 8] = (uint8_t)(q->pending[vec / 8] & ~bit);
	tell(q, VFU_MSIX, vec);
}

static void set_fds(struct vfu_irqs *q, const struct vfu_irq_set *set, struct vfu_msg *m)
{
	for (unsigned i = 0; i < set->count; i++) {
		replace(q, &q->fd[set->index][set->start + i], m->n_fds ? m->fds[i] : -1);
		if (m->n_fds)
			m->fds[i] = -1;
		if (set->index == VFU_MSIX)
			tell_pending(q, set->start + i);
	}
	if (set->index == VFU_INTX)
		q->masked = false;
}

/* Is an element meant? NONE: all are */
static bool meant(const struct vfu_irq_set *set, const struct vfu_msg *m, unsigned i)
{
	return !(set->flags & VFU_SET_BOOL) || m->body[header + i];
}

static void act(struct vfu_irqs *q, const struct vfu_irq_set *set, const struct vfu_msg *m)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (!meant(set, m, i))
			continue;
		if (set->flags & VFU_SET_TRIGGER)
			tell(q, set->index, set->start + i);
		else
			q->masked = set->flags & VFU_SET_MASK;
	}
}

/* TRIGGER with nothing: the index is switched off */
static void switch_off(struct vfu_irqs *q, unsigned index)
{
	for (unsigned vec = 0; vec < q->count[index]; vec++)
		replace(q, &q->fd[index][vec], -1);
	if (index == VFU_INTX)
		q->masked = false;
}

void vfu_irqs_set(struct vfu_irqs *q, struct vfu_msg *m)
{
	struct vfu_irq_set set;

	memcpy(&set, m->body, header);
	if (set.index >= 3)
		return; /* nothing is there, and nothing was asked for */
	if (set.flags & VFU_SET_EVENTFD)
		set_fds(q, &set, m);
	else if (!set.count && set.flags & VFU_SET_NONE && set.flags & VFU_SET_TRIGGER)
		switch_off(q, set.index);
	else
		act(q, &set, m);
}

void vfu_irqs_update(struct vfu_irqs *q, struct vfu_space *s)
{
	bool up = q->line && !q->quiet && vfu_space_irq(s) == HWNET_IRQ_INTX;

	vfu_space_line(s, up);
	if (!up || vfu_space_line_off(s) || q->masked || q->fd[VFU_INTX][0] < 0)
		return;
	q->masked = true;
	tell(q, VFU_INTX, 0);
}

void vfu_irqs_load(struct vfu_irqs *q, struct vfu_space *s, bool masked, const uint8_t *pending)
{
	q->masked = true;
	vfu_irqs_update(q, s);
	q->masked = masked;
	for (unsigned vec = 0; vec < q->count[VFU_MSIX]; vec++)
		q->pending[vec / 8] |= (uint8_t)(pending[vec / 8] & 1u << vec % 8);
}

void vfu_irqs_message(struct vfu_irqs *q, const struct vfu_space *s, unsigned vec)
{
	enum hwnet_irq_mode mode = vfu_space_irq(s);

	if (q->quiet)
		return;
	if (mode == HWNET_IRQ_MSIX && vec < q->count[VFU_MSIX]) {
		q->pending[vec / 8] = (uint8_t)(q->pending[vec / 8] | 1u << vec % 8);
		tell_pending(q, vec);
	} else if (mode == HWNET_IRQ_MSI) {
		unsigned n = vfu_space_msi(s);

		n = n < q->count[VFU_MSI] ? n : q->count[VFU_MSI];
		tell(q, VFU_MSI, vec < n ? vec : 0);
	}
}
