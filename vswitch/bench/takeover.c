/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A daemon is taken over while front ends of vhost-user send: for how long do frames wait, and does
 * one get lost?
 *
 * Usage: vswitch-bench-takeover VSWITCHD [PORTS [TIMES]]
 *
 * Every second front end sends numbered frames to the one behind it, WINDOW on their way at most;
 * each number must come once, in order. Prints a line for each takeover, and the median.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "stations.h"

#define WINDOW	  32u
#define TIMES_MAX 100u

static struct station station[STATIONS_MAX];
static unsigned n_stations = 100;
static double gap[TIMES_MAX];

static void up(void *opaque, bool is_up, const char *why)
{
	if (!is_up) {
		fprintf(stderr, "a connection ended: %s\n", why);
		exit(1);
	}
}

static const struct vsw_front_ops ops = { .up = up };

/* A round of all stations */
static void go_round(bool send)
{
	for (unsigned i = 0; i + 1 < n_stations; i += 2) {
		struct station *s = &station[i];

		while (send && s->sent - station[i + 1].heard < WINDOW &&
		       stations_send(s, i + 1, s->sent))
			s->sent++;
		vsw_front_flush(s->front);
		stations_hear(s);
		stations_hear(s + 1);
	}
}

/* Its log up to a text; frames go on meanwhile. False: it has ended */
static bool await(FILE *log, const char *text, char *line, size_t size)
{
	for (;;) {
		struct pollfd p = { fileno(log), POLLIN, 0 };

		while (poll(&p, 1, 0) == 0)
			go_round(true);
		if (!fgets(line, (int)size, log))
			return false;
		if (strstr(line, text))
			return true;
	}
}

static int by_size(const void *a, const void *b)
{
	return *(const double *)a < *(const double *)b ? -1 : 1;
}

static void take_over(const char *program, unsigned i, pid_t *daemon, FILE **log)
{
	char line[300];
	double begin = stations_now();
	FILE *new_log;
	pid_t new;
	int status;

	setvbuf(new_log = stations_daemon(program, "--takeover", NULL, &new), NULL, _IONBF, 0);
	if (!await(new_log, "gap ", line, sizeof(line)) ||
	    sscanf(strstr(line, "gap "), "gap %lf", &gap[i]) != 1) {
		fprintf(stderr, "it came to nothing\n");
		exit(1);
	}
	for (double end = stations_now() + 0.3; stations_now() < end;)
		go_round(true);
	waitpid(*daemon, &status, 0);
	fclose(*log);
	*daemon = new;
	*log = new_log;
	printf("%u ports: gap %.1f ms, %.0f ms for all\n", n_stations, gap[i],
	       (stations_now() - begin - 0.3) * 1e3);
	fflush(stdout);
}

static void finish(pid_t daemon)
{
	uint64_t sent = 0;
	unsigned left;

	do {
		go_round(false);
		left = 0;
		sent = 0;
		for (unsigned i = 0; i + 1 < n_stations; i += 2) {
			left += station[i].sent - station[i + 1].heard;
			sent += station[i].sent;
		}
	} while (left);
	printf("%llu frames: none lost, none twice, in order\n", (unsigned long long)sent);
	stations_end(daemon);
}

int main(int argc, char **argv)
{
	unsigned times = argc > 3 ? (unsigned)atoi(argv[3]) : 9;
	struct rlimit r = { 65536, 65536 };
	FILE *log;
	pid_t daemon;

	n_stations = argc > 2 ? (unsigned)atoi(argv[2]) : n_stations;
	if (argc < 2 || !times || times > TIMES_MAX || n_stations < 2 ||
	    n_stations > STATIONS_MAX) {
		fprintf(stderr, "Usage: %s VSWITCHD [PORTS [TIMES]]\n", argv[0]);
		return 64;
	}
	setrlimit(RLIMIT_NOFILE, &r);
	stations_configure("", "");
	daemon = stations_start(argv[1], &log);
	for (unsigned i = 0; i < n_stations; i++)
		stations_plug_in(&station[i], i, &ops);
	stations_settle(station, n_stations);
	for (unsigned i = 0; i < times; i++)
		take_over(argv[1], i, &daemon, &log);
	qsort(gap, times, sizeof(gap[0]), by_size);
	printf("median %.1f ms, worst %.1f ms\n", gap[times / 2], gap[times - 1]);
	finish(daemon);
	return 0;
}
