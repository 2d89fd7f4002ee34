/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wake-up: which frames would wake a sleeping machine (chapter 6, 13.6).
 *
 * DOC: Theory of Operation
 *
 * The host asks with each frame that arrives while the machine sleeps. A filter of WUFC that
 * matches sets its bit in WUS and PME_STATUS in WUC, and keeps the first 128 bytes in WUPM for the
 * driver to see. With WUC.APME magic packets wake as well, whatever WUFC says, as before any driver
 * was loaded. PME# is asserted with PME_EN, or for a magic packet with APMPME.
 */
#include "wake.h"

#include "filter.h"
#include "magic.h"

#define N_FLEX	  4
#define FLEX_MAX  128u
#define FRAME_MAX 2047u /* what WUPL can tell, 13.6.7 */

struct wake {
	const struct e1000 *c;
	const uint32_t *r;
	uint8_t p[FRAME_MAX];
	uint32_t len;
	struct frame f;
};

/* 6.4.3.1.4: a broadcast, whatever RCTL.BAM says, or what the address filter lets in. */
static bool magic(const struct wake *w)
{
	uint8_t mac[6];

	if (!frame_is_broadcast(w->p) && e1000_filter(w->c, w->p) == E1000_REJECT)
		return false;
	e1000_station(w->c, mac);
	return hwnet_is_magic(w->p, w->len, FRAME_ETH_LEN, mac);
}

/* Is the IPv4 address at @off one of those in IP4AT? They are stored as they stand in
 * memory, 13.6.5. */
static bool own_ipv4(const struct wake *w, uint32_t off)
{
	for (unsigned i = 0; i < 4; i++)
		if ((w->r[R_IPAV] >> i & 1) && w->r[R_IP4AT + i] == get32(w->p + off))
			return true;
	return false;
}

static bool own_ipv6(const struct wake *w, uint32_t off)
{
	for (unsigned i = 0; i < 16; i++)
		if (w->p[off + i] != (uint8_t)(w->r[R_IP6AT + i / 4] >> 8 * (i & 3)))
			return false;
	return w->r[R_IPAV] & IPAV_V60;
}

/* 6.4.3.3: one bit of FFMT a byte says whether it counts; FFVT has the four filters' values side by
 * side. */
static bool flexible(const struct wake *w, unsigned n)
{
	uint32_t len = w->r[R_FFLT + n];

	if (!len || len > w->len || len > FLEX_MAX)
		return false;
	for (unsigned i = 0; i < len; i++)
		if ((w->r[R_FFMT + i] >> n & 1) && w->p[i] != (uint8_t)(w->r[R_FFVT + i] >> 8 * n))
			return false;
	return true;
}

/* WUFC bits whose filters match; 6.4.3.1 and 6.4.3.3, behind the address filter (6.4.2). */
static uint32_t matches(const struct wake *w)
{
	enum e1000_match match = e1000_filter(w->c, w->p);
	bool passes = match != E1000_REJECT;
	uint32_t bits = magic(w) ? WUFC_MAG : 0;

	if (match == E1000_EXACT && !frame_is_group(w->p))
		bits |= WUFC_EX;
	if (frame_is_broadcast(w->p))
		bits |= WUFC_BC;
	else if (frame_is_group(w->p) && passes)
		bits |= WUFC_MC;
	if (passes && (w->f.flags & FRAME_ARP) && own_ipv4(w, w->f.l3 + 24))
		bits |= WUFC_ARP;
	if (passes && (w->f.flags & FRAME_IPV4) && own_ipv4(w, w->f.daddr))
		bits |= WUFC_IPV4;
	if (passes && (w->f.flags & FRAME_IPV6) && own_ipv6(w, w->f.daddr))
		bits |= WUFC_IPV6;
	for (unsigned i = 0; i < N_FLEX; i++)
		if (passes && flexible(w, i))
			bits |= 1u << (WUFC_FLX0_SHIFT + i);
	return bits;
}

/* 13.6.7, 13.6.8: the packet for the driver. */
static void keep(struct e1000 *c, const struct wake *w)
{
	uint32_t *r = c->s->reg;

	r[R_WUPL] = w->len;
	memset(&r[R_WUPM], 0, (R_WUPM_LAST - R_WUPM + 1) * sizeof(*r));
	for (unsigned i = 0; i < FLEX_MAX && i < w->len; i++)
		r[R_WUPM + i / 4] |= (uint32_t)w->p[i] << 8 * (i & 3);
}

/**
 * e1000_wake() - Would this frame, or a change of the link, wake the machine?
 * @nic: The card
 * @pkt: The frame, or NULL
 *
 * Return: true to assert PME#.
 */
bool e1000_wake(struct hwnet_nic *nic, const struct pkt *pkt)
{
	struct e1000 *c = e1000_of(nic);
	struct wake w = { .c = c, .r = c->s->reg };
	uint32_t hit;
	bool apm;

	if (!pkt) {
		e1000_wake_link(c); /* autonegotiation may still be under way */
		return (REG(c, WUFC) & WUFC_LNKC) && (REG(c, WUC) & WUC_PME_EN);
	}
	w.len = pkt_copy(pkt, 0, w.p, FRAME_MAX);
	frame_parse(&w.f, pkt, 0);
	hit = matches(&w);
	apm = (hit & WUFC_MAG) && (REG(c, WUC) & WUC_APME);
	hit &= REG(c, WUFC) | (apm ? WUFC_MAG : 0);
	if (!hit)
		return false;
	if (!REG(c, WUS))
		keep(c, &w);
	REG(c, WUS) |= hit;
	REG(c, WUC) |= WUC_PME_STATUS;
	return (REG(c, WUC) & WUC_PME_EN) || (apm && (REG(c, WUC) & WUC_APMPME));
}

/**
 * e1000_wake_link() - The link changed
 * @c: The card
 */
void e1000_wake_link(struct e1000 *c)
{
	if (!(REG(c, WUFC) & WUFC_LNKC))
		return;
	REG(c, WUS) |= WUFC_LNKC;
	REG(c, WUC) |= WUC_PME_STATUS;
}

/**
 * e1000_wuc_write() - Hook of WUC, 13.6.1: PME_STATUS is cleared by writing 1
 */
void e1000_wuc_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t status = REG(c, WUC) & ~val & WUC_PME_STATUS;

	REG(c, WUC) = (val & reg->wmask) | status;
}

/**
 * e1000_wus_write() - Hook of WUS, 13.6.3: cleared by writing 1
 */
void e1000_wus_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	REG(e1000_of(nic), WUS) &= ~(val & reg->wmask);
}
