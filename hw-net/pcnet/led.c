/* SPDX-License-Identifier: BSD-2-Clause */
/* The LEDs (970A, BCR4-7; 973, BCR48): what drivers read there is whether one is lit. */
#include "led.h"

/* 970A, LED registers PSE: pulses are stretched to 49 - 55 ms. */
#define LED_STRETCH 52000000

/* 970A, LED registers: lit while any enabled condition holds; short events only with PSE, which
 * stretches them. */
static bool lit(struct pcnet *p, uint32_t led)
{
	const struct pcnet_state *s = p->s;
	int64_t now = pcnet_now(p);
	bool rx = (led & LED_PSE) && now - s->led_rx < LED_STRETCH;
	bool tx = (led & LED_PSE) && now - s->led_tx < LED_STRETCH;
	bool up = p->link.up || (p->kind == PCNET_970A && (s->csr[CSR_MODE] & MODE_DLNKTST));

	return ((led & LED_LNKSTE) && up) || ((led & LED_FDLSE) && up && p->link.full) ||
	       ((led & (LED_RCVE | LED_RCVME)) && rx) || ((led & LED_XMTE) && tx) ||
	       ((led & LED_MPSE) && pcnet_magic_mode(s)) ||
	       (p->kind == PCNET_973 && (led & (LED_100E | LED_SPEED)) && up &&
		p->link.speed_mbps == 100);
}

/**
 * pcnet_led_read() - Hook of the LED registers
 *
 * Return: what was programmed, and bit 15 if the LED is lit.
 */
uint32_t pcnet_led_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = pcnet_of(nic);
	uint32_t led = p->s->bcr[reg->num];

	return led | (lit(p, led) ? LED_OUT : 0);
}
