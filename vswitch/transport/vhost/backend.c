/* SPDX-License-Identifier: BSD-2-Clause */
/* The back end of vhost-user: its life, features, and what is done with a message;
 * see backend.h. */
#include "backend-priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer/call.h"
#include "peer/map.h"

#define OFFERED                                                                        \
	(VIRTIO_BIT(VIRTIO_F_VERSION_1) | VIRTIO_BIT(VHOST_USER_F_PROTOCOL_FEATURES) | \
	 VIRTIO_BIT(VIRTIO_F_ANY_LAYOUT) | VIRTIO_BIT(VIRTIO_F_INDIRECT_DESC) |        \
	 VIRTIO_BIT(VIRTIO_F_EVENT_IDX) | VIRTIO_BIT(VIRTIO_F_RING_PACKED) |           \
	 VIRTIO_BIT(VIRTIO_F_IN_ORDER) | VIRTIO_BIT(VHOST_F_LOG_ALL) |                 \
	 VIRTIO_BIT(VIRTIO_NET_F_MRG_RXBUF) | VIRTIO_BIT(VIRTIO_NET_F_MTU) |           \
	 VIRTIO_BIT(VIRTIO_NET_F_GUEST_ANNOUNCE) | VIRTIO_BIT(VIRTIO_NET_F_MQ) |       \
	 VIRTIO_BIT(VIRTIO_NET_F_CSUM) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM) |         \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO4) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4) |    \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO6) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO6) |    \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_ECN) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_ECN) |      \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_USO) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4) |     \
	 VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO6))

#define PROTOCOL_OFFERED                                                                       \
	(VIRTIO_BIT(VHOST_PROTOCOL_MQ) | VIRTIO_BIT(VHOST_PROTOCOL_LOG_SHMFD) |                \
	 VIRTIO_BIT(VHOST_PROTOCOL_RARP) | VIRTIO_BIT(VHOST_PROTOCOL_REPLY_ACK) |              \
	 VIRTIO_BIT(VHOST_PROTOCOL_NET_MTU) | VIRTIO_BIT(VHOST_PROTOCOL_CONFIGURE_MEM_SLOTS) | \
	 VIRTIO_BIT(VHOST_PROTOCOL_STATE) | VIRTIO_BIT(VHOST_PROTOCOL_CARD))

#define MIN_MTU 68u /* RFC 791, 3.2 */

int vsw_vhost_refuse(struct vhost_backend *be, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(be->why, sizeof(be->why), fmt, ap);
	va_end(ap);
	return -1;
}

int vsw_vhost_take_fd(struct vhost_call *c, unsigned i)
{
	int fd = i < c->n_fds ? c->fds[i] : -1;

	if (fd >= 0)
		c->fds[i] = -1;
	return fd;
}

int vsw_vhost_answer(struct vhost_call *c, uint64_t word)
{
	c->out.u64 = word;
	c->reply = sizeof(word);
	return 0;
}

static uint64_t offered(const struct vhost_backend *be)
{
	uint64_t all = OFFERED & ~be->conf.without;

	return be->conf.pairs > 1 ? all : all & ~VIRTIO_BIT(VIRTIO_NET_F_MQ);
}

static int get_features(struct vhost_backend *be, struct vhost_call *c)
{
	return vsw_vhost_answer(c, offered(be));
}

int vsw_vhost_set_features(struct vhost_backend *be, struct vhost_call *c)
{
	uint64_t changed = c->in.u64 ^ be->features;

	if (c->in.u64 & ~offered(be))
		return vsw_vhost_refuse(be, "features 0x%llx were not offered",
					(unsigned long long)(c->in.u64 & ~offered(be)));
	if (vsw_vhost_any_started(be) && changed & ~VIRTIO_BIT(VHOST_F_LOG_ALL))
		return vsw_vhost_refuse(be, "features change while a ring runs");
	be->features = c->in.u64;
	return 0;
}

static int get_protocol_features(struct vhost_backend *be, struct vhost_call *c)
{
	return vsw_vhost_answer(c, PROTOCOL_OFFERED);
}

