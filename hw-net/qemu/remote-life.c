// SPDX-License-Identifier: GPL-2.0-or-later
/* The connection with a daemon; see remote.h. */
#include "remote-life.h"
#include "port-client.h"
#include "remote-frames.h"
#include "remote-move.h"
#include "trace.h"
#include "qapi/qapi-events-net.h"
#include "qapi/qapi-types-sockets.h"
#include "qemu/error-report.h"
#include "qemu/uuid.h"

#define WAIT_MIN 50 /* ms */
#define WAIT_MAX 1000

static int64_t now_ms(void)
{
	return qemu_clock_get_ns(QEMU_CLOCK_REALTIME) / SCALE_MS;
}

/* ---- who we are ---- */

/* The port's name there: of a machine with a name it begins with that, for others have a port of
 * this id, too */
static char *port_name(const struct vc_remote *r)
{
	const char *vm = qemu_get_vm_name();
	char *name;

	if (!vm || !*vm)
		return g_strdup(r->p->dev.id);
	name = g_strdup_printf("%.*s.%s", (int)(VSW_NAME_MAX - 1), vm, r->p->dev.id);
	for (char *c = name; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("._:-", *c))
			*c = '-';
	return name;
}

static QDict *machine(void)
{
	QDict *vm = qdict_new();
	char uuid[sizeof("01234567-89ab-cdef-0123-456789abcdef")];

	if (qemu_get_vm_name())
		qdict_put_str(vm, "name", qemu_get_vm_name());
	if (qemu_uuid_set) {
		qemu_uuid_unparse(&qemu_uuid, uuid);
		qdict_put_str(vm, "uuid", uuid);
	}
	return vm;
}

static void put_given(QDict *args, const char *key, const char *value)
{
	if (value)
		qdict_put_str(args, key, value);
}

/* With a UUID the daemon knows us again at the other end of a migration, and the port stays */
static bool comes_in(void)
{
	return qemu_uuid_set && runstate_check(RUN_STATE_INMIGRATE);
}

static QDict *plug_args(const struct vc_remote *r)
{
	NetClientState *card = r->p->client->nc.peer;
	g_autofree char *name = port_name(r);
	QDict *args = qdict_new();

	qdict_put_str(args, "port", name);
	put_given(args, "switch", r->wanted);
	put_given(args, "portgroup", r->p->portgroup);
	put_given(args, "token", r->token);
	if (card && card->info->type == NET_CLIENT_DRIVER_NIC) {
		g_autofree char *mac = qemu_mac_strdup_printf(qemu_get_nic(card)->conf->macaddr.a);

		qdict_put_str(args, "mac", mac);
		qdict_put_str(args, "kind", card->model);
	}
	qdict_put(args, "vm", machine());
	if (comes_in() || vsw_front_loads(r->front))
		qdict_put_bool(args, "incoming", true);
	return args;
}

/* ---- telling people ---- */

static SocketAddress *address(const struct vc_remote *r)
{
	SocketAddress *a = g_new0(SocketAddress, 1);

	a->type = SOCKET_ADDRESS_TYPE_UNIX;
	a->u.q_unix.path = g_strdup(r->path);
	return a;
}

static void tell_up(struct vc_remote *r)
{
	SocketAddress *a = address(r);

	qapi_event_send_netdev_stream_connected(r->p->name, a);
	qapi_free_SocketAddress(a);
	if (r->said[0])
		info_report("%s: plugged into switch %s", r->p->name, r->name);
	r->said[0] = '\0';
	vc_trace(r->p, VC_TRACE_LINK, "plugged into switch %s at %s", r->name, r->path);
}

/* Once for each reason */
static void tell_away(struct vc_remote *r, bool was_there, const char *why)
{
	if (was_there)
		qapi_event_send_netdev_stream_disconnected(r->p->name);
	vc_trace(r->p, VC_TRACE_LINK, "%s: %s", r->path, why);
	if (!strcmp(r->said, why))
		return;
	g_strlcpy(r->said, why, sizeof(r->said));
	warn_report("%s: %s: %s; its cable is out, trying again", r->p->name, r->path, why);
}

/* ---- life ---- */

static void forget_socket(struct vc_remote *r)
{
	if (r->fd >= 0)
		qemu_set_fd_handler(r->fd, NULL, NULL, NULL);
	r->fd = -1;
}

static void later(struct vc_remote *r)
{
	timer_mod(r->timer, now_ms() + r->wait);
	r->wait = MIN(2 * r->wait, WAIT_MAX);
}

static void release_card(struct vc_remote *r)
{
	if (!r->full)
		return;
	r->full = false;
	vc_port_input_ready(r->p); /* what it has left is lost now */
}

static void away(struct vc_remote *r, const char *why)
{
	bool was_there = !r->p->out;

	r->p->away = true;
	vc_remote_loud(r);
	release_card(r);
	later(r);
	if (runstate_check(RUN_STATE_INMIGRATE)) {
		vc_port_update(r->p);
		return;
	}
	vc_port_set_out(r->p, true);
	vc_port_update(r->p);
	tell_away(r, was_there, why);
}

static void connected(struct vc_remote *r)
{
	timer_del(r->timer);
	r->wait = WAIT_MIN;
}

static void there(struct vc_remote *r)
{
	connected(r);
	vc_remote_loud(r);
	r->p->away = false;
	vc_port_set_out(r->p, false);
	vc_port_show(r->p);
	vc_port_update(r->p);
	tell_up(r);
	vc_remote_poll(r);
}

