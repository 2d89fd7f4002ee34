/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs programs of fuzz-glue; see glue-step.h. */
#include "glue-card.h"
#include "glue-life.h"
#include "glue-step.h"

static unsigned number(const char *word)
{
	return (unsigned)strtoul(word + strcspn(word, "0123456789"), NULL, 10) % GLUE_CARDS;
}

static uint32_t value(const char *word)
{
	return (uint32_t)strtoul(word, NULL, 0);
}

/* ---- acts ---- */

/* A root port's capability, or its bridge control (PCI-to-PCI Bridge 1.2, 3.2.5.18). */
static unsigned offset_of(struct glue *g, const char *id, const char *name)
{
	unsigned i = number(id), at;

	if (!strcmp(name, "pm"))
		at = glue_power_at(g, i);
	else if (!strcmp(name, "bridge"))
		at = 0x3e;
	else if (g_str_has_prefix(name, "slot"))
		at = qpci_find_capability(g->root[i], 0x10, 0) + 0x18 + (name[4] == '+');
	else
		at = value(name);
	return at;
}

/* An act with numbers in place of names */
static char *translate(struct glue *g, const char *act)
{
	g_auto(GStrv) w = g_strsplit(act, " ", 0);

	if (strcmp(w[0], "config") || g_strv_length(w) != 4)
		return g_strdup(act);
	return g_strdup_printf("config %s %u %s", w[1], offset_of(g, w[1], w[2]), w[3]);
}

/*
 * Act 1 is for frames of cards and plain writes, act 2 for frames from the wire and for messages,
 * which a frame from the wire may cause, and which come when other acts are set than those they
 * were sent for. A back end that goes under its own frame is QEMU's: it is freed with the frame in
 * it. So is a device that is removed while it is being removed, and to remove a port causes a
 * message: its card's link goes down.
 */
static bool may_wait(const char *acts)
{
	return !strstr(acts, "netdev_del") && !strstr(acts, "device_del p") &&
	       !strstr(acts, "device_del u");
}

static void set_acts(struct glue *g, const char *acts)
{
	g_auto(GStrv) part = g_strsplit(acts, " & ", 0);
	g_autofree char *line = NULL, *both = NULL;

	for (unsigned i = 0; part[i]; i++) {
		char *known = translate(g, part[i]);

		g_free(part[i]);
		part[i] = known;
	}
	line = g_strjoinv(" & ", part);
	both = g_strjoin("\n", line, may_wait(line) ? line : "", NULL);
	glue_ask(g,
		 "{ 'execute': 'qom-set', 'arguments': { 'path': '/machine/peripheral/x', "
		 "'property': 'acts', 'value': %s } }",
		 both);
}

void glue_act(struct glue *g, const char *acts)
{
	set_acts(g, acts);
	qtest_writeb(g->qts, g->reg, 1);
}

/* What is left of a line from a word on */
static const char *rest(const char *line, unsigned word)
{
	while (word--)
		line += strcspn(line, " ") + 1;
	return line;
}

static void do_inside(struct glue *g, char **w, const char *line)
{
	static const uint8_t act[8] = { 1 };
	unsigned n = CLAMP(value(w[2]), 1u, 8u);

	set_acts(g, rest(line, 3));
	glue_card_carry(g);
	glue_card_send(g, number(w[1]), n & 1 ? 1 : 0xff, n, act);
}

static void do_message(struct glue *g, char **w, const char *line)
{
	static const uint8_t none[1];

	set_acts(g, rest(line, 2));
	glue_card_aim(g, number(w[1]), 2);
	glue_card_send(g, number(w[1]), 2, 1, none);
	qtest_clock_step(g->qts, 1000000);
}

static void do_direct(struct glue *g, char **w, const char *line)
{
	glue_act(g, rest(line, 1));
}

