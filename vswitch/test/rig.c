/* SPDX-License-Identifier: BSD-2-Clause */
#include "rig.h"

#include "main.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t rig_now(void *opaque)
{
	struct rig *r = opaque;

	return r->now;
}

static void rig_timer(void *opaque, int64_t deadline)
{
	struct rig *r = opaque;

	r->deadline = deadline;
}

static void rig_event(void *opaque, const struct vsw_event *ev)
{
	struct rig *r = opaque;

	r->events[ev->kind]++;
	snprintf(r->last_event, sizeof(r->last_event), "%s", ev->text);
	memcpy(r->last_mac, ev->mac, sizeof(r->last_mac));
}

static const struct vsw_host host = { rig_now, rig_timer, rig_event };

static void keep(struct rig_port *p, const struct pkt *pkt)
{
	struct rig_frame *f;

	p->total++;
	p->bytes += pkt->len;
	if (p->on_frame)
		p->on_frame(p, pkt);
	if (p->discard)
		return;
	CK_EACH(p->n < RIG_KEEP, "the port has no room for more frames");
	f = &p->got[p->n++];
	f->bytes = malloc(pkt->len);
	CK_EACH(pkt_copy(pkt, 0, f->bytes, pkt->len) == pkt->len, "pieces are short");
	f->pkt = *pkt;
	f->pkt.iov = NULL;
	f->when = p->rig->now;
}

static unsigned rig_take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct rig_port *p = opaque;
	unsigned take = n < p->room ? n : p->room;

	p->calls++;
	CK_EACH(n >= 1 && n <= PKT_BURST, "send() of %u frames", n);
	for (unsigned i = 0; i < take; i++)
		keep(p, pkts[i]);
	if (p->room != UINT32_MAX)
		p->room -= take;
	if (p->echo)
		p->echo_taken += vsw_port_input(p->echo, pkts, n);
	return take;
}

static void rig_ready(void *opaque)
{
	struct rig_port *p = opaque;

	p->ready++;
	if (p->on_ready)
		p->on_ready(p);
}

static void rig_close(void *opaque)
{
	struct rig_port *p = opaque;

	p->closed++;
}

static const struct vsw_port_ops ops = { rig_take, rig_ready, rig_close };

struct rig *rig_new_addresses(uint32_t addresses)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct vsw_conf conf = {
		.name = "sw0", .host = &host, .opaque = r, .seed = 12345, .addresses = addresses
	};

	r->now = SEC;
	r->deadline = r->ctl_deadline = VSW_NEVER;
	r->sw = vsw_new(&conf, r->err, sizeof(r->err));
	ck_assert_msg(r->sw != NULL, "%s", r->err);
	return r;
}

struct rig *rig_new(void)
{
	return rig_new_addresses(0);
}

void rig_clear(struct rig *r)
{
	for (unsigned i = 0; i < r->n_ports; i++) {
		struct rig_port *p = &r->port[i];

		for (unsigned j = 0; j < p->n; j++)
			free(p->got[j].bytes);
		p->n = p->calls = 0;
		p->total = p->bytes = 0;
	}
}

static void rig_ctl_timer(void *opaque, int64_t deadline)
{
	struct rig *r = opaque;

	r->ctl_deadline = deadline;
}

/* A control of the switch, on the same clock */
struct vsw_control *rig_control(struct rig *r)
{
	static const struct vsw_control_host ctl_host = { rig_now, rig_ctl_timer };

	r->ctl = vsw_control_new(r->sw, &ctl_host, r);
	ck_assert_ptr_nonnull(r->ctl);
	return r->ctl;
}

void rig_free(struct rig *r)
{
	vsw_control_free(r->ctl);
	vsw_free(r->sw);
	rig_clear(r);
	free(r);
}

struct rig_port *rig_add(struct rig *r, const struct vsw_port_conf *conf)
{
	struct rig_port *p = &r->port[r->n_ports];

	p->rig = r;
	p->room = UINT32_MAX;
	p->port = vsw_port_add(r->sw, conf, &ops, p, r->err, sizeof(r->err));
	if (!p->port)
		return NULL;
	r->n_ports++;
	return p;
}

static void accept_routers(struct vsw_policy *p)
{
	p->security.multicast_router = VSW_ROUTER_ACCEPT;
}

/* A station of the bench, which may be a multicast router. rig_card() is a guest with the policy
 * that ports have untold. */
