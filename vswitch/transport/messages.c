/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages into frames. */
#include "messages.h"

#include <string.h>
#include <sys/mman.h>

#include "vhost/vnet-hdr.h"

#define SIZE ((size_t)PKT_BURST * VSW_SCRATCH_SLOT)

bool vsw_messages_init(struct vsw_messages *m, uint32_t vnet_len)
{
	void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	m->vnet_len = vnet_len;
	m->mem = p == MAP_FAILED ? NULL : p;
	return m->mem;
}

void vsw_messages_fini(struct vsw_messages *m)
{
	if (m->mem)
		munmap(m->mem, SIZE);
	m->mem = NULL;
}

/* The words of the header before a frame. False: they make no sense. */
static bool words(const struct vsw_messages *m, const struct vsw_message *msg, struct pkt *pkt)
{
	struct vnet_hdr h = { 0 };

	if (!m->vnet_len)
		return true;
	memcpy(&h, msg->bytes, VNET_HDR_LEGACY);
	if (vsw_vnet_plain(&h)) {
		if (h.flags & VNET_DATA_VALID)
			pkt->flags |= PKT_CSUM_VALID;
		return true;
	}
	if (!vsw_vnet_head(&h, pkt->len) || vsw_vnet_words(&h, pkt, msg->bytes + m->vnet_len))
		return false;
	if (!(pkt->flags & PKT_CSUM_PARTIAL)) /* it was finished: not again if it is kept */
		memset(msg->bytes, 0, VNET_HDR_LEGACY);
	return true;
}

static bool frame(const struct vsw_messages *m, const struct vsw_message *msg, struct pkt *pkt,
		  struct iovec *iov)
{
	if (msg->len < m->vnet_len + FRAME_ETH_LEN || msg->len - m->vnet_len > PKT_MAX_LEN)
		return false;
	pkt_flat(pkt, iov, msg->bytes + m->vnet_len, msg->len - m->vnet_len);
	if (!words(m, msg, pkt))
		return false;
	if (msg->vlan_tpid) {
		pkt->flags |= PKT_VLAN;
		pkt->vlan_tpid = msg->vlan_tpid;
		pkt->vlan_tci = msg->vlan_tci;
	}
	return true;
}

/* Return: how many of the messages were dealt with */
static unsigned deliver(struct vsw_messages *m, struct vsw_port *port, struct vsw_message *list,
			unsigned n)
{
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	const struct pkt *out[PKT_BURST];
	unsigned from[PKT_BURST], frames = 0, taken;

	for (unsigned i = 0; i < n; i++) {
		if (!frame(m, &list[i], &pkt[frames], &iov[frames])) {
			m->odd++;
			continue;
		}
		out[frames] = &pkt[frames];
		from[frames++] = i;
	}
	taken = frames ? vsw_port_input(port, out, frames) : 0;
	return taken == frames ? n : from[taken];
}

/* Keep a message at a place of the memory. Return: that of the next one, close by: few pages */
static uint8_t *keep(struct vsw_messages *m, const struct vsw_message *msg, uint8_t *at)
{
	m->kept[m->n] = *msg;
	m->kept[m->n++].bytes = memcpy(at, msg->bytes, msg->len);
	return at + ((msg->len + 15) & ~15u);
}

void vsw_messages_give(struct vsw_messages *m, struct vsw_port *port, struct vsw_message *list,
		       unsigned n)
{
	uint8_t *at = m->mem;

	for (unsigned i = deliver(m, port, list, n); i < n; i++)
		at = keep(m, &list[i], at);
}

void vsw_messages_again(struct vsw_messages *m, struct vsw_port *port)
{
	unsigned done = deliver(m, port, m->kept, m->n);

	m->n -= done;
	memmove(m->kept, m->kept + done, m->n * sizeof(m->kept[0]));
}

/* struct frozen - what vsw_messages_freeze() says: @n times a struct frozen_message and its bytes
 * follow */
struct frozen {
	uint32_t version, vnet_len, n, none;
	uint64_t odd;
};

struct frozen_message {
	uint32_t len;
	uint16_t vlan_tpid, vlan_tci;
};

size_t vsw_messages_freeze(const struct vsw_messages *m, uint8_t *data, size_t room)
{
	struct frozen z = { 1, m->vnet_len, m->n, 0, m->odd };
	size_t len = sizeof(z);

	if (room < len)
		return 0;
	memcpy(data, &z, sizeof(z));
	for (unsigned i = 0; i < m->n; i++) {
		const struct vsw_message *msg = &m->kept[i];
		struct frozen_message f = { msg->len, msg->vlan_tpid, msg->vlan_tci };

		if (room - len < sizeof(f) + msg->len)
			return 0;
		memcpy(data + len, &f, sizeof(f));
		memcpy(data + len + sizeof(f), msg->bytes, msg->len);
		len += sizeof(f) + msg->len;
	}
	return len;
}

/* Return: false: what follows is no list of so many messages */
static bool thaw_list(struct vsw_messages *m, uint32_t n, const uint8_t *data, size_t len)
{
	uint8_t *at = m->mem;

	for (; n--;) {
		struct vsw_message msg;
		struct frozen_message f;

		if (len < sizeof(f))
			return false;
		memcpy(&f, data, sizeof(f));
		if (f.len > VSW_SCRATCH_SLOT || len - sizeof(f) < f.len)
			return false;
		msg = (struct vsw_message) { (uint8_t *)data + sizeof(f), f.len, f.vlan_tpid,
					     f.vlan_tci };
		at = keep(m, &msg, at);
		data += sizeof(f) + f.len;
		len -= sizeof(f) + f.len;
	}
	return !len;
}

int vsw_messages_thaw(struct vsw_messages *m, const uint8_t *data, size_t len)
{
	struct frozen z;

	m->n = 0;
	if (len < sizeof(z))
		return -1;
	memcpy(&z, data, sizeof(z));
	if (z.version != 1 || z.vnet_len != m->vnet_len || z.n > PKT_BURST)
		return -1;
	m->odd = z.odd;
	if (thaw_list(m, z.n, data + sizeof(z), len - sizeof(z)))
		return 0;
	m->n = 0;
	return -1;
}
