/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers without expectations; see glue-card.h. */
#include "glue-card.h"

/* Last byte of the address of a station behind the wire, one for each card */
#define STATION 0xe0

void glue_frame(uint8_t *buf, uint8_t from, uint8_t to, uint8_t act)
{
	uint8_t dst[6] = { 0x52, 0x54, 0, 0xaa, 0, to };
	const uint8_t src[6] = { 0x52, 0x54, 0, 0xaa, 0, from };

	if (to == 0xff)
		memset(dst, 0xff, 6);
	rig_frame(buf, dst, src, GLUE_LEN, (uint32_t)act << 8);
	memset(buf + 18, 0, GLUE_LEN - 18);
}

void glue_card_setup(struct glue *g, unsigned i)
{
	glue_memory(g, i);
	glue_rows[i].driver->setup(i);
}

void glue_card_carry(struct glue *g)
{
	glue_e1000_carry(1, g->reg);
}

void glue_card_send(struct glue *g, unsigned i, uint8_t to, unsigned n, const uint8_t *act)
{
	const struct glue_driver *driver = glue_rows[i].driver;
	uint8_t frame[GLUE_LEN];

	if (!driver->ready(i))
		return;
	for (unsigned k = 0; k < n; k++) {
		glue_frame(frame, (uint8_t)i, to, act[k]);
		driver->put(i, frame);
	}
	driver->bell(i);
}

void glue_card_tso(struct glue *g, unsigned i, unsigned len, uint16_t mss)
{
	static uint8_t frame[2048];
	const uint8_t to[6] = { 0x52, 0x54, 0, 0xaa, 0, 1 };
	const uint8_t from[6] = { 0x52, 0x54, 0, 0xaa, 0, (uint8_t)i };
	const struct glue_driver *driver = glue_rows[i].driver;

	if (driver->ready(i) && driver->tso)
		driver->tso(i, frame, rig_tcp4(frame, to, from, len), mss);
}

void glue_card_aim(struct glue *g, unsigned i, uint32_t data)
{
	if (glue_rows[i].driver == &glue_vmxnet3)
		glue_vmxnet3_aim(i, g->reg, data);
}

/* Whatever else came before it is none of ours. */
static void expect(struct glue *g, unsigned i, const uint8_t *want)
{
	uint8_t in[GLUE_ROOM];
	size_t len;

	do
		len = glue_rows[i].driver->take(i, in);
	while (len < 60 || memcmp(in, want, 60));
}

static void expect_on_wire(struct glue *g, const uint8_t *want)
{
	static uint8_t in[WIRE_MAX_FRAME];
	size_t len;

	do
		len = wire_recv(g->wire, g->qts, in);
	while (len < 60 || memcmp(in, want, 60));
}

void glue_card_exchange(struct glue *g, unsigned i)
{
	static const uint8_t none[1];
	uint8_t frame[GLUE_LEN], station = (uint8_t)(STATION + i);

	g_test_message("n%u and the wire", i);

	glue_card_send(g, i, station, 1, none);
	glue_frame(frame, (uint8_t)i, station, 0);
	expect_on_wire(g, frame);
	glue_frame(frame, station, 0xff, 0);
	wire_send(g->wire, frame, GLUE_LEN);
	expect(g, i, frame);
}
