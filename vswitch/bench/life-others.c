/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two stations, and another process with two clients, one by rings and one by stream, that get some
 * of their frames, too: it takes them, takes nothing, or is stopped. In each round all three are
 * measured, so ratios are of the same moment.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"

#define ROUNDS	15u
#define SECONDS 0.3
#define WINDOW	64u
#define SHARED	32u /* of so many frames one is for all */

enum { TAKES, TAKES_NOTHING, STOPPED, WAYS };

static const char *const ways[] = { "take their frames", "take nothing", "are stopped" };

/* struct figures - of one way, by round: frames a second, and a second of the daemon's processor
 * time; s for a frame and its answer */
static struct figures {
	double rate[ROUNDS], cpu_rate[ROUNDS], ping[ROUNDS];
} figures[WAYS];

static int *way; /* what the other process does; shared */

static void be_others(void)
{
	struct station own = { .counts = true };
	static char bytes[65536];
	int stream;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stations_plug_in(&own, 2, &life_ops);
	stream = stations_dial("stream.sock");
	__atomic_store_n(way, TAKES, __ATOMIC_SEQ_CST);
	for (;;) {
		struct pollfd p[3] = { { own.fd, POLLIN, 0 },
				       { stream, POLLIN, 0 },
				       { vsw_front_fd(own.front), POLLIN, 0 } };

		if (__atomic_load_n(way, __ATOMIC_SEQ_CST) != TAKES) {
			usleep(1000);
			continue;
		}
		stations_hear(&own);
		while (read(stream, bytes, sizeof(bytes)) > 0)
			;
		if (vsw_front_sleep(own.front, false))
			poll(p, 3, 10);
		vsw_front_wake(own.front);
		vsw_front_readable(own.front);
	}
}

static bool shared(const struct station *s, uint32_t number)
{
	return number % SHARED == 0 && stations_send((struct station *)s, STATION_ALL, 0);
}

/* As many as pass, for a while */
static void stream_frames(pid_t daemon, struct station *s, double *rate, double *cpu_rate)
{
	double begin = stations_now(), cpu = life_cpu(daemon), took;
	uint32_t from = s[1].heard;

	do {
		while (s[0].sent - s[1].heard < WINDOW && stations_send(&s[0], 1, s[0].sent))
			shared(&s[0], s[0].sent++);
		vsw_front_flush(s[0].front);
		stations_hear(&s[1]);
		stations_hear(&s[0]);
		if (s[0].sent - s[1].heard >= WINDOW)
			life_wait(&s[1]);
		took = stations_now() - begin;
	} while (took < SECONDS);
	*rate = (s[1].heard - from) / took;
	*cpu_rate = (s[1].heard - from) / (life_cpu(daemon) - cpu);
	while (s[1].heard != s[0].sent) {
		stations_hear(&s[1]);
		if (s[1].heard != s[0].sent)
			life_wait(&s[1]);
	}
}

static void send_and_wait(struct station *from, struct station *to)
{
	while (!stations_send(from, to->number, from->sent))
		life_wait(from);
	from->sent++;
	vsw_front_flush(from->front);
	for (stations_hear(to); to->heard != from->sent; stations_hear(to))
		life_wait(to);
}

/* A frame and its answer, again and again. Return: the median of what they took */
static double ping(struct station *s)
{
	static double took[100000];
	double begin = stations_now();
	unsigned n = 0;

	while (stations_now() < begin + SECONDS && n < sizeof(took) / sizeof(took[0])) {
		took[n] = -stations_now();
		send_and_wait(&s[0], &s[1]);
		send_and_wait(&s[1], &s[0]);
		took[n] += stations_now();
		shared(&s[0], n++);
		stations_hear(&s[0]);
	}
	return life_median(took, n);
}

static double ratio(const double *a, const double *b)
{
	double r[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++)
		r[i] = a[i] / b[i];
	return life_median(r, ROUNDS);
}

static void print(void)
{
	const struct figures *base = &figures[TAKES];

	for (unsigned w = 0; w < WAYS; w++) {
		struct figures f = figures[w];
		double rate = life_median(f.rate, ROUNDS), cpu = life_median(f.cpu_rate, ROUNDS),
		       took = life_median(f.ping, ROUNDS);

		printf("others %s: %.2f million frames a second (%.3f), %.2f a second of processor "
		       "time (%.3f), answer in %.1f us (%.3f)\n",
		       ways[w], rate / 1e6, ratio(figures[w].rate, base->rate), cpu / 1e6,
		       ratio(figures[w].cpu_rate, base->cpu_rate), took * 1e6,
		       ratio(figures[w].ping, base->ping));
	}
	printf("in brackets: median of the rounds' ratios to the first\n");
}

void life_others(pid_t daemon, struct station *s)
{
	pid_t others;

	way = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (way == MAP_FAILED)
		stations_die("mmap");
	*way = WAYS;
	others = fork();
	if (!others)
		be_others();
	while (__atomic_load_n(way, __ATOMIC_SEQ_CST) == WAYS)
		usleep(1000);
	for (unsigned r = 0; r < ROUNDS; r++)
		for (unsigned k = 0; k < WAYS; k++) {
			struct figures *f = &figures[(r + k) % WAYS];

			__atomic_store_n(way, (int)((r + k) % WAYS), __ATOMIC_SEQ_CST);
			kill(others, (r + k) % WAYS == STOPPED ? SIGSTOP : SIGCONT);
			usleep(50000);
			stream_frames(daemon, s, &f->rate[r], &f->cpu_rate[r]);
			f->ping[r] = ping(s);
			if (waitpid(others, NULL, WNOHANG))
				stations_die("the other process has ended");
		}
	kill(others, SIGKILL);
	waitpid(others, NULL, 0);
	print();
}
