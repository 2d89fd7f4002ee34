/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of vswitchd that a host's networks become. */
#ifndef IMPORT_DOCUMENT_H
#define IMPORT_DOCUMENT_H

#include "machine.h"

/**
 * document_text() - Write the document, and check it
 * @h:        The host
 * @machines: struct machine: what starts with its cable out
 * @uplinks:  Interface of this host by name of an uplink
 * @bad:      Told on failure
 *
 * It is checked by the code by which a switch itself reads a document, before anything is written.
 *
 * Return: JSON, to be freed; or NULL.
 */
char *document_text(const struct host *h, const GPtrArray *machines, GHashTable *uplinks,
		    struct trouble *bad);

#endif
