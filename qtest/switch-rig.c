/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine with a switch; see switch-rig.h. */
#include "switch-rig.h"

#define FIRST_SLOT 4

const struct net_card net_plain[NET_CARDS];

const uint8_t net_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

const uint8_t *net_mac(uint8_t i)
{
	static uint8_t mac[256][6];

	memcpy(mac[i], (uint8_t[]) { 0x52, 0x54, 0, 0xaa, 0, i }, 6);
	return mac[i];
}

static void add_card(GString *args, unsigned i, const struct net_card *c)
{
	g_string_append_printf(args, " -device vc-port,id=p%u,switch=sw0%s%s", i,
			       c->port ? "," : "", c->port ? c->port : "");
	g_string_append_printf(args,
			       " -device %s,id=n%u,netdev=p%u,addr=%u,mac=52:54:00:aa:00:%02x",
			       c->device ? c->device : "vc-e1000", i, i, FIRST_SLOT + i, i);
}

static void attach(struct net *n, unsigned n_cards, bool incoming)
{
	for (unsigned i = 1; i < n_cards; i++)
		rig_join(&n->card[i].r, &n->card[0].r, FIRST_SLOT + i);
	for (unsigned i = 0; i < n_cards && !incoming; i++)
		e1000_rig_attach(&n->card[i]);
}

/* A switch tells its uplinks of the cards behind it; that is not what tests wait for. */
static void take_announcements(struct net *n)
{
	uint8_t in[WIRE_MAX_FRAME];

	for (unsigned j = 0; j < n->n_wires; j++)
		while (!wire_quiet(n->wire[j], n->qts))
			g_assert_true(wire_is_rarp(in, wire_recv(n->wire[j], n->qts, in), in + 6));
}

void net_start(struct net *n, const struct net_card *cards, unsigned n_cards, unsigned wires,
	       const char *more)
{
	GString *args = g_string_new("-machine q35 -nodefaults");
	int theirs[NET_WIRES];

	memset(n, 0, sizeof(*n));
	n->n_cards = n_cards;
	n->n_wires = wires;
	for (unsigned i = 0; i < n_cards; i++)
		add_card(args, i, &cards[i]);
	for (unsigned j = 0; j < wires; j++) {
		n->wire[j] = wire_make(&theirs[j]);
		g_string_append_printf(
			args,
			" -netdev socket,id=w%u,fd=%d -device vc-port,id=u%u,switch=sw0,netdev=w%u",
			j, theirs[j], j, j);
	}
	g_string_append_printf(args, " %s", more);
	rig_open(&n->card[0].r, n_cards ? FIRST_SLOT : 0, args->str);
	n->qts = n->card[0].r.qts;
	attach(n, n_cards, strstr(more, "-incoming"));
	for (unsigned j = 0; j < wires; j++)
		close(theirs[j]);
	take_announcements(n);
	g_string_free(args, true);
}

void net_stop(struct net *n)
{
	for (unsigned i = n->n_cards; i-- > 1;)
		e1000_rig_stop(&n->card[i]);
	e1000_rig_stop(&n->card[0]);
	for (unsigned j = 0; j < n->n_wires; j++)
		close(n->wire[j]);
}

/* Returns the length. */
static size_t make(uint8_t *buf, const uint8_t *dst, const uint8_t *src, uint16_t tci, uint32_t seq)
{
	rig_frame(buf, dst, src, NET_LEN, seq);
	if (!tci)
		return NET_LEN;
	memmove(buf + 16, buf + 12, NET_LEN - 12);
	stw_be_p(buf + 12, 0x8100);
	stw_be_p(buf + 14, tci);
	return NET_LEN + 4;
}

void net_tx(struct net *n, unsigned card, const uint8_t *dst, uint16_t tci, uint32_t seq)
{
	uint8_t buf[NET_LEN + 4];

	e1000_tx_frame(&n->card[card], buf, make(buf, dst, net_mac(card), tci, seq), 0);
}

void net_wire_tx(struct net *n, unsigned wire, unsigned src, const uint8_t *dst, uint16_t tci,
		 uint32_t seq)
{
	uint8_t buf[NET_LEN + 4];

	wire_send(n->wire[wire], buf, make(buf, dst, net_mac(src), tci, seq));
}

/* Whole and as it was sent, but for the tag. */
static void check(const uint8_t *in, size_t len, uint16_t tci, uint32_t seq)
{
	uint8_t want[NET_LEN + 4];

	g_assert_cmpuint(ldl_be_p(in + (tci ? 18 : 14)), ==, seq);
	g_assert_cmpuint(make(want, in, in + 6, tci, seq), ==, len);
	g_assert_cmpmem(in, len, want, len);
}

void net_expect(struct net *n, unsigned card, uint16_t tci, uint32_t seq)
{
	uint8_t in[BUF_SIZE];
	size_t len = e1000_rx_frame(&n->card[card], in, NULL, NULL, NULL);

	check(in, len, tci, seq);
	e1000_rx_refill(&n->card[card]);
}

void net_wire_expect(struct net *n, unsigned wire, uint16_t tci, uint32_t seq)
{
	uint8_t in[WIRE_MAX_FRAME];

	check(in, wire_recv(n->wire[wire], n->qts, in), tci, seq);
}

void net_silent(struct net *n, unsigned card)
{
	for (unsigned turn = 0; turn < 16; turn++)
		wire_turn(n->qts);
	g_assert_true(e1000_rx_idle(&n->card[card]));
}

void net_wire_silent(struct net *n, unsigned wire)
{
	g_assert_true(wire_quiet(n->wire[wire], n->qts));
}