struct rig_port *rig_port(struct rig *r, const char *id, int vlan)
{
	struct rig_port *p = rig_card(r, id, vlan, NULL);

	rig_change(p, accept_routers);
	return p;
}

struct rig_port *rig_card(struct rig *r, const char *id, int vlan, const char *mac)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig_port *p;

	conf.id = id;
	conf.vlan = vlan;
	if (mac)
		rig_mac(mac, conf.mac);
	p = rig_add(r, &conf);
	ck_assert_msg(p != NULL, "%s", r->err);
	return p;
}

struct rig_port *rig_uplink(struct rig *r, const char *id)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig_port *p;

	conf.id = id;
	conf.uplink = true;
	p = rig_add(r, &conf);
	ck_assert_msg(p != NULL, "%s", r->err);
	return p;
}

struct vsw_policy rig_policy_of(struct rig_port *p)
{
	return *vsw_port_policy(p->port);
}

void rig_policy(struct rig_port *p, const struct vsw_policy *policy)
{
	struct rig *r = p->rig;
	struct vsw_txn *txn = vsw_txn_new(r->sw);

	ck_assert_msg(vsw_txn_port(txn, p->port, policy, r->err, sizeof(r->err)) == 0, "%s",
		      r->err);
	ck_assert_msg(vsw_txn_prepare(txn, r->err, sizeof(r->err)) == 0, "%s", r->err);
	vsw_txn_commit(txn);
}

void rig_change(struct rig_port *p, void (*change)(struct vsw_policy *policy))
{
	struct vsw_policy policy = rig_policy_of(p);

	change(&policy);
	rig_policy(p, &policy);
}

void rig_switch_policy(struct rig *r, const struct vsw_switch_policy *policy)
{
	struct vsw_txn *txn = vsw_txn_new(r->sw);

	ck_assert_msg(vsw_txn_switch(txn, policy, r->err, sizeof(r->err)) == 0, "%s", r->err);
	ck_assert_msg(vsw_txn_prepare(txn, r->err, sizeof(r->err)) == 0, "%s", r->err);
	vsw_txn_commit(txn);
}

/* The nearest deadline of switch and control comes, if it is not after @end */
static bool next_deadline(struct rig *r, int64_t end)
{
	bool ctl = r->ctl_deadline < r->deadline;
	int64_t *deadline = ctl ? &r->ctl_deadline : &r->deadline;

	if (*deadline > end)
		return false;
	if (*deadline > r->now)
		r->now = *deadline;
	*deadline = VSW_NEVER;
	if (ctl)
		vsw_control_timer(r->ctl);
	else
		vsw_timer(r->sw);
	return true;
}

/* Let time pass, calling switch and control at each of their deadlines */
void rig_step(struct rig *r, int64_t ns)
{
	int64_t end = r->now + ns, was = r->now;
	unsigned same = 0;

	while (next_deadline(r, end)) {
		same = r->now == was ? same + 1 : 0;
		CK_EACH(same < 1000, "the switch asks for the same deadline for ever");
		was = r->now;
	}
	r->now = end;
}

uint64_t rig_drops(struct rig_port *p, enum vsw_drop why)
{
	struct vsw_counters c;

	vsw_port_counters(p->port, &c);
	return c.drops[why];
}

/* "aa:bb:cc:dd:ee:ff", "*" for broadcast, or a short name: letter a..z is 02:00:00:00:00:NN, "g1"
 * the group 01:00:5e:..:01 */
void rig_mac(const char *text, uint8_t *mac)
{
	unsigned v[6];

	if (!strcmp(text, "*")) {
		memset(mac, 0xff, 6);
	} else if (strchr(text, ':')) {
		ck_assert_int_eq(
			sscanf(text, "%x:%x:%x:%x:%x:%x", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]),
			6);
		for (int i = 0; i < 6; i++)
			mac[i] = (uint8_t)v[i];
	} else if (text[0] == 'g' && text[1]) {
		memcpy(mac, (uint8_t[]) { 1, 0, 0x5e, 1, 1, (uint8_t)atoi(text + 1) }, 6);
	} else {
		memcpy(mac, (uint8_t[]) { 2, 0, 0, 0, 0, (uint8_t)text[0] }, 6);
	}
}

