/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of frames for a reader in another process.
 *
 * The slots are memory that the reader may see: they are only written. A slot's number is odd while
 * it is being written, and even and unique when it is whole; a reader that finds another one before
 * and after was too late.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "core/vsw.h"
#include "core/tap.h"

struct vsw_tap *vsw_tap_new(const struct vsw_tap_conf *conf)
{
	struct vsw_tap *tap = calloc(1, sizeof(*tap));

	if (!tap)
		return NULL;
	tap->memory = conf->memory;
	tap->slots = conf->slots;
	tap->slot_size = conf->slot_size;
	memcpy(tap->port, conf->port, sizeof(tap->port));
	return tap;
}

void vsw_tap_free(struct vsw_tap *tap)
{
	free(tap);
}

/**
 * vsw_tap_wants() - Is a port one whose frames somebody copies?
 * @p: The port
 *
 * Return: whether.
 */
bool vsw_tap_wants(const struct vsw_port *p)
{
	for (unsigned i = 0; i < VSW_TAPS; i++) {
		const struct vsw_tap *tap = p->sw->look.tap[i];

		if (tap && (!tap->port[0] || !strcmp(tap->port, p->id)))
			return true;
	}
	return false;
}

/* Ports come by where it is looked, or do not any more */
static void settle(struct vsw *sw)
{
	vsw_look_settle(sw);
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			vsw_look_arrange(sw->port[i]);
}

int vsw_tap_start(struct vsw *sw, struct vsw_tap *tap, int64_t *now)
{
	*now = vsw_now(sw);
	for (unsigned i = 0; i < VSW_TAPS; i++) {
		if (sw->look.tap[i])
			continue;
		sw->look.tap[i] = tap;
		settle(sw);
		return 0;
	}
	return -1;
}

void vsw_tap_stop(struct vsw *sw, struct vsw_tap *tap)
{
	for (unsigned i = 0; i < VSW_TAPS; i++)
		if (sw->look.tap[i] == tap)
			sw->look.tap[i] = NULL;
	settle(sw);
}

/* Its first @want bytes, and the tag that travels beside it. Return: how many are in the slot */
static uint32_t copy(uint8_t *to, uint32_t room, const struct pkt *pkt, uint32_t want)
{
	uint32_t n = 0, front = FRAME_ADDRS_LEN;
	struct pkt_cursor c;

	pkt_cursor_init(&c, pkt, 0);
	if (pkt->flags & PKT_VLAN) {
		n = pkt_cursor_copy(&c, to, front);
		frame_put_be16(to + n, pkt->vlan_tpid);
		frame_put_be16(to + n + 2, pkt->vlan_tci);
		n += FRAME_TAG_LEN;
	}
	want -= n ? front : 0;
	return n + pkt_cursor_copy(&c, to + n, room - n < want ? room - n : want);
}

static void put(struct vsw_tap *tap, const struct vsw_port *p, const struct pkt *pkt,
		enum vsw_tap_stage stage, enum vsw_drop why, int64_t now)
{
	struct vsw_tap_frame *f =
		(void *)(tap->memory + (size_t)(tap->n % tap->slots) * tap->slot_size);
	/* of what is dropped somewhere inside there may be no more than the head */
	uint32_t want = stage == VSW_TAP_DROP && pkt->iov[0].iov_len < pkt->len ?
				(uint32_t)pkt->iov[0].iov_len :
				pkt->len;

	atomic_store_explicit(&f->number, 2 * tap->n + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	f->when = now;
	f->len = pkt->len + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);
	f->stage = (uint8_t)stage;
	f->why = (uint8_t)why;
	memcpy(f->port, p->id, sizeof(f->port));
	f->n = copy(f->bytes, tap->slot_size - (uint32_t)sizeof(*f), pkt, want);
	atomic_store_explicit(&f->number, 2 * tap->n + 2, memory_order_release);
	tap->n++;
}

/**
 * vsw_tap_put() - Copy a frame for all who want those of a port
 * @p:     The port
 * @pkt:   The frame
 * @stage: Where it is
 * @why:   What it is dropped for, if it is
 * @now:   The time
 */
void vsw_tap_put(const struct vsw_port *p, const struct pkt *pkt, enum vsw_tap_stage stage,
		 enum vsw_drop why, int64_t now)
{
	for (unsigned i = 0; i < VSW_TAPS; i++) {
		struct vsw_tap *tap = p->sw->look.tap[i];

		if (tap && (!tap->port[0] || !strcmp(tap->port, p->id)))
			put(tap, p, pkt, stage, why, now);
	}
}
