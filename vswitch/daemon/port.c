/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports of the daemon (port.h has the theory). */
#define _GNU_SOURCE /* struct ucred */
#include "port.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "carry.h"
#include "daemon.h"
#include "dial.h"
#include "dswitch.h"
#include "handover.h"
#include "holder.h"
#include "keep.h"
#include "listen.h"
#include "log.h"
#include "vswitch/fail.h"

/* #syscalls control getsockopt */

void vd_client_of(int fd, struct port_client *client)
{
	struct ucred c;
	socklen_t len = sizeof(c);

	memset(client, 0, sizeof(*client));
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &len) < 0 || c.pid == 0)
		return;
	client->pid = c.pid;
	client->uid = c.uid;
	client->gid = c.gid;
}

static void again(struct port *p);

/* Log why there is no wire, once until it is another reason */
static void __attribute__((format(printf, 2, 3))) no_wire(struct port *p, const char *fmt, ...)
{
	char why[sizeof(p->why)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (strcmp(why, p->why))
		vd_log(VD_WARNING, "switch '%s': port '%s': %s%s", p->sw->name, p->id, why,
		       p->source == PORT_WAITS ? "" : "; trying again");
	memcpy(p->why, why, sizeof(why));
}

static void client_text(const struct port_client *c, char *text, size_t size)
{
	if (!c || !c->pid)
		snprintf(text, size, "%s", "");
	else
		snprintf(text, size, " by process %d of user %u", (int)c->pid, (unsigned)c->uid);
}

/* struct wiring - arguments of what follows, on the frame thread */
struct wiring {
	struct port *port;
	struct vsw_wire *wire;
};

static bool plug_there(void *opaque)
{
	struct wiring *w = opaque;

	vsw_wire_plug(w->wire, &w->port->jack);
	return false;
}

static bool unplug_there(void *opaque)
{
	vsw_wire_unplug(((struct wiring *)opaque)->wire);
	return false;
}

static void drop_wire(struct port *p)
{
	struct wiring w = { p, p->wire };

	if (!p->wire)
		return;
	vsw_worker_call(p->sw->daemon->worker, unplug_there, &w);
	vsw_wire_close(p->wire);
	p->wire = NULL;
	p->incoming = p->fresh = false;
	memset(&p->client, 0, sizeof(p->client));
}

void vd_port_unplug(struct port *p, const char *why)
{
	vd_holder_drop_second(p);
	drop_wire(p);
	if (!p->lasting) {
		vd_log(VD_INFO, "switch '%s': port '%s' is gone: %s", p->sw->name, p->id, why);
		vd_port_free(p);
		return;
	}
	no_wire(p, "%s", why);
	again(p);
}

static void wire_failed(void *opaque, struct vsw_wire *wire)
{
	char why[VSW_WHY_MAX];

	memcpy(why, wire->why, sizeof(why));
	if (!vd_holder_left(opaque, wire, why))
		vd_port_unplug(opaque, why);
}

static void wire_changed(void *opaque, struct vsw_wire *wire, const char *what)
{
	struct port *p = opaque;

	vd_log(VD_NOTICE, "switch '%s': port '%s': %s", p->sw->name, p->id, what);
}

static void wire_runs(void *opaque, struct vsw_wire *wire, bool runs)
{
	vd_holder_runs(opaque, wire, runs);
}

static const struct vsw_wire_host wire_host = { wire_failed, wire_changed, wire_runs, vd_carry_save,
						vd_carry_load };

/* Open a wire; @from, if another process gave it, instead of the options and @fd */
static struct vsw_wire *open_wire(struct port *p, const struct vsw_transport *transport,
				  const void *options, int fd, struct vsw_handover *from, char *err,
				  size_t errlen)
{
	struct vsw_wire_conf conf = { .port = p->id,
				      .options = options,
				      .fd = fd,
				      .worker = p->sw->daemon->worker,
				      .context = p->sw->daemon->context,
				      .host = &wire_host,
				      .opaque = p,
				      .from = from };

	return transport->open(&conf, err, errlen);
}

struct vsw_wire *vd_port_open_wire(struct port *p, const struct vsw_transport *transport,
				   const void *options, int fd, char *err, size_t errlen)
{
	return open_wire(p, transport, options, fd, NULL, err, errlen);
}

int vd_port_plug(struct port *p, const struct vsw_transport *transport, const void *options, int fd,
		 const struct port_client *client, char *err, size_t errlen)
{
	struct wiring w = { .port = p };
	char who[64];

	if (p->wire)
		return vsw_fail(err, errlen, "port '%s' has something plugged in", p->id);
	w.wire = p->wire = open_wire(p, transport, options, fd, NULL, err, errlen);
	if (!p->wire)
		return -1;
	if (client)
		p->client = *client;
	p->why[0] = 0;
	client_text(client, who, sizeof(who));
	vd_log(VD_INFO, "switch '%s': port '%s': %s plugged in%s", p->sw->name, p->id,
	       transport->name, who);
	vsw_worker_call(p->sw->daemon->worker, plug_there, &w);
	return 0;
}

int vd_port_adopt(struct port *p, const struct vsw_transport *transport, struct vsw_handover *from,
		  const struct port_client *client, char *err, size_t errlen)
{
	void *options = NULL;

	if (p->wire)
		return vsw_fail(err, errlen, "port '%s' was given twice", p->id);
	if (transport != p->transport)
		options = vsw_options_new(transport->options, transport->options_size);
	p->wire = open_wire(p, transport, options ? options : p->options, -1, from, err, errlen);
	vsw_options_free(transport->options, options);
	p->client = *client;
	return p->wire ? 0 : -1;
}

static void stop_retry(struct port *p)
{
	if (!p->retry)
		return;
	g_source_destroy(p->retry);
	g_source_unref(p->retry);
	p->retry = NULL;
}

static void attempt(struct port *p);

static gboolean on_retry(gpointer opaque)
{
	struct port *p = opaque;

	stop_retry(p);
	attempt(p);
	return G_SOURCE_REMOVE;
}

/* Try later to bring the wire about */
static void again(struct port *p)
{
	if (p->source == PORT_WAITS || p->retry)
		return;
	p->retry = g_timeout_source_new(p->retry_ms);
	g_source_set_callback(p->retry, on_retry, p, NULL);
	g_source_attach(p->retry, p->sw->daemon->context);
}

static void dialled(void *opaque, int fd, const char *why)
{
	struct port *p = opaque;
	struct port_client client;
	char err[200];

	if (fd < 0) {
		no_wire(p, "%s", why);
		again(p);
		return;
	}
	vd_client_of(fd, &client);
	if (vd_port_plug(p, p->transport, p->options, fd, &client, err, sizeof(err)) == 0)
		return;
	close(fd);
	no_wire(p, "%s", err);
	again(p);
}

static void attempt(struct port *p)
{
	char err[300];

	if (p->source == PORT_DIALS) {
		vd_dial(&p->dial, &p->remote, p->sw->daemon->context, dialled, p);
		return;
	}
	if (vd_port_plug(p, p->transport, p->options, -1, NULL, err, sizeof(err)) == 0)
		return;
	no_wire(p, "%s: %s", p->transport->name, err);
	again(p);
}

void vd_port_begin(struct port *p)
{
	if (p->source != PORT_WAITS && !p->wire)
		attempt(p);
}

/* struct adding - arguments and result of add_there(); @linked: its link is up; @kept: it goes on
 * counting from @counters */
struct adding {
	struct port *port;
	bool linked, kept;
	struct vsw_counters counters;
	struct vsw_port_conf conf;
	char *err;
	size_t errlen;
};

static bool add_there(void *opaque)
{
	struct adding *a = opaque;
	struct vsw_jack *jack = &a->port->jack;

	jack->port =
		vsw_port_add(a->port->sw->sw, &a->conf, &vsw_jack_ops, jack, a->err, a->errlen);
	if (jack->port && a->kept)
		vsw_port_set_counters(jack->port, &a->counters);
	if (jack->port && !a->linked)
		vsw_port_set_link(jack->port, false);
	return false;
}

static bool remove_there(void *opaque)
{
	vsw_port_remove(((struct port *)opaque)->jack.port);
	return false;
}

static int add(struct port *p, char *err, size_t errlen)
{
	struct adding a = { .port = p, .conf = VSW_PORT_CONF_INIT, .err = err, .errlen = errlen };

	a.conf.id = p->id;
	a.conf.portgroup = p->portgroup[0] ? p->portgroup : NULL;
	a.conf.uplink = p->uplink;
	memcpy(a.conf.mac, p->mac, sizeof(p->mac));
	a.kept = vd_keep_find(p->sw->daemon, p->sw->name, p->id, &a.counters);
	a.linked = vd_takeover_linked(p->sw->daemon, p->sw->name, p->id);
	if (vsw_control_prepare_port(p->sw->control, &a.conf, err, errlen) < 0)
		return -1;
	vsw_worker_call(p->sw->daemon->worker, add_there, &a);
	return p->jack.port ? 0 : -1;
}

static void fill(struct port *p, const struct port_conf *conf)
{
	g_strlcpy(p->id, conf->id, sizeof(p->id));
	g_strlcpy(p->portgroup, conf->portgroup ? conf->portgroup : "", sizeof(p->portgroup));
	p->uplink = conf->uplink;
	p->lasting = conf->lasting;
	p->declared = conf->lasting;
	p->source = conf->source;
	p->transport = conf->transport;
	p->retry_ms = conf->retry_ms;
	if (conf->remote)
		p->remote = *conf->remote;
	memcpy(p->mac, conf->mac, sizeof(p->mac));
}

struct port *vd_port_new(struct dswitch *sw, const struct port_conf *conf, char *err, size_t errlen)
{
	struct port *p = g_new0(struct port, 1);

	p->sw = sw;
	fill(p, conf);
	if (add(p, err, errlen) < 0) {
		free(conf->text);
		g_free(p);
		return NULL;
	}
	p->text = conf->text;
	p->options = conf->options;
	g_hash_table_insert(sw->ports, p->id, p);
	if (!sw->daemon->takeover)
		vd_port_begin(p);
	return p;
}

void vd_port_free(struct port *p)
{
	if (!p)
		return;
	stop_retry(p);
	vd_dial_stop(&p->dial);
	vd_holder_drop_second(p);
	drop_wire(p);
	vsw_worker_call(p->sw->daemon->worker, remove_there, p);
	g_hash_table_remove(p->sw->ports, p->id);
	if (p->listener)
		vd_listener_left(p->listener);
	if (p->transport)
		vsw_options_free(p->transport->options, p->options);
	free(p->text);
	g_free(p);
}
