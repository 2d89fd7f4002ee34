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

/** VSW_DOCUMENT_MAX - Most bytes of a document, or of a request. */
#define VSW_DOCUMENT_MAX (1u << 20)

struct json_t; /* jansson's json_t */
struct vsw_control;
struct vsw_answer;
struct vsw_server;

/**
 * struct vsw_control_host - What the host does for a control
 * @now:   The time, ns, of a clock that runs on while the switch's stands still (as that of a
 *      stopped VM does): people have not stopped
 * @timer: Call vsw_control_timer() at or soon after @deadline (VSW_NEVER: not at all). Replaces the
 *      last wish
 * @call:  The switch is called by another thread than the control: run @fn there, again and again
 *      until it returns false, and wait. Each run takes a small fraction of a millisecond and
 *      neither allocates nor frees; putting a document in force takes one. Ports are then added
 *      and removed by the control's thread only, by calls of its own. NULL: the control is called
 *      where the switch is
 * @port_keys: @portgroup_keys: keys of the document that are the host's: in an entry of "ports", of
 *      "portgroups". NULL at the end; or NULL: none
 * @prepare: A document that is sound for the switch, jansson's: do what can fail for the host's
 *      keys.
 *      @commit: it will be put in force. Return: 0; or -1, and the document is not taken: the error
 *      begins with its path. May be NULL
 * @finish: It is in force, or will not be. After a @prepare with success only. May be NULL
 * @saves: Will a document that is put in force, and kept, be there after a restart? Answers say so.
 *      NULL: no
 */
struct vsw_control_host {
	int64_t (*now)(void *opaque);
	void (*timer)(void *opaque, int64_t deadline);
	void (*call)(void *opaque, bool (*fn)(void *arg), void *arg);
	const char *const *port_keys, *const *portgroup_keys;
	int (*prepare)(void *opaque, const struct json_t *document, bool commit, char *err,
		       size_t errlen);
	void (*finish)(void *opaque, bool commit);
	bool (*saves)(void *opaque);
};

/**
 * struct vsw_event_text - An event, told by one who may not have the port any more
 * @kind: What
 * @port: Id of the port it is about, or ""
 * @mac:  Address it is about, or zeros
 * @vlan: VLAN of @mac
 * @when: us since 1970
 * @text: One line for people
 */