static int set_protocol_features(struct vhost_backend *be, struct vhost_call *c)
{
	if (c->in.u64 & ~PROTOCOL_OFFERED)
		return vsw_vhost_refuse(be, "protocol features 0x%llx were not offered",
					(unsigned long long)(c->in.u64 & ~PROTOCOL_OFFERED));
	be->protocol = c->in.u64;
	return 0;
}

static int set_owner(struct vhost_backend *be, struct vhost_call *c)
{
	return 0;
}

static int reset_owner(struct vhost_backend *be, struct vhost_call *c)
{
	vsw_vhost_rings_disable(be);
	return 0;
}

static int get_queue_num(struct vhost_backend *be, struct vhost_call *c)
{
	return vsw_vhost_answer(c, be->conf.pairs);
}

static int get_max_mem_slots(struct vhost_backend *be, struct vhost_call *c)
{
	return vsw_vhost_answer(c, PEER_MEM_SLOTS);
}

static int send_rarp(struct vhost_backend *be, struct vhost_call *c)
{
	memcpy(be->rarp_mac, &c->in.u64, sizeof(be->rarp_mac));
	if (be->rarp_mac[0] & 1)
		return vsw_vhost_refuse(be, "a group address is to be announced");
	be->rarp = true;
	return 0;
}

static int net_set_mtu(struct vhost_backend *be, struct vhost_call *c)
{
	if (c->in.u64 < MIN_MTU || c->in.u64 > be->conf.mtu)
		return vsw_vhost_refuse(be, "MTU %llu: %u to %u", (unsigned long long)c->in.u64,
					MIN_MTU, be->conf.mtu);
	be->mtu = (uint16_t)c->in.u64;
	return 0;
}

int vsw_vhost_set_card(struct vhost_backend *be, struct vhost_call *c)
{
	const struct vhost_card *card = &c->in.card;

	if (c->size < VHOST_CARD_LEN(0) || card->n > VSW_MAX_ADDRS ||
	    c->size != VHOST_CARD_LEN(card->n))
		return vsw_vhost_refuse(be, "a card with addresses of %u bytes", c->size);
	if (card->mac[0] & 1)
		return vsw_vhost_refuse(be, "a card whose address is a group");
	memcpy(&be->card, card, c->size);
	be->has_card = be->new_card = true;
	return 0;
}

static int get_counters(struct vhost_backend *be, struct vhost_call *c)
{
	c->reply = be->host->counters ?
			   be->host->counters(be->opaque, c->out.text, sizeof(c->out.text)) :
			   0;
	c->answers = true;
	return 0;
}

/* A file that reading and writing cannot wait for */
static int state_file(struct vhost_backend *be, const struct vhost_call *c)
{
	if (!be->host->save || !be->host->load)
		return vsw_vhost_refuse(be, "nobody keeps the state of a port here");
	if (c->n_fds && peer_is_memory(c->fds[0]))
		return c->fds[0];
	return vsw_vhost_refuse(be, "a state without a memory file");
}

static int answer_carried(struct vhost_call *c)
{
	c->reply = (uint32_t)(offsetof(union vhost_payload, carried.why) +
			      strnlen(c->out.carried.why, sizeof(c->out.carried.why)));
	return 0;
}

static int save_state(struct vhost_backend *be, struct vhost_call *c)
{
	int fd = state_file(be, c);

	if (fd < 0)
		return -1;
	memset(&c->out.carried, 0, sizeof(c->out.carried));
	if (be->host->save(be->opaque, fd, &c->out.carried.len, c->out.carried.why,
			   sizeof(c->out.carried.why)) < 0)
		c->out.carried.len = 0;
	return answer_carried(c);
}

static int load_state(struct vhost_backend *be, struct vhost_call *c)
{
	int fd = state_file(be, c);

	if (fd < 0)
		return -1;
	memset(&c->out.carried, 0, sizeof(c->out.carried));
	c->out.carried.len = c->in.carried.len;
	be->host->load(be->opaque, fd, c->in.carried.len, c->out.carried.why,
		       sizeof(c->out.carried.why));
	return answer_carried(c);
}

