/* SPDX-License-Identifier: BSD-2-Clause */
/* The link: carrier, autonegotiation. */
#ifndef E1000_LINK_H
#define E1000_LINK_H

#include "e1000.h"

/**
 * e1000_link_up() - Can frames pass?
 * @c: The card
 *
 * Return: true if so.
 */
static inline bool e1000_link_up(const struct e1000 *c)
{
	return (PHY(c->s, PSSTAT) & PSSR_LINK) && ((REG(c, CTRL) & CTRL_SLU) || c->s->linked);
}

void e1000_link_settle(struct e1000_state *s, bool carrier);
void e1000_link_update(struct e1000 *c);
void e1000_an_start(struct e1000 *c);
void e1000_an_done(struct e1000 *c);
void e1000_an_look(struct e1000 *c);
void e1000_set_carrier(struct hwnet_nic *nic, bool up);
void e1000_link(const struct hwnet_nic *nic, struct hwnet_link *link);
hwnet_reg_read e1000_status_read;

#endif
