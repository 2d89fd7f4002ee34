/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vswitch-bench-wires [--json] [ROUNDS [MILLISECONDS [LANE]]]: what a frame costs through vswitchd
 * on each of its transports that pass through the kernel, and through others on the same kind.
 *
 * DOC: Theory of Operation
 *
 * All lanes are loaded by turns with the same frames (load.c), on one core. There are two figures
 * a frame: CPU time of the switch's process, and of all that is on the core, whoever is charged
 * with the kernel's work. Beside vde_switch, a process too, the first one counts; the Linux bridge
 * works on its sender's account, so that beside it the second one does. What a datagram costs
 * whoever only takes it and sends it on, is a lane, too: no switch on such sockets can cost less.
 *
 * A switch in user space cannot do without taking each frame out of the kernel and putting it back.
 * What these two crossings cost here is measured, too: by a process that does nothing else
 * (cross.c) in the place of the switch, less the same pairs of interfaces with nobody in between.
 * What our transport may cost is the bridge and the crossings.
 *
 * Latency is of time that passes, with the switch on another core if there is one: a request to a
 * port and its answer, with nothing else on the way; once with pauses in between, so that the
 * switch sleeps, and once without.
 */
#include "peers.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "row.h"

#define LENGTHS 2u
#define ASKED	ROW_ROUNDS /* requests a round */
#define PAUSE	1000u	   /* us */

enum lane_name {
	STREAM,
	STREAM_MANY,
	DGRAM,
	DGRAM_CROSSED,
	VDE,
	ALONE,
	BRIDGE,
	PACKET,
	PAST,
	CROSSED,
	TAP,
	TAP_CROSSED,
	LANES
};

/* enum figure - what is known of a lane */
enum figure { OWN, ALL = OWN + LENGTHS, ASK = ALL + LENGTHS, ASK_NOW, FIGURES };

/* struct lane - a path, and figures by round; @missing: why there are none */
struct lane {
	const char *name;
	const char *(*make)(struct path *p);
	const char *missing;
	struct path path;
	double figure[FIGURES][ROW_ROUNDS];
	uint64_t lost;
};

static const uint32_t lengths[LENGTHS] = { 60, 1514 };
static const char *no_veths;

static const char *make_stream(struct path *p)
{
	return daemon_start(p, "stream");
}

static const char *make_stream_many(struct path *p)
{
	p->writes_many = true;
	return daemon_start(p, "stream");
}

static const char *make_dgram(struct path *p)
{
	return daemon_start(p, "dgram");
}

static const char *make_vde(struct path *p)
{
	const char *missing = vde_path(p);

	memcpy(p->out_fd, p->fd, sizeof(p->fd));
	return missing;
}

/* Sockets on the outer ends of pairs, where frames come out, too */
static const char *outer(struct path *p, const char *name)
{
	const char *missing = no_veths ? no_veths : veth_sockets(p->fd, name, 'o');

	memcpy(p->out_fd, p->fd, sizeof(p->fd));
	return missing;
}

static const char *make_alone(struct path *p)
{
	const char *missing = outer(p, "none");

	p->kind = PATH_ALONE;
	return missing ? missing : veth_sockets(p->out_fd, "none", 'i');
}

static const char *make_bridge(struct path *p)
{
	return outer(p, "br");
}

static const char *make_packet(struct path *p)
{
	return no_veths ? no_veths : daemon_start(p, "packet");
}

static const char *make_past(struct path *p)
{
	return no_veths ? no_veths : daemon_start(p, "past");
}

static const char *make_crossed(struct path *p)
{
	const char *missing = outer(p, "cross");
	int inner[PEER_PORTS];

	p->kind = PATH_CROSSED;
	if (!missing)
		missing = veth_sockets(inner, "cross", 'i');
	if (!missing)
		p->pid = cross_start(inner, false);
	return missing;
}

static const char *make_tap(struct path *p)
{
	const char *missing = no_veths ? no_veths : veth_taps("tap");

	return missing ? missing : daemon_start(p, "tap");
}

