/* SPDX-License-Identifier: BSD-2-Clause */
/* What was given, read and checked (handover-take.h). */
#include "handover-take.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "handover.h"
#include "vswitch/fail.h"

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

/* A number from 0 to @most. False: it is none */
static bool number(const json_t *j, const char *key, size_t most, size_t *n)
{
	const json_t *v = json_object_get(j, key);
	json_int_t i = json_integer_value(v);

	*n = (size_t)i;
	return json_is_integer(v) && i >= 0 && (unsigned long long)i <= most;
}

/* The next descriptors. Return: place of the first one; false: there are not so many */
static bool fds(struct takeover *t, size_t n, unsigned *first)
{
	*first = t->fd_at;
	if (n > t->n_fds - t->fd_at)
		return false;
	t->fd_at += (unsigned)n;
	return true;
}

static bool bytes(struct takeover *t, size_t n, size_t *at)
{
	*at = t->at;
	if (n > t->len - t->at)
		return false;
	t->at += n;
	return true;
}

static char *listener_key(const char *sw, const char *group, const char *text)
{
	return g_strdup_printf("%s\n%s\n%s", sw, group, text);
}

static char *port_key(const char *sw, const char *id)
{
	return g_strdup_printf("%s\n%s", sw, id);
}

static bool read_listeners(struct takeover *t, const char *sw, const json_t *list)
{
	const json_t *j;
	unsigned first;
	size_t i;

	json_array_foreach((json_t *)list, i, j) {
		struct taken_listener l = { .file = -1 };
		bool file = json_is_true(json_object_get(j, "file"));

		if (!fds(t, file ? 2 : 1, &first))
			return false;
		l.key = listener_key(sw, text(j, "group"), text(j, "text"));
		l.fd = t->fds[first];
		t->fds[first] = -1;
		if (file) {
			l.file = t->fds[first + 1];
			t->fds[first + 1] = -1;
		}
		g_array_append_val(t->listeners, l);
	}
	return true;
}

static bool read_wire(struct takeover *t, const json_t *wire, struct taken_port *p)
{
	size_t n;

	p->transport = vsw_transport_find(text(wire, "transport"));
	if (!p->transport || !number(wire, "fds", VSW_HANDOVER_FDS, &n) ||
	    !number(wire, "data", SIZE_MAX, &p->len))
		return false;
	p->n_fds = (unsigned)n;
	t->wires++;
	return fds(t, n, &p->fd) && bytes(t, p->len, &p->at);
}

static bool read_ports(struct takeover *t, const char *sw, const json_t *list)
{
	const json_t *j;
	size_t i;

	json_array_foreach((json_t *)list, i, j) {
		struct taken_port p = { .sw = sw, .json = j };
		const json_t *wire = json_object_get(j, "wire");

		if (wire && !read_wire(t, wire, &p))
			return false;
		if (json_is_true(json_object_get(j, "linked")))
			g_hash_table_add(t->linked, port_key(sw, text(j, "id")));
		g_array_append_val(t->ports, p);
	}
	return true;
}

static bool read_switches(struct takeover *t)
{
	const json_t *j;
	size_t i;

	json_array_foreach(json_object_get(t->json, "switches"), i, j) {
		struct taken_switch s = { .name = text(j, "name") };

		if (!read_listeners(t, s.name, json_object_get(j, "listeners")) ||
		    !read_ports(t, s.name, json_object_get(j, "ports")) ||
		    !number(j, "early", SIZE_MAX, &s.len) || !bytes(t, s.len, &s.at))
			return false;
		g_array_append_val(t->switches, s);
	}
	return true;
}

static bool read_clients(struct takeover *t)
{
	const json_t *j;
	size_t i;

	json_array_foreach(json_object_get(t->json, "clients"), i, j) {
		struct taken_client c = { .pass = json_is_true(json_object_get(j, "pass")) };

		if (!number(j, "in", SIZE_MAX / 4, &c.in) ||
		    !number(j, "out", SIZE_MAX / 4, &c.out) ||
		    !number(j, "pass-at", c.out, &c.pass_at) || !fds(t, c.pass ? 2 : 1, &c.fd) ||
		    !bytes(t, c.in + c.out, &c.at))
			return false;
		g_array_append_val(t->clients, c);
	}
	return true;
}

int vd_takeover_read(struct takeover *t, size_t json, char *err, size_t errlen)
{
	if (json > t->len)
		return vsw_fail(err, errlen, "what was given is cut short");
	t->json = json_loadb((char *)t->bytes, json, JSON_REJECT_DUPLICATES, NULL);
	t->at = json;
	t->switches = g_array_new(FALSE, FALSE, sizeof(struct taken_switch));
	t->listeners = g_array_new(FALSE, FALSE, sizeof(struct taken_listener));
	t->ports = g_array_new(FALSE, FALSE, sizeof(struct taken_port));
	t->clients = g_array_new(FALSE, FALSE, sizeof(struct taken_client));
	t->linked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!t->json || !read_listeners(t, "", json_object_get(t->json, "listeners")) ||
	    !read_switches(t) || !read_clients(t) || t->at != t->len || t->fd_at != t->n_fds)
		return vsw_fail(err, errlen, "what was given is not sound");
	return 0;
}

void vd_takeover_free(struct takeover *t)
{
	if (!t)
		return;
	for (guint i = 0; t->listeners && i < t->listeners->len; i++) {
		struct taken_listener *l = &g_array_index(t->listeners, struct taken_listener, i);

		g_free(l->key);
		if (l->fd >= 0)
			close(l->fd);
		if (l->file >= 0)
			close(l->file);
	}
	for (unsigned i = 0; i < t->n_fds; i++)
		if (t->fds[i] >= 0)
			close(t->fds[i]);
	for (unsigned i = 0; i < t->n_late; i++)
		if (t->late[i] >= 0)
			close(t->late[i]);
	if (t->listeners) {
		g_array_free(t->switches, TRUE);
		g_array_free(t->listeners, TRUE);
		g_array_free(t->ports, TRUE);
		g_array_free(t->clients, TRUE);
		g_hash_table_destroy(t->linked);
	}
	json_decref(t->json);
	free(t->bytes);
	g_free(t->fds);
	g_free(t->late);
	if (t->fd >= 0)
		close(t->fd);
	if (t->pidfd >= 0)
		close(t->pidfd);
	g_free(t);
}

int vd_takeover_listener(struct daemon *d, const char *name, const char *group, const char *text,
			 struct vsw_endpoint *at)
{
	g_autofree char *key = NULL;

	if (!d->takeover)
		return -1;
	key = listener_key(name, group, text);
	for (guint i = 0; i < d->takeover->listeners->len; i++) {
		struct taken_listener *l =
			&g_array_index(d->takeover->listeners, struct taken_listener, i);
		int fd = l->fd;

		if (fd < 0 || strcmp(l->key, key))
			continue;
		at->file = l->file;
		l->fd = l->file = -1;
		return fd;
	}
	return -1;
}

bool vd_takeover_linked(struct daemon *d, const char *name, const char *id)
{
	g_autofree char *key = d->takeover ? port_key(name, id) : NULL;

	return key && g_hash_table_contains(d->takeover->linked, key);
}
