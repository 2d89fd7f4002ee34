/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a frame fit for a plainer receiver; see hwnet/gso.h. */
#include "hwnet/csum.h"
#include "hwnet/gso.h"

/* What has to be done. */
#define TODO_CUT  1u
#define TODO_CSUM 2u
#define TODO_VLAN 4u

static bool takes_gso(const struct pkt *pkt, uint32_t takes)
{
	struct pkt bare = *pkt;

	bare.flags &= (uint16_t)~PKT_VLAN;
	return pkt_fits(&bare, takes);
}

static unsigned what_to_do(const struct pkt *pkt, uint32_t takes)
{
	unsigned todo = 0;

	if (pkt->gso_type != PKT_GSO_NONE && !takes_gso(pkt, takes))
		todo |= TODO_CUT;
	if ((pkt->flags & PKT_CSUM_PARTIAL) && !(takes & PKT_TAKES_CSUM))
		todo |= TODO_CSUM;
	if ((pkt->flags & PKT_OUTER_CSUM) && !(takes & PKT_TAKES_TUNNEL))
		todo |= TODO_CSUM;
	if ((pkt->flags & PKT_VLAN) && !(takes & PKT_TAKES_VLAN))
		todo |= TODO_VLAN;
	return todo;
}

static const char *cut_begin(struct pkt_fit *fit, const struct pkt *pkt, uint32_t takes)
{
	unsigned opts = 0;

	opts |= takes & PKT_TAKES_CSUM ? 0 : GSO_FINISH;
	opts |= takes & PKT_TAKES_VLAN ? 0 : GSO_VLAN_BYTES;
	return gso_begin(&fit->gso, pkt, opts);
}

/* Will alter() succeed? */
static const char *can_alter(const struct pkt *pkt, unsigned todo)
{
	const char *why = todo & TODO_CSUM ? pkt_can_finish(pkt) : NULL;

	return why ? why : pkt_can_own(pkt, todo & TODO_VLAN);
}

const char *pkt_fit_begin(struct pkt_fit *fit, const struct pkt *pkt, uint32_t takes)
{
	const char *why = NULL;

	fit->pkt = NULL;
	fit->todo = pkt_fits(pkt, takes) ? 0 : what_to_do(pkt, takes);
	if (fit->todo & TODO_CUT)
		why = cut_begin(fit, pkt, takes);
	else if (fit->todo)
		why = can_alter(pkt, fit->todo);
	if (!why)
		fit->pkt = pkt;
	return why;
}

/* Complete, then insert the tag into the same buffer. */
static int alter(const struct pkt *pkt, unsigned todo, struct pkt_buf *buf)
{
	if (!(todo & TODO_CSUM))
		return pkt_vlan_to_bytes(pkt, buf);
	if (pkt_csum_finish(pkt, buf))
		return -1;
	return todo & TODO_VLAN ? pkt_vlan_into_own(buf) : 0;
}

void pkt_fit_skip(struct pkt_fit *fit, uint32_t n)
{
	if (fit->pkt && (fit->todo & TODO_CUT))
		gso_skip(&fit->gso, n);
	else if (n)
		fit->pkt = NULL;
}

const struct pkt *pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf)
{
	const struct pkt *pkt = fit->pkt;

	if (!pkt)
		return NULL;
	if (fit->todo & TODO_CUT)
		return gso_next(&fit->gso, buf);
	fit->pkt = NULL;
	if (!fit->todo)
		return pkt;
	return alter(pkt, fit->todo, buf) ? NULL : &buf->pkt;
}
