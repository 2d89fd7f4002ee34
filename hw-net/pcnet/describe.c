/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest's driver has made of the card, for hwnet_describe(). */
#include "describe.h"

#include "loopback.h"
#include "ring.h"

static void say_rings(const struct pcnet_state *s, const struct hwnet_listener *to)
{
	hwnet_say_number(to, "software-style", s->bcr[BCR20] & 0xff);
	hwnet_say_number(to, "structure-bits", s->bcr[BCR20] & BCR20_SSIZE32 ? 32 : 16);
	hwnet_say_number(to, "io-bits", s->bcr[BCR18] & BCR18_DWIO ? 32 : 16);
	hwnet_say_number(to, "tx-ring", pcnet_tx_ring(s).len);
	hwnet_say_number(to, "rx-ring", pcnet_rx_ring(s).len);
}

/**
 * pcnet_describe() - Say what the driver has made of the card
 * @nic: The card
 * @to:  Who is told
 */
void pcnet_describe(struct hwnet_nic *nic, const struct hwnet_listener *to)
{
	static const char *const loops[] = { "none", "internal", "external" };
	const struct pcnet *p = pcnet_of_const(nic);
	const struct pcnet_state *s = p->s;

	hwnet_say_yes_no(to, "active", s->csr[CSR0] & (CSR0_TXON | CSR0_RXON));
	hwnet_say_yes_no(to, "suspended", s->csr[CSR5] & CSR5_SPND);
	hwnet_say_yes_no(to, "tx-enabled", s->csr[CSR0] & CSR0_TXON);
	hwnet_say_yes_no(to, "rx-enabled", s->csr[CSR0] & CSR0_RXON);
	say_rings(s, to);
	hwnet_say_yes_no(to, "tx-pad", s->csr[CSR4] & CSR4_APAD);
	hwnet_say_yes_no(to, "tx-poll", !(s->csr[CSR4] & CSR4_DPOLL));
	hwnet_say_yes_no(to, "fcs-strip", s->csr[CSR4] & CSR4_ASTRP);
	hwnet_say_yes_no(to, "rx-waiting", s->hold_until != HWNET_NEVER);
	hwnet_say_text(to, "loopback", loops[pcnet_loop(p)]);
	hwnet_say_yes_no(to, "interrupts", s->csr[CSR0] & CSR0_IENA);
	hwnet_say_yes_no(to, "magic-packet", s->csr[CSR5] & CSR5_MPMODE);
}
