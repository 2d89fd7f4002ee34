/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statistics registers (13.7): counting. Clearing on read is in the table, but for the 64-bit
 * pairs.
 *
 * Counters stop at their largest value. Lengths are those of the wire, with FCS and tag.
 */
#include "stats.h"

/* Which of six registers, 4 bytes apart, counts frames of this length. */
static unsigned size_class(uint32_t len)
{
	if (len < 65)
		return 0;
	if (len >= 1024)
		return 5 * 4;
	return (len >= 128) * 4 + (len >= 256) * 4 + (len >= 512) * 4 + 4;
}

/**
 * e1000_stat_rx_seen() - A frame was on the wire, whatever became of it
 * @c:   The card
 * @len: Its length
 */
void e1000_stat_rx_seen(struct e1000 *c, uint32_t len)
{
	e1000_stat_add(c, STAT_TPR, 1);
	e1000_stat_add64(c, STAT_TORL, len);
}

/**
 * e1000_stat_rx() - A good frame was received
 * @c:   The card
 * @len: Its length
 * @dst: Its destination
 */
void e1000_stat_rx(struct e1000 *c, uint32_t len, const uint8_t *dst)
{
	e1000_stat_add(c, STAT_GPRC, 1);
	e1000_stat_add64(c, STAT_GORCL, len);
	e1000_stat_add(c, STAT_PRC64 + size_class(len), 1);
	if (frame_is_group(dst))
		e1000_stat_add(c, frame_is_broadcast(dst) ? STAT_BPRC : STAT_MPRC, 1);
}

/* struct tally - what a burst adds to the statistics */
struct tally {
	uint32_t frames, broadcast, multicast, messages, size[6];
	uint64_t bytes;
};

/* @n frames of one length were sent. */
static void tally_tx(struct tally *t, uint32_t len, uint32_t n, const uint8_t *dst)
{
	t->frames += n;
	t->bytes += (uint64_t)len * n;
	t->size[size_class(len) / 4] += n;
	if (frame_is_group(dst))
		*(frame_is_broadcast(dst) ? &t->broadcast : &t->multicast) += n;
}

/* A frame, or a message that the wire would have seen as several. */
static void tally_pkt(struct e1000 *c, struct tally *t, const struct pkt *pkt)
{
	uint32_t over = FRAME_FCS_LEN + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);
	const uint8_t *dst = pkt_head(pkt);
	uint32_t full = 0;

	c->nic.counters.tx_bytes += pkt->len;
	if (pkt->gso_type) {
		full = gso_segments(pkt) - 1;
		t->messages++;
		tally_tx(t, pkt->hdr_len + pkt->gso_size + over, full, dst);
	}
	tally_tx(t, pkt->len - full * pkt->gso_size + over, 1, dst);
}

/**
 * e1000_stat_tx() - A burst of frames was sent
 * @c:    The card
 * @pkts: The frames
 * @n:    Their number
 */
void e1000_stat_tx(struct e1000 *c, const struct pkt *pkts, unsigned n)
{
	struct tally t = { 0 };

	for (unsigned i = 0; i < n; i++)
		tally_pkt(c, &t, &pkts[i]);
	c->nic.counters.tx_frames += n;
	c->nic.counters.tx_gso += t.messages;
	e1000_stat_add(c, STAT_TPT, t.frames);
	e1000_stat_add(c, STAT_GPTC, t.frames);
	e1000_stat_add64(c, STAT_TOTL, t.bytes);
	e1000_stat_add64(c, STAT_GOTCL, t.bytes);
	e1000_stat_add(c, STAT_MPTC, t.multicast);
	e1000_stat_add(c, STAT_BPTC, t.broadcast);
	e1000_stat_add(c, STAT_TSCTC, t.messages);
	for (unsigned i = 0; i < 6; i++)
		e1000_stat_add(c, STAT_PTC64 + 4 * i, t.size[i]);
}

/**
 * e1000_stat_tx_pause() - A pause frame was sent: nothing that 13.7.30, 13.7.32 call good
 * @c:   The card
 * @len: Its length without FCS
 */
void e1000_stat_tx_pause(struct e1000 *c, uint32_t len)
{
	e1000_stat_add(c, STAT_TPT, 1);
	e1000_stat_add64(c, STAT_TOTL, len + FRAME_FCS_LEN);
	c->nic.counters.tx_frames++;
	c->nic.counters.tx_bytes += len;
}

/**
 * e1000_stat_read_high() - Hook of the high halves, 13.7.31 and others: reading one clears the pair
 *
 * Return: its value.
 */
uint32_t e1000_stat_read_high(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	uint32_t *v = &e1000_of(nic)->s->reg[reg->slot];

	v[-1] = 0;
	return v[0];
}
