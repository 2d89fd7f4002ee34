/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handshake of the front end.
 *
 * Two questions are asked one after the other, for features and for those of the protocol. All the
 * rest is sent at once, and each message asks for an answer; when all have come frames can pass.
 * Then one question at a time is asked, so that a switch that does not read cannot fill the socket.
 */
#include "counters.h"
#include "front-priv.h"

#include <string.h>

#define NEEDED                                                               \
	(VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VIRTIO_F_RING_PACKED) | \
	 VIRTIO_BIT(VIRTIO_F_IN_ORDER) | VIRTIO_BIT(VIRTIO_F_EVENT_IDX) |    \
	 VIRTIO_BIT(VIRTIO_NET_F_MRG_RXBUF) | VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES))

#define WANTED                                                                          \
	(NEEDED | VIRTIO_BIT(VIRTIO_NET_F_CSUM) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM) | \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO4) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4) |     \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO6) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO6) |     \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_ECN) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_ECN) |       \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_USO) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4) |      \
	 VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO6))

#define PROTOCOL_NEEDED VIRTIO_BIT(VHOST_PROTOCOL_REPLY_ACK)

/* Send a message; its answer is counted if it asks for one. Return: false:
 * the connection is over */
static bool send(struct vsw_front *f, enum vhost_request request, const void *payload,
		 uint32_t size, int fd, bool answer)
{
	struct vhost_message m = { .request = request,
				   .flags = answer ? VHOST_NEED_REPLY : 0,
				   .size = size };

	if (size)
		memcpy(&m.payload, payload, size);
	f->unanswered += answer;
	return vsw_vhost_send(&f->ch, &m, &fd, fd >= 0) == 0;
}

static bool send_word(struct vsw_front *f, enum vhost_request request, uint64_t word, int fd)
{
	return send(f, request, &word, sizeof(word), fd, true);
}

static bool send_state(struct vsw_front *f, enum vhost_request request, uint32_t i, uint32_t num)
{
	const uint32_t state[2] = { i, num };

	return send(f, request, state, sizeof(state), -1, true);
}

static uint64_t address(const struct vsw_front *f, const void *p)
{
	return FRONT_ADDR + (uint64_t)((const uint8_t *)p - f->bytes);
}

static bool send_memory(struct vsw_front *f)
{
	union vhost_payload p;

	memset(&p, 0, sizeof(p));
	p.table.n = 1;
	p.table.range[0] = (struct peer_range) { FRONT_ADDR, f->size, FRONT_ADDR, 0 };
	return send(f, VHOST_SET_MEM_TABLE, &p, 8 + sizeof(struct peer_range), f->memfd, true);
}

static bool send_ring(struct vsw_front *f, unsigned i, uint32_t base)
{
	const struct front_ring *r = &f->ring[i];
	union vhost_payload p;

	memset(&p, 0, sizeof(p));
	p.addr.index = i;
	p.addr.desc = address(f, r->desc);
	p.addr.avail = address(f, r->ours);
	p.addr.used = address(f, r->theirs);
	return send_state(f, VHOST_SET_VRING_NUM, i, r->num) &&
	       send_state(f, VHOST_SET_VRING_BASE, i, base) &&
	       send(f, VHOST_SET_VRING_ADDR, &p, sizeof(p.addr), -1, true) &&
	       send_word(f, VHOST_SET_VRING_CALL, i, f->call_fd) &&
	       send_word(f, VHOST_SET_VRING_KICK, i, r->kick_fd) &&
	       send_state(f, VHOST_SET_VRING_ENABLE, i, 1);
}

/* Rings that the last switch left as they should be go on, others begin anew */
static void prepare_rings(struct vsw_front *f, uint32_t base[FRONT_RINGS])
{
	struct front_ring *rx = &f->ring[FRONT_RX], *tx = &f->ring[FRONT_TX];

	f->broken |= !vsw_front_tx_reap(tx);
	if (f->broken) {
		vsw_front_ring_reset(tx);
		vsw_front_ring_reset(rx);
		vsw_front_rx_fill(rx);
		f->broken = false;
	}
	base[FRONT_TX] = vsw_front_ring_resume(tx, 0);
	base[FRONT_RX] = vsw_front_ring_resume(rx, vsw_front_rx_waiting(rx));
}

static bool knows_cards(const struct vsw_front *f)
{
	return f->protocol & VIRTIO_BIT(VHOST_PROTOCOL_CARD);
}

static bool send_card(struct vsw_front *f)
{
	f->new_card = false;
	return send(f, (enum vhost_request)VHOST_CARD, &f->card, f->card_len, -1, true);
}

static bool start_rings(struct vsw_front *f)
{
	uint32_t base[FRONT_RINGS];

	prepare_rings(f, base);
	f->stands = false;
	for (unsigned i = 0; i < FRONT_RINGS; i++)
		if (!send_ring(f, i, base[i]))
			return false;
	return true;
}

/* Each is answered by where it stands, which we know by what was given back */
static bool stop_rings(struct vsw_front *f)
{
	f->stands = true;
	for (uint32_t i = 0; i < FRONT_RINGS; i++) {
		const uint32_t state[2] = { i, 0 };

		f->unanswered++;
		if (!send(f, VHOST_GET_VRING_BASE, state, sizeof(state), -1, false))
			return false;
	}
	return true;
}

