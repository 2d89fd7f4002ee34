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

void vsw_messages_give(struct vsw_messages *m, struct vsw_port *port, struct vsw_message *list,
		       unsigned n)
{
	uint8_t *at = m->mem;

	for (unsigned i = deliver(m, port, list, n); i < n; i++) {
		m->kept[m->n] = list[i];
		m->kept[m->n++].bytes = memcpy(at, list[i].bytes, list[i].len);
		at += (list[i].len + 15) & ~15u; /* close together: few pages */
	}
}

void vsw_messages_again(struct vsw_messages *m, struct vsw_port *port)
{
	unsigned done = deliver(m, port, m->kept, m->n);

	m->n -= done;
	memmove(m->kept, m->kept + done, m->n * sizeof(m->kept[0]));
}
