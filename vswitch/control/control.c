/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands and events of a switch in QMP's dialect. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "control/capture.h"
#include "control/config.h"
#include "control/confirm.h"
#include "control/levels.h"
#include "control/look.h"
#include "control/state.h"
#include "control/version.h"
#include "control/warn.h"
#include "vswitch/fail.h"
#include "vswitch/file.h"
#include "vswitch/manage.h"
#include "vswitch/text.h"

void vsw_control_event(struct vsw_control *ctl, const struct vsw_event_text *ev)
{
	static const uint8_t none[6];
	char mac[20], say[200], *text;
	json_t *j, *data;

	if (!ctl->event)
		return;
	snprintf(say, sizeof(say), "%s", ev->text); /* it may quote a name, cut in a character */
	vsw_text_clean(say);
	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", ev->mac[0], ev->mac[1],
		 ev->mac[2], ev->mac[3], ev->mac[4], ev->mac[5]);
	data = json_pack("{s:s,s:s}", "switch", vsw_name(ctl->sw), "text", say);
	if (ev->port[0])
		json_object_set_new(data, "port", json_string(ev->port));
	if (memcmp(ev->mac, none, sizeof(none))) {
		json_object_set_new(data, "mac", json_string(mac));
		json_object_set_new(data, "vlan", json_integer(ev->vlan));
	}
	j = json_pack("{s:s,s:o,s:{s:I,s:I}}", "event", vsw_event_name(ev->kind), "data", data,
		      "timestamp", "seconds", (json_int_t)(ev->when / 1000000), "microseconds",
		      (json_int_t)(ev->when % 1000000));
	text = j ? json_dumps(j, JSON_COMPACT) : NULL;
	if (text)
		ctl->event(ctl->event_opaque, text);
	free(text);
	json_decref(j);
}

/**
 * vsw_control_at_switch() - Run a function where the switch is called
 * @ctl: The control
 * @fn:  The function; true: again. It neither allocates nor frees
 * @arg: Its argument
 */
void vsw_control_at_switch(struct vsw_control *ctl, bool (*fn)(void *arg), void *arg)
{
	if (ctl->host && ctl->host->call)
		ctl->host->call(ctl->host_opaque, fn, arg);
	else
		while (fn(arg))
			;
}

/**
 * vsw_control_wish() - Tell the host when the control is to be called next
 * @ctl: The control
 */
void vsw_control_wish(struct vsw_control *ctl)
{
	int64_t next = ctl->confirm_by < ctl->capture_by ? ctl->confirm_by : ctl->capture_by;

	if (ctl->wished == next)
		return;
	ctl->wished = next;
	ctl->host->timer(ctl->host_opaque, next);
}

static void on_event(void *opaque, const struct vsw_event *ev)
{
	struct vsw_control *ctl = opaque;
	struct vsw_event_text t = { .kind = ev->kind, .vlan = ev->vlan, .text = ev->text };
	struct timeval tv;

	if (!ctl->event || (ctl->host && ctl->host->call))
		return;
	gettimeofday(&tv, NULL);
	t.when = tv.tv_sec * INT64_C(1000000) + tv.tv_usec;
	t.port = ev->port ? vsw_port_id(ev->port) : "";
	memcpy(t.mac, ev->mac, sizeof(t.mac));
	vsw_control_event(ctl, &t);
}

static const struct vsw_manager manager = { .policy = vsw_config_resolve, .event = on_event };

/* struct managing - arguments of manage_there() */
struct managing {
	struct vsw_control *ctl;
	const struct vsw_manager *manager;
};

static bool manage_there(void *arg)
{
	struct managing *m = arg;

	vsw_manage(m->ctl->sw, m->manager, m->ctl);
	return false;
}

struct vsw_control *vsw_control_new(struct vsw *sw, const struct vsw_control_host *host,
				    void *opaque)
{
	struct vsw_control *ctl = calloc(1, sizeof(*ctl));
	struct managing m = { ctl, &manager };

	if (!ctl)
		return NULL;
	ctl->sw = sw;
	ctl->host = host;
	ctl->host_opaque = opaque;
	ctl->confirm_by = ctl->capture_by = ctl->wished = VSW_NEVER;
	ctl->doc = json_object();
	vsw_control_at_switch(ctl, manage_there, &m);
	vsw_look_begin(ctl);
	return ctl;
}

