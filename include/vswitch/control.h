/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control of a switch: its configuration as one JSON document, and commands in QMP's dialect.
 *
 * DOC: Theory of Operation
 *
 * The document describes the whole switch (docs/switch.md): its own policy, defaults for ports,
 * port groups, and what single ports have of their own. It is the only state: a change makes a new
 * document, works out every port's policy from it, and puts all of them in force in one step, or
 * none. What was loaded is what is exported.
 *
 * Ports may come and go at any time: one that is added gets what the document says for its id and
 * group.
 *
 * A command is a JSON object, {"execute": NAME, "arguments": {...}, "id": ...}; the answer
 * {"return": ...} or {"error": {"class": ..., "desc": ...}}. How they travel is the business of
 * others: vsw_control_begin() and vsw_control_execute() are handed text and give text,
 * vsw_server_new() listens on a Unix socket from a GLib main context.
 */
#ifndef VSWITCH_CONTROL_H
#define VSWITCH_CONTROL_H

#include "vswitch/vswitch.h"

struct vsw_control;
struct vsw_answer;
struct vsw_server;

/**
 * struct vsw_control_host - What the host does for a control
 * @now:   The time, ns, of a clock that runs on while the switch's stands still (as that of a
 *      stopped VM does): people have not stopped
 * @timer: Call vsw_control_timer() at or soon after @deadline (VSW_NEVER: not at all). Replaces the
 *      last wish
 */
struct vsw_control_host {
	int64_t (*now)(void *opaque);
	void (*timer)(void *opaque, int64_t deadline);
};

/**
 * vsw_control_new() - Control a switch: become its manager (vswitch/manage.h)
 * @sw:     The switch, without a manager; outlives the control
 * @host:   Operations, which outlive the control; NULL: commands with "confirm-timeout" are refused
 * @opaque: First argument of each
 *
 * Return: the control, with an empty document; NULL without memory.
 */
struct vsw_control *vsw_control_new(struct vsw *sw, const struct vsw_control_host *host,
				    void *opaque);

/**
 * vsw_control_free() - Leave the switch as it is, without control
 * @ctl: The control or NULL
 */
void vsw_control_free(struct vsw_control *ctl);

/**
 * vsw_control_timer() - The deadline has come (early and late calls are harmless)
 * @ctl: The control
 */
void vsw_control_timer(struct vsw_control *ctl);

/**
 * vsw_control_load() - Put a document in force
 * @ctl:    The control
 * @text:   JSON
 * @len:    Its length
 * @err:    On failure, one line with the path of what was wrong
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_control_load(struct vsw_control *ctl, const char *text, size_t len, char *err,
		     size_t errlen);

/**
 * vsw_control_load_file() - Put a document in force
 * @ctl:    The control
 * @path:   File
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_control_load_file(struct vsw_control *ctl, const char *path, char *err, size_t errlen);

/**
 * vsw_control_export() - The document in force
 * @ctl: The control
 *
 * Return: JSON, to be freed by the caller with free(); NULL without memory.
 */
char *vsw_control_export(const struct vsw_control *ctl);

/**
 * vsw_control_greeting() - What a client is told first
 * @ctl: The control
 *
 * Return: one line of JSON, to be freed.
 */
char *vsw_control_greeting(const struct vsw_control *ctl);

/* enum vsw_answer_state - how far an answer was read */
enum vsw_answer_state {
	VSW_ANSWER_MORE,     /* there is more to read */
	VSW_ANSWER_COMPLETE, /* all was read */
	VSW_ANSWER_BROKEN,   /* memory is short: what was read is all that comes, and not whole */
};

/**
 * vsw_control_begin() - Carry a command out, and read its answer in pieces
 * @ctl:  The control
 * @text: One JSON object
 * @len:  Its length
 *
 * What the command changes is changed when this returns. The switch may be used, and other commands
 * begun, while an answer is read: what a long list then says is what vswitch/query.h says of walks.
 *
 * Return: the answer, which the control outlives; NULL without memory.
 */
struct vsw_answer *vsw_control_begin(struct vsw_control *ctl, const char *text, size_t len);

/**
 * vsw_answer_read() - Read the next piece of an answer: one line of JSON without its end
 * @a:    The answer
 * @buf:  Gets it
 * @room: Room in @buf; 4096 or more to make headway
 * @n:    Bytes in @buf; may be 0 before the end
 *
 * A piece is made in a small fraction of a millisecond, however long the answer is.
 *
 * Return: how far it was read.
 */
enum vsw_answer_state vsw_answer_read(struct vsw_answer *a, char *buf, size_t room, size_t *n);

/**
 * vsw_answer_free() - Be done with an answer
 * @a: The answer, read to the end or not, or NULL
 */
void vsw_answer_free(struct vsw_answer *a);

/**
 * vsw_control_execute() - Carry a command out, and wait for the whole answer
 * @ctl:  The control
 * @text: One JSON object
 * @len:  Its length
 *
 * Return: the answer, one line of JSON without its end, to be freed.
 */
char *vsw_control_execute(struct vsw_control *ctl, const char *text, size_t len);

/**
 * vsw_control_listen() - Be told of events
 * @ctl:    The control
 * @event:  Gets one line of JSON, borrowed; nothing of the switch may be called. NULL: no more
 * @opaque: Its first argument
 */
void vsw_control_listen(struct vsw_control *ctl, void (*event)(void *opaque, const char *json),
			void *opaque);

/**
 * vsw_server_new() - Serve a control on a Unix socket
 * @ctl:     The control; outlives the server
 * @context: GMainContext to run in, or NULL for the default one. The thread that runs it is the one
 *      that calls the switch
 * @path:    The socket; a stale one is replaced. Only its owner may connect
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * Return: the server, or NULL.
 */
struct vsw_server *vsw_server_new(struct vsw_control *ctl, void *context, const char *path,
				  char *err, size_t errlen);

/**
 * vsw_server_free() - Close the socket and all connections
 * @srv: The server or NULL
 */
void vsw_server_free(struct vsw_server *srv);

#endif
