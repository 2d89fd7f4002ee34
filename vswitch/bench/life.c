/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What machines on a daemon notice of what is none of their business.
 *
 * Usage: vswitch-bench-life VSWITCHD idle [PORTS [SECONDS]]
 *        vswitch-bench-life VSWITCHD others|control
 *        vswitch-bench-life VSWITCHD crash [PORTS [TIMES]]
 *
 * idle:    processor time and memory of a daemon whose ports have nothing to do
 * others:  frames and answers between two stations while others are stopped, or take nothing
 * control: for how long frames wait while control has much to do
 * crash:   kill -9 with frames under way, and a start: until all ports are back
 */
#include "life.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WINDOW	  32u
#define TIMES_MAX 100u

static struct station station[STATIONS_MAX];
static unsigned n_stations;
static bool may_end; /* connections end with the daemon */

static void up(void *opaque, bool is_up, const char *why)
{
	struct station *s = opaque;

	if (is_up)
		return;
	if (!may_end) {
		errno = 0;
		stations_die(why);
	}
	s->fd = -1;
}

const struct vsw_front_ops life_ops = { .up = up };

/* life_wait() - Until something has come, or the daemon has done something */
void life_wait(struct station *s)
{
	struct pollfd p = { vsw_front_fd(s->front), POLLIN, 0 };

	if (vsw_front_sleep(s->front, true) && poll(&p, 1, 10000) <= 0) {
		errno = 0;
		stations_die("frames do not come out");
	}
	vsw_front_wake(s->front);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* life_median() - And the values are sorted then */
double life_median(double *v, unsigned n)
{
	qsort(v, n, sizeof(*v), by_size);
	return v[n / 2];
}

/* life_cpu() - Processor time of a process, s */
double life_cpu(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		stations_die("no processor time of the daemon");
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void print_memory(pid_t pid)
{
	char path[40], line[100];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "RssAnon", 7) || !strncmp(line, "RssShmem", 8) ||
		    !strncmp(line, "VmRSS", 5))
			printf("  %s", line);
	if (f)
		fclose(f);
}

static void idle(pid_t daemon, unsigned seconds)
{
	double cpu, begin;

	sleep(2); /* what followed from plugging in */
	begin = stations_now();
	cpu = life_cpu(daemon);
	sleep(seconds);
	cpu = life_cpu(daemon) - cpu;
	printf("%u idle ports: %.4f %% of a processor over %u s\n", n_stations,
	       100 * cpu / (stations_now() - begin), seconds);
	print_memory(daemon);
}

/* A station whose daemon has died connects again when there is one */
static void come_back(struct station *s)
{
	if (s->fd >= 0) {
		vsw_front_readable(s->front);
		return;
	}
	s->fd = stations_dial("vhost.sock");
	if (s->fd >= 0)
		vsw_front_attach(s->front, s->fd);
}

/* A round of all: every second one sends to the one behind it. Return: receivers that heard a frame
 * of after @since, which are up, as their senders are */
static unsigned go_round(const uint32_t *since)
{
	unsigned back = 0;

	for (unsigned i = 0; i + 1 < n_stations; i += 2) {
		struct station *s = &station[i], *to = s + 1;

		come_back(s);
		come_back(to);
		while (vsw_front_is_up(to->front) && s->sent - to->heard < WINDOW &&
		       stations_send(s, to->number, s->sent))
			s->sent++;
		vsw_front_flush(s->front);
		stations_hear(s);
		stations_hear(to);
		back += to->heard > since[i];
		if (s->sent - to->heard >= WINDOW && vsw_front_is_up(s->front))
			s->sent +=
				vsw_front_is_up(to->front) && stations_send(s, to->number, s->sent);
	}
	return back;
}

static void crash_once(const char *program, pid_t *daemon, FILE **log, double *took)
{
	static uint32_t since[STATIONS_MAX];
	double begin;

	kill(*daemon, SIGKILL);
	waitpid(*daemon, NULL, 0);
	fclose(*log);
	begin = stations_now();
	*daemon = stations_start(program, log);
	for (unsigned i = 0; i < n_stations; i++)
		since[i] = station[i].sent;
	while (go_round(since) < n_stations / 2)
		if (stations_now() > begin + 60) {
			errno = 0;
			stations_die("not all ports come back");
		}
	*took = stations_now() - begin;
}

static void crash(const char *program, pid_t *daemon, FILE **log, unsigned times)
{
	static const uint32_t none[STATIONS_MAX];
	uint64_t lost = 0, twice = 0, sent = 0;
	double took[TIMES_MAX], median;

	may_end = true;
	for (unsigned i = 0; i < n_stations; i++)
		station[i].counts = true;
	for (unsigned k = 0; k < times; k++) {
		for (double end = stations_now() + 0.5; stations_now() < end;)
			go_round(none);
		crash_once(program, daemon, log, &took[k]);
		printf("%u ports: all are back, with frames, after %.3f s, %.3f s of the daemon's "
		       "processor time\n",
		       n_stations, took[k], life_cpu(*daemon));
	}
	for (unsigned i = 0; i < n_stations; i++) {
		lost += station[i].lost;
		twice += station[i].twice;
		sent += station[i].sent;
	}
	median = life_median(took, times);
	printf("median %.3f s, worst %.3f s; of %llu frames %llu were lost and %llu came twice\n",
	       median, took[times - 1], (unsigned long long)sent, (unsigned long long)lost,
	       (unsigned long long)twice);
}

static int usage(const char *name)
{
	fprintf(stderr,
		"Usage: %s VSWITCHD idle [PORTS [SECONDS]]\n"
		"       %s VSWITCHD others|control\n"
		"       %s VSWITCHD crash [PORTS [TIMES]]\n",
		name, name, name);
	return 64;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	unsigned n = argc > 3 ? (unsigned)atoi(argv[3]) : 100,
		 k = argc > 4 ? (unsigned)atoi(argv[4]) : 0;
	bool many = !strcmp(what, "idle") || !strcmp(what, "crash");
	bool control = !strcmp(what, "control");
	struct rlimit r = { 65536, 65536 };
	pid_t daemon;
	FILE *log;

	if ((!many && !control && strcmp(what, "others")) || n < 2 || n > STATIONS_MAX ||
	    k > 86400 || (*what == 'c' && k > TIMES_MAX))
		return usage(argv[0]);
	n_stations = many ? n : 2;
	setrlimit(RLIMIT_NOFILE, &r);
	signal(SIGPIPE, SIG_IGN);
	stations_configure(control ? "\"address-table\":150000," : "", "\"mac\":{\"limit\":0},");
	daemon = stations_start(argv[1], &log);
	for (unsigned i = 0; i < n_stations; i++)
		stations_plug_in(&station[i], i, &life_ops);
	stations_settle(station, n_stations);
	if (control)
		life_control(daemon, station);
	else if (!many)
		life_others(daemon, station);
	else if (*what == 'i')
		idle(daemon, k ? k : 60);
	else
		crash(argv[1], &daemon, &log, k ? k : 9);
	may_end = true;
	stations_end(daemon);
	return 0;
}
