/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end of vhost-user: what the switch does for a front end that plugs in.
 *
 * DOC: Theory of Operation
 *
 * There are two halves. The *control half* is here: it takes one message after the other, keeps
 * what they say (features, memory, where each ring is, its descriptors), maps and unmaps memory,
 * and makes the answers. It knows no socket and no thread, so that a test or a fuzzer can feed it.
 * The *data half* is whoever moves frames through the rings (vring.h), on a thread of its own.
 *
 * Rings, memory and log belong to one half at a time. They begin with the control half. After a
 * message, whoever drives it looks at vsw_vhost_backend_settle(): it makes the rings ready, and
 * from then on they are the data half's. When a message comes that needs them, the host's park() is
 * called first: when it returns, the data half stands still at the end of a burst, and does not go
 * on before the rings were settled again. What has no bearing on rings is answered while they run.
 *
 * A ring *runs* from VHOST_SET_VRING_KICK, without waiting for a kick (after a reconnection none
 * may come), to VHOST_GET_VRING_BASE, while its parts lie in memory that was told. The link is up
 * while both rings of a pair run and are enabled.
 *
 * A front end is hostile: what a message may say is checked against a row for each request (size,
 * descriptors) and by its function; descriptors nobody asked for are closed. A message that is
 * refused is answered so, if the front end wants answers, and else ends the connection: @why says
 * why in one line. To tell it something by the eventfds it passes cannot block (call.h).
 *
 * Not offered, and why: INFLIGHT_SHMFD (QEMU has no use for it with network devices; buffers are
 * given back in order instead), PAGEFAULT (post-copy would let a stranger stall the frame thread),
 * STATUS (says nothing that rings do not), CONFIG (QEMU owns the configuration space), IOMMU.
 */
#ifndef VSWITCH_VHOST_BACKEND_H
#define VSWITCH_VHOST_BACKEND_H

#include "message.h"
#include "peer/moved.h"
#include "vring.h"

/** VHOST_PAIRS - Most pairs of rings. */
#define VHOST_PAIRS 16u
/** VHOST_WHY - Room for the reason why a message was refused. */
#define VHOST_WHY 120u

/**
 * struct vhost_host - What the control half asks of whoever drives it
 * @park: The rings are needed: stop the data half. Called only if it has them
 * @counters: Write what the port has counted, as VHOST_COUNTERS answers it. Return: bytes. May be
 *      NULL: nothing
 * @save: Write the state of the port into a memory file, from its beginning. Return: 0 and *@len
 *      are its bytes; -1 and one line in @why. NULL: the message is refused
 * @load: The state of the port is said to be the first @len bytes of a memory file, both hostile.
 *      Return: 0, or -1 and one line in @why. NULL: the message is refused
 */
struct vhost_host {
	void (*park)(void *opaque);
	uint32_t (*counters)(void *opaque, char *text, size_t room);
	int (*save)(void *opaque, int fd, uint64_t *len, char *why, size_t room);
	int (*load)(void *opaque, int fd, uint64_t len, char *why, size_t room);
};

/**
 * struct vhost_conf - What a back end is made with
 * @pairs: Pairs of rings, 1 to VHOST_PAIRS
 * @mtu:   Largest MTU that a front end may say it will use
 * @features: Features not to be offered
 */
struct vhost_conf {
	unsigned pairs;
	uint16_t mtu;
	uint64_t without;
};

/**
 * struct vhost_ring - What messages have said of a ring
 * @num: @flags: @desc: @used: @avail: @log: VHOST_SET_VRING_NUM, _ADDR
 * @base:    Where it begins, or was stopped
 * @kick_fd: eventfd of the driver, or -1
 * @err_fd:  Another, told when the ring is broken, or -1
 * @started: VHOST_SET_VRING_KICK came
 * @enabled: VHOST_SET_VRING_ENABLE
 * @there:   It was enabled once, and all its parts are in memory
 * @begun:   @vq has begun at @base
 * @vq:      The ring itself; its call_fd is the driver's
 */
struct vhost_ring {
	uint32_t num, flags;
	uint64_t desc, used, avail, log;
	uint32_t base;
	int kick_fd, err_fd;
	bool started, enabled, there, begun;
	struct vring vq;
};

