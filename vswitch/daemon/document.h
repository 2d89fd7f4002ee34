/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a switch's document is the daemon's: how ports are connected, and where clients plug in.
 *
 * DOC: Theory of Operation
 *
 * | key                 | what                                                                  |
 * |---------------------|-----------------------------------------------------------------------|
 * | ports.ID.connect    | a lasting port: its transport, and the options of that                |
 * | portgroups.G.listen | an array of sockets at which clients plug in                          |
 * | portgroups.G.token  | what a client of the command "plug" must know                         |
 *
 * A document is put in force in two steps, between which the switch's own part is: what can fail
 * (reading, binding of new sockets) is done before, and undone if the document is not taken. What
 * is the same in both documents is left alone: its connections go on.
 */
#ifndef VSWITCHD_DOCUMENT_H
#define VSWITCHD_DOCUMENT_H

#include <jansson.h>
#include <stddef.h>
#include <stdbool.h>

#include "vswitch/transport.h"

struct dswitch;

/* struct connect_options - what can be said of a port, besides the transport's options */
struct connect_options {
	char *transport, *address, *mac;
	bool uplink;
	uint32_t retry_ms;
};

extern const struct vsw_option vd_connect_rows[];

/* Keys that are the daemon's, for struct vsw_control_host */
extern const char *const vd_document_port_keys[], *const vd_document_portgroup_keys[];

/**
 * vd_document_prepare() - Do what can fail; as in struct vsw_control_host
 * @opaque:   The struct dswitch
 * @document: The document
 * @commit:   It will be put in force; else it is but looked at
 * @err:      On failure, one line with the path of what was wrong
 * @errlen:   Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vd_document_prepare(void *opaque, const json_t *document, bool commit, char *err,
			size_t errlen);

/**
 * vd_document_finish() - Put it in force, or forget it; as in struct vsw_control_host
 * @opaque: The struct dswitch
 * @commit: In force
 */
void vd_document_finish(void *opaque, bool commit);

/**
 * vd_document_token() - Is a token the one of a port group?
 * @document: A switch's document
 * @group:    The port group
 * @token:    The token, or NULL
 *
 * Return: whether it is, or the group has none.
 */
bool vd_document_token(const json_t *document, const char *group, const char *token);

#endif
