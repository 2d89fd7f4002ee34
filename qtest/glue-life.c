/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes and goes, and what must hold in the end; see glue-life.h. */
#include "glue-card.h"
#include "glue-life.h"
#include "glue-step.h"

/* Status register (PCI 3.0, 6.2.3): INTx is asserted */
#define STATUS	    6
#define STATUS_INTX (1 << 3)

/* Turns of the main loop after which what was put off is done. */
#define TURNS 16u

static void turn(struct glue *g)
{
	for (unsigned i = 0; i < TURNS; i++)
		wire_turn(g->qts);
}

/* ---- coming and going ---- */

void glue_add_card(struct glue *g, unsigned i)
{
	g_autofree char *id = g_strdup_printf("n%u", i), *port = g_strdup_printf("p%u", i);
	g_autofree char *bus = g_strdup_printf("rp%u", i);
	g_autofree char *mac = g_strdup_printf("52:54:00:aa:00:%02x", i);

	glue_ask(g,
		 "{ 'execute': 'device_add', 'arguments': { 'driver': %s, 'id': %s, 'netdev': %s, "
		 "'bus': %s, 'mac': %s } }",
		 glue_rows[i].type, id, port, bus, mac);
}

void glue_add_port(struct glue *g, unsigned i)
{
	g_autofree char *id = g_strdup_printf("p%u", i);

	glue_ask(g,
		 "{ 'execute': 'device_add', 'arguments': { 'driver': 'vc-port', 'id': %s, "
		 "'switch': 'sw0' } }",
		 id);
}

static void add_wire(struct glue *g)
{
	int theirs, ours = wire_make(&theirs);

	qobject_unref(qtest_qmp_fds(g->qts, &theirs, 1,
				    "{ 'execute': 'getfd', 'arguments': { 'fdname': 'w' } }"));
	close(theirs);
	if (!glue_ask(g, "{ 'execute': 'netdev_add', 'arguments': { 'type': 'socket', 'id': 'w0', "
			 "'fd': 'w' } }")) {
		close(ours);
		return;
	}
	close(g->wire);
	g->wire = ours;
}

void glue_add_uplink(struct glue *g)
{
	add_wire(g);
	glue_ask(g, "{ 'execute': 'device_add', 'arguments': { 'driver': 'vc-port', 'id': 'u0', "
		    "'switch': 'sw0', 'netdev': 'w0' } }");
	turn(g);
}

/* ---- management ---- */

void glue_monitor(struct glue *g, const char *command)
{
	glue_ask(g, "{ 'execute': 'human-monitor-command', 'arguments': { 'command-line': %s } }",
		 command);
	glue_ask(g, "{ 'execute': 'cont' }");
}

static bool migrates(struct glue *g)
{
	QDict *rsp = qtest_qmp(g->qts, "{ 'execute': 'query-migrate' }");
	const char *status = qdict_get_try_str(qdict_get_qdict(rsp, "return"), "status");
	bool on = status && strcmp(status, "completed") && strcmp(status, "failed");

	qobject_unref(rsp);
	return on;
}

void glue_migrate(struct glue *g)
{
	glue_ask(g, "{ 'execute': 'migrate', 'arguments': { 'uri': 'exec:cat >/dev/null' } }");
	for (unsigned n = 0; migrates(g); n++)
		g_assert_cmpuint(n, <, WIRE_PATIENCE);
	glue_ask(g, "{ 'execute': 'cont' }");
}

static void get(struct glue *g, const char *id, unsigned i, const char *property)
{
	g_autofree char *path = g_strdup_printf("/machine/peripheral/%s%u", id, i);

	glue_ask(g, "{ 'execute': 'qom-get', 'arguments': { 'path': %s, 'property': %s } }", path,
		 property);
}

void glue_query(struct glue *g)
{
	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		get(g, "n", i, "stats");
		get(g, "n", i, "setup");
		get(g, "p", i, "stats");
	}
	get(g, "sw", 0, "fdb");
	glue_ask(g, "{ 'execute': 'query-rx-filter' }");
	glue_monitor(g, "info network");
}

/* Numbers of two of the commands below */
#define ROLLBACK    8u
#define SET_NOTHING 12u

void glue_control_number(struct glue *g, unsigned which, unsigned i, unsigned n)
{
	static const char *const words[] = {
		"\"query-ports\"",
		"\"query-fdb\"",
		"\"query-config\"",
		"\"query-switch\"",
		"\"clear-counters\"",
		"\"fdb-flush\"",
		"\"fdb-add\", \"arguments\": {\"mac\": \"02:bb:00:00:00:01\", \"port\": \"p$i\"}",
		"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"p$i\":"
		" {\"blocked\": true}}}, \"confirm-timeout\": 1}",
		"\"config-rollback\"",
		"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"p$i\": {\"shaping\":"
		" {\"out\": {\"average\": $n000, \"peak\": $n000, \"burst\": 2000}}}}}}",
		"\"config-patch\", \"arguments\": {\"patch\": {\"ports\": {\"p$i\": {\"storm\":"
		" {\"broadcast\": $n}}}}}",
		"\"config-patch\", \"arguments\": {\"patch\": {\"mirrors\": [{\"name\": \"m\","
		" \"to\": \"p$i\", \"sources\": {\"p0\": \"both\"}}]}}",
		"\"config-set\", \"arguments\": {\"config\": {}}",
	};
	g_auto(GStrv) part = g_strsplit(words[which % G_N_ELEMENTS(words)], "$i", 0);
	g_autofree char *port = g_strdup_printf("%u", i), *num = g_strdup_printf("%u", n);
	g_autofree char *with_port = g_strjoinv(port, part);
	g_auto(GStrv) rest = g_strsplit(with_port, "$n", 0);
	g_autofree char *all = g_strjoinv(num, rest);
	g_autofree char *text = g_strdup_printf("{\"execute\": %s}", all);

	g_free(glue_control(g, text));
}

