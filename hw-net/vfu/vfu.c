/* SPDX-License-Identifier: BSD-2-Clause */
/* A card's life, and calls into it; see vfu.h. */
#include "vfu/vfu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer/call.h"
#include "vfu/priv.h"

/* About how many frames a card sends before others get their turn */
#define RUN_BUDGET 256u
/* Messages that are handled before others get their turn */
#define MESSAGES 64u

struct vfu *vfu_new(const struct hwnet_model *model, const struct hwnet_config *cfg,
		    const struct vfu_ops *ops, void *opaque, int fd, char *err, size_t errlen)
{
	struct vfu *v = calloc(1, sizeof(*v));

	if (!v) {
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	peer_call_init();
	v->model = model;
	v->cfg = *cfg;
	v->ops = ops;
	v->opaque = opaque;
	v->ch.fd = fd;
	v->wish = HWNET_NEVER;
	v->busy = true;
	v->nic = hwnet_new(model, cfg, &vfu_host, v, err, errlen);
	v->busy = false;
	if (!v->nic) {
		free(v);
		return NULL;
	}
	hwnet_pci(v->nic, &v->ids);
	vfu_space_init(&v->space, &v->ids);
	vfu_irqs_init(&v->irqs, &v->ids);
	v->pending |= VFU_TELL_LINK | VFU_TELL_FILTER;
	return v;
}

void vfu_free(struct vfu *v)
{
	if (!v)
		return;
	v->may_run = false;
	hwnet_free(v->nic);
	vfu_irqs_fini(&v->irqs);
	vfu_msg_drop(&v->slow.msg);
	peer_unmap(&v->slow.region.map);
	peer_mem_clear(&v->slow.gone);
	peer_mem_clear(&v->mem);
	vfu_channel_fini(&v->ch);
	free(v);
}

void vfu_later(struct vfu *v, unsigned what)
{
	v->pending |= what;
	v->ops->work(v->opaque);
}

void vfu_answer(struct vfu *v, const struct vfu_msg *m, int error, uint32_t len)
{
	v->stats.refused += error != 0;
	vfu_channel_answer(&v->ch, &m->hdr, error, len);
}

/* One message. Return: what is to be done next, VFU_MORE: the next one */
static enum vfu_state receive_one(struct vfu *v)
{
	struct vfu_msg *m = &v->slow.msg;
	int ret;

	if (!vfu_channel_flush(&v->ch))
		return v->ch.why ? VFU_OVER : VFU_FULL;
	ret = vfu_channel_next(&v->ch, m);
	if (ret <= 0)
		return ret < 0 ? VFU_OVER : VFU_IDLE;
	v->stats.messages++;
	v->slow.waits = vfu_is_slow(m);
	if (v->slow.waits)
		return VFU_SLOW;
	vfu_handle(v, m);
	return v->ch.why ? VFU_OVER : VFU_MORE;
}

enum vfu_state vfu_receive(struct vfu *v)
{
	enum vfu_state state = VFU_MORE;

	for (unsigned i = 0; i < MESSAGES && state == VFU_MORE; i++)
		state = receive_one(v);
	return state;
}

static void wake(struct vfu *v)
{
	if (v->wish != HWNET_NEVER)
		v->ops->timer(v->opaque, v->wish);
}

void vfu_settle(struct vfu *v)
{
	v->asleep = v->irqs.quiet = vfu_space_power(&v->space) != 0;
	v->may_run = vfu_space_master(&v->space) && !v->asleep;
}

/* What configuration space says of power, memory and interrupts */
static void update(struct vfu *v)
{
	bool could = v->may_run, slept = v->asleep;

	vfu_settle(v);
	vfu_irqs_update(&v->irqs, &v->space);
	if (slept && !v->asleep)
		wake(v);
	if (v->may_run && !could)
		vfu_later(v, VFU_TX_READY | VFU_RX_READY);
}

static void reset_card(struct vfu *v)
{
	v->pending &= ~(unsigned)VFU_RUN;
	v->busy = true;
	hwnet_reset(v->nic, HWNET_RESET_BUS);
	v->busy = false;
	vfu_later(v, VFU_TELL_LINK | VFU_TELL_FILTER);
}

void vfu_config_changed(struct vfu *v, unsigned was)
{
	update(v);
	if (was == 3 && vfu_space_power(&v->space) == 0)
		reset_card(v);
}

void vfu_reset(struct vfu *v)
{
	vfu_space_init(&v->space, &v->ids);
	vfu_irqs_reset(&v->irqs);
	update(v);
	reset_card(v);
}

/* Is something to be done? Then it is not any more. */
static bool take(struct vfu *v, unsigned what)
{
	bool is = v->pending & what;

	v->pending &= ~what;
	return is;
}

static void run(struct vfu *v)
{
	v->busy = true;
	if (take(v, VFU_TX_READY))
		hwnet_tx_ready(v->nic);
	if (take(v, VFU_RUN) && hwnet_run(v->nic, RUN_BUDGET))
		v->pending |= VFU_RUN;
	v->busy = false;
}

static void tell(struct vfu *v)
{
	uint32_t caps = hwnet_rx_caps(v->nic);
	unsigned what = 0;

	what |= take(v, VFU_TELL_LINK) || caps != v->caps ? VFU_CHANGED_LINK : 0;
	what |= take(v, VFU_TELL_FILTER) ? VFU_CHANGED_FILTER : 0;
	v->caps = caps;
	if (what)
		v->ops->changed(v->opaque, what);
}

bool vfu_work(struct vfu *v)
{
	if (v->busy)
		return true;
	tell(v);
	if (v->may_run)
		run(v);
	if (take(v, VFU_RX_READY))
		v->ops->rx_ready(v->opaque);
	tell(v);
	return v->pending & (v->may_run ? ~0u : ~(unsigned)(VFU_RUN | VFU_TX_READY));
}

void vfu_timer(struct vfu *v)
{
	if (v->asleep || v->wish == HWNET_NEVER)
		return;
	v->wish = HWNET_NEVER;
	v->busy = true;
	hwnet_timer(v->nic);
	v->busy = false;
}

unsigned vfu_rx(struct vfu *v, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = 0;

	if (v->busy) {
		vfu_later(v, VFU_RX_READY);
		return 0;
	}
	if (!v->may_run) {
		v->stats.not_ready += n;
		return n;
	}
	v->busy = true;
	while (taken < n) {
		unsigned some = n - taken < PKT_BURST ? n - taken : PKT_BURST;
		unsigned got = hwnet_rx(v->nic, pkts + taken, some);

		taken += got;
		if (got < some)
			break;
	}
	v->busy = false;
	return taken;
}

void vfu_tx_ready(struct vfu *v)
{
	vfu_later(v, VFU_TX_READY);
}

struct hwnet_nic *vfu_nic(struct vfu *v)
{
	return v->nic;
}

void vfu_stats(const struct vfu *v, struct vfu_stats *stats)
{
	*stats = v->stats;
	stats->received = v->ch.reads;
	stats->sent = v->ch.writes;
	for (unsigned i = 0; i < v->mem.n; i++)
		*(v->mem.region[i].map.host ? &stats->maps : &stats->unshared) += 1;
}

bool vfu_broken(const struct vfu *v)
{
	return v->mem.broken;
}

const struct hwnet_model *vfu_model(const struct vfu *v)
{
	return v->model;
}

const uint8_t *vfu_mac(const struct vfu *v)
{
	return v->cfg.mac;
}

const char *vfu_why(const struct vfu *v)
{
	return v->ch.why;
}