void vsw_control_free(struct vsw_control *ctl)
{
	struct managing m = { .ctl = ctl };

	if (!ctl)
		return;
	vsw_confirm_end(ctl);
	vsw_captures_end(ctl);
	vsw_look_end(ctl);
	vsw_control_at_switch(ctl, manage_there, &m);
	vsw_json_heap_free(ctl->resolved);
	json_decref(ctl->doc);
	free(ctl);
}

void vsw_control_listen(struct vsw_control *ctl, void (*event)(void *opaque, const char *json),
			void *opaque)
{
	ctl->event = event;
	ctl->event_opaque = opaque;
}

/* What is wrong with a text: "line 5: WHY", or of a file "PATH:5: WHY" */
static int wrong_at(const char *path, int line, const char *why, char *err, size_t errlen)
{
	if (path)
		vsw_fail(err, errlen, "%s:%d: %s", path, line, why);
	else
		vsw_fail(err, errlen, "line %d: %s", line, why);
	if (errlen)
		vsw_text_clean(err);
	return -1;
}

static int load(struct vsw_control *ctl, const char *path, const char *text, size_t len, char *err,
		size_t errlen)
{
	json_error_t e;
	json_t *doc;
	char why[300];
	int ret;

	if (vsw_confirm_check(ctl, err, errlen) < 0)
		return -1;
	if (len > VSW_DOCUMENT_MAX)
		return vsw_fail(err, errlen, "larger than %u bytes", VSW_DOCUMENT_MAX);
	doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);
	if (!doc)
		return wrong_at(path, e.line, e.text, err, errlen);
	ret = vsw_config_apply(ctl, doc, true, why, sizeof(why));
	json_decref(doc);
	return ret == 0 ? 0 :
			  vsw_fail(err, errlen, "%s%s%s", path ? path : "", path ? ": " : "", why);
}

int vsw_control_load(struct vsw_control *ctl, const char *text, size_t len, char *err,
		     size_t errlen)
{
	return load(ctl, NULL, text, len, err, errlen);
}

int vsw_control_load_file(struct vsw_control *ctl, const char *path, char *err, size_t errlen)
{
	size_t len;
	char *text = vsw_file_read(path, VSW_DOCUMENT_MAX, &len, err, errlen);
	int ret = text ? load(ctl, path, text, len, err, errlen) : -1;

	free(text);
	return ret;
}

json_t *vsw_control_warnings(struct vsw_control *ctl)
{
	return vsw_warnings(ctl, ctl->doc);
}

void vsw_control_warn(struct vsw_control *ctl, void (*warn)(void *opaque, const char *text),
		      void *opaque)
{
	json_t *list = vsw_warnings(ctl, ctl->doc), *w;
	char text[500];
	size_t i;

	json_array_foreach(list, i, w) {
		snprintf(text, sizeof(text), "%s: %s",
			 json_string_value(json_object_get(w, "path")),
			 json_string_value(json_object_get(w, "text")));
		warn(opaque, text);
	}
	json_decref(list);
}

const char *vsw_control_portgroup(const struct vsw_control *ctl, const char *id, const char *own)
{
	return vsw_level_group_of(ctl->doc, id, own);
}

char *vsw_control_export(const struct vsw_control *ctl)
{
	return json_dumps(ctl->doc, JSON_INDENT(2));
}

const struct json_t *vsw_control_document(const struct vsw_control *ctl)
{
	return ctl->doc;
}

bool vsw_control_waits(const struct vsw_control *ctl)
{
	return ctl->previous;
}

const struct json_t *vsw_control_kept(const struct vsw_control *ctl)
{
	return ctl->previous ? ctl->previous : ctl->doc;
}

char *vsw_control_greeting(const struct vsw_control *ctl)
{
	/* clients of QMP print the version of what they know as qemu */
	json_t *version = json_pack("{s:i,s:i,s:i}", "micro", VSW_VERSION_MICRO, "minor",
				    VSW_VERSION_MINOR, "major", VSW_VERSION_MAJOR);
	json_t *j = json_pack("{s:{s:{s:o,s:s,s:s},s:[]}}", "QMP", "version", "qemu", version,
			      "package", "vchassis", "switch", vsw_name(ctl->sw), "capabilities");
	char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;

	json_decref(j);
	return text;
}