/* ---- in the end ---- */

static bool asks(struct glue *g, unsigned i)
{
	return qpci_config_readw(g->card[i]->dev, STATUS) & STATUS_INTX;
}

void glue_look(struct glue *g, unsigned i)
{
	unsigned at = glue_rows[i].ours ? glue_power_at(g, i) : 0;

	if (at && qpci_config_readb(g->card[i]->dev, (uint8_t)at) & 3 && asks(g, i))
		g_error("n%u sleeps, and its interrupt is up", i);
}

/* Nobody has a reason to ask for an interrupt, and nobody sleeps. */
static void judge_reset(struct glue *g)
{
	glue_ask(g, "{ 'execute': 'cont' }");
	glue_ask(g, "{ 'execute': 'system_reset' }");
	turn(g);
	glue_ask(g, "{ 'execute': 'cont' }");
	turn(g);
	glue_firmware(g);
	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		unsigned at = glue_rows[i].ours ? glue_power_at(g, i) : 0;

		if (at && qpci_config_readb(g->card[i]->dev, (uint8_t)at) & 3)
			g_error("n%u sleeps after a reset", i);
		if (at && asks(g, i))
			g_error("n%u asks for an interrupt after a reset", i);
	}
}

static bool has(struct glue *g, const char *kind, unsigned i)
{
	g_autofree char *id = g_strdup_printf("%s%u", kind, i);

	return glue_has(g, id);
}

static void unplug(struct glue *g, unsigned i)
{
	g_autofree char *act = g_strdup_printf("unplug n%u", i);

	glue_act(g, act);
	turn(g);
	if (has(g, "n", i))
		g_error("n%u is removed, and is there", i);
}

static void delete (struct glue *g, const char *id)
{
	if (!glue_ask(g, "{ 'execute': 'device_del', 'arguments': { 'id': %s } }", id))
		g_error("%s can't be removed", id);
	turn(g);
	if (glue_has(g, id))
		g_error("%s is removed, and is there", id);
}

static void delete_port(struct glue *g, unsigned i)
{
	g_autofree char *id = g_strdup_printf("p%u", i);

	delete (g, id);
}

/* Is the port there, and its card plugged into it? */
static bool joined(struct glue *g, unsigned i)
{
	g_autofree char *path = g_strdup_printf("/machine/peripheral/p%u", i);
	QDict *rsp = qtest_qmp(g->qts,
			       "{ 'execute': 'qom-get', 'arguments': { 'path': %s, "
			       "'property': 'stats' } }",
			       path);
	QDict *stats = qdict_get_qdict(rsp, "return");
	bool on = stats && *qdict_get_str(stats, "peer");

	qobject_unref(rsp);
	return on;
}

/* A card that lost its port can't have it back. */
static void complete(struct glue *g, unsigned i)
{
	if (has(g, "n", i) && !joined(g, i))
		unplug(g, i);
	if (!has(g, "p", i))
		glue_add_port(g, i);
	if (!has(g, "n", i))
		glue_add_card(g, i);
	if (!has(g, "p", i) || !has(g, "n", i))
		g_error("card and port %u can't be added again", i);
}

static void set_links(struct glue *g)
{
	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		g_autofree char *card = g_strdup_printf("n%u", i);
		g_autofree char *port = g_strdup_printf("p%u", i);

		wire_set_link(g->qts, card, true);
		wire_set_link(g->qts, port, true);
	}
}

/* Nobody knows what is left on the wire. */
static void renew_uplink(struct glue *g)
{
	if (glue_has(g, "u0"))
		delete (g, "u0");
	glue_ask(g, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
	glue_add_uplink(g);
	if (!glue_has(g, "u0"))
		g_error("the uplink can't be added again");
}

static void judge_exchange(struct glue *g)
{
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		complete(g, i);
	renew_uplink(g);
	set_links(g);
	glue_control_number(g, ROLLBACK, 0, 0); /* while a patch waits no other one is taken */
	glue_control_number(g, SET_NOTHING, 0, 0);
	glue_firmware(g);
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		if (glue_rows[i].ours)
			glue_card_setup(g, i);
	qtest_clock_step(g->qts, 5000000000ll);
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		if (glue_rows[i].ours)
			glue_card_exchange(g, i);
}

static void judge_removal(struct glue *g)
{
	char *answer;

	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		if (i % 2)
			unplug(g, i);
		delete_port(g, i);
		if (!(i % 2))
			unplug(g, i);
	}
	delete (g, "u0");
	answer = glue_control(g, "{\"execute\": \"query-ports\"}");
	if (answer && !strstr(answer, "[]"))
		g_error("ports are left: %s", answer);
	g_free(answer);
	delete (g, "sw0");
}

void glue_judge(struct glue *g)
{
	judge_reset(g);
	judge_exchange(g);
	judge_removal(g);
}
