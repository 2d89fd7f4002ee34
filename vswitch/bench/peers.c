/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vswitch-bench-peers [--json] [ROUNDS [MILLISECONDS [TRANSPORT]]]: what a frame costs through our
 * switch and through others that do the same work on the same sockets (peers.h).
 */
#include "peers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "row.h"

/* enum who - the paths of a transport */
enum who { NOBODY, OURS, PEER, WHO };

#define LENGTHS 2u

/* struct transport - the same sockets, with nobody, us and the peer behind them */
struct transport {
	const char *name, *peer_name;
	const char *(*make)(struct path *path);
	const char *missing; /* why it can't be measured */
	struct path path[WHO];
	double ns[LENGTHS][WHO][ROW_ROUNDS];
	uint64_t lost[LENGTHS][WHO];
};

static const uint32_t lengths[LENGTHS] = { 64, 1514 };

static void give_to_ours(struct path *p, const int *inner)
{
	p->pid = forward_start(inner);
	for (unsigned i = 0; i < PEER_PORTS; i++)
		close(inner[i]);
}

static const char *socket_pairs(int *outer, int *inner)
{
	for (unsigned i = 0; i < PEER_PORTS; i++) {
		int fd[2];

		if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fd))
			return "too many sockets";
		outer[i] = fd[0];
		inner[i] = fd[1];
	}
	return NULL;
}

static const char *make_datagrams(struct path *path)
{
	int inner[PEER_PORTS];
	const char *missing = socket_pairs(path[NOBODY].fd, path[NOBODY].out_fd);

	if (!missing)
		missing = socket_pairs(path[OURS].fd, inner);
	if (missing)
		return missing;
	give_to_ours(&path[OURS], inner);
	return vde_path(&path[PEER]);
}

static const char *no_namespace;

static const char *make_veths(struct path *path)
{
	const char *missing = no_namespace ? no_namespace : veth_make();
	int inner[PEER_PORTS];

	if (!missing)
		missing = veth_sockets(path[NOBODY].fd, "none", 'o');
	if (!missing)
		missing = veth_sockets(path[NOBODY].out_fd, "none", 'i');
	if (!missing)
		missing = veth_sockets(path[OURS].fd, "ours", 'o');
	if (!missing)
		missing = veth_sockets(inner, "ours", 'i');
	if (!missing)
		missing = veth_sockets(path[PEER].fd, "br", 'o');
	if (!missing)
		give_to_ours(&path[OURS], inner);
	return missing;
}

static struct transport transports[] = {
	{ .name = "packet sockets on veth", .peer_name = "Linux bridge", .make = make_veths },
	{ .name = "Unix datagram sockets", .peer_name = "vde_switch", .make = make_datagrams },
};

#define TRANSPORTS (sizeof(transports) / sizeof(transports[0]))

static void start(struct transport *t, const char *missing)
{
	t->missing = missing ? missing : t->make(t->path);
	t->path[NOBODY].kind = PATH_ALONE;
	for (unsigned who = OURS; who < WHO; who++)
		memcpy(t->path[who].out_fd, t->path[who].fd, sizeof(t->path[who].fd));
	for (unsigned who = OURS; who < WHO && !t->missing; who++)
		if (!load_teach(&t->path[who]))
			t->missing = "frames do not come out";
	if (t->missing)
		fprintf(stderr, "vswitch-bench-peers: %s: %s; its rows are left out\n",
			t->peer_name, t->missing);
}

static void stop(struct transport *t)
{
	for (unsigned who = 0; who < WHO; who++) {
		struct path *p = &t->path[who];

		if (p->hold > 0)
			close(p->hold); /* it ends by itself */
		else if (p->pid)
			kill(p->pid, SIGTERM);
		if (p->pid)
			waitpid(p->pid, NULL, 0);
	}
}

static void measure(struct transport *t, unsigned round, int64_t ns)
{
	for (unsigned l = 0; l < LENGTHS && !t->missing; l++)
		for (unsigned who = 0; who < WHO; who++)
			t->ns[l][who][round] =
				load_round(&t->path[who], lengths[l], ns, &t->lost[l][who], NULL);
}

static void print_text(const struct transport *t, unsigned l, unsigned rounds)
{
	const char *const who[WHO] = { "no switch", "libvswitch", t->peer_name };
	double alone = row_quantile(t->ns[l][NOBODY], rounds, 2);

	for (unsigned i = 0; i < WHO; i++) {
		const double *ns = t->ns[l][i];
		double median = row_quantile(ns, rounds, 2);

		fprintf(stderr, "%s, %4u bytes, %-12s %7.0f ns %6.3f Mpps (%.0f..%.0f)", t->name,
			lengths[l], who[i], median, 1e3 / median, row_quantile(ns, rounds, 0),
			row_quantile(ns, rounds, 4));
		if (i != NOBODY)
			fprintf(stderr, "  %+.0f ns", median - alone);
		if (t->lost[l][i])
			fprintf(stderr, ", %llu lost", (unsigned long long)t->lost[l][i]);
		fprintf(stderr, "\n");
	}
}

static void print_json(const struct transport *t, unsigned l, unsigned rounds)
{
	char name[100];
	struct row r = { name, t->peer_name, t->ns[l][OURS], t->ns[l][PEER], rounds };

	snprintf(name, sizeof(name), "switch between %s, %u-byte frames, with sender and receiver",
		 t->name, lengths[l]);
	row_print(&r);
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	const char *missing;
	unsigned rounds, ms;

	argc -= json;
	argv += json;
	rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 9;
	ms = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
	if (rounds < 1 || rounds > ROW_ROUNDS || ms < 1) {
		fprintf(stderr, "vswitch-bench-peers: 1 to 32 rounds of at least a millisecond\n");
		return 1;
	}
	no_namespace = veth_namespace();
	missing = peers_settle();
	load_init();
	for (unsigned i = 0; i < TRANSPORTS; i++)
		if (argc > 3 && !strstr(transports[i].name, argv[3]))
			transports[i].missing = "not asked for";
		else
			start(&transports[i], missing);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 0; i < TRANSPORTS; i++)
			measure(&transports[i], round, ms * INT64_C(1000000));
	for (unsigned i = 0; i < TRANSPORTS; i++)
		for (unsigned l = 0; l < LENGTHS && !transports[i].missing; l++) {
			print_text(&transports[i], l, rounds);
			if (json)
				print_json(&transports[i], l, rounds);
		}
	if (json)
		row_end();
	for (unsigned i = 0; i < TRANSPORTS; i++)
		stop(&transports[i]);
	return 0;
}
