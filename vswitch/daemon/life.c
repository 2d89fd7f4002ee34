/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of the daemon (life.h has the theory). */
#include "life.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dswitch.h"
#include "exporter.h"
#include "log.h"
#include "settings.h"
#include "vswitch/fail.h"
#include "vswitch/file.h"

/* #syscalls control fchmod fsync open rename stat unlink */

#define DOCUMENT_MAX (16 << 20)

const struct vsw_option vd_daemon_rows[] = {
	{ "$schema", VSW_OPTION_TEXT, .off = offsetof(struct daemon_options, schema), .max = 4096,
	  .help = "where the JSON Schema of this file is, for editors; not used by the daemon" },
	{ "save", VSW_OPTION_BOOL, .off = offsetof(struct daemon_options, save),
	  .help = "write the file after each change by a command" },
	{ "metrics", VSW_OPTION_TEXT, .off = offsetof(struct daemon_options, metrics), .max = 107,
	  .help = "where Prometheus reads counters, GET /metrics: the name or path of a Unix "
		  "socket, or an address of the loopback interface such as 127.0.0.1:9177" },
	{ 0 }
};

static const struct vsw_option switches_row[] = {
	{ "switches", VSW_OPTION_TEXT, .help = "switches by name" }, { 0 }
};

/* A socket of the port group "vms", if its transport was built */
static void builtin_listen(json_t *list, const char *transport, const char *address,
			   const char *ports)
{
	if (vsw_transport_find(transport))
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "transport", transport,
						      "address", address, "ports", ports));
}

/* What there is without a file: two commands put two virtual machines on one network with
 * a way out */
static json_t *builtin(void)
{
	json_t *list = json_array();

	builtin_listen(list, "vhost-user", "vhost.sock", "vhost%");
	builtin_listen(list, "stream", "stream.sock", "stream%");
	return json_pack("{s:{s:{s:{s:{s:o}},s:{s:{s:{s:s,s:b}}}}}}", "switches", "vswitch0",
			 "portgroups", "vms", "listen", list, "ports", "nat", "connect",
			 "transport", "slirp", "uplink", 1);
}

static json_t *parse(const char *text, size_t len, const char *path, char *err, size_t errlen)
{
	json_error_t e;
	json_t *doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);

	if (!doc)
		vsw_fail(err, errlen, "%s:%d:%d: %s", path, e.line, e.column, e.text);
	return doc;
}

static json_t *read_document(const char *path, char *err, size_t errlen)
{
	json_t *doc;
	char *text;
	size_t len;

	if (!path)
		return builtin();
	text = vsw_file_read(path, DOCUMENT_MAX, &len, err, errlen);
	doc = text ? parse(text, len, path, err, errlen) : NULL;
	free(text);
	return doc;
}

static int check(const char *path, const json_t *doc, char *err, size_t errlen)
{
	const json_t *switches = json_object_get(doc, "switches");
	const char *name;
	char why[300];
	json_t *v;

	if (!json_is_object(doc))
		return vsw_fail(err, errlen, "%s: must be an object", path);
	if (vd_settings_known(vd_daemon_rows, switches_row, doc, why, sizeof(why)) < 0)
		return vsw_fail(err, errlen, "%s: /%s", path, why);
	if (!json_is_object(switches) || !json_object_size(switches))
		return vsw_fail(err, errlen, "%s: /switches: must be an object with at least one",
				path);
	json_object_foreach((json_t *)switches, name, v) {
		if (!vd_switch_name_valid(name))
			return vsw_fail(err, errlen,
					"%s: /switches/%.70s: a name is 1 to %u of [A-Za-z0-9._-]",
					path, name, VSW_NAME_MAX - 1);
		if (!json_is_object(v))
			return vsw_fail(err, errlen, "%s: /switches/%s: must be an object", path,
					name);
	}
	return 0;
}

