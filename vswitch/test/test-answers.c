/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What clients are told, byte for byte.
 *
 * DOC: Theory of Operation
 *
 * answers.txt is a play: ports that come and go, frames, time, documents, commands. It is performed
 * on a switch with a stepped clock and a fixed seed, and what is said (answers, errors, events,
 * exports) is compared with answers.golden. A change that is wanted shows as a diff of that file:
 *
 *	test-vswitch-answers --write vswitch/test/answers.txt vswitch/test/answers.golden
 *
 * Each answer and event is also held against the rows that the reference page is made from
 * (said.h).
 *
 * Each "== TITLE" begins with a new switch and is a test of its own. A line is a command of the
 * control (it begins with "{"), or a verb of the table at the end; a "\" at its end continues it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "rig.h"
#include "said.h"
#include "vswitch/control.h"

#define WORDS 24

static const char *script_path, *golden_path;

/* struct stage - one play */
struct stage {
	struct rig *rig;
	struct vsw_control *ctl;
	FILE *out;
};

/* The clock of events is the machine's: it is not compared */
static void on_event(void *opaque, const char *json)
{
	struct stage *s = opaque;
	const char *stamp = strstr(json, ",\"timestamp\":{");

	said_event(json);
	fprintf(s->out, "event %.*s\n", stamp ? (int)(stamp - json) : -1, json);
}

static void begin(struct stage *s, FILE *out)
{
	s->rig = rig_new();
	s->ctl = rig_control(s->rig);
	s->out = out;
	vsw_control_listen(s->ctl, on_event, s);
}

static void end(struct stage *s)
{
	if (!s->rig)
		return;
	vsw_control_listen(s->ctl, NULL, NULL);
	rig_free(s->rig);
	s->rig = NULL;
}

static void say(struct stage *s, char *text)
{
	fprintf(s->out, "%s\n", text ? text : "nothing");
	free(text);
}

static struct rig_port *find(struct stage *s, const char *id)
{
	for (unsigned i = 0; i < s->rig->n_ports; i++)
		if (s->rig->port[i].port && !strcmp(vsw_port_id(s->rig->port[i].port), id))
			return &s->rig->port[i];
	ck_abort_msg("no port %s", id);
}

/* Value of "key=value" among the words, or NULL */
static const char *value(char **w, const char *key)
{
	size_t len = strlen(key);

	for (; *w; w++)
		if (!strncmp(*w, key, len) && (*w)[len] == '=')
			return *w + len + 1;
	return NULL;
}

static int number(char **w, const char *key, int otherwise)
{
	const char *v = value(w, key);

	return v ? atoi(v) : otherwise;
}

static void do_port(struct stage *s, char **w)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	conf.id = w[1];
	conf.portgroup = value(w, "group");
	conf.vlan = number(w, "vlan", VSW_VLAN_DEFAULT);
	conf.speed_mbps = (uint32_t)number(w, "speed", 0);
	conf.uplink = number(w, "uplink", 0);
	if (value(w, "mac"))
		rig_mac(value(w, "mac"), conf.mac);
	if (!rig_add(s->rig, &conf))
		fprintf(s->out, "refused: %s\n", s->rig->err);
}

static void do_remove(struct stage *s, char **w)
{
	struct rig_port *p = find(s, w[1]);

	vsw_port_remove(p->port);
	p->port = NULL;
}

static void do_link(struct stage *s, char **w)
{
	vsw_port_set_link(find(s, w[1])->port, !strcmp(w[2], "up"));
}

/* card PORT ADDRESS [promiscuous] [allmulti] [ADDRESS...] */
static void do_card(struct stage *s, char **w)
{
	uint8_t more[WORDS][6];
	struct vsw_addrs a = { .addrs = (const uint8_t(*)[6])more };

	rig_mac(w[2], a.mac);
	for (unsigned i = 3; w[i]; i++) {
		if (!strcmp(w[i], "promiscuous"))
			a.promiscuous = true;
		else if (!strcmp(w[i], "allmulti"))
			a.allmulti = true;
		else
			rig_mac(w[i], more[a.n++]);
	}
	vsw_port_set_addrs(find(s, w[1])->port, &a);
}

