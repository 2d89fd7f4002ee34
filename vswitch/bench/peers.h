/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our switch, the Linux bridge and vde_switch, each between the same sender and receiver.
 *
 * DOC: Theory of Operation
 *
 * A *path* is PEER_PORTS sockets of the load (load.c), which is sender and receiver at once, and a
 * switch behind them: another process (forward.c, vde.c), the kernel (veth.c), or nobody. All of a
 * path runs on one core, so that its cost is what a frame costs from sender to receiver, wherever
 * the kernel does the work and whomever it charges for it. What is not the switch's is the same for
 * the two that are compared.
 *
 * Processes are SCHED_BATCH: nobody is preempted because another has something to do, so every
 * switch finds as much to do as its sockets hold. That is the best case of each of them.
 */
#ifndef VSWITCH_BENCH_PEERS_H
#define VSWITCH_BENCH_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PEER_PORTS    16u
#define PEER_STATIONS 4096u /* addresses, round robin over the ports */
#define PEER_MAX_LEN  1514u

/*
 * enum path_kind - where a frame comes out
 *
 * PATH_SWITCHED: at the port of its destination. PATH_ALONE: nobody is behind, it comes out at the
 * other end of its own port. PATH_CROSSED: at the next or last port, whatever its destination.
 */
enum path_kind { PATH_SWITCHED, PATH_ALONE, PATH_CROSSED };

/*
 * struct path - sockets of the load, and who is behind them
 * @fd:        Frames go in here
 * @out_fd:    And come out here: the same, or another
 * @is_stream: They are stream sockets: a frame is behind its length (load-stream.c)
 * @writes_many: A batch leaves with one call
 * @pid:       Process that switches, or 0
 * @hold:      What has to stay open while it does, or 0
 */
struct path {
	int fd[PEER_PORTS], out_fd[PEER_PORTS];
	enum path_kind kind;
	bool is_stream, writes_many;
	pid_t pid;
	int hold;
};

/* load.c */
void load_init(void);
double load_round(struct path *p, uint32_t len, int64_t ns, uint64_t *lost, double *own);
bool load_teach(struct path *p);
double load_ask(struct path *p);

/* load-stream.c */
unsigned stream_put(int fd, unsigned port, uint8_t *const *bytes, uint32_t len, unsigned n,
		    bool many);
uint32_t stream_take(int fd, unsigned port, const uint8_t **bytes);

/* forward.c: libvswitch over datagram or packet sockets */
pid_t forward_start(const int *fd);

/* cross.c: what takes frames out of a socket or tap, and puts them into the next, without a look */
const char *cross_datagrams(struct path *p);
pid_t cross_start(const int *fd, bool is_tap);
int cross_tap(const char *name, unsigned i);

/* daemon.c: a vswitchd */
const char *daemon_start(struct path *p, const char *transport);

/* veth.c */
const char *veth_namespace(void);
const char *veth_make(void);
const char *veth_taps(const char *name);
const char *veth_sockets(int *fd, const char *name, char end);

/* vde.c */
const char *vde_path(struct path *p);

/* peers.c */
int64_t peers_now(void);
const char *peers_settle(void);
void peers_move(pid_t pid, bool away);
__attribute__((noreturn)) void peers_fail(const char *what);
int peers_mute(void);
pid_t peers_ksoftirqd(void);

#endif
