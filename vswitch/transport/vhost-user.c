/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vhost-user: rings in memory that is shared with a virtual machine (virtio-net), a DPDK program
 * (virtio-user), or a card of ours. The row, and the control half: messages; see vhost-user.h.
 */
#include "vhost-user.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>

#include "vhost/counters.h"
#include "vhost-user-move.h"
#include "vswitch/fail.h"

/* Messages dealt with before others on the control thread get their turn */
#define MESSAGES 64u
#define MAX_MTU	 65535u

#define OFFLOADS                                                                    \
	(VIRTIO_BIT(VIRTIO_NET_F_CSUM) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM) |      \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO4) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4) | \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO6) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO6) | \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_ECN) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_ECN) |   \
	 VIRTIO_BIT(VIRTIO_NET_F_HOST_USO) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4) |  \
	 VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO6))

extern const struct vsw_transport vsw_transport_vhost_user;

/* struct vhost_options */
struct vhost_options {
	uint32_t queues;
	bool offloads;
};

static bool give_there(void *opaque)
{
	vsw_vhost_data_give(opaque);
	return false;
}

static bool take_there(void *opaque)
{
	vsw_vhost_data_take(opaque);
	return false;
}

static void park(void *opaque)
{
	struct vsw_vhost *v = opaque;

	vsw_worker_call(v->wire.worker, take_there, v);
}

/* struct counting - arguments of what follows, on the frame thread */
struct counting {
	const struct vsw_vhost *v;
	bool is_there;
	struct vsw_counters c;
};

static bool count_there(void *opaque)
{
	struct counting *a = opaque;

	a->is_there = a->v->wire.port;
	if (a->is_there)
		vsw_port_counters(a->v->wire.port, &a->c);
	return false;
}

static uint32_t counters(void *opaque, char *text, size_t room)
{
	struct vsw_vhost *v = opaque;
	struct counting a = { .v = v };

	vsw_worker_call(v->wire.worker, count_there, &a);
	return a.is_there ? vsw_counters_print(&a.c, text, room) : 0;
}

static const struct vhost_host host = { park, counters, vsw_vhost_state_save,
					vsw_vhost_state_load };

static bool card_there(void *opaque)
{
	vsw_vhost_data_card(opaque);
	return false;
}

/* Return: 1: there may be more; 0: nothing more now; -1: the connection is over, *@why says why */
static int one_message(struct vsw_vhost *v, const char **why)
{
	struct vhost_message reply;
	int ret = vsw_vhost_receive(&v->ch);

	*why = v->ch.why;
	if (ret <= 0)
		return ret;
	ret = vsw_vhost_backend_message(v->be, &v->ch.msg, v->ch.fds, v->ch.n_fds, &reply);
	*why = v->be->why;
	v->owned |= ret >= 0 && v->ch.msg.request == VHOST_SET_OWNER;
	if (ret > 0 && vsw_vhost_send(&v->ch, &reply, NULL, 0) < 0) {
		*why = v->ch.why;
		return -1;
	}
	return ret < 0 ? -1 : 1;
}