/* Check a document, and read its options; the daemon gets both, and the reference to @doc */
static int take(struct daemon *d, json_t *doc, char *err, size_t errlen)
{
	const char *path = d->file ? d->file : "(built in)";
	struct daemon_options *options;
	char why[300];

	if (!doc || check(path, doc, err, errlen) < 0) {
		json_decref(doc);
		return -1;
	}
	options = vsw_options_new(vd_daemon_rows, sizeof(*options));
	if (vd_settings_read(vd_daemon_rows, options, doc, why, sizeof(why)) < 0) {
		vsw_options_free(vd_daemon_rows, options);
		json_decref(doc);
		return vsw_fail(err, errlen, "%s: /%s", path, why);
	}
	vsw_options_free(vd_daemon_rows, d->options);
	json_decref(d->document);
	d->options = options;
	d->document = doc;
	return 0;
}

int vd_load(struct daemon *d, char *err, size_t errlen)
{
	return take(d, read_document(d->file, err, errlen), err, errlen);
}

int vd_load_given(struct daemon *d, json_t *document, char *err, size_t errlen)
{
	return take(d, json_incref(document), err, errlen);
}

/* Clients come and go: what is only absent is told to who asks for it */
static void log_warnings(const struct daemon *d, struct dswitch *sw)
{
	json_t *list = vsw_control_warnings(sw->control), *w;
	size_t i;

	json_array_foreach(list, i, w) {
		const char *kind = json_string_value(json_object_get(w, "kind"));

		vd_log(strcmp(kind, "absent") ? VD_WARNING : VD_INFO, "%s: /switches/%s%s: %s",
		       d->file ? d->file : "(built in)", sw->name,
		       json_string_value(json_object_get(w, "path")),
		       json_string_value(json_object_get(w, "text")));
	}
	json_decref(list);
}

static int one_switch(struct daemon *d, const char *name, const json_t *doc, char *err,
		      size_t errlen)
{
	struct dswitch *sw = g_hash_table_lookup(d->switches, name);
	char why[500];
	int ret = 0;

	if (sw) {
		g_autofree char *text = json_dumps(doc, JSON_COMPACT);

		ret = vsw_control_load(sw->control, text, strlen(text), why, sizeof(why));
	} else {
		sw = vd_switch_new(d, name, doc, why, sizeof(why));
		if (sw)
			g_hash_table_insert(d->switches, sw->name, sw);
		else
			ret = -1;
	}
	if (ret == 0)
		log_warnings(d, sw);
	return ret < 0 ? vsw_fail(err, errlen, "%s: /switches/%s%s%s",
				  d->file ? d->file : "(built in)", name, why[0] == '/' ? "" : ": ",
				  why) :
			 0;
}

/* Switches of the document in force, all that can be; the first thing that could not be is told */
static int in_force(struct daemon *d, char *err, size_t errlen)
{
	const char *name;
	char why[600];
	int ret = 0;
	json_t *doc;

	d->loading = true;
	json_object_foreach(json_object_get(d->document, "switches"), name, doc) {
		if (one_switch(d, name, doc, ret ? why : err, ret ? sizeof(why) : errlen) == 0)
			continue;
		if (ret)
			vd_log(VD_ERROR, "%s", why);
		ret = -1;
	}
	d->loading = false;
	return ret;
}

/* Counters for Prometheus where the document says */
static int export(struct daemon *d, char *err, size_t errlen)
{
	const char *path = d->file ? d->file : "(built in)", *address = d->options->metrics;
	char why[400];
	int ret = d->dry ? vd_exporter_check(d, address, why, sizeof(why)) :
			   vd_exporter_set(d, address, why, sizeof(why));

	return ret < 0 ? vsw_fail(err, errlen, "%s: /%s", path, why) : 0;
}

int vd_begin(struct daemon *d, char *err, size_t errlen)
{
	return in_force(d, err, errlen) < 0 || export(d, err, errlen) < 0 ? -1 : 0;
}

static gboolean undeclared(gpointer name, gpointer sw, gpointer opaque)
{
	struct daemon *d = opaque;

	if (json_object_get(json_object_get(d->document, "switches"), name))
		return FALSE;
	vd_log(VD_NOTICE, "switch '%s' is removed", (char *)name);
	return TRUE;
}