/* It may be closed, or full. */
static void from_wire(struct glue *g, uint8_t to, uint8_t act)
{
	static const uint8_t head[4] = { 0, 0, 0, GLUE_LEN };
	uint8_t frame[GLUE_LEN];

	glue_frame(frame, 0xee, to, act);
	send(g->wire, head, sizeof(head), MSG_DONTWAIT | MSG_NOSIGNAL);
	send(g->wire, frame, sizeof(frame), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void do_from_wire(struct glue *g, char **w, const char *line)
{
	set_acts(g, rest(line, 1));
	glue_card_carry(g);
	from_wire(g, 1, 2);
	wire_turn(g->qts);
}

/* ---- frames ---- */

static void do_send(struct glue *g, char **w, const char *line)
{
	static const uint8_t none[8];

	glue_card_send(g, number(w[1]), (uint8_t)value(w[2]), CLAMP(value(w[3]), 1u, 8u), none);
}

static void do_tso(struct glue *g, char **w, const char *line)
{
	glue_card_tso(g, number(w[1]), value(w[2]) % 1900, (uint16_t)value(w[3]));
}

static void do_wire(struct glue *g, char **w, const char *line)
{
	for (unsigned n = value(w[2]) % 9; n; n--)
		from_wire(g, (uint8_t)value(w[1]), 0);
	wire_turn(g->qts);
}

/* ---- registers ---- */

static void do_setup(struct glue *g, char **w, const char *line)
{
	glue_card_setup(g, number(w[1]));
	if (number(w[1]) == 1)
		glue_card_carry(g);
}

static void do_config(struct glue *g, char **w, const char *line)
{
	QPCIDevice *dev = w[1][0] == 'n' ? g->card[number(w[1])]->dev : g->root[number(w[1])];

	qpci_config_writeb(dev, (uint8_t)offset_of(g, w[1], w[2]), (uint8_t)value(w[3]));
}

static void do_register(struct glue *g, char **w, const char *line)
{
	struct rig *r = g->card[number(w[1])];

	qpci_io_writel(r->dev, r->bar[value(w[2]) % 6], value(w[3]), value(w[4]));
}

static void do_raw(struct glue *g, char **w, const char *line)
{
	struct rig *r = g->card[number(w[1])];
	QPCIBar bar = r->bar[value(w[2]) % 6];
	uint32_t off = value(w[3]), val = value(w[5]);

	if (bar.is_io)
		off &= 0xff;
	if (value(w[4]) == 1)
		qpci_io_writeb(r->dev, bar, off, (uint8_t)val);
	else if (value(w[4]) == 2)
		qpci_io_writew(r->dev, bar, off, (uint16_t)val);
	else
		qpci_io_writel(r->dev, bar, off, val);
	qpci_io_readl(r->dev, bar, off & ~3u);
}

static void do_firmware(struct glue *g, char **w, const char *line)
{
	glue_firmware(g);
}

/* ACPI's registers for hot-plug (QEMU, docs/specs/acpi_pci_hotplug), or the root port's. */
static void do_eject(struct glue *g, char **w, const char *line)
{
	unsigned i = number(w[1]);

	qtest_outl(g->qts, 0xcd0, i);
	qtest_outl(g->qts, 0xcc8, 1);
	qpci_config_writeb(g->root[i], (uint8_t)offset_of(g, w[1], "slot+1"), 7);
}

/* ---- management ---- */

static void do_clock(struct glue *g, char **w, const char *line)
{
	static uint8_t in[WIRE_MAX_FRAME];

	qtest_clock_step(g->qts, (int64_t)strtoull(w[1], NULL, 0));
	while (recv(g->wire, in, sizeof(in), MSG_DONTWAIT) > 0)
		wire_turn(g->qts);
}

static void do_del(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'device_del', 'arguments': { 'id': %s } }", w[1]);
}

static void do_add(struct glue *g, char **w, const char *line)
{
	if (w[1][0] == 'n')
		glue_add_card(g, number(w[1]));
	else
		glue_add_port(g, number(w[1]));
}

static void do_uplink(struct glue *g, char **w, const char *line)
{
	glue_add_uplink(g);
}

static void do_netdev_del(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
}

static void do_link(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'set_link', 'arguments': { 'name': %s, 'up': %i } }", w[1],
		 !strcmp(w[2], "on"));
}

static void do_reset(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'system_reset' }");
	wire_turn(g->qts);
}

static void do_stop(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'stop' }");
}

static void do_cont(struct glue *g, char **w, const char *line)
{
	glue_ask(g, "{ 'execute': 'cont' }");
}

static void do_save(struct glue *g, char **w, const char *line)
{
	glue_monitor(g, "savevm s");
}

static void do_load(struct glue *g, char **w, const char *line)
{
	glue_monitor(g, "loadvm s");
}

static void do_migrate(struct glue *g, char **w, const char *line)
{
	glue_migrate(g);
}

static void do_query(struct glue *g, char **w, const char *line)
{
	glue_query(g);
}

static void do_control(struct glue *g, char **w, const char *line)
{
	glue_control_number(g, value(w[1]), number(w[2]), value(w[3]));
}

static const struct {
	const char *word;
	unsigned args;
	void (*run)(struct glue *g, char **w, const char *line);
} rows[] = {
	{ "inside", 3, do_inside },   { "message", 2, do_message },
	{ "direct", 1, do_direct },   { "from-wire", 1, do_from_wire },
	{ "send", 3, do_send },	      { "tso", 3, do_tso },
	{ "wire", 2, do_wire },	      { "setup", 1, do_setup },
	{ "config", 3, do_config },   { "register", 4, do_register },
	{ "raw", 5, do_raw },	      { "firmware", 0, do_firmware },
	{ "eject", 1, do_eject },     { "clock", 1, do_clock },
	{ "del", 1, do_del },	      { "add", 1, do_add },
	{ "uplink", 0, do_uplink },   { "netdev_del", 0, do_netdev_del },
	{ "link", 2, do_link },	      { "reset", 0, do_reset },
	{ "stop", 0, do_stop },	      { "cont", 0, do_cont },
	{ "save", 0, do_save },	      { "load", 0, do_load },
	{ "migrate", 0, do_migrate }, { "query", 0, do_query },
	{ "control", 3, do_control },
};

static void run_step(struct glue *g, const char *line)
{
	g_auto(GStrv) w = g_strsplit(line, " ", 0);
	double before = glue_cpu(g), took;
	unsigned i = 0;

	while (i < G_N_ELEMENTS(rows) && g_strcmp0(rows[i].word, w[0]))
		i++;
	if (i == G_N_ELEMENTS(rows) || g_strv_length(w) <= rows[i].args)
		g_error("no such step: %s", line);
	rows[i].run(g, w, line);
	took = glue_cpu(g) - before;
	g->worst = MAX(g->worst, took);
	if (g->bound > 0 && took > g->bound)
		g_error("%s: QEMU works %.1f s", line, took);
}

void glue_run(struct glue *g, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

	for (unsigned i = 1; lines[i]; i++)
		if (*lines[i]) {
			run_step(g, lines[i]);
			glue_look(g, i % GLUE_CARDS);
		}
}
