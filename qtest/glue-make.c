/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes programs of fuzz-glue; see glue-step.h. */
#include "glue-step.h"

/* @wire: acts are made for what may be inside a call of the uplink's back end */
struct maker {
	GRand *random;
	GString *text;
	bool wire;
};

static unsigned pick(struct maker *m, unsigned n)
{
	return (unsigned)g_rand_int_range(m->random, 0, (gint32)n);
}

static unsigned card(struct maker *m)
{
	return pick(m, GLUE_CARDS);
}

/* One of ours, most often: those are under test. */
static unsigned ours(struct maker *m)
{
	static const uint8_t list[] = { 0, 2, 3, 4, 0, 3, 4 };

	return list[pick(m, sizeof(list))];
}

static uint32_t value(struct maker *m)
{
	static const uint32_t list[] = { 0, 1, 0xffffffff, 0x80000000, 16, 0xffff, 0xe6000000 };

	return pick(m, 2) ? list[pick(m, G_N_ELEMENTS(list))] : g_rand_int(m->random);
}

/* Registers that start, stop, reset, or ring: BAR, offset, values. */
static const struct {
	unsigned card, bar, off;
	uint32_t val[3];
} registers[] = {
	{ 0, 0, 0x0000, { 0x04000000, 0x40, 0 } },  /* CTRL */
	{ 0, 0, 0x0400, { 0, 0x0a, 0x2 } },	    /* TCTL */
	{ 0, 0, 0x0100, { 0, 0x8002, 0x4008002 } }, /* RCTL */
	{ 0, 0, 0x3818, { 0, 5, 15 } },		    /* TDT */
	{ 0, 0, 0x2818, { 0, 5, 15 } },		    /* RDT */
	{ 0, 0, 0x00c8, { 0x80, 4, 0xffffffff } },  /* ICS */
	{ 0, 0, 0x00d0, { 0xffffffff, 0, 0x80 } },  /* IMS */
	{ 0, 0, 0x3820, { 1, 100, 0xffff } },	    /* TIDV */
	{ 2, 0, 0x0000, { 0x04000000, 0x40, 0 } },
	{ 2, 0, 0x3818, { 0, 5, 15 } },
	{ 2, 0, 0x2818, { 0, 5, 15 } },
	{ 2, 0, 0x00d0, { 0xffffffff, 0, 0x80 } },
	{ 3, 1, 0x0020, { 0xcafe0000, 0xcafe0001, 0xcafe0002 } }, /* commands */
	{ 3, 1, 0x0020, { 0xcafe0003, 0xf00d0001, 0xcafe000e } },
	{ 3, 0, 0x0600, { 0, 5, 31 } },	  /* TXPROD */
	{ 3, 0, 0x0800, { 0, 5, 31 } },	  /* RXPROD */
	{ 3, 0, 0x0000, { 0, 1, 0 } },	  /* IMR */
	{ 4, 1, 0x0010, { 4, 2, 0x48 } }, /* RDP: CSR0 as a rule */
	{ 4, 1, 0x0012, { 0, 4, 15 } },	  /* RAP */
	{ 4, 1, 0x0014, { 0, 0, 0 } },	  /* reset */
};

static void add_register(struct maker *m)
{
	unsigned i = pick(m, G_N_ELEMENTS(registers));
	uint32_t val = pick(m, 4) ? registers[i].val[pick(m, 3)] : value(m);

	g_string_append_printf(m->text, "register n%u %u %#x %#x", registers[i].card,
			       registers[i].bar, registers[i].off, val);
}

/* A byte of config space that changes much. */
static void add_config(struct maker *m)
{
	switch (pick(m, 6)) {
	case 0:
	case 1:
		g_string_append_printf(m->text, "config n%u pm %u", ours(m), pick(m, 2) * 3);
		break;
	case 2:
		g_string_append_printf(m->text, "config n%u 4 %u", ours(m), pick(m, 8));
		break;
	case 3:
		g_string_append_printf(m->text, "config rp%u bridge %u", card(m),
				       pick(m, 2) * 0x40);
		break;
	case 4:
		g_string_append_printf(m->text, "config rp%u slot+1 %u", card(m),
				       pick(m, 2) * 4 + 3);
		break;
	default:
		g_string_append_printf(m->text, "config n%u %#x %#x", ours(m), pick(m, 256),
				       pick(m, 256));
	}
}

/* A device that may go: cards, ports, seldom the uplink and the switch. */
static void add_id(struct maker *m)
{
	unsigned what = pick(m, 12);

	if (what < 2)
		g_string_append(m->text, what ? "u0" : "sw0");
	else
		g_string_append_printf(m->text, "%s%u", what < 7 ? "n" : "p", card(m));
}