int vd_reload(struct daemon *d, char *err, size_t errlen)
{
	char why[600];
	int ret;

	if (!d->file)
		return vsw_fail(err, errlen, "there is no file: the daemon runs without --config");
	if (take(d, read_document(d->file, err, errlen), err, errlen) < 0)
		return -1;
	ret = in_force(d, err, errlen);
	g_hash_table_foreach_remove(d->switches, undeclared, d);
	if (export(d, ret ? why : err, ret ? sizeof(why) : errlen) == 0)
		return ret;
	if (ret)
		vd_log(VD_ERROR, "%s", why);
	return -1;
}

/* The document as it is now, that of switches as @of says it */
static json_t *current(const struct daemon *d,
		       const json_t *(*of)(const struct vsw_control *control))
{
	json_t *doc = json_copy(d->document), *switches = json_object();
	GHashTableIter it;
	gpointer sw;

	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		json_object_set(switches, ((struct dswitch *)sw)->name,
				(json_t *)of(((struct dswitch *)sw)->control));
	json_object_set_new(doc, "switches", switches);
	return doc;
}

json_t *vd_document(const struct daemon *d)
{
	return current(d, vsw_control_document);
}

/* Also what a name means is on the disk then */
static int sync_directory(const char *path)
{
	g_autofree char *directory = g_path_get_dirname(path);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	ret = fd < 0 ? -1 : fsync(fd);
	if (fd >= 0)
		close(fd);
	return ret;
}

/* A file that was not there, with the mode of the one that it will replace */
static int create_beside(const char *path, const char *beside)
{
	struct stat st;
	mode_t mode = stat(path, &st) == 0 ? st.st_mode & 0777 : 0600;
	int fd;

	unlink(beside); /* of one who died while he wrote */
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd >= 0)
		fchmod(fd, mode);
	return fd;
}

static int write_beside(const char *path, const char *beside, const char *text, char *err,
			size_t errlen)
{
	int fd = create_beside(path, beside), ret;

	if (fd < 0)
		return vsw_fail(err, errlen, "%s: %s", beside, strerror(errno));
	ret = vsw_file_write(fd, text, strlen(text));
	if (ret == 0)
		ret = fsync(fd);
	if (ret < 0)
		vsw_fail(err, errlen, "%s: %s", beside, strerror(errno));
	close(fd);
	if (ret == 0 && rename(beside, path) == 0 && sync_directory(path) == 0)
		return 0;
	if (ret == 0)
		vsw_fail(err, errlen, "%s: %s", path, strerror(errno));
	unlink(beside);
	return -1;
}

int vd_save(struct daemon *d, char *err, size_t errlen)
{
	g_autofree char *beside = NULL, *line = NULL;
	json_t *doc;
	char *text;

	d->saving = false;
	if (!d->file)
		return vsw_fail(err, errlen, "there is no file: the daemon runs without --config");
	doc = current(d, vsw_control_kept);
	text = doc ? json_dumps(doc, JSON_INDENT(2)) : NULL;
	json_decref(doc);
	if (!text)
		return vsw_fail(err, errlen, "out of memory");
	beside = g_strconcat(d->file, ".new", NULL);
	line = g_strconcat(text, "\n", NULL);
	free(text);
	return write_beside(d->file, beside, line, err, errlen);
}

static gboolean save_soon(gpointer opaque)
{
	struct daemon *d = opaque;
	char err[400];

	if (d->saving && vd_save(d, err, sizeof(err)) < 0)
		vd_log(VD_ERROR, "the configuration is not saved: %s", err);
	return G_SOURCE_REMOVE;
}

bool vd_saves(const struct daemon *d)
{
	return d->options->save && d->file;
}

void vd_changed(struct daemon *d)
{
	GSource *s;

	if (d->loading || d->saving || !vd_saves(d))
		return;
	d->saving = true;
	s = g_idle_source_new();
	g_source_set_priority(s, G_PRIORITY_HIGH); /* before the next command */
	g_source_set_callback(s, save_soon, d, NULL);
	g_source_attach(s, d->context);
	g_source_unref(s);
}

void vd_end(struct daemon *d)
{
	vd_exporter_set(d, NULL, NULL, 0);
	g_hash_table_remove_all(d->switches);
	vsw_options_free(vd_daemon_rows, d->options);
	json_decref(d->document);
	d->options = NULL;
	d->document = NULL;
}
