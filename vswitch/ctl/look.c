/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at single frames (look.h). */
#include "look.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "table.h"

#define FOLLOW_US 200000u /* between two looks */

static void put_time(GString *out, gint64 us)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_local(us / 1000000);
	g_autofree char *text = when ? g_date_time_format(when, "%H:%M:%S") : g_strdup("?");

	g_string_append_printf(out, "%s.%03d ", text, (int)(us / 1000 % 1000));
}

static void put_drop(const json_t *d)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *head = json_string_value(json_object_get(d, "head"));
	GByteArray *bytes = frame_unhex(head ? head : "");
	json_int_t tag = json_integer_value(json_object_get(d, "tag"));

	put_time(out, json_integer_value(json_object_get(d, "when-us")));
	table_text(out, json_object_get(d, "port"));
	g_string_append_c(out, ' ');
	table_text(out, json_object_get(d, "reason"));
	g_string_append(out, ": ");
	if (tag)
		g_string_append_printf(out, "(tag VLAN %u) ", (unsigned)tag & 0xfff);
	frame_tell(out, bytes->data, bytes->len,
		   (guint32)json_integer_value(json_object_get(d, "length")));
	puts(out->str);
	g_byte_array_free(bytes, TRUE);
}

static void put_json(const json_t *d)
{
	json_dumpf(d, stdout, JSON_COMPACT);
	putchar('\n');
}

/* Frames of a port, or of all: the last @count, or with 0 all */
static json_t *wanted(const struct ctl *c, const json_t *frames, unsigned count)
{
	const char *port = ctl_arg(c, "PORT"), *of;
	json_t *list = json_array(), *d;
	size_t i;

	json_array_foreach(frames, i, d) {
		of = json_string_value(json_object_get(d, "port"));
		if (!port || (of && !strcmp(port, of)))
			json_array_append(list, d);
	}
	while (count && json_array_size(list) > count)
		json_array_remove(list, 0);
	return list;
}

static json_t *ask_drops(struct ctl *c, json_int_t since, int *status)
{
	return ctl_ask(c, "drops", json_pack("{s:I}", "since", since), status);
}

static void tell_missed(const json_t *answer)
{
	json_int_t missed = json_integer_value(json_object_get(answer, "missed"));

	if (missed)
		fprintf(stderr, "vswitchctl: %" JSON_INTEGER_FORMAT " frames came too fast\n",
			missed);
}

/* Print what came since @next, which is moved on. @left: how many are still wanted; 0: all */
static int follow_once(struct ctl *c, json_int_t *next, unsigned *left)
{
	int status;
	json_t *answer = ask_drops(c, *next, &status), *list, *d;
	size_t i;

	if (!answer)
		return status;
	tell_missed(answer);
	list = wanted(c, json_object_get(answer, "frames"), 0);
	json_array_foreach(list, i, d) {
		(c->json ? put_json : put_drop)(d);
		if (*left && --*left == 0)
			break;
	}
	*next = json_integer_value(json_object_get(answer, "next"));
	json_decref(list);
	json_decref(answer);
	return ctl_flush();
}

static int follow(struct ctl *c)
{
	unsigned left = c->count;
	json_int_t next = 0;
	int status;
	json_t *answer = ask_drops(c, 0, &status);

	if (!answer)
		return status;
	next = json_integer_value(json_object_get(answer, "next"));
	json_decref(answer);
	do {
		status = follow_once(c, &next, &left);
		if (status != EX_OK || (c->count && !left))
			return status;
		g_usleep(FOLLOW_US);
	} while (true);
}

int look_drops(struct ctl *c)
{
	int status;
	json_t *answer, *list, *d;
	size_t i;

	if (c->follow)
		return follow(c);
	answer = ask_drops(c, 0, &status);
	if (!answer)
		return status;
	list = wanted(c, json_object_get(answer, "frames"), c->count ? c->count : 20);
	if (c->json)
		ctl_print(c, list);
	else
		json_array_foreach(list, i, d)
			put_drop(d);
	json_decref(list);
	json_decref(answer);
	return ctl_flush();
}

const struct ctl_column look_steps[] = {
	{ "STAGE", "stage" }, { "PORT", "port" }, { "DROP", "drop" }, { "WHAT", "text" }, { 0 }
};

static int explain(struct ctl *c, const guint8 *bytes, gsize n)
{
	int status;
	g_autofree char *hex = frame_hex(bytes, n);
	json_t *answer =
		ctl_ask(c, "explain",
			json_pack("{s:s,s:s}", "port", ctl_arg(c, "PORT"), "frame", hex), &status);
	json_int_t more;

	if (!answer)
		return status;
	status = ctl_print(c, c->json ? answer : json_object_get(answer, "steps"));
	more = json_integer_value(json_object_get(answer, "more"));
	if (more && !c->json)
		printf("and %" JSON_INTEGER_FORMAT " more\n", more);
	json_decref(answer);
	return status;
}

/* The first frames of a capture file: one, or as many as wanted */
static int explain_file(struct ctl *c, const char *path)
{
	char err[PCAP_ERRBUF_SIZE] = "";
	pcap_t *file = pcap_open_offline(path, err);
	struct pcap_pkthdr *h;
	const u_char *bytes;
	int status = EX_OK;
	unsigned n = 0;

	if (!file)
		return ctl_fail(EX_NOINPUT, "%s", err);
	if (pcap_datalink(file) != DLT_EN10MB)
		status = ctl_fail(EX_DATAERR, "%s: has no Ethernet frames", path);
	while (status == EX_OK && n < MAX(c->count, 1u) && pcap_next_ex(file, &h, &bytes) == 1) {
		if (n++ && !c->json)
			putchar('\n');
		status = explain(c, bytes, h->caplen);
	}
	if (status == EX_OK && !n)
		status = ctl_fail(EX_DATAERR, "%s: no frame can be read: %s", path,
				  *pcap_geterr(file) ? pcap_geterr(file) : "it has none");
	pcap_close(file);
	return status;
}

/* Address of the port's card, to be freed with g_free() */
static char *port_mac(struct ctl *c, int *status)
{
	json_t *ports =
		ctl_ask(c, "query-ports", json_pack("{s:s}", "port", ctl_arg(c, "PORT")), status);
	char *mac = g_strdup(json_string_value(json_object_get(json_array_get(ports, 0), "mac")));

	json_decref(ports);
	return mac;
}

static int explain_fields(struct ctl *c, char *const *fields)
{
	g_autofree char *err = NULL, *mac = NULL;
	GByteArray *frame;
	int status = EX_OK;

	mac = port_mac(c, &status);
	if (status != EX_OK)
		return status;
	frame = frame_make(fields, mac, &err);
	if (!frame)
		return ctl_fail(EX_USAGE, "%s", err);
	status = explain(c, frame->data, frame->len);
	g_byte_array_free(frame, TRUE);
	return status;
}

int look_explain(struct ctl *c)
{
	char **what = (char **)c->arg->pdata + 1; /* behind PORT */
	g_autoptr(GPtrArray) fields = g_ptr_array_new();

	if (c->arg->len == 2 && !strchr(what[0], '='))
		return explain_file(c, what[0]);
	for (guint i = 0; i + 1 < c->arg->len; i++)
		g_ptr_array_add(fields, what[i]);
	g_ptr_array_add(fields, NULL);
	return explain_fields(c, (char *const *)fields->pdata);
}