/* What the front end has told of takes effect */
static void change(void *opaque)
{
	struct vc_remote *r = opaque;

	if (r->p->gone)
		return;
	if (r->lost) {
		r->lost = false;
		vc_remote_poll(r); /* what came before */
		away(r, r->why);
	}
	if (r->p->away && vsw_front_is_up(r->front))
		there(r);
	else if (vsw_front_stands(r->front))
		connected(r);
}

static void front_up(void *opaque, bool up, const char *why)
{
	struct vc_remote *r = opaque;

	if (!up) {
		forget_socket(r);
		r->lost = true;
		g_strlcpy(r->why, why, sizeof(r->why));
	}
	qemu_bh_schedule(r->changed);
}

static void front_counters(void *opaque, const struct vsw_counters *c)
{
	((struct vc_remote *)opaque)->told = *c;
}

static const struct vsw_front_ops front_ops = { front_up, front_counters, vc_remote_saved,
						vc_remote_loaded };

static void readable(void *opaque)
{
	vsw_front_readable(((struct vc_remote *)opaque)->front);
}

static void dialled(void *opaque, const struct vc_dial_result *result)
{
	struct vc_remote *r = opaque;

	r->dial = NULL;
	if (r->p->gone) {
		if (result->fd >= 0)
			close(result->fd);
		return;
	}
	if (result->fd < 0) {
		away(r, result->why);
		return;
	}
	if (r->busy) { /* an event loop in the middle of a delivery; see remote.h */
		close(result->fd);
		later(r);
		return;
	}
	g_strlcpy(r->name, result->name, sizeof(r->name));
	vsw_front_run(r->front, !comes_in());
	r->fd = result->fd;
	qemu_set_fd_handler(r->fd, readable, NULL, r);
	timer_mod(r->timer, now_ms() + DIAL_MS);
	vsw_front_attach(r->front, r->fd);
}

static void dial(struct vc_remote *r)
{
	QDict *args = plug_args(r);

	r->dial = vc_dial_start(r->path, args, dialled, r);
	qobject_unref(args);
}

static void part(struct vc_remote *r)
{
	r->lost = false;
	r->p->away = true;
	vc_remote_loud(r);
	vc_dial_stop(r->dial);
	r->dial = NULL;
	timer_del(r->timer);
	forget_socket(r);
	vsw_front_detach(r->front);
	vc_port_update(r->p);
	release_card(r);
}

/* The guest has stopped: the switch is to stop, too, and keeps the port for who comes next */
static void be_quiet(struct vc_remote *r)
{
	vc_remote_poll(r);
	vsw_front_run(r->front, false);
	if (!vsw_front_wait(r->front, QUIET_MS)) {
		part(r);
		return;
	}
	vc_remote_poll(r); /* what came until then */
	r->p->away = true;
	vc_port_update(r->p);
	release_card(r);
	vc_remote_quiet(r);
	vc_trace(r->p, VC_TRACE_LINK, "quiet, for a migration");
}

static void stop_for_migration(struct vc_remote *r)
{
	if (qemu_uuid_set && !r->p->away && vsw_front_is_up(r->front))
		be_quiet(r);
	else
		part(r);
}

bool vc_remote_begin(struct vc_remote *r)
{
	bool owes = r->quiet || vsw_front_loads(r->front);

	vc_remote_loud(r);
	if (owes)
		vsw_front_wait(r->front, QUIET_MS); /* else the rings run before port and card do */
	if (!vsw_front_stands(r->front))
		return false;
	vsw_front_run(r->front, true);
	if (!vsw_front_is_up(r->front))
		return false;
	there(r);
	return true;
}

static void machine_changed(struct vc_watch *watch, enum vc_machine_event event)
{
	struct vc_remote *r = container_of(watch, struct vc_remote, watch);

	if (event != VC_MACHINE_STATE || r->p->gone || r->busy)
		return;
	if (runstate_check(RUN_STATE_FINISH_MIGRATE)) {
		stop_for_migration(r);
	} else if (runstate_is_running() && r->fd < 0 && !r->dial) {
		r->wait = WAIT_MIN;
		timer_mod(r->timer, 0);
	} else if (runstate_is_running() && !vc_remote_begin(r)) {
		vsw_front_run(r->front, true); /* a handshake is on its way */
	}
}

/* The next attempt; or a handshake that takes too long */
static void timer_comes(void *opaque)
{
	struct vc_remote *r = opaque;

	if (r->p->gone || r->dial || vc_remote_look(r))
		return;
	if (r->fd < 0) {
		dial(r);
		return;
	}
	if (r->busy) {
		later(r);
		return;
	}
	forget_socket(r);
	vsw_front_detach(r->front);
	away(r, "it does not answer");
}

bool vc_remote_open(struct vc_remote *r, Error **errp)
{
	char why[160];

	r->front = vsw_front_new(NULL, &front_ops, r, why, sizeof(why));
	if (!r->front) {
		error_setg(errp, "%s", why);
		return false;
	}
	r->fd = -1;
	r->wait = WAIT_MIN;
	r->changed = qemu_bh_new(change, r);
	r->poll = qemu_bh_new(vc_remote_poll, r);
	r->timer = timer_new_ms(QEMU_CLOCK_REALTIME, timer_comes, r);
	timer_mod(r->timer, 0);
	vc_watch_machine(&r->watch, machine_changed);
	qemu_set_fd_handler(vsw_front_fd(r->front), vc_remote_kicked, NULL, r);
	return true;
}

void vc_remote_close(struct vc_remote *r)
{
	vc_unwatch_machine(&r->watch);
	vc_dial_stop(r->dial);
	forget_socket(r);
	qemu_set_fd_handler(vsw_front_fd(r->front), NULL, NULL, NULL);
	timer_free(r->timer);
	qemu_bh_delete(r->poll);
	qemu_bh_delete(r->changed);
	vsw_front_free(r->front);
}