/* One act of inside-device.c. */
static void add_act(struct maker *m)
{
	static const char *const plain[] = { "request_stop", "cont", "system_reset", "loop",
					     "loop" };

	switch (pick(m, 14)) {
	case 0:
	case 1:
		g_string_append_printf(m->text, "unplug n%u", ours(m));
		break;
	case 2:
		g_string_append_printf(m->text, "reset %s%u", pick(m, 3) ? "n" : "rp", ours(m));
		break;
	case 3:
	case 4:
	case 5:
		add_config(m);
		break;
	case 6:
	case 7:
		add_register(m);
		break;
	case 8:
		g_string_append_printf(m->text, "link %s%u %s", pick(m, 2) ? "n" : "p", card(m),
				       pick(m, 2) ? "on" : "off");
		break;
	case 9:
		g_string_append(m->text, "device_del ");
		add_id(m);
		break;
	case 10:
		if (pick(m, 2) && !m->wire)
			g_string_append(m->text, "netdev_del w0");
		else
			g_string_append_printf(m->text, "port_add p%u sw0", card(m));
		break;
	case 11:
		g_string_append_printf(m->text, "%s n%u", pick(m, 2) ? "save" : "load", ours(m));
		break;
	case 12:
		g_string_append_printf(m->text, "query n%u", ours(m));
		break;
	default:
		g_string_append(m->text, plain[pick(m, G_N_ELEMENTS(plain))]);
	}
}

static void add_acts(struct maker *m)
{
	for (unsigned n = 1 + pick(m, 3); n; n--) {
		add_act(m);
		if (n > 1)
			g_string_append(m->text, " & ");
	}
}

static void make_inside(struct maker *m)
{
	g_string_append_printf(m->text, "inside n%u %u ", ours(m), 1 + pick(m, 4));
	add_acts(m);
}

/* A back end that goes under its own frame is QEMU's: it would be freed with the frame in it. */
static void make_within(struct maker *m, const char *word)
{
	m->wire = true;
	g_string_append(m->text, word);
	add_acts(m);
	m->wire = false;
}

static void make_message(struct maker *m)
{
	make_within(m, "message n3 ");
}

static void make_direct(struct maker *m)
{
	g_string_append(m->text, "direct ");
	add_act(m);
}

static void make_from_wire(struct maker *m)
{
	make_within(m, "from-wire ");
}

static void make_send(struct maker *m)
{
	g_string_append_printf(m->text, "send n%u %u %u", card(m), pick(m, 4) ? card(m) : 255,
			       1 + pick(m, 8));
}

static void make_tso(struct maker *m)
{
	g_string_append_printf(m->text, "tso n%u %u %u", ours(m), pick(m, 1900), pick(m, 1500));
}

static void make_wire(struct maker *m)
{
	g_string_append_printf(m->text, "wire %u %u", pick(m, 3) ? card(m) : 255, 1 + pick(m, 8));
}

static void make_setup(struct maker *m)
{
	g_string_append_printf(m->text, "setup n%u", card(m));
}

static void make_config(struct maker *m)
{
	add_config(m);
}

static void make_register(struct maker *m)
{
	add_register(m);
}

static void make_raw(struct maker *m)
{
	g_string_append_printf(m->text, "raw n%u %u %#x %u %#x", ours(m), pick(m, 3),
			       pick(m, 0x6000) & ~3u, 1 << pick(m, 3), value(m));
}

static void make_clock(struct maker *m)
{
	g_string_append_printf(m->text, "clock %" PRIu64,
			       (uint64_t)(1 + pick(m, 999)) << pick(m, 26));
}

static void make_del(struct maker *m)
{
	g_string_append(m->text, "del ");
	add_id(m);
}

static void make_add(struct maker *m)
{
	g_string_append_printf(m->text, "add %s%u", pick(m, 2) ? "n" : "p", card(m));
}

static void make_eject(struct maker *m)
{
	g_string_append_printf(m->text, "eject %u", card(m));
}

static void make_link(struct maker *m)
{
	g_string_append_printf(m->text, "link %s%u %s", pick(m, 2) ? "n" : "p", card(m),
			       pick(m, 2) ? "on" : "off");
}

static void make_control(struct maker *m)
{
	g_string_append_printf(m->text, "control %u %u %u", pick(m, 16), card(m), 1 + pick(m, 250));
}

static void make_plain(struct maker *m)
{
	static const char *const words[] = { "reset",  "stop",	   "cont",    "cont",
					     "cont",   "firmware", "save",    "load",
					     "query",  "query",	   "migrate", "netdev_del",
					     "uplink", "firmware", "uplink",  "query" };

	g_string_append(m->text, words[pick(m, G_N_ELEMENTS(words))]);
}

/* How often, and what. */
static const struct {
	unsigned weight;
	void (*make)(struct maker *m);
} rows[] = {
	{ 20, make_inside }, { 4, make_message },  { 4, make_direct }, { 5, make_from_wire },
	{ 10, make_send },   { 4, make_tso },	   { 8, make_wire },   { 10, make_setup },
	{ 6, make_config },  { 6, make_register }, { 6, make_raw },    { 6, make_clock },
	{ 3, make_del },     { 6, make_add },	   { 2, make_eject },  { 3, make_link },
	{ 4, make_control }, { 8, make_plain },
};

static void make_step(struct maker *m)
{
	unsigned all = 0, at, i = 0;

	for (unsigned k = 0; k < G_N_ELEMENTS(rows); k++)
		all += rows[k].weight;
	for (at = pick(m, all); at >= rows[i].weight; i++)
		at -= rows[i].weight;
	rows[i].make(m);
	g_string_append_c(m->text, '\n');
}

char *glue_make(uint32_t seed, unsigned steps)
{
	struct maker m = { g_rand_new_with_seed(seed), g_string_new(""), false };

	g_string_append(m.text, pick(&m, 2) ? "machine native\n" : "machine acpi\n");
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		g_string_append_printf(m.text, "setup n%u\n", i);
	while (steps--)
		make_step(&m);
	g_rand_free(m.random);
	return g_string_free(m.text, false);
}
