/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transports: how frames get from outside a process into a port of a switch, and back.
 *
 * DOC: Theory of Operation
 *
 * A transport (struct vsw_transport) is one file and one row: a name, options, functions. An open
 * connection of one is a *wire* (struct vsw_wire, at the beginning of a struct of the transport's
 * own); it is plugged into a *jack* (struct vsw_jack), which is the owner of a port. Wires come
 * and go while the socket and its port stay, with policy, counters and addresses: a port without a
 * wire has its link down.
 *
 * The life of a wire, and on which thread (vswitch/worker.h):
 *
 * | function     | thread  | what                                                              |
 * |--------------|---------|-------------------------------------------------------------------|
 * | open()       | control | checks, opens, allocates; may take its time; then handshakes      |
 * | start()      | frames  | the wire is in its port's jack: watches its descriptors           |
 * | send(), input_ready(), its watches, pollers, alarms | frames | frames            |
 * | stop()       | frames  | watches nothing any more; the switch is not called any more       |
 * | close()      | control | closes, frees                                                     |
 *
 * A wire that ends by itself calls vsw_wire_fail(), on the frame thread: stop() is called at once,
 * the link goes down, and control is told by the host's failed(). A wire whose transport has a
 * control half (messages of vhost-user) watches its descriptors in the control thread's
 * GMainContext, and changes its data half with vsw_worker_call(); if that half ends it calls
 * vsw_wire_end().
 *
 * Transports of kind VSW_TRANSPORT_SOCKET work on a connected stream socket that others made for
 * them: one that was accepted, dialled, or handed over by a client of the control socket.
 * Listening, peers' credentials, reconnecting are not their business. The others open what their
 * options say.
 *
 * Options are rows: what checks a value, completes a command line, and is printed in the reference
 * page reads them. A value is parsed into the transport's own struct of options (@options_size, by
 * @off), and owned by it.
 *
 * Hand-over to the next process of the daemon, for which nothing is lost: give() says, while frames
 * flow, what does not change any more (descriptors, layout), from which open() in the new process
 * makes the same wire while the old one goes on; when that was stopped freeze() says the rest,
 * thaw() takes it, and start() follows. A transport without freeze() is asked by give() once more
 * when it was stopped, and thaw() takes what that says. If it comes to nothing the old wire is
 * started again. Neither process touches what they share while the other one may.
 *
 * Whatever a peer sends is hostile. A data half reads each length, offset and index once, into its
 * own memory, and hands the switch frames that keep the rules of hwnet/pkt.h; it never blocks, and
 * takes a few bursts a round at most, so that others get their turn.
 */
#ifndef VSWITCH_TRANSPORT_H
#define VSWITCH_TRANSPORT_H

#include "vswitch/vswitch.h"
#include "vswitch/worker.h"

struct vsw_blob;
struct vsw_transport;
struct vsw_wire;

/* enum vsw_option_kind - kinds of options; in brackets the C type at @off */
enum vsw_option_kind {
	VSW_OPTION_BOOL,   /* on, off (bool) */
	VSW_OPTION_NUMBER, /* @min to @max (uint32_t) */
	VSW_OPTION_WORD,   /* one of @words (unsigned, its place there) */
	VSW_OPTION_TEXT,   /* at most @max bytes (char *; NULL: not given) */
	VSW_OPTION_LIST,   /* at most @max texts (char **, NULL at its end; NULL: not given) */
};

/** VSW_OPTION_TEXT_MAX - Most bytes of a text in a list. */
#define VSW_OPTION_TEXT_MAX 255u

/**
 * struct vsw_option - One option
 * @key:      Its name
 * @kind:     enum vsw_option_kind
 * @required: It must be given
 * @off:      Place in the transport's struct of options
 * @min: @max: NUMBER: range; TEXT: bytes; LIST: entries
 * @def:      Its default as text, which stands in the reference, too; NULL: none (off, 0, the first
 *      word, NULL)
 * @words:    WORD: what there is, NULL at its end
 * @check:    TEXT, LIST: looks at a value. Return: NULL, or what it must be; NULL: anything will do
 * @help:     One line
 */
