/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IEEE 802.3x flow control: pause frames in and out (8.8, 13.4.8 to 13.4.12, 13.4.23, 13.4.24).
 *
 * DOC: Theory of Operation
 *
 * In: with CTRL.RFCE a pause frame stops the transmitter for its time (AT_PAUSE runs; descriptors
 * wait in the ring), one with time 0 lets it go on.
 *
 * Out: with CTRL.TFCE and FCRTH set, hardware sends XOFF when the receive FIFO fills up to FCRTH,
 * and XON when it has drained to FCRTL. The FIFO of this card is what waits at the host: it is over
 * the high mark from the moment a frame finds no descriptor, and under the low one when the host
 * may offer frames again. While it is over, XOFF is repeated before the peer's time (FCTTV) runs
 * out, but not sooner than XOFF_GAP: a guest that sets a time of a few bits would have its host
 * send millions of frames a second. TCTL.SWXOFF sends one XOFF.
 *
 * Frames leave from the timer, never from within a receive: AT_XOFF is due at once.
 */
#include "flow.h"

#include "filter.h"
#include "link.h"
#include "loopback.h"
#include "stats.h"
#include "timer.h"

#define PAUSE_OPCODE 1
#define XOFF_GAP     25000 /* ns */

/* 512 bit times at the link's speed, ns */
static int64_t quantum(const struct e1000 *c)
{
	struct hwnet_link link;

	e1000_link(&c->nic, &link);
	return 512 * 1000 / link.speed_mbps;
}

static bool is_flow_address(const struct e1000 *c, const uint8_t *dst)
{
	return get32(dst) == REG(c, FCAL) && get16(dst + 4) == REG(c, FCAH);
}

/* Receive address 0, not whatever is let in (8.8.1). */
static bool is_station(const struct e1000 *c, const uint8_t *dst)
{
	uint8_t mac[6];

	e1000_station(c, mac);
	return !memcmp(dst, mac, sizeof(mac));
}

/* Pause time in quanta; 0 is XON. The kick, if there is one to give, comes from the timer. */
static void paused(struct e1000 *c, unsigned quanta)
{
	int64_t now = hwnet_now(&c->nic);
	bool runs = c->s->at[AT_PAUSE] != HWNET_NEVER;

	e1000_stat_add(c, quanta ? STAT_XOFFRXC : STAT_XONRXC, 1);
	if (quanta || runs)
		e1000_at(c, AT_PAUSE, now + quanta * quantum(c));
}

/**
 * e1000_flow_rx() - Look whether an arriving frame is flow control
 * @c:   The card
 * @pkt: The frame
 *
 * Pause frames to the flow control address go no further; those to the station unless RCTL.DPF says
 * so, too. Other MAC control frames are let through with RCTL.PMCF.
 *
 * Return: true if the frame ends here.
 */
bool e1000_flow_rx(struct e1000 *c, const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	bool flow;

	if (!(REG(c, CTRL) & CTRL_RFCE) || pkt->len < 18 || (pkt->flags & PKT_VLAN) ||
	    frame_be16(p + FRAME_ADDRS_LEN) != REG(c, FCT))
		return false;
	flow = is_flow_address(c, p);
	if (!flow && !is_station(c, p))
		return false;
	if (frame_be16(p + FRAME_ETH_LEN) != PAUSE_OPCODE) {
		e1000_stat_add(c, STAT_FCRUC, 1);
		return !(REG(c, RCTL) & RCTL_PMCF);
	}
	paused(c, frame_be16(p + FRAME_ETH_LEN + 2));
	if (!flow && !(REG(c, RCTL) & RCTL_DPF))
		return false;
	e1000_stat_rx_seen(c, pkt->len < FRAME_MIN_LEN ? FRAME_MIN_LEN + FRAME_FCS_LEN :
							 pkt->len + FRAME_FCS_LEN);
	return true;
}

/**
 * e1000_flow_full() - A frame found no room
 * @c: The card
 */
void e1000_flow_full(struct e1000 *c)
{
	struct e1000_state *s = c->s;

	if (!(REG(c, CTRL) & CTRL_TFCE) || !REG(c, FCRTH) || s->xoff || e1000_loops(c))
		return;
	s->xoff = true;
	s->xon_due = false;
	e1000_at(c, AT_XOFF, hwnet_now(&c->nic));
}

/**
 * e1000_flow_room() - There is room again
 * @c: The card
 */
void e1000_flow_room(struct e1000 *c)
{
	struct e1000_state *s = c->s;

	if (!s->xoff)
		return;
	s->xoff = false;
	s->xon_due = REG(c, FCRTL) & FCRTL_XONE;
	e1000_at(c, AT_XOFF, s->xon_due ? hwnet_now(&c->nic) : HWNET_NEVER);
}

/**
 * e1000_flow_now() - TCTL.SWXOFF: send one XOFF
 * @c: The card
 */
void e1000_flow_now(struct e1000 *c)
{
	c->s->xoff_once = true;
	e1000_at(c, AT_XOFF, hwnet_now(&c->nic));
}

/* Half the peer's time, but see XOFF_GAP. */
static int64_t repeat_after(const struct e1000 *c, uint32_t quanta)
{
	int64_t ns = quanta * quantum(c) / 2;

	return ns > XOFF_GAP ? ns : XOFF_GAP;
}

static bool send_pause(struct e1000 *c, unsigned quanta)
{
	uint8_t p[FRAME_MIN_LEN] = { 0 };
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;

	put_mac(p, REG(c, FCAL), REG(c, FCAH));
	e1000_station(c, p + 6);
	frame_put_be16(p + FRAME_ADDRS_LEN, (uint16_t)REG(c, FCT));
	frame_put_be16(p + FRAME_ETH_LEN, PAUSE_OPCODE);
	frame_put_be16(p + FRAME_ETH_LEN + 2, (uint16_t)quanta);
	pkt_flat(&pkt, &iov, p, sizeof(p));
	if (!c->nic.host->tx(c->nic.opaque, 0, &vec, 1))
		return false;
	e1000_stat_tx_pause(c, pkt.len);
	e1000_stat_add(c, quanta ? STAT_XOFFTXC : STAT_XONTXC, 1);
	return true;
}

/**
 * e1000_flow_send() - AT_XOFF is due
 * @c: The card
 *
 * A frame that the host does not take is lost: the next XOFF follows, and a peer goes on without
 * XON in the end.
 */
void e1000_flow_send(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	uint32_t quanta = REG(c, FCTTV);
	bool off = s->xoff || s->xoff_once, on = s->xon_due;

	s->xoff_once = s->xon_due = false;
	if ((off || on) && (REG(c, TCTL) & TCTL_EN) && e1000_link_up(c) && !e1000_loops(c))
		send_pause(c, off ? quanta : 0);
	if (s->xoff && quanta)
		e1000_at(c, AT_XOFF, hwnet_now(&c->nic) + repeat_after(c, quanta));
}
