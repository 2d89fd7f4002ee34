// SPDX-License-Identifier: GPL-2.0-or-later
/* Back ends by their names; see backend.h. */
#include "backend.h"

/* Most that are looked at; a message names no more. */
#define MOST 64

/* Those that are free, for a message. Return: to be freed. */
static char *list_free(void)
{
	NetClientState *ncs[MOST];
	int n = qemu_find_net_clients_except(NULL, ncs, NET_CLIENT_DRIVER_NIC, MOST);
	GString *names = g_string_new("");

	for (int i = 0; i < MIN(n, MOST); i++)
		if (!ncs[i]->peer && !ncs[i]->queue_index)
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", ncs[i]->name);
	return g_string_free(names, FALSE);
}

NetClientState *vc_backend_find(const char *id, Error **errp)
{
	NetClientState *nc;
	int queues = qemu_find_net_clients_except(id, &nc, NET_CLIENT_DRIVER_NIC, 1);
	g_autofree char *names = NULL;

	if (queues == 1 && !nc->peer)
		return nc;
	if (queues > 1) {
		error_setg(errp, "netdev=%s has %d queues; it must have one", id, queues);
		return NULL;
	}
	names = list_free();
	error_setg(errp, "netdev=%s: %s; %s%s", id,
		   queues ? "it is in use by another device" : "there is no such netdev",
		   *names ? "free are " : "none is free", names);
	return NULL;
}
