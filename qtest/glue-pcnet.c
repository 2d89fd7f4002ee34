/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pcnet of fuzz-glue; see glue-driver.h. */
#include "glue-driver.h"
#include "pcnet-rig.h"

#define PROMISCUOUS 0x8000u

static struct pcnet_rig cards[GLUE_CARDS];

static struct rig *rig_of(unsigned i)
{
	return &cards[i].r;
}

static bool ready(unsigned i)
{
	return cards[i].tx.desc;
}

static void setup(unsigned i)
{
	struct pcnet_rig *p = &cards[i];

	p->bar = 1;
	p->dwio = false;
	pcnet_program(p, 2, 16, 16, 2048, PROMISCUOUS, true);
}

static void put(unsigned i, const uint8_t *frame)
{
	unsigned len = GLUE_LEN;

	pcnet_put(&cards[i], frame, &len, 1);
}

static void ring_bell(unsigned i)
{
	pcnet_bell(&cards[i]);
}

static size_t take(unsigned i, uint8_t *frame)
{
	return pcnet_recv(&cards[i], frame);
}

const struct glue_driver glue_pcnet = { rig_of, ready, setup, put, ring_bell, NULL, take };
