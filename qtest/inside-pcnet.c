/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pcnet as the card under test of inside-rig.h. */
#include "inside-model.h"
#include "pcnet-rig.h"

static struct pcnet_rig card;

static void attach(void)
{
	rig_map(&card.r, 0);
	card.bar = 0;
	card.dwio = false;
	pcnet_setup(&card, 2, 16, 16, 2048, 0, false);
}

static void send_frame(const uint8_t *frame)
{
	pcnet_send(&card, frame, 64);
}

const struct inside_model inside_pcnet = { "vc-pcnet", &card.r, attach, send_frame };