/* send PORT DESTINATION SOURCE [tag=] [len=] [times=] */
static void do_send(struct stage *s, char **w)
{
	struct rig_port *p = find(s, w[1]);

	for (int i = number(w, "times", 1); i > 0; i--)
		rig_send_len(p, w[2], w[3], number(w, "tag", -1), (uint32_t)number(w, "len", 64));
}

static uint64_t mac_number_of(const char *text)
{
	uint8_t mac[6];
	uint64_t n = 0;

	rig_mac(text, mac);
	for (int i = 0; i < 6; i++)
		n = n << 8 | mac[i];
	return n;
}

/* udp|tcp PORT DESTINATION SOURCE SOURCE-PORT DESTINATION-PORT [times=]: 10.0.0.1 to 10.0.0.2 */
static void do_ip(struct stage *s, char **w)
{
	uint32_t (*make)(uint8_t *, uint64_t, uint64_t, uint32_t, uint32_t, uint16_t, uint16_t,
			 uint32_t) = w[0][0] == 'u' ? rig_udp : rig_tcp;
	uint8_t buf[200];
	uint32_t len = make(buf, mac_number_of(w[2]), mac_number_of(w[3]), 0x0a000001, 0x0a000002,
			    (uint16_t)atoi(w[4]), (uint16_t)atoi(w[5]), 40);

	for (int i = number(w, "times", 1); i > 0; i--)
		rig_send_bytes(find(s, w[1]), buf, len);
}

static void do_tso(struct stage *s, char **w)
{
	rig_send_tso(find(s, w[1]), w[2], w[3], (uint32_t)atoi(w[4]), (uint16_t)atoi(w[5]));
}

/* bytes PORT HEX... */
static void do_bytes(struct stage *s, char **w)
{
	uint8_t buf[256];
	uint32_t len = 0;
	unsigned b;

	for (unsigned i = 2; w[i]; i++)
		for (const char *h = w[i]; sscanf(h, "%2x", &b) == 1; h += 2)
			buf[len++] = (uint8_t)b;
	rig_send_bytes(find(s, w[1]), buf, len);
}

/* tagged PORT DESTINATION SOURCE TAG: with the tag beside the frame */
static void do_tagged(struct stage *s, char **w)
{
	uint8_t buf[64];
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	rig_frame(buf, w[2], w[3], -1, sizeof(buf));
	pkt_flat(&pkt, &iov, buf, sizeof(buf));
	pkt.flags = PKT_VLAN;
	pkt.vlan_tpid = 0x8100;
	pkt.vlan_tci = (uint16_t)atoi(w[4]);
	vsw_port_input(find(s, w[1])->port, &one, 1);
}

/* room PORT N: takes N more frames, then none; all: any number, and what waits leaves */
static void do_room(struct stage *s, char **w)
{
	struct rig_port *p = find(s, w[1]);

	p->room = strcmp(w[2], "all") ? (unsigned)atoi(w[2]) : UINT32_MAX;
	vsw_port_ready(p->port);
}

static void do_step(struct stage *s, char **w)
{
	rig_clear(s->rig);
	rig_step(s->rig, atoi(w[1]) * (strstr(w[1], "ms") ? MS : SEC));
}

static void do_export(struct stage *s, char **w)
{
	say(s, vsw_control_export(s->ctl));
}

static void do_greeting(struct stage *s, char **w)
{
	say(s, vsw_control_greeting(s->ctl));
}

/* What the ports got since the last "got" or "step" */
static void do_got(struct stage *s, char **w)
{
	for (unsigned i = 0; i < s->rig->n_ports; i++)
		if (s->rig->port[i].port)
			fprintf(s->out, "%s %u ", vsw_port_id(s->rig->port[i].port),
				s->rig->port[i].n);
	fprintf(s->out, "\n");
	rig_clear(s->rig);
}