/**
 * struct vhost_backend - A back end
 * @conf: @host: @opaque: What it was made with
 * @parked:   The control half has the rings
 * @features: @protocol: What the front end has acknowledged
 * @mem: @log: Its memory, and the log of what is written there
 * @fds:      Descriptors that it keeps
 * @takes:    enum pkt_takes of the driver
 * @link:     Frames can pass
 * @mtu:      What the front end said it will use; 0: nothing
 * @rarp:     It wants this address announced: @rarp_mac; whoever does it sets it to false
 * @card: @has_card: What it said of its card, if it did; the control half's
 * @new_card: ... since whoever passes that on has looked, who sets it to false
 * @why:      Why the last message was refused
 * @ring:     2 * conf.pairs: of a pair, first the one that the driver receives by
 */
struct vhost_backend {
	struct vhost_conf conf;
	const struct vhost_host *host;
	void *opaque;
	bool parked, link, rarp, has_card, new_card;
	uint64_t features, protocol;
	struct peer_mem mem;
	struct vhost_log log;
	unsigned fds;
	uint32_t takes;
	uint16_t mtu;
	uint8_t rarp_mac[6];
	struct vhost_card card;
	char why[VHOST_WHY];
	struct vhost_ring ring[];
};

/**
 * vsw_vhost_backend_new() - Make a back end
 * @conf:   What kind
 * @host:   Operations; outlive it
 * @opaque: First argument of each
 *
 * Return: it; NULL without memory.
 */
struct vhost_backend *vsw_vhost_backend_new(const struct vhost_conf *conf,
					    const struct vhost_host *host, void *opaque);

/**
 * vsw_vhost_backend_free() - Destroy it; the data half is parked first
 * @be: It or NULL
 */
void vsw_vhost_backend_free(struct vhost_backend *be);

/**
 * vsw_vhost_backend_message() - Take a message
 * @be:    The back end
 * @msg:   The message; as much of its payload as its size says is there
 * @fds:   Descriptors that came with it; those that are kept become -1
 * @n_fds: Their number
 * @reply: Filled with the answer
 *
 * Return: 1: send the answer; 0: there is none; -1: end the connection.
 */
int vsw_vhost_backend_message(struct vhost_backend *be, const struct vhost_message *msg, int *fds,
			      unsigned n_fds, struct vhost_message *reply);

/**
 * vsw_vhost_backend_settle() - Make the rings ready, and hand them over
 * @be: The back end
 *
 * Return: true if the data half gets them by this call; false if it has them already.
 */
bool vsw_vhost_backend_settle(struct vhost_backend *be);

/**
 * vsw_vhost_backend_give() - Say what messages have said: all but where the rings stand
 * @be: The back end, settled; its rings may move
 * @m:  Descriptors and bytes are added to it
 *
 * Return: 0; -1: there is too little room.
 */
int vsw_vhost_backend_give(const struct vhost_backend *be, struct peer_moved *m);

/**
 * vsw_vhost_backend_freeze() - Say where the rings stand
 * @be:   The back end, settled; the data half stands still
 * @data: Where to
 * @room: Room there
 *
 * Return: bytes; 0: there is too little room.
 */
size_t vsw_vhost_backend_freeze(const struct vhost_backend *be, uint8_t *data, size_t room);

/**
 * vsw_vhost_backend_taken() - Make a back end that goes on with another one's rings
 * @m:      What vsw_vhost_backend_give() said, as another process has sent it; descriptors that are
 *      kept become -1
 * @host:   Operations; outlive it
 * @opaque: First argument of each
 *
 * Its memory is mapped, and the pages of rings are found. It is parked.
 *
 * Return: it; NULL: what was said is not sound, or memory is short.
 */
struct vhost_backend *vsw_vhost_backend_taken(const struct peer_moved *m,
					      const struct vhost_host *host, void *opaque);

/**
 * vsw_vhost_backend_thaw() - Take where the rings stand
 * @be:   From vsw_vhost_backend_taken(), parked; settle it next
 * @data: What vsw_vhost_backend_freeze() said
 * @len:  Bytes
 *
 * Return: 0; -1: it is not sound.
 */
int vsw_vhost_backend_thaw(struct vhost_backend *be, const uint8_t *data, size_t len);

/**
 * vsw_vhost_ring() - A ring that runs
 * @be:   The back end, settled; either half
 * @i:    Its number
 *
 * Return: the ring, or NULL.
 */
static inline struct vring *vsw_vhost_ring(struct vhost_backend *be, unsigned i)
{
	struct vhost_ring *r = &be->ring[i];

	return r->started && r->there ? &r->vq : NULL;
}

/**
 * vsw_vhost_any_started() - Does a ring run?
 * @be: The back end
 *
 * Return: whether.
 */
bool vsw_vhost_any_started(const struct vhost_backend *be);

#endif