static const char *make_tap_crossed(struct path *p)
{
	const char *missing = no_veths ? no_veths : veth_taps("xtap");
	int inner[PEER_PORTS];

	p->kind = PATH_CROSSED;
	for (unsigned i = 0; i < PEER_PORTS && !missing; i++) {
		inner[i] = cross_tap("xtap", i);
		if (inner[i] < 0)
			missing = "no tap can be opened";
	}
	if (!missing)
		p->pid = cross_start(inner, true);
	return missing ? missing : outer(p, "xtap");
}

static struct lane lanes[LANES] = {
	[STREAM] = { "vswitchd, stream", make_stream },
	[STREAM_MANY] = { "vswitchd, stream, 64 frames a write", make_stream_many },
	[DGRAM] = { "vswitchd, dgram", make_dgram },
	[DGRAM_CROSSED] = { "datagrams, crossed", cross_datagrams },
	[VDE] = { "vde_switch", make_vde },
	[ALONE] = { "pairs with nobody between", make_alone },
	[BRIDGE] = { "Linux bridge", make_bridge },
	[PACKET] = { "vswitchd, packet", make_packet },
	[PAST] = { "vswitchd, packet, qdisc off", make_past },
	[CROSSED] = { "packet sockets, crossed", make_crossed },
	[TAP] = { "vswitchd, tap", make_tap },
	[TAP_CROSSED] = { "taps, crossed", make_tap_crossed },
};

static void start(struct lane *l, const char *missing)
{
	l->missing = missing ? missing : l->make(&l->path);
	if (!l->missing && !load_teach(&l->path))
		l->missing = "frames do not come out";
	if (l->missing)
		fprintf(stderr, "vswitch-bench-wires: %s: %s; its rows are left out\n", l->name,
			l->missing);
}

/* All of them, before one is waited for: what is open here is open in some of them, too */
static void stop_all(void)
{
	for (unsigned i = 0; i < LANES; i++)
		if (lanes[i].path.hold > 0)
			close(lanes[i].path.hold); /* it ends by itself */
		else if (lanes[i].path.pid > 0)
			kill(lanes[i].path.pid, SIGTERM);
	for (unsigned i = 0; i < LANES; i++)
		if (lanes[i].path.pid > 0)
			waitpid(lanes[i].path.pid, NULL, 0);
}

/* Median of many requests, us */
static double ask(struct lane *l, unsigned pause)
{
	double us[ASKED];

	for (unsigned i = 0; i < ASKED; i++) {
		if (pause)
			usleep(pause);
		us[i] = load_ask(&l->path) / 1e3;
		l->lost += !us[i];
	}
	return row_quantile(us, ASKED, 2);
}

static void measure(struct lane *l, unsigned round, int64_t ns)
{
	for (unsigned i = 0; i < LENGTHS; i++)
		l->figure[ALL + i][round] =
			load_round(&l->path, lengths[i], ns, &l->lost, &l->figure[OWN + i][round]);
	peers_move(l->path.pid, true);
	l->figure[ASK][round] = ask(l, PAUSE);
	l->figure[ASK_NOW][round] = ask(l, 0);
	peers_move(l->path.pid, false);
}

static void print_text(const struct lane *l, unsigned rounds)
{
	double m[FIGURES];

	for (unsigned i = 0; i < FIGURES; i++)
		m[i] = row_quantile(l->figure[i], rounds, 2);
	fprintf(stderr,
		"%-35s 60 B %6.0f ns, all %6.0f; 1514 B %6.0f, all %6.0f; request and answer "
		"%6.1f us, at once %6.1f",
		l->name, m[OWN], m[ALL], m[OWN + 1], m[ALL + 1], m[ASK], m[ASK_NOW]);
	fprintf(stderr, l->lost ? ", %llu lost\n" : "\n", (unsigned long long)l->lost);
}

static void print_row(const char *name, const double *ours, const double *peer,
		      const char *peer_name, const char *unit, unsigned rounds)
{
	struct row r = { name, peer_name, ours, peer, rounds, unit, *unit == 'k' };

	row_print(&r);
}