/**
 * struct row - A request
 * @run:  What it does
 * @size: Bytes of its payload, 0: any; those that carry a number of things look themselves
 * @fds:  Descriptors that it can use
 * @park: It needs the rings
 */
struct row {
	int (*run)(struct vhost_backend *be, struct vhost_call *c);
	uint16_t size;
	uint8_t fds;
	bool park;
};

#define WORD   sizeof(uint64_t)
#define STATE  sizeof(((union vhost_payload *)0)->state)
#define ADDR   sizeof(((union vhost_payload *)0)->addr)
#define REGION sizeof(((union vhost_payload *)0)->region)
#define LOG    sizeof(((union vhost_payload *)0)->log)

static const struct row rows[VHOST_REQUESTS] = {
	[VHOST_GET_FEATURES] = { get_features, 0, 0, false },
	[VHOST_SET_FEATURES] = { vsw_vhost_set_features, WORD, 0, true },
	[VHOST_SET_OWNER] = { set_owner, 0, 0, false },
	[VHOST_RESET_OWNER] = { reset_owner, 0, 0, true },
	[VHOST_SET_MEM_TABLE] = { vsw_vhost_set_mem_table, 0, VHOST_TABLE, true },
	[VHOST_SET_LOG_BASE] = { vsw_vhost_set_log_base, LOG, 1, true },
	[VHOST_SET_VRING_NUM] = { vsw_vhost_set_vring_num, STATE, 0, true },
	[VHOST_SET_VRING_ADDR] = { vsw_vhost_set_vring_addr, ADDR, 0, true },
	[VHOST_SET_VRING_BASE] = { vsw_vhost_set_vring_base, STATE, 0, true },
	[VHOST_GET_VRING_BASE] = { vsw_vhost_get_vring_base, STATE, 0, true },
	[VHOST_SET_VRING_KICK] = { vsw_vhost_set_vring_kick, WORD, 1, true },
	[VHOST_SET_VRING_CALL] = { vsw_vhost_set_vring_call, WORD, 1, true },
	[VHOST_SET_VRING_ERR] = { vsw_vhost_set_vring_err, WORD, 1, true },
	[VHOST_GET_PROTOCOL_FEATURES] = { get_protocol_features, 0, 0, false },
	[VHOST_SET_PROTOCOL_FEATURES] = { set_protocol_features, WORD, 0, false },
	[VHOST_GET_QUEUE_NUM] = { get_queue_num, 0, 0, false },
	[VHOST_SET_VRING_ENABLE] = { vsw_vhost_set_vring_enable, STATE, 0, true },
	[VHOST_SEND_RARP] = { send_rarp, WORD, 0, true },
	[VHOST_NET_SET_MTU] = { net_set_mtu, WORD, 0, false },
	[VHOST_GET_MAX_MEM_SLOTS] = { get_max_mem_slots, 0, 0, false },
	[VHOST_ADD_MEM_REG] = { vsw_vhost_add_mem_reg, REGION, 1, true },
	[VHOST_REM_MEM_REG] = { vsw_vhost_rem_mem_reg, REGION, 0, true },
};

static const struct row own_rows[VHOST_OWN_REQUESTS] = {
	[VHOST_CARD - VHOST_CARD] = { vsw_vhost_set_card, 0, 0, false },
	[VHOST_COUNTERS - VHOST_CARD] = { get_counters, 0, 0, false },
	[VHOST_STATE_SAVE - VHOST_CARD] = { save_state, 0, 1, false },
	[VHOST_STATE_LOAD - VHOST_CARD] = { load_state, WORD, 1, false },
};

static unsigned own_bit(uint32_t request)
{
	return request >= VHOST_STATE_SAVE ? VHOST_PROTOCOL_STATE : VHOST_PROTOCOL_CARD;
}

static const struct row *look_up(const struct vhost_backend *be, uint32_t request)
{
	if (request < VHOST_REQUESTS)
		return &rows[request];
	if (request - VHOST_CARD >= VHOST_OWN_REQUESTS)
		return NULL;
	return be->protocol & VIRTIO_BIT(own_bit(request)) ? &own_rows[request - VHOST_CARD] : NULL;
}

