/* SPDX-License-Identifier: BSD-2-Clause */
/* What a frame is, in one line (frame.h). */
#include <arpa/inet.h>

#include "frame.h"
#include "hwnet/frame.h"

static void put_mac(GString *out, const guint8 *m)
{
	g_string_append_printf(out, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
			       m[5]);
}

static void put_ip(GString *out, const struct frame *f, const guint8 *at)
{
	char text[INET6_ADDRSTRLEN];

	g_string_append(
		out, inet_ntop(f->flags & FRAME_IPV6 ? AF_INET6 : AF_INET, at, text, sizeof(text)));
}

static void put_protocol(GString *out, const struct frame *f)
{
	static const struct {
		guint32 flag;
		const char *name;
	} names[] = { { FRAME_TCP, "TCP" },   { FRAME_UDP, "UDP" }, { FRAME_SCTP, "SCTP" },
		      { FRAME_ICMP, "ICMP" }, { FRAME_MLD, "MLD" }, { FRAME_ICMPV6, "ICMPv6" },
		      { FRAME_IGMP, "IGMP" } };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (f->flags & names[i].flag) {
			g_string_append(out, names[i].name);
			return;
		}
	g_string_append_printf(out, "protocol %u", f->proto);
}

static void tell_ip(GString *out, const struct frame *f, const guint8 *bytes)
{
	bool ports = f->flags & FRAME_PORTS && f->l4 && !(f->flags & FRAME_FRAG_LATER);

	g_string_append(out, f->flags & FRAME_IPV6 ? " IPv6 " : " IPv4 ");
	if (!f->saddr)
		return;
	put_protocol(out, f);
	g_string_append_c(out, ' ');
	put_ip(out, f, bytes + f->saddr);
	if (ports)
		g_string_append_printf(out, " port %u", frame_be16(bytes + f->l4));
	g_string_append(out, " > ");
	put_ip(out, f, bytes + f->daddr);
	if (ports)
		g_string_append_printf(out, " port %u", frame_be16(bytes + f->l4 + 2));
	if (f->flags & FRAME_FRAG)
		g_string_append(out, ", fragment");
}

static void tell_arp(GString *out, const guint8 *arp)
{
	g_string_append_printf(out, " ARP %s %u.%u.%u.%u > %u.%u.%u.%u",
			       arp[7] == 1 ? "request" : "reply", arp[14], arp[15], arp[16],
			       arp[17], arp[24], arp[25], arp[26], arp[27]);
}

void frame_tell(GString *out, const guint8 *bytes, gsize n, guint32 len)
{
	struct iovec iov = { (void *)bytes, n };
	struct pkt pkt = { .iov = &iov, .iovcnt = 1, .len = (guint32)n };
	struct frame f;

	if (n < FRAME_ETH_LEN) {
		g_string_append_printf(out, "%u bytes, too short for a header", len);
		return;
	}
	frame_parse(&f, &pkt, 0);
	put_mac(out, bytes + 6);
	g_string_append(out, " > ");
	put_mac(out, bytes);
	for (unsigned i = 0; i < f.n_tags; i++)
		g_string_append_printf(out, " VLAN %u", f.tci[i] & 0xfff);
	if (f.flags & FRAME_IP)
		tell_ip(out, &f, bytes);
	else if (f.flags & FRAME_ARP)
		tell_arp(out, bytes + f.l3);
	else if (f.type)
		g_string_append_printf(out, " type 0x%04x", f.type);
	else
		g_string_append(out, " LLC");
	g_string_append_printf(out, ", %u bytes", len);
}
