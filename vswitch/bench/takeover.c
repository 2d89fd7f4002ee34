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
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hwnet/frame.h"
#include "vswitch/front.h"

#define WINDOW	  32u
#define FRAME	  60u
#define TIMES_MAX 100u
#define PORTS_MAX 4000u

struct station {
	struct vsw_front *front;
	int fd;
	uint32_t sent, heard;
};

static struct station station[PORTS_MAX];
static unsigned n_stations = 100;
static char place[] = "/tmp/vswitchd-bench-XXXXXX";
static double gap[TIMES_MAX];

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void up(void *opaque, bool is_up, const char *why)
{
	if (!is_up) {
		fprintf(stderr, "a connection ended: %s\n", why);
		exit(1);
	}
}

static const struct vsw_front_ops ops = { .up = up };

static void mac_of(uint8_t *mac, unsigned i)
{
	const uint8_t bytes[6] = { 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i };

	memcpy(mac, bytes, sizeof(bytes));
}

/* One frame of station @i; its number stands behind the type */
static bool put(unsigned i, unsigned to, uint32_t number)
{
	uint8_t bytes[FRAME] = { 0 };
	const struct pkt *one;
	struct iovec iov;
	struct pkt pkt;

	mac_of(bytes, to);
	mac_of(bytes + 6, i);
	frame_put_be16(bytes + 12, 0x88b5);
	memcpy(bytes + 14, &number, sizeof(number));
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	one = &pkt;
	return vsw_front_put(station[i].front, &one, 1);
}

static void hear(unsigned i)
{
	const struct pkt *const *pkts;
	uint32_t number;
	unsigned n;

	while ((n = vsw_front_get(station[i].front, &pkts))) {
		for (unsigned k = 0; k < n; k++) {
			const uint8_t *head = pkt_head(pkts[k]);

			memcpy(&number, head + 14, sizeof(number));
			if (head[4] != (uint8_t)(i >> 8) || head[5] != (uint8_t)i)
				continue; /* flooded: to another one */
			if (number != station[i].heard) {
				fprintf(stderr, "station %u: frame %u instead of %u\n", i, number,
					station[i].heard);
				exit(1);
			}
			station[i].heard++;
		}
		vsw_front_got(station[i].front, n);
	}
	vsw_front_flush(station[i].front);
}

/* Until the switch knows all cards: what is flooded would be too much for a ring */
static void settle(void)
{
	for (double end = now() + 0.5; now() < end;)
		for (unsigned i = 0; i < n_stations; i++) {
			vsw_front_readable(station[i].front);
			hear(i);
		}
}

/* A round of all stations */
static void go_round(bool send)
{
	for (unsigned i = 0; i + 1 < n_stations; i += 2) {
		struct station *s = &station[i];

		while (send && s->sent - station[i + 1].heard < WINDOW && put(i, i + 1, s->sent))
			s->sent++;
		vsw_front_flush(s->front);
		hear(i);
		hear(i + 1);
	}
}

static int dial(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s/vchassis/vhost.sock", place);
	if (fd < 0 || connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0)
		die(un.sun_path);
	return fd;
}

static void plug_in(struct station *s)
{
	const struct vsw_front_conf conf = { .entries = 128 };
	struct vsw_addrs addrs = { .n = 0 };
	char err[200];

	s->front = vsw_front_new(&conf, &ops, NULL, err, sizeof(err));
	if (!s->front) {
		fprintf(stderr, "%s\n", err);
		exit(1);
	}
	mac_of(addrs.mac, (unsigned)(s - station)); /* known: nothing is flooded */
	vsw_front_set_card(s->front, true, &addrs);
	s->fd = dial();
	vsw_front_attach(s->front, s->fd);
	while (!vsw_front_is_up(s->front)) {
		struct pollfd p = { s->fd, POLLIN, 0 };

		poll(&p, 1, 10000);
		vsw_front_readable(s->front);
	}
}

/* Start a daemon. Return: its log */
static FILE *start(const char *program, const char *argument, const char *value, pid_t *pid)
{
	int fd[2];

	if (pipe(fd) < 0)
		die("pipe");
	*pid = fork();
	if (*pid == 0) {
		dup2(fd[1], 2);
		close(fd[0]);
		close(fd[1]);
		/* nobody reads the log of a thousand ports while they plug in */
		execl(program, program, "--log-level", "notice", argument, value, NULL);
		die(program);
	}
	close(fd[1]);
	return fdopen(fd[0], "r");
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

static void configure(char *path, size_t size)
{
	FILE *f;

	if (!mkdtemp(place))
		die(place);
	setenv("XDG_RUNTIME_DIR", place, 1);
	snprintf(path, size, "%s/config.json", place);
	f = fopen(path, "w");
	if (!f)
		die(path);
	fprintf(f,
		"{\"switches\":{\"sw\":{\"portgroups\":{\"g\":{\"listen\":[{\"transport\":"
		"\"vhost-user\",\"address\":\"vhost.sock\",\"ports\":\"p%%\",\"max\":4096}]}}}}}");
	fclose(f);
}

static int by_size(const void *a, const void *b)
{
	return *(const double *)a < *(const double *)b ? -1 : 1;
}

static void take_over(const char *program, unsigned i, pid_t *daemon, FILE **log)
{
	char line[300];
	double begin = now();
	FILE *new_log;
	pid_t new;
	int status;

	setvbuf(new_log = start(program, "--takeover", NULL, &new), NULL, _IONBF, 0);
	if (!await(new_log, "gap ", line, sizeof(line)) ||
	    sscanf(strstr(line, "gap "), "gap %lf", &gap[i]) != 1) {
		fprintf(stderr, "it came to nothing\n");
		exit(1);
	}
	for (double end = now() + 0.3; now() < end;)
		go_round(true);
	waitpid(*daemon, &status, 0);
	fclose(*log);
	*daemon = new;
	*log = new_log;
	printf("%u ports: gap %.1f ms, %.0f ms for all\n", n_stations, gap[i],
	       (now() - begin - 0.3) * 1e3);
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
	kill(daemon, SIGTERM);
	waitpid(daemon, NULL, 0);
}

int main(int argc, char **argv)
{
	unsigned times = argc > 3 ? (unsigned)atoi(argv[3]) : 9;
	struct rlimit r = { 65536, 65536 };
	char path[100], line[300];
	FILE *log;
	pid_t daemon;

	n_stations = argc > 2 ? (unsigned)atoi(argv[2]) : n_stations;
	if (argc < 2 || !times || times > TIMES_MAX || n_stations < 2 || n_stations > PORTS_MAX) {
		fprintf(stderr, "Usage: %s VSWITCHD [PORTS [TIMES]]\n", argv[0]);
		return 64;
	}
	setrlimit(RLIMIT_NOFILE, &r);
	configure(path, sizeof(path));
	log = start(argv[1], "--config", path, &daemon);
	while (fgets(line, sizeof(line), log) && !strstr(line, "ready"))
		;
	for (unsigned i = 0; i < n_stations; i++)
		plug_in(&station[i]);
	settle();
	for (unsigned i = 0; i < times; i++)
		take_over(argv[1], i, &daemon, &log);
	qsort(gap, times, sizeof(gap[0]), by_size);
	printf("median %.1f ms, worst %.1f ms\n", gap[times / 2], gap[times - 1]);
	finish(daemon);
	return 0;
}