uint32_t rig_frame(uint8_t *buf, const char *dst, const char *src, int tag, uint32_t len)
{
	unsigned at = 12;

	for (uint32_t i = 0; i < len; i++)
		buf[i] = (uint8_t)i;
	rig_mac(dst, buf);
	rig_mac(src, buf + 6);
	if (tag >= 0) {
		frame_put_be16(buf + 12, 0x8100);
		frame_put_be16(buf + 14, (uint16_t)tag);
		at = 16;
	}
	frame_put_be16(buf + at, 0x88b5); /* local experimental (802-2014 table 3) */
	return len;
}

unsigned rig_send_bytes(struct rig_port *p, const uint8_t *buf, uint32_t len)
{
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *pkts[1] = { &pkt };

	pkt_flat(&pkt, &iov, buf, len);
	return vsw_port_input(p->port, pkts, 1);
}

unsigned rig_send_len(struct rig_port *p, const char *dst, const char *src, int tag, uint32_t len)
{
	uint8_t *buf =
		malloc(len); /* of its exact size, so that a sanitizer sees reads beyond it */
	unsigned n;

	rig_frame(buf, dst, src, tag, len);
	n = rig_send_bytes(p, buf, len);
	free(buf);
	return n;
}

unsigned rig_send(struct rig_port *p, const char *dst, const char *src, int tag)
{
	return rig_send_len(p, dst, src, tag, 64);
}

static uint32_t ipv4(uint8_t *buf, uint64_t dst, uint64_t src, uint8_t proto, uint32_t saddr,
		     uint32_t daddr, uint32_t l4len)
{
	frame_put_be16(buf, (uint16_t)(dst >> 32));
	frame_put_be32(buf + 2, (uint32_t)dst);
	frame_put_be16(buf + 6, (uint16_t)(src >> 32));
	frame_put_be32(buf + 8, (uint32_t)src);
	frame_put_be16(buf + 12, 0x0800);
	memset(buf + 14, 0, 20);
	buf[14] = 0x45;
	frame_put_be16(buf + 16, (uint16_t)(20 + l4len));
	buf[22] = 64;
	buf[23] = proto;
	frame_put_be32(buf + 26, saddr);
	frame_put_be32(buf + 30, daddr);
	csum_ipv4_set(buf + 14);
	return 34;
}

uint32_t rig_udp(uint8_t *buf, uint64_t dst, uint64_t src, uint32_t saddr, uint32_t daddr,
		 uint16_t sport, uint16_t dport, uint32_t payload)
{
	ipv4(buf, dst, src, 17, saddr, daddr, 8 + payload);
	frame_put_be16(buf + 34, sport);
	frame_put_be16(buf + 36, dport);
	frame_put_be16(buf + 38, (uint16_t)(8 + payload));
	frame_put_be16(buf + 40, 0);
	memset(buf + 42, 0x5a, payload);
	return 42 + payload;
}

uint32_t rig_tcp(uint8_t *buf, uint64_t dst, uint64_t src, uint32_t saddr, uint32_t daddr,
		 uint16_t sport, uint16_t dport, uint32_t payload)
{
	ipv4(buf, dst, src, 6, saddr, daddr, 20 + (payload > 65495 ? 65495 : payload));
	memset(buf + 34, 0, 20);
	frame_put_be16(buf + 34, sport);
	frame_put_be16(buf + 36, dport);
	frame_put_be32(buf + 38, 1000);
	buf[46] = 0x50;
	buf[47] = 0x10;
	memset(buf + 54, 0xa5, payload);
	return 54 + payload;
}

unsigned rig_send_tso(struct rig_port *p, const char *dst, const char *src, uint32_t payload,
		      uint16_t mss)
{
	uint8_t *buf = malloc(54 + payload), d[8] = { 0 }, s[8] = { 0 };
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *pkts[1] = { &pkt };
	const char *wrong;
	unsigned n;

	rig_mac(dst, d);
	rig_mac(src, s);
	rig_tcp(buf, 0, 0, 0x0a000001, 0x0a000002, 1000, 80, payload);
	memcpy(buf, d, 6);
	memcpy(buf + 6, s, 6);
	pkt_flat(&pkt, &iov, buf, 54 + payload);
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = mss;
	wrong = gso_init(&pkt, buf);
	ck_assert_msg(!wrong, "%s", wrong);
	n = vsw_port_input(p->port, pkts, 1);
	free(buf);
	return n;
}
