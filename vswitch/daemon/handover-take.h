/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a process that takes over was given, read and checked (handover-give.h has the format).
 *
 * Whoever gave it is our own user or root, but may be of another release, or broken: numbers and
 * names are checked, and nothing beyond what came is touched.
 */
#ifndef VSWITCHD_HANDOVER_TAKE_H
#define VSWITCHD_HANDOVER_TAKE_H

#include <glib.h>
#include <jansson.h>

#include "vswitch/endpoint.h"
#include "vswitch/transport.h"

struct daemon;
struct port;

/* struct taken_listener - a listener; @key: switch, group and text; -1: somebody has it */
struct taken_listener {
	char *key;
	int fd, file;
};

/* struct taken_port - a port, and where its wire's descriptors and bytes are; @transport: NULL:
 * there is none. @port: made */
struct taken_port {
	const char *sw;
	const json_t *json;
	const struct vsw_transport *transport;
	unsigned fd, n_fds;
	size_t at, len;
	struct port *port;
};

/* struct taken_switch - a switch, and where what goes ahead of its state is in the bytes */
struct taken_switch {
	const char *name;
	size_t at, len;
};

/* struct taken_client - a connection of the control socket; places in descriptors and bytes */
struct taken_client {
	unsigned fd;
	bool pass;
	size_t pass_at, at, in, out;
};

/* struct takeover - all of it; @old: its process, @pidfd: that, or -1; @fd: the channel; @late:
 * descriptors of FROZEN */
struct takeover {
	int fd, old, pidfd;
	uint8_t *bytes;
	size_t len, at;
	json_t *json;
	int *fds;
	unsigned n_fds, fd_at;
	int *late;
	unsigned n_late, late_at;
	GArray *switches, *listeners, *ports, *clients;
	GHashTable *linked; /* ports by switch and id */
	int64_t stopped;
	unsigned wires;
};

/**
 * vd_takeover_read() - Read what was given
 * @t:      Its bytes and descriptors are there
 * @json:   So many of the bytes are JSON
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_takeover_read(struct takeover *t, size_t json, char *err, size_t errlen);

/**
 * vd_takeover_free() - Forget it, and close what nobody took
 * @t: It or NULL
 */
void vd_takeover_free(struct takeover *t);

/**
 * vd_takeover_thaw() - Have all wires and switches take what FROZEN says
 * @daemon: All ports are made
 * @bytes:  FROZEN
 * @len:    Their number
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_takeover_thaw(struct daemon *daemon, const uint8_t *bytes, size_t len, char *err,
		     size_t errlen);

#endif