static void execute(struct stage *s, const char *text)
{
	char *answer = vsw_control_execute(s->ctl, text, strlen(text));

	if (answer)
		said_answer(text, answer);
	say(s, answer);
}

/* A command whose answer tells the machine's clock: it is not written down */
static void quiet(struct stage *s, const char *text)
{
	char *answer = vsw_control_execute(s->ctl, text, strlen(text));

	said_answer(text, answer);
	free(answer);
}

/* Put a document in force as a file's */
static void load(struct stage *s, const char *text)
{
	char err[300] = "";
	int ret = vsw_control_load(s->ctl, text, strlen(text), err, sizeof(err));

	fprintf(s->out, "%s\n", ret ? err : "loaded");
}

/* Could it be put in force? The answer is that of config-check. */
static void check(struct stage *s, const char *text)
{
	char *command = malloc(strlen(text) + 100);

	sprintf(command, "{\"execute\": \"config-check\", \"arguments\": {\"config\": %s}}", text);
	execute(s, command);
	free(command);
}

/* struct verb - what a line may begin with: @words for those of words, @rest for those that take
 * the rest of the line as it is */
static const struct verb {
	const char *name;
	void (*words)(struct stage *s, char **w);
	void (*rest)(struct stage *s, const char *text);
} verbs[] = {
	{ "port", do_port, NULL },
	{ "remove", do_remove, NULL },
	{ "link", do_link, NULL },
	{ "card", do_card, NULL },
	{ "send", do_send, NULL },
	{ "udp", do_ip, NULL },
	{ "tcp", do_ip, NULL },
	{ "tso", do_tso, NULL },
	{ "tagged", do_tagged, NULL },
	{ "bytes", do_bytes, NULL },
	{ "room", do_room, NULL },
	{ "step", do_step, NULL },
	{ "got", do_got, NULL },
	{ "export", do_export, NULL },
	{ "greeting", do_greeting, NULL },
	{ "execute", NULL, execute },
	{ "load", NULL, load },
	{ "check", NULL, check },
	{ "quiet", NULL, quiet },
};

static void perform(struct stage *s, char *line)
{
	size_t len = strcspn(line, " ");
	char *w[WORDS + 1] = { NULL };
	const struct verb *v = NULL;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strlen(verbs[i].name) == len && !strncmp(verbs[i].name, line, len))
			v = &verbs[i];
	ck_assert_msg(v != NULL, "no verb %.*s", (int)len, line);
	if (v->rest) {
		v->rest(s, line[len] ? line + len + 1 : "");
		return;
	}
	w[0] = strtok(line, " ");
	for (unsigned i = 1; i < WORDS && (w[i] = strtok(NULL, " ")); i++)
		;
	v->words(s, w);
}

/* A line of the script, continuations joined; NULL at the end. Freed by the caller. */
static char *next_line(FILE *f)
{
	char *line = NULL, *more = NULL;
	size_t room = 0;
	ssize_t len = getline(&line, &room, f), n;

	if (len < 0) {
		free(line);
		return NULL;
	}
	while (len >= 2 && !strcmp(line + len - 2, "\\\n") && (n = getline(&more, &room, f)) > 0) {
		line = realloc(line, (size_t)(len + n));
		memcpy(line + len - 2, more, (size_t)n + 1);
		len += n - 2;
		free(more);
		more = NULL;
		room = 0;
	}
	line[strcspn(line, "\n")] = 0;
	return line;
}

static void perform_line(struct stage *s, char *line)
{
	if (!line[0] || line[0] == '#')
		return;
	fprintf(s->out, "> %s\n", line);
	if (line[0] == '{')
		execute(s, line);
	else
		perform(s, line);
}