static const struct row *find_row(struct vhost_backend *be, const struct vhost_message *msg)
{
	const struct row *row = look_up(be, msg->request);

	if ((msg->flags & VHOST_VERSION_MASK) != VHOST_VERSION || msg->flags & VHOST_REPLY) {
		vsw_vhost_refuse(be, "message %u has flags 0x%x", msg->request, msg->flags);
		return NULL;
	}
	if (!row || !row->run) {
		vsw_vhost_refuse(be, "message %u is not known", msg->request);
		return NULL;
	}
	if (msg->size > sizeof(msg->payload) || (row->size && msg->size != row->size)) {
		vsw_vhost_refuse(be, "message %u has %u bytes", msg->request, msg->size);
		return NULL;
	}
	return row;
}

static void park(struct vhost_backend *be)
{
	if (be->parked)
		return;
	be->host->park(be->opaque);
	be->parked = true;
}

int vsw_vhost_backend_message(struct vhost_backend *be, const struct vhost_message *msg, int *fds,
			      unsigned n_fds, struct vhost_message *reply)
{
	const struct row *row = find_row(be, msg);
	struct vhost_call c = { .size = msg->size, .fds = fds };
	bool ack = msg->flags & VHOST_NEED_REPLY &&
		   be->protocol & VIRTIO_BIT(VHOST_PROTOCOL_REPLY_ACK);
	int ret;

	if (!row)
		return -1;
	if (row->park)
		park(be);
	c.n_fds = n_fds < row->fds ? n_fds : row->fds;
	memcpy(&c.in, &msg->payload, msg->size);
	if (vsw_vhost_fds_may(be, c.n_fds))
		ret = row->run(be, &c);
	else
		ret = vsw_vhost_refuse(be, "front ends have too many descriptors, this one %u",
				       be->fds);
	if (row->park)
		vsw_vhost_fds_count(be);
	if (ret && (!ack || msg->request == VHOST_GET_VRING_BASE))
		return -1;
	if (!c.reply && !c.answers && ack)
		vsw_vhost_answer(&c, ret ? 1 : 0);
	if (!c.reply && !c.answers)
		return 0;
	reply->request = msg->request;
	reply->flags = VHOST_VERSION | VHOST_REPLY;
	reply->size = c.reply;
	memcpy(&reply->payload, &c.out, c.reply);
	return 1;
}

bool vsw_vhost_backend_settle(struct vhost_backend *be)
{
	if (!be->parked)
		return false;
	be->link = false;
	be->takes = vsw_vnet_takes(be->features, true);
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++)
		vsw_vhost_ring_settle(be, &be->ring[i]);
	for (unsigned i = 0; i < 2 * be->conf.pairs; i += 2) {
		struct vring *rx = vsw_vhost_ring(be, i), *tx = vsw_vhost_ring(be, i + 1);

		be->link |= rx && tx && rx->enabled && tx->enabled && !rx->why && !tx->why;
	}
	vsw_vhost_fds_count(be);
	be->parked = false;
	return true;
}

struct vhost_backend *vsw_vhost_backend_new(const struct vhost_conf *conf,
					    const struct vhost_host *host, void *opaque)
{
	unsigned n = 2 * conf->pairs;
	struct vhost_backend *be = calloc(1, sizeof(*be) + n * sizeof(be->ring[0]));

	if (!be)
		return NULL;
	peer_call_init();
	be->conf = *conf;
	be->host = host;
	be->opaque = opaque;
	be->parked = true;
	for (unsigned i = 0; i < n; i++) {
		be->ring[i].kick_fd = be->ring[i].err_fd = be->ring[i].vq.call_fd = -1;
		be->ring[i].vq.to_driver = !(i & 1);
	}
	return be;
}

void vsw_vhost_backend_free(struct vhost_backend *be)
{
	if (!be)
		return;
	park(be);
	for (unsigned i = 0; i < 2 * be->conf.pairs; i++)
		vsw_vhost_ring_close(&be->ring[i]);
	peer_unmap(&be->log.map);
	peer_mem_clear(&be->mem);
	vsw_vhost_fds_free(be);
	free(be);
}