static void drop(void **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static gboolean too_late(gpointer opaque)
{
	struct vsw_vhost *v = opaque;

	drop(&v->source);
	drop(&v->late);
	vsw_wire_end(&v->wire, "%s for %u s",
		     v->owned ? "it stopped in the middle of a message" : "it said no SET_OWNER",
		     VHOST_LATE_MS / 1000);
	return G_SOURCE_REMOVE;
}

/* How long it may go on like this. @more: a message has come as a whole */
static void allow(struct vsw_vhost *v, bool more)
{
	bool owes = !v->owned || vsw_vhost_half(&v->ch);

	if (!owes || (v->owned && more))
		drop(&v->late);
	if (!owes || v->late)
		return;
	v->late = g_timeout_source_new(VHOST_LATE_MS);
	g_source_set_callback(v->late, too_late, v, NULL);
	g_source_attach(v->late, g_source_get_context(v->source));
}

/* The rings of the driver stand, or do not */
static void tell_runs(struct vsw_vhost *v)
{
	bool runs = vsw_vhost_any_started(v->be);

	if (runs == v->wire.runs)
		return;
	v->wire.runs = runs;
	if (v->wire.host->runs)
		v->wire.host->runs(v->wire.opaque, &v->wire, runs);
}

static gboolean readable(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_vhost *v = opaque;
	unsigned done = 0;
	const char *why;
	int ret = 1;

	while (done < MESSAGES && (ret = one_message(v, &why)) > 0)
		done++;
	if (v->be->new_card)
		vsw_worker_call(v->wire.worker, card_there, v);
	if (vsw_vhost_backend_settle(v->be)) {
		vsw_worker_call(v->wire.worker, give_there, v);
		tell_runs(v);
	}
	if (ret >= 0) {
		allow(v, done);
		return G_SOURCE_CONTINUE;
	}
	drop(&v->source);
	drop(&v->late);
	vsw_wire_end(&v->wire, "%s", why);
	return G_SOURCE_REMOVE;
}

/* A driver has broken a ring */
static void tell(struct vsw_note *note)
{
	struct vsw_vhost *v = (void *)((char *)note - offsetof(struct vsw_vhost, broken));

	if (v->wire.host->changed)
		v->wire.host->changed(v->wire.opaque, &v->wire,
				      "the driver has broken a ring: no frames pass until it "
				      "starts anew");
}

static void vhost_close(struct vsw_wire *wire)
{
	struct vsw_vhost *v = (struct vsw_vhost *)wire;

	drop(&v->source);
	drop(&v->late);
	vsw_vhost_backend_free(v->be);
	vsw_note_cancel(wire->worker, &v->broken);
	vsw_vhost_drop_fds(&v->ch);
	close(v->ch.fd);
	free(v);
}

static struct vsw_vhost *make(const struct vsw_wire_conf *conf)
{
	const struct vhost_options *o = conf->options;
	struct vsw_vhost *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	vsw_wire_init(&v->wire, &vsw_transport_vhost_user, conf);
	if (conf->from) {
		v->be = vsw_vhost_move_open(v, conf->from, &host);
	} else {
		struct vhost_conf be = { .pairs = o->queues,
					 .mtu = MAX_MTU,
					 .without = o->offloads ? 0 : OFFLOADS };

		v->ch.fd = conf->fd;
		v->be = vsw_vhost_backend_new(&be, &host, v);
	}
	if (v->be)
		return v;
	free(v);
	return NULL;
}

static struct vsw_wire *vhost_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct vsw_vhost *v = make(conf);

	if (!v) {
		vsw_fail(err, errlen,
			 conf->from ? "its memory or rings cannot be taken over" : "out of memory");
		return NULL;
	}
	vsw_vhost_data_init(v);
	v->broken.read = tell;
	v->source = g_unix_fd_source_new(v->ch.fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
	g_source_set_callback(v->source, G_SOURCE_FUNC(readable), v, NULL);
	g_source_attach(v->source, conf->context);
	allow(v, false);
	return &v->wire;
}

static int vhost_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	struct vsw_vhost *v = (struct vsw_vhost *)wire;

	if (vsw_vhost_move_thaw(v, h) < 0)
		return -1;
	vsw_vhost_backend_settle(v->be);
	wire->runs = vsw_vhost_any_started(v->be);
	vsw_vhost_data_give(v);
	return 0;
}

static void vhost_start(struct vsw_wire *wire)
{
	vsw_vhost_data_start((struct vsw_vhost *)wire);
}

static void vhost_stop(struct vsw_wire *wire)
{
	vsw_vhost_data_stop((struct vsw_vhost *)wire);
}

static const struct vsw_option options[] = {
	{ "queues", VSW_OPTION_NUMBER, .off = offsetof(struct vhost_options, queues), .min = 1,
	  .max = VHOST_PAIRS, .def = "1", .help = "pairs of rings that the other side may use" },
	{ "offloads", VSW_OPTION_BOOL, .off = offsetof(struct vhost_options, offloads), .def = "on",
	  .help = "unfinished checksums and whole messages pass both ways" },
	{ 0 }
};

const struct vsw_transport vsw_transport_vhost_user = {
	.name = "vhost-user",
	.help = "virtio-net of a virtual machine, DPDK's virtio-user, or a card of ours, by shared "
		"memory",
	.kind = VSW_TRANSPORT_SOCKET,
	.fds = 1 + 3 * 2 + 8, /* rings of a pair, regions of memory */
	.options = options,
	.options_size = sizeof(struct vhost_options),
	.open = vhost_open,
	.close = vhost_close,
	.start = vhost_start,
	.stop = vhost_stop,
	.send = vsw_vhost_data_send,
	.input_ready = vsw_vhost_data_input_ready,
	.show = vsw_vhost_data_show,
	.give = vsw_vhost_move_give,
	.freeze = vsw_vhost_move_freeze,
	.thaw = vhost_thaw,
	.tells = true,
};