struct vsw_option {
	const char *key;
	enum vsw_option_kind kind;
	bool required;
	size_t off;
	uint32_t min, max;
	const char *def;
	const char *const *words;
	const char *(*check)(const char *value);
	const char *help;
};

/** VSW_HANDOVER_FDS - Most descriptors of a wire that is handed over: those of a vhost-user
 * connection with all its memory slots and rings. */
#define VSW_HANDOVER_FDS 640u
/** VSW_HANDOVER_GIVEN - Most bytes that give() says. */
#define VSW_HANDOVER_GIVEN (64u << 10)

/**
 * struct vsw_handover - A wire on its way to another process
 * @fd:   Descriptors; in the old process they stay the wire's, in the new one open() takes those it
 *      keeps and sets their places to -1
 * @n_fds: Their number
 * @data: Bytes; whoever calls provides the room
 * @len:  How many there are
 * @room: How many there may be
 */
struct vsw_handover {
	int fd[VSW_HANDOVER_FDS];
	unsigned n_fds;
	uint8_t *data;
	size_t len, room;
};

/**
 * struct vsw_wire_host - What a wire tells whoever opened it; on the control thread
 * @failed: The wire is over: why() of it says why. It is stopped; close it, now or later
 * @changed: What show() says has changed in a way that people will want to know
 * @runs:    The other side has begun to use the wire, or has stopped: of a transport that @tells.
 *      The wire is not to be closed in it. May be NULL
 * @save:    The other side, whose machine moves to another switch, wants the state of its port
 *      (vswitch/state.h). Return: 0 and bytes were added to @blob, or -1. May be NULL
 * @load:    The other side says that this is the state of its port; hostile. Return: 0, or -1. May
 *      be NULL
 */
struct vsw_wire_host {
	void (*failed)(void *opaque, struct vsw_wire *wire);
	void (*changed)(void *opaque, struct vsw_wire *wire, const char *what);
	void (*runs)(void *opaque, struct vsw_wire *wire, bool runs);
	int (*save)(void *opaque, struct vsw_wire *wire, struct vsw_blob *blob, char *err,
		    size_t errlen);
	int (*load)(void *opaque, struct vsw_wire *wire, const uint8_t *data, size_t len, char *err,
		    size_t errlen);
};

/**
 * struct vsw_wire_conf - What a wire is opened with
 * @port:    Id of its port, for messages
 * @options: The transport's struct of options, checked; borrowed for the call
 * @fd:      Kind SOCKET: the connected socket, non-blocking; the wire's from a successful open()
 *      on, its caller's before. Kind OWN: the same if the transport can do with one, or -1
 * @worker:  The frame thread
 * @context: GMainContext of the control thread, NULL: the default one
 * @host:    Operations; outlive the wire
 * @opaque:  First argument of each
 * @from:    Opened from what give() said, instead of by options; or NULL
 */
struct vsw_wire_conf {
	const char *port;
	const void *options;
	int fd;
	struct vsw_worker *worker;
	void *context;
	const struct vsw_wire_host *host;
	void *opaque;
	struct vsw_handover *from;
};

/** VSW_WHY_MAX - Room for the reason why a wire ended. */
#define VSW_WHY_MAX 128u

/**
 * struct vsw_jack - Owner of a port into which wires are plugged; frame thread
 * @port: The port
 * @wire: The wire in it, or NULL
 */
struct vsw_jack {
	struct vsw_port *port;
	struct vsw_wire *wire;
};

