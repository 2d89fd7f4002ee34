/* SPDX-License-Identifier: BSD-2-Clause */
/* What the data path tells those who look at single frames. */
#include "core/look.h"

#include "core/tap.h"
#include "core/vsw.h"
#include "policy/stages.h"

/**
 * vsw_look_settle() - Somebody began to look, or does not any more
 * @sw: The switch
 */
void vsw_look_settle(struct vsw *sw)
{
	sw->look.on = sw->look.drops || sw->look.dry;
	for (unsigned i = 0; i < VSW_TAPS; i++)
		sw->look.on |= sw->look.tap[i] != NULL;
}

/**
 * vsw_look_drop() - A frame is dropped, and somebody looks
 * @p:   Where it is counted
 * @why: What for
 * @pkt: The frame
 */
void vsw_look_drop(struct vsw_port *p, enum vsw_drop why, const struct pkt *pkt)
{
	struct vsw *sw = p->sw;

	if (sw->look.dry) {
		vsw_explain_drop(sw->look.dry, p, why, pkt);
		return;
	}
	if (!sw->look.timed)
		sw->look.now = vsw_now(sw);
	sw->look.timed = sw->busy;
	if (sw->look.drops)
		vsw_ring_put(sw->look.drops, p, why, pkt, sw->look.now);
	vsw_tap_put(p, pkt, VSW_TAP_DROP, why, sw->look.now);
}

/**
 * vsw_drop_pkt() - A frame is dropped at a port: it is counted, and somebody may want to see it
 * @p:   The port
 * @why: What for
 * @pkt: The frame
 */
void vsw_drop_pkt(struct vsw_port *p, enum vsw_drop why, const struct pkt *pkt)
{
	count_drop(p, why, wire_frames(pkt));
	if (unlikely(p->sw->look.on))
		vsw_look_drop(p, why, pkt);
}

/**
 * vsw_drop_frame() - Drop a frame of a burst, on its way in, and count it
 * @b:   The burst
 * @i:   Its place there
 * @why: What for
 */
void vsw_drop_frame(struct vsw_burst *b, unsigned i, enum vsw_drop why)
{
	b->kind[i] = KIND_DROPPED;
	vsw_drop_pkt(b->in, why, b->pkt[i]);
}

/**
 * vsw_look_pass() - Views pass to a port that somebody looks at
 * @p:    The port, OUT_LOOK
 * @pkts: Views
 * @n:    Their number
 *
 * Return: whether that is all: they are none that go anywhere.
 */
bool vsw_look_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	int64_t now;

	if (p->sw->look.dry) {
		vsw_explain_pass(p->sw->look.dry, p, pkts, n);
		return true;
	}
	now = vsw_now(p->sw);
	for (unsigned i = 0; i < n; i++)
		vsw_tap_put(p, pkts[i], VSW_TAP_OUT, 0, now);
	return false;
}