/* Frames a CPU second of a process */
static void print_own(const struct lane *ours, const struct lane *peer, unsigned rounds)
{
	double a[ROW_ROUNDS], b[ROW_ROUNDS];
	char name[100];

	for (unsigned i = 0; i < LENGTHS; i++) {
		for (unsigned r = 0; r < rounds; r++) {
			a[r] = 1e6 / ours->figure[OWN + i][r];
			b[r] = 1e6 / peer->figure[OWN + i][r];
		}
		snprintf(name, sizeof(name), "%s, %u bytes, a CPU second", ours->name, lengths[i]);
		print_row(name, a, b, peer->name, "kframe/s", rounds);
	}
}

/* All on the core, beside the bridge and what crossing costs */
static void print_crossed(const struct lane *ours, const struct lane *crossed, unsigned rounds)
{
	double peer[ROW_ROUNDS];
	char name[100];

	for (unsigned i = ALL; i < ALL + LENGTHS; i++) {
		for (unsigned r = 0; r < rounds; r++)
			peer[r] = lanes[BRIDGE].figure[i][r] + crossed->figure[i][r] -
				  lanes[ALONE].figure[i][r];
		fprintf(stderr, "%s, %u bytes: the two crossings cost %.0f ns\n", crossed->name,
			lengths[i - ALL],
			row_quantile(peer, rounds, 2) -
				row_quantile(lanes[BRIDGE].figure[i], rounds, 2));
		snprintf(name, sizeof(name), "%s, %u bytes, with sender and receiver", ours->name,
			 lengths[i - ALL]);
		print_row(name, ours->figure[i], peer, "Linux bridge and two crossings", "ns/frame",
			  rounds);
	}
}

static void print_asked(const struct lane *ours, const struct lane *peer, unsigned rounds)
{
	char name[100];

	snprintf(name, sizeof(name), "%s, request and answer, idle", ours->name);
	print_row(name, ours->figure[ASK], peer->figure[ASK], peer->name, "us", rounds);
	snprintf(name, sizeof(name), "%s, request and answer, one after the other", ours->name);
	print_row(name, ours->figure[ASK_NOW], peer->figure[ASK_NOW], peer->name, "us", rounds);
}

static void print_rows(unsigned rounds)
{
	static const enum lane_name own[][2] = {
		{ STREAM, VDE }, { STREAM_MANY, VDE }, { DGRAM, VDE }, { DGRAM_CROSSED, VDE }
	};
	static const enum lane_name crossed[][2] = { { PACKET, CROSSED },
						     { PAST, CROSSED },
						     { TAP, TAP_CROSSED } };

	for (unsigned i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		const struct lane *a = &lanes[own[i][0]], *b = &lanes[own[i][1]];

		if (a->missing || b->missing)
			continue;
		print_own(a, b, rounds);
		if (own[i][0] == STREAM || own[i][0] == DGRAM)
			print_asked(a, b, rounds);
	}
	for (unsigned i = 0; i < sizeof(crossed) / sizeof(crossed[0]); i++) {
		const struct lane *a = &lanes[crossed[i][0]], *b = &lanes[crossed[i][1]];

		if (a->missing || b->missing || lanes[BRIDGE].missing || lanes[ALONE].missing)
			continue;
		print_crossed(a, b, rounds);
		print_asked(a, b, rounds);
	}
}

static void prepare(const char *only)
{
	const char *missing;

	no_veths = veth_namespace();
	if (!no_veths)
		no_veths = veth_make();
	missing = peers_settle();
	load_init();
	for (unsigned i = 0; i < LANES; i++)
		start(&lanes[i], only && !strstr(lanes[i].name, only) ? "not asked for" : missing);
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	unsigned rounds, ms;

	argc -= json;
	argv += json;
	rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 9;
	ms = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
	if (rounds < 1 || rounds > ROW_ROUNDS || ms < 1) {
		fprintf(stderr, "vswitch-bench-wires: 1 to 32 rounds of at least a millisecond\n");
		return 1;
	}
	prepare(argc > 3 ? argv[3] : NULL);
	for (unsigned round = 0; round < rounds; round++)
		for (unsigned i = 0; i < LANES; i++)
			if (!lanes[i].missing)
				measure(&lanes[i], round, ms * INT64_C(1000000));
	for (unsigned i = 0; i < LANES; i++)
		if (!lanes[i].missing)
			print_text(&lanes[i], rounds);
	if (json) {
		print_rows(rounds);
		row_end();
	}
	stop_all();
	return 0;
}