/**
 * struct vsw_wire - What all wires have; filled by vsw_wire_init()
 * @transport: Its row
 * @worker:    The frame thread
 * @host: @opaque: as in struct vsw_wire_conf
 * @jack:    Where it is plugged in; frame thread, NULL: nowhere
 * @port:      The port of that; frame thread, from start() to stop()
 * @waits:     Frames wait for it while the other side has stopped to use it, and the link stays up;
 *      frame thread
 * @runs:      The other side uses it, if the transport tells (@tells); control thread
 * @note:      private, as what follows
 * @failed:    Frame thread has ended it
 */
struct vsw_wire {
	const struct vsw_transport *transport;
	struct vsw_worker *worker;
	const struct vsw_wire_host *host;
	void *opaque;
	struct vsw_jack *jack;
	struct vsw_port *port;
	bool waits, runs;
	struct vsw_note note;
	bool failed;
	char why[VSW_WHY_MAX];
};

/** VSW_FACTS - Most facts that a wire shows. */
#define VSW_FACTS 24u
/** VSW_FACT_MAX - Room for the text of one. */
#define VSW_FACT_MAX 96u

/**
 * struct vsw_facts - What is shown of a wire; filled by vsw_fact_number(), vsw_fact_text()
 * @n:    Entries of @fact
 * @fact: Name (of the row's code, not copied); a number, or with @is_text a text
 */
struct vsw_facts {
	unsigned n;
	struct {
		const char *name;
		bool is_text;
		uint64_t number;
		char text[VSW_FACT_MAX];
	} fact[VSW_FACTS];
};

/* enum vsw_transport_kind - how a wire comes about */
enum vsw_transport_kind {
	VSW_TRANSPORT_SOCKET, /* on a connected stream socket */
	VSW_TRANSPORT_OWN,    /* opens what its options say */
};

/**
 * struct vsw_transport - A transport
 * @name:     As documents and commands name it
 * @help:     One line
 * @kind:     enum vsw_transport_kind
 * @fds:      Descriptors of a wire, as a rule; 0: one
 * @options:  Rows, ended by one without key; NULL: none
 * @options_size: Size of the struct they are parsed into
 * @check:    Look at options as a whole. Return: 0, or -1 with one line in @err. May be NULL
 * @open:     Make a wire. Return: it, or NULL with one line in @err
 * @close:    Destroy it, stopped
 * @start:    It is plugged in: watch. vsw_port_set_caps() and, if frames can pass,
 *      vsw_port_set_link() of wire->port are its to call
 * @stop:     Watch no more
 * @send:     As in struct vsw_port_ops
 * @input_ready: As in struct vsw_port_ops
 * @show:     What there is to know of it; frame thread. May be NULL
 * @give:     Hand over, first part; control thread, while it works. Return: 0, or -1: it cannot be
 *      handed over now. May be NULL: it cannot be handed over
 * @freeze:   Hand over, second part; frame thread, stopped. Return: 0, or -1: there is too little
 *      room. May be NULL: there is none
 * @thaw:     Take what freeze() said; before start(), while the frame thread does not touch the
 *      wire. What it is given is checked. Return: 0: its descriptors are the wire's; or -1
 * @tells:    The other side tells when it begins to use a wire, and when it stops (runs() of the
 *      host); one that is nowhere plugged in hears it, too
 */
struct vsw_transport {
	const char *name, *help;
	enum vsw_transport_kind kind;
	unsigned fds;
	const struct vsw_option *options;
	size_t options_size;
	int (*check)(const void *options, char *err, size_t errlen);
	struct vsw_wire *(*open)(const struct vsw_wire_conf *conf, char *err, size_t errlen);
	void (*close)(struct vsw_wire *wire);
	void (*start)(struct vsw_wire *wire);
	void (*stop)(struct vsw_wire *wire);
	unsigned (*send)(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n);
	void (*input_ready)(struct vsw_wire *wire);
	void (*show)(const struct vsw_wire *wire, struct vsw_facts *facts);
	int (*give)(struct vsw_wire *wire, struct vsw_handover *h);
	int (*freeze)(struct vsw_wire *wire, struct vsw_handover *h);
	int (*thaw)(struct vsw_wire *wire, const struct vsw_handover *h);
	bool tells;
};