/* Play a section, the first is 0; all with @which < 0 */
static void play(int which, FILE *out)
{
	FILE *script = fopen(script_path, "r");
	struct stage s = { .rig = NULL };
	char *line;
	int n = -1;

	ck_assert_msg(script != NULL, "%s", script_path);
	for (; (line = next_line(script)); free(line)) {
		bool title = !strncmp(line, "== ", 3);

		n += title;
		if (n < 0 || (which >= 0 && which != n))
			continue;
		if (!title) {
			perform_line(&s, line);
			continue;
		}
		end(&s);
		begin(&s, out);
		fprintf(out, "%s\n", line);
	}
	end(&s);
	fclose(script);
}

static char *read_all(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!f || getdelim(&text, &room, 0, f) < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	fclose(f);
	return text;
}

/* The next section of @text, or NULL */
static char *section(char *text)
{
	char *s = strstr(text, "\n== ");

	return s ? s + 1 : NULL;
}

static unsigned sections(const char *path)
{
	char *text = read_all(path);
	unsigned n = 0;

	for (char *s = text; s; s = section(s))
		n += !strncmp(s, "== ", 3);
	free(text);
	return n;
}

/* Fail with the first line that differs */
static void explain(const char *want, const char *got)
{
	size_t line = 0;

	for (size_t i = 0; want[i] && want[i] == got[i]; i++)
		if (want[i] == '\n')
			line = i + 1;
	ck_abort_msg("%.*s\n# golden: %.*s\n# now:    %.*s", (int)strcspn(got, "\n"), got,
		     (int)strcspn(want + line, "\n"), want + line, (int)strcspn(got + line, "\n"),
		     got + line);
}

START_TEST(answers_are_as_in_the_golden_file)
{
	char *golden = read_all(golden_path), *want = golden, *got, *next;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	for (int i = 0; i < _i && want; i++)
		want = section(want);
	ck_assert_msg(want != NULL, "%s has fewer sections", golden_path);
	next = section(want);
	if (next)
		*next = 0;
	play(_i, out);
	fclose(out);
	if (strcmp(want, got))
		explain(want, got);
	free(golden);
	free(got);
}
END_TEST

START_TEST(write_the_golden_file)
{
	FILE *out = fopen(golden_path, "w");

	ck_assert_msg(out != NULL, "%s", golden_path);
	play(-1, out);
	fclose(out);
}
END_TEST

/* What no switch reports by itself: its host has connections that ports move between */
static void tell_of_a_move(FILE *out)
{
	const struct vsw_event_text ev = { .kind = VSW_EVENT_MOVE, .port = "p", .text = "moved" };
	struct stage s = { 0 };

	begin(&s, out);
	vsw_control_event(s.ctl, &ev);
	end(&s);
}

/* What the play says is what the reference page says that is said, and all of that */
START_TEST(answers_and_events_have_the_members_that_are_declared)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	play(-1, out);
	tell_of_a_move(out);
	fclose(out);
	free(text);
	said_everything();
}
END_TEST

START_TEST(golden_file_has_as_many_sections)
{
	ck_assert_uint_eq(sections(script_path), sections(golden_path));
}
END_TEST

int main(int argc, char **argv)
{
	bool write = argc == 4 && !strcmp(argv[1], "--write");
	Suite *s = suite_create("answers");
	TCase *t = tcase_create("answers");

	if (argc != 3 + write) {
		fprintf(stderr, "usage: %s [--write] SCRIPT GOLDEN\n", argv[0]);
		return EXIT_FAILURE;
	}
	script_path = argv[1 + write];
	golden_path = argv[2 + write];
	tcase_set_timeout(t, 120);
	if (write) {
		tcase_add_test(t, write_the_golden_file);
	} else {
		tcase_add_test(t, golden_file_has_as_many_sections);
		tcase_add_test(t, answers_and_events_have_the_members_that_are_declared);
		tcase_add_loop_test(t, answers_are_as_in_the_golden_file, 0,
				    (int)sections(script_path));
	}
	suite_add_tcase(s, t);
	return run_suite(s);
}