static bool setup(struct vsw_front *f)
{
	f->state = FRONT_SETUP;
	f->stands = true;
	if (!send(f, VHOST_SET_PROTOCOL_FEATURES, &f->protocol, 8, -1, false) ||
	    !send(f, VHOST_SET_OWNER, NULL, 0, -1, true) ||
	    !send_word(f, VHOST_SET_FEATURES, f->features, -1) || !send_memory(f) ||
	    (knows_cards(f) && !send_card(f)))
		return false;
	return f->stand || vsw_front_loads(f) || start_rings(f);
}

/* Frames that are still in the rings were made for these features */
static void agree(struct vsw_front *f, uint64_t features)
{
	f->broken |= f->features != features;
	f->features = features;
}

void vsw_front_hello(struct vsw_front *f)
{
	f->state = FRONT_FEATURES;
	f->unanswered = f->waiting = 0;
	if (!send(f, VHOST_GET_FEATURES, NULL, 0, -1, false))
		vsw_front_over(f, f->ch.why);
}

static const char *got_features(struct vsw_front *f, uint64_t word)
{
	if ((word & NEEDED) != NEEDED)
		return "the other side is no vchassis switch: it lacks packed rings, in-order use, "
		       "event index or merged buffers";
	agree(f, word & WANTED);
	f->state = FRONT_PROTOCOL;
	return send(f, VHOST_GET_PROTOCOL_FEATURES, NULL, 0, -1, false) ? NULL : f->ch.why;
}

static const char *got_protocol(struct vsw_front *f, uint64_t word)
{
	if ((word & PROTOCOL_NEEDED) != PROTOCOL_NEEDED)
		return "the other side is no vchassis switch: it does not acknowledge messages";
	f->protocol = word & (PROTOCOL_NEEDED | VIRTIO_BIT(VHOST_PROTOCOL_STATE) |
			      VIRTIO_BIT(VHOST_PROTOCOL_CARD));
	if (!vsw_front_carries(f))
		vsw_front_state_drop(f);
	return setup(f) ? NULL : f->ch.why;
}

static const char *got_answer(struct vsw_front *f, uint64_t word)
{
	if (word)
		return "the switch has refused the rings";
	if (--f->unanswered)
		return NULL;
	f->state = FRONT_UP;
	f->ops->up(f->opaque, true, NULL);
	vsw_front_talk(f);
	return NULL;
}

void vsw_front_talk(struct vsw_front *f)
{
	bool sent = true;

	if (f->state != FRONT_UP || f->waiting || f->unanswered)
		return;
	if (f->new_card && knows_cards(f)) {
		f->waiting = VHOST_CARD;
		sent = send_card(f);
	} else if (vsw_front_loads(f) && f->stands) {
		f->waiting = vsw_front_state_talk(f);
		sent = f->waiting;
	} else if (f->stand != f->stands) {
		sent = f->stand ? stop_rings(f) : start_rings(f);
	} else if (f->saving && f->stands) {
		f->waiting = vsw_front_state_talk(f);
		sent = f->waiting;
	} else if (f->asking && knows_cards(f)) {
		f->waiting = VHOST_COUNTERS;
		sent = send(f, (enum vhost_request)VHOST_COUNTERS, NULL, 0, -1, false);
	}
	if (!sent)
		vsw_front_over(f, f->ch.why);
}

/* An answer of those that start or stop the rings */
static const char *got_ring(struct vsw_front *f, const struct vhost_message *m)
{
	if (m->size != sizeof(uint64_t) || (m->request != VHOST_GET_VRING_BASE && m->payload.u64))
		return "the switch has refused the rings";
	if (--f->unanswered)
		return NULL;
	if (!f->stands)
		f->ops->up(f->opaque, true, NULL);
	vsw_front_talk(f);
	return NULL;
}

/* The answer to what was asked while it is up */
static const char *got_talk(struct vsw_front *f, const struct vhost_message *m)
{
	struct vsw_counters c;

	f->waiting = 0;
	f->unanswered -= m->request == VHOST_CARD;
	if (m->request == VHOST_CARD && (m->size != sizeof(uint64_t) || m->payload.u64))
		return "the switch does not take the card's addresses";
	if (m->request == VHOST_COUNTERS) {
		f->asking = false;
		vsw_counters_scan(&c, m->payload.text, m->size);
		if (f->ops->counters)
			f->ops->counters(f->opaque, &c);
	}
	if (m->request == VHOST_STATE_SAVE || m->request == VHOST_STATE_LOAD) {
		const char *why = vsw_front_state_got(f, m);

		if (why)
			return why;
	}
	vsw_front_talk(f);
	return NULL;
}

void vsw_front_message(struct vsw_front *f)
{
	const struct vhost_message *m = &f->ch.msg;
	const char *why = "the switch sends what it was not asked for";

	if (m->flags & VHOST_REPLY && f->state == FRONT_UP) {
		if (f->waiting && m->request == f->waiting)
			why = got_talk(f, m);
		else if (f->unanswered)
			why = got_ring(f, m);
	} else if (m->flags & VHOST_REPLY && m->size == sizeof(uint64_t)) {
		if (f->state == FRONT_FEATURES && m->request == VHOST_GET_FEATURES)
			why = got_features(f, m->payload.u64);
		else if (f->state == FRONT_PROTOCOL && m->request == VHOST_GET_PROTOCOL_FEATURES)
			why = got_protocol(f, m->payload.u64);
		else if (f->state == FRONT_SETUP && f->unanswered)
			why = got_answer(f, m->payload.u64);
	}
	if (why)
		vsw_front_over(f, why);
}