/** vsw_transports - All transports of this build, NULL at the end; the list is meson's. */
extern const struct vsw_transport *const vsw_transports[];

/**
 * vsw_transport_find() - Look a transport up
 * @name: Its name
 *
 * Return: the row, or NULL.
 */
const struct vsw_transport *vsw_transport_find(const char *name);

/**
 * vsw_options_new() - Make a struct of options with the defaults
 * @options: Rows, or NULL
 * @size:    Size of the struct
 *
 * Return: the struct, for vsw_options_free(); NULL without memory.
 */
void *vsw_options_new(const struct vsw_option *options, size_t size);

/**
 * vsw_options_free() - Free it
 * @options: Rows
 * @conf:    The struct or NULL
 */
void vsw_options_free(const struct vsw_option *options, void *conf);

/**
 * vsw_option_set() - Parse a value
 * @options: Rows
 * @conf:    The struct
 * @key:     Name of the option
 * @value:   As text; of a list, one entry more
 * @err:     On failure, one line that begins with the key
 * @errlen:  Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_option_set(const struct vsw_option *options, void *conf, const char *key, const char *value,
		   char *err, size_t errlen);

/**
 * vsw_options_check() - Has everything been given that must be?
 * @options: Rows
 * @conf:    The struct
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_options_check(const struct vsw_option *options, const void *conf, char *err, size_t errlen);

/**
 * vsw_jack_ops - Operations of a port whose owner is a struct vsw_jack
 *
 * Give them to vsw_port_add() with the jack as @opaque, set its @port, and take the link down.
 */
extern const struct vsw_port_ops vsw_jack_ops;

/**
 * vsw_wire_init() - Fill what all wires have; first thing in open()
 * @wire:      The wire, zeros
 * @transport: Its row
 * @conf:      From open()
 */
void vsw_wire_init(struct vsw_wire *wire, const struct vsw_transport *transport,
		   const struct vsw_wire_conf *conf);

/**
 * vsw_wire_plug() - Plug a wire into a port; frame thread
 * @wire:   An open wire that is nowhere plugged in
 * @jack: A jack without a wire
 */
void vsw_wire_plug(struct vsw_wire *wire, struct vsw_jack *jack);

/**
 * vsw_wire_unplug() - Pull it out again; the link goes down; frame thread
 * @wire: The wire, plugged in or not
 */
void vsw_wire_unplug(struct vsw_wire *wire);

/**
 * vsw_wire_swap() - Plug another wire into the port of one, whose link does not change for it;
 * frame thread
 * @from: The wire, plugged in; nowhere when this returns
 * @to:   An open wire that is nowhere plugged in
 *
 * What waits in the port's queue goes out by @to.
 */
void vsw_wire_swap(struct vsw_wire *from, struct vsw_wire *to);

/**
 * vsw_wire_close() - Close a wire; control thread
 * @wire: The wire or NULL, plugged in nowhere
 */
void vsw_wire_close(struct vsw_wire *wire);

/**
 * vsw_wire_fail() - The wire is over; frame thread
 * @wire: The wire. It is unplugged, and its host is told
 * @fmt:  Why: one line, as printf
 */
void vsw_wire_fail(struct vsw_wire *wire, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vsw_wire_end() - The wire is over; control thread
 * @wire: The wire
 * @fmt:  Why: one line, as printf
 */
void vsw_wire_end(struct vsw_wire *wire, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vsw_fact_number() - Show a number
 * @facts: Where to
 * @name:  Its name
 * @n:     The number
 */
void vsw_fact_number(struct vsw_facts *facts, const char *name, uint64_t n);

/**
 * vsw_fact_text() - Show a text
 * @facts: Where to
 * @name:  Its name
 * @fmt:   As printf
 */
void vsw_fact_text(struct vsw_facts *facts, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
