/* SPDX-License-Identifier: BSD-2-Clause */
#include "mcast-rig.h"

#include <stdlib.h>
#include <string.h>

static uint8_t msg[MC_MSG_MAX], frame[MC_FRAME_MAX];

/* A switch that snoops */
struct rig *snooping_rig(void)
{
	struct rig *r = rig_new();
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->multicast = VSW_MCAST_SNOOPING;
	rig_switch_policy(r, sp);
	free(sp);
	return r;
}

struct four four(void)
{
	struct four f = { .r = snooping_rig() };

	f.a = rig_port(f.r, "a", 0);
	f.b = rig_port(f.r, "b", 0);
	f.c = rig_port(f.r, "c", 0);
	f.q = rig_port(f.r, "q", 0);
	return f;
}

/* Its own querier: every @interval seconds, from @address and fe80:: with its last byte */
void querier_on(struct rig *r, uint32_t interval, uint32_t address)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->querier.enabled = true;
	sp->querier.interval = interval;
	frame_put_be32(sp->querier.address, address);
	memcpy(sp->querier.address6, (uint8_t[16]) { 0xfe, 0x80, [15] = (uint8_t)address }, 16);
	rig_switch_policy(r, sp);
	free(sp);
}

struct four four_asked(void)
{
	struct four f = four();

	querier_on(f.r, 60, OWN);
	rig_step(f.r, 20 * SEC);
	rig_clear(f.r);
	return f;
}

static struct mc_packet packet(uint8_t host, struct say how)
{
	return (struct mc_packet) { .v6 = how.v6,
				    .host = host,
				    .proto = how.v6 ? FRAME_PROTO_ICMPV6 : FRAME_PROTO_IGMP,
				    .flaw = how.flaw,
				    .tag = how.tag ? how.tag : -1 };
}

static void send(struct rig_port *p, const struct mc_packet *k, uint32_t len)
{
	rig_send_bytes(p, frame, mc_frame(frame, k, msg, len));
}

static void query(struct rig_port *p, uint8_t host, const uint8_t *group, struct say how)
{
	struct mc_packet k = packet(host, how);
	unsigned version = how.version ? how.version : how.v6 ? 2 : 3;

	send(p, &k, mc_query(msg, how.v6, version, group, how.v6 ? 10000 : 100, 2, 125));
}

void say_query(struct rig_port *p, uint8_t host, struct say how)
{
	query(p, host, NULL, how);
}

void say_group_query(struct rig_port *p, uint8_t host, unsigned group, struct say how)
{
	uint8_t ip[16];

	mc_group(ip, how.v6, group);
	query(p, host, ip, how);
}

static void old(struct rig_port *p, uint8_t host, uint8_t type, unsigned group, struct say how)
{
	struct mc_packet k = packet(host, how);
	uint8_t ip[16];

	mc_group(ip, how.v6, group);
	send(p, &k, mc_old(msg, how.v6, type, ip));
}

/* By a report of IGMPv2 (version 1: IGMPv1), MLDv1 */
void say_join(struct rig_port *p, uint8_t host, unsigned group, struct say how)
{
	old(p, host, how.v6 ? 131 : how.version == 1 ? 0x12 : 0x16, group, how);
}

void say_leave(struct rig_port *p, uint8_t host, unsigned group, struct say how)
{
	old(p, host, how.v6 ? 132 : 0x17, group, how);
}

void say_record(struct rig_port *p, uint8_t host, uint8_t type, unsigned sources, unsigned group,
		struct say how)
{
	struct mc_packet k = packet(host, how);
	struct mc_record r = { .type = type, .sources = sources };

	mc_group(r.group, how.v6, group);
	send(p, &k, mc_report(msg, how.v6, &r, 1));
}

/* A report of @n groups from @group on, in pieces */
void say_records(struct rig_port *p, uint8_t host, unsigned group, unsigned n, uint32_t first_piece,
		 uint32_t piece, struct say how)
{
	struct mc_packet k = packet(host, how);
	struct mc_record *r = calloc(n, sizeof(*r));
	struct iovec iov[63];
	struct pkt pkt;
	const struct pkt *one = &pkt;
	uint32_t len, at;

	for (unsigned i = 0; i < n; i++) {
		r[i].type = TO_EX;
		mc_group(r[i].group, how.v6, group + i);
	}
	len = mc_frame(frame, &k, msg, mc_report(msg, how.v6, r, n));
	pkt_flat(&pkt, iov, frame, len);
	iov[0].iov_len = at = first_piece < len ? first_piece : len;
	for (; at < len; at += piece, pkt.iovcnt++) {
		uint32_t size = pkt.iovcnt < 62 && piece < len - at ? piece : len - at;

		iov[pkt.iovcnt] = (struct iovec) { frame + at, size };
		piece = size;
	}
	vsw_port_input(p->port, &one, 1);
	free(r);
}

void say_hello(struct rig_port *p, uint8_t host, int holdtime, struct say how)
{
	struct mc_packet k = packet(host, how);

	k.proto = 103;
	send(p, &k, mc_hello(msg, holdtime));
}

/* Of router discovery, every 20 s, or its end */
void say_advert(struct rig_port *p, uint8_t host, bool end, struct say how)
{
	struct mc_packet k = packet(host, how);
	uint8_t type = how.v6 ? (end ? 153 : 151) : (end ? 0x32 : 0x30);

	mc_old(msg, how.v6, type, (uint8_t[16]) { 0, 125, 0, 2 });
	msg[1] = end ? 0 : 20;
	send(p, &k, end ? 4 : 8);
}

unsigned stream_to(struct rig_port *from, struct rig_port *to, const uint8_t *group, struct say how)
{
	uint8_t buf[200];

	rig_clear(from->rig);
	rig_send_bytes(from, buf, mc_data(buf, how.v6, 3, group, how.tag ? how.tag : -1));
	return to->n;
}

unsigned stream(struct rig_port *from, struct rig_port *to, unsigned group, struct say how)
{
	uint8_t ip[16];

	mc_group(ip, how.v6, group);
	return stream_to(from, to, ip, how);
}

unsigned queries_at(const struct rig_port *p, bool v6, int group)
{
	uint32_t type = v6 ? 62 : 38, len = v6 ? 16 : 4, at = v6 ? 70 : 42;
	uint8_t ip[16] = { 0 };
	unsigned n = 0;

	if (group >= 0)
		mc_group(ip, v6, (unsigned)group);
	for (unsigned i = 0; i < p->n; i++) {
		const uint8_t *b = p->got[i].bytes;

		n += frame_be16(b + 12) == (v6 ? 0x86dd : 0x0800) && b[type] == (v6 ? 130 : 0x11) &&
		     !memcmp(b + at, ip, len);
	}
	return n;
}