struct vsw_event_text {
	enum vsw_event_kind kind;
	const char *port;
	uint8_t mac[6];
	uint16_t vlan;
	int64_t when;
	const char *text;
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
 * Return: 0, or -1 and nothing changed: also while a document waits for its confirmation.
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
 * vsw_control_warnings() - What of the document in force has no effect on the ports that are there
 * @ctl: The control
 *
 * A host that loads a document at its start asks for it when its ports are there.
 *
 * Return: jansson's array of objects with "path", "kind" ("absent", "duplicate", "unused", "more")
 * and "text"; NULL without memory.
 */
struct json_t *vsw_control_warnings(struct vsw_control *ctl);

/**
 * vsw_control_warn() - The same, line by line
 * @ctl:    The control
 * @warn:   Gets one line, borrowed: "PATH: TEXT"
 * @opaque: Its first argument
 */
void vsw_control_warn(struct vsw_control *ctl, void (*warn)(void *opaque, const char *text),
		      void *opaque);

/**
 * vsw_control_portgroup() - Port group that a port is in
 * @ctl: The control
 * @id:  The port
 * @own: The group it was connected with, or NULL
 *
 * Return: as the document in force says, else @own; NULL: none. Borrowed.
 */
const char *vsw_control_portgroup(const struct vsw_control *ctl, const char *id, const char *own);

/**
 * vsw_control_export() - The document in force
 * @ctl: The control
 *
 * Return: JSON, to be freed by the caller with free(); NULL without memory.
 */
char *vsw_control_export(const struct vsw_control *ctl);

/**
 * vsw_control_document() - The document in force, as jansson has it
 * @ctl: The control
 *
 * Return: borrowed until another one is put in force; never changed.
 */
const struct json_t *vsw_control_document(const struct vsw_control *ctl);

/**
 * vsw_control_waits() - Does the document in force wait for its confirmation?
 * @ctl: The control
 */
bool vsw_control_waits(const struct vsw_control *ctl);

/**
 * vsw_control_kept() - The document that stays: what a host may write to a file
 * @ctl: The control
 *
 * Return: as vsw_control_document(); while that waits for its confirmation the one before it, which
 * is borrowed until the end of the wait.
 */
const struct json_t *vsw_control_kept(const struct vsw_control *ctl);

/**
 * vsw_document_merge() - Change a document by a JSON merge patch (RFC 7396)
 * @into:  The document, jansson's object
 * @patch: The patch, an object
 */
void vsw_document_merge(struct json_t *into, const struct json_t *patch);

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
 * vsw_answer_member() - A member of what a command returned, by its path
 * @item: Jansson's object
 * @path: "a.b"; "" is @item
 *
 * Return: borrowed, or NULL.
 */
struct json_t *vsw_answer_member(const struct json_t *item, const char *path);

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
 * vsw_control_event() - Pass an event on to who listens
 * @ctl: The control
 * @ev:  The event
 *
 * A control hears of the events of its switch by itself, but not from another thread: a host with a
 * @call notes them (struct vsw_host) and passes them on with this.
 */
void vsw_control_event(struct vsw_control *ctl, const struct vsw_event_text *ev);

/**
 * vsw_control_prepare_port() - Work out the policy of a port that will be added
 * @ctl:    The control
 * @conf:   As it will be given to vsw_port_add()
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * The next vsw_port_add() of that id then finds it done: needed by a host with a @call, since it
 * means reading the document.
 *
 * Return: 0, or -1: the port cannot be added.
 */
int vsw_control_prepare_port(struct vsw_control *ctl, const struct vsw_port_conf *conf, char *err,
			     size_t errlen);

/**
 * vsw_control_listen() - Be told of events
 * @ctl:    The control
 * @event:  Gets one line of JSON, borrowed; nothing of the switch may be called. NULL: no more
 * @opaque: Its first argument
 */
void vsw_control_listen(struct vsw_control *ctl, void (*event)(void *opaque, const char *json),
			void *opaque);

/**
 * struct vsw_peer - Who is at the other end of a connection; zeros if that is not known
 */
struct vsw_peer {
	int pid;
	unsigned uid, gid;
};

/**
 * vsw_peer_is_owner() - May a peer change what this process does?
 * @peer: The peer
 *
 * Return: whether it is of our own user, or root.
 */
bool vsw_peer_is_owner(const struct vsw_peer *peer);

/**
 * struct vsw_service - What a server asks of whoever it serves
 * @greeting: What a client is told first. Return: one line of JSON, to be freed with free()
 * @begin:    Carry a request out. Return: its answer; NULL without memory
 */
struct vsw_service {
	char *(*greeting)(void *opaque);
	struct vsw_answer *(*begin)(void *opaque, const struct vsw_peer *peer, const char *text,
				    size_t len);
};

/**
 * vsw_control_carry_out() - vsw_control_begin() for a request that was read
 * @ctl:     The control
 * @request: The object, jansson's; a reference is taken
 *
 * Return: as vsw_control_begin().
 */
struct vsw_answer *vsw_control_carry_out(struct vsw_control *ctl, struct json_t *request);

/**
 * vsw_request_parse() - Read a request
 * @text:  What a client sent
 * @len:   Its length
 * @wrong: If it is no JSON, the answer that says so
 *
 * Return: jansson's value; NULL if it is none.
 */
struct json_t *vsw_request_parse(const char *text, size_t len, struct vsw_answer **wrong);

/**
 * vsw_answer_return() - Make an answer to a request that is not the control's
 * @request: The object, jansson's, whose "id" the answer gets; or NULL
 * @ret:     What is returned; the reference is the answer's
 * @fd:      A descriptor that is passed with the answer, and closed; -1: none
 *
 * Return: the answer; NULL without memory.
 */
struct vsw_answer *vsw_answer_return(const struct json_t *request, struct json_t *ret, int fd);

/**
 * vsw_answer_add() - Say more in an answer of which nothing was read yet
 * @a:     The answer or NULL; one that returns no object stays as it is
 * @key:   Name of what is said
 * @value: jansson's; the reference is the answer's
 */
void vsw_answer_add(struct vsw_answer *a, const char *key, struct json_t *value);

/**
 * vsw_answer_error() - Make an answer that says what was wrong
 * @request: As of vsw_answer_return()
 * @class:   Class of the error
 * @desc:    One line
 *
 * Return: the answer; NULL without memory.
 */
struct vsw_answer *vsw_answer_error(const struct json_t *request, const char *class,
				    const char *desc);

/**
 * vsw_answer_fd() - Take the descriptor that is passed with an answer
 * @a: The answer
 *
 * Return: the descriptor, which is the caller's now; -1: there is none.
 */
int vsw_answer_fd(struct vsw_answer *a);

/**
 * vsw_arguments_check() - Has a command the arguments it takes?
 * @name:   Its name, for the message
 * @list:   Names it takes, with a ? those that may be missing: "a b?"
 * @args:   The arguments, an object of jansson's
 * @err:    If not, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_arguments_check(const char *name, const char *list, const struct json_t *args, char *err,
			size_t errlen);

/**
 * vsw_server_new() - Serve a control on a Unix socket
 * @ctl:     The control; outlives the server
 * @context: GMainContext to run in, or NULL for the default one. Without a @call of the control's
 *      host, the thread that runs it is the one that calls the switch
 * @path:    The socket; a stale one is replaced. Only its owner may connect
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * Events of the control are told to all clients.
 *
 * Return: the server, or NULL.
 */
struct vsw_server *vsw_server_new(struct vsw_control *ctl, void *context, const char *path,
				  char *err, size_t errlen);

/**
 * vsw_server_on() - Serve whoever on a socket that listens
 * @fd:      The socket; it stays the caller's, and outlives the server
 * @service: Operations, which outlive the server
 * @opaque:  First argument of each
 * @context: As of vsw_server_new()
 *
 * Return: the server.
 */
struct vsw_server *vsw_server_on(int fd, const struct vsw_service *service, void *opaque,
				 void *context);

/**
 * vsw_server_tell() - Tell all clients of an event
 * @srv:  The server
 * @json: One line, borrowed
 */
void vsw_server_tell(struct vsw_server *srv, const char *json);

/**
 * struct vsw_client_moved - A client of a server on its way to another process
 * @fd:      Its socket
 * @pass_fd: A descriptor that is to be passed with the byte at @pass_at of @out; -1: none
 * @in: @in_len:   What it has sent and nobody has looked at
 * @out: @out_len: What it is to be sent
 */
struct vsw_client_moved {
	int fd, pass_fd;
	size_t pass_at, in_len, out_len;
	const void *in, *out;
};

/**
 * vsw_server_give() - Say what another process needs to go on with the clients
 * @srv:    The server; it does nothing until that is decided
 * @but:    Process that is left out
 * @each:   Called for each client; what it gets is borrowed until the server goes on
 * @opaque: Its first argument
 *
 * An answer in the making is made to its end, up to a few MiB; a client that asked for more is left
 * out.
 */
void vsw_server_give(struct vsw_server *srv, int but,
		     void (*each)(void *opaque, const struct vsw_client_moved *client),
		     void *opaque);

/**
 * vsw_server_take() - Go on with a client of another process's server
 * @srv:    The server
 * @client: The client; its descriptors are the server's from now on
 */
void vsw_server_take(struct vsw_server *srv, const struct vsw_client_moved *client);

/**
 * vsw_server_free() - Close all connections, and the socket if it is the server's own
 * @srv: The server or NULL
 */
void vsw_server_free(struct vsw_server *srv);

/**
 * vsw_document_schema() - JSON Schema (draft 2020-12) of documents
 * @port_keys: @portgroup_keys: schemas of the host's keys (struct vsw_control_host), jansson's
 *      objects by key; or NULL: there are none
 *
 * Return: a schema of one document, without the members $schema and $id; its definitions are at
 * "#/$defs". Given back by json_decref().
 */
struct json_t *vsw_document_schema(const struct json_t *port_keys,
				   const struct json_t *portgroup_keys);

#endif
