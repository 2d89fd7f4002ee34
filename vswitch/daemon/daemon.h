/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon as a whole.
 *
 * DOC: Theory of Operation
 *
 * vswitchd runs one or more named switches for any number of virtual machines. Its main thread is
 * the control thread: a GLib main loop with all sockets of control, listeners, the log, timers.
 * Frames have the one of a struct vsw_worker (vswitch/worker.h).
 *
 * | file       | what                                                                           |
 * |------------|--------------------------------------------------------------------------------|
 * | main.c     | command line, start, end                                                       |
 * | dswitch.c  | a named switch on the frame thread, its control, its events                    |
 * | document.c | what of the configuration is the daemon's: ports and listeners                 |
 * | port.c     | ports and what is plugged in; dial.c connects to peers                         |
 * | holder.c   | a port that moves from one connection to another with its machine              |
 * | listen.c   | sockets at which clients plug in                                               |
 * | command.c  | commands of the control socket that are the daemon's                           |
 * | events.c   | events on their way from the frame thread                                      |
 * | life.c     | the document, reloading and saving it                                          |
 * | nofile.c   | descriptors that the process may have, and may need                            |
 * | exporter.c | counters for Prometheus over HTTP; page.c makes the page                       |
 * | handover*  | another process takes over: handover.h                                         |
 * | keep.c     | counters that outlive the process                                              |
 * | sandbox.c  | what the process may ask of the kernel                                         |
 * | settings.c | options of transports and listeners in a document                              |
 * | place.c    | where sockets are                                                              |
 * | notify.c   | systemd's protocol                                                             |
 * | log.c      | the log                                                                        |
 */
#ifndef VSWITCHD_DAEMON_H
#define VSWITCHD_DAEMON_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#include "vswitch/worker.h"

struct daemon_options;
struct exporter;
struct handover;
struct keep;
struct takeover;
struct vsw_endpoint;
struct vsw_server;

/* struct daemon - control thread */
struct daemon {
	struct vsw_worker *worker;
	GMainContext *context;
	GMainLoop *loop;
	GHashTable *switches; /* struct dswitch by name */
	const char *place;    /* directory that relative paths are in */
	const char *file;     /* its configuration, or NULL */
	json_t *document;     /* as it was read last */
	struct daemon_options *options;
	struct vsw_server *server;
	struct exporter *exporter; /* NULL: none */
	struct keep *keep;	   /* counters that outlive us, or NULL */
	int socket;		   /* of control */
	struct vsw_endpoint *at;   /* where that is */
	struct handover *handover; /* somebody asked to take over, or NULL */
	struct takeover *takeover; /* what another process gave, until frames flow here, or NULL */
	bool dry;		   /* nothing is opened or bound: documents are but looked at */
	bool loading, saving;	   /* documents are being put in force; one will be saved soon */
};

#endif
