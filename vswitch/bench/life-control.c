/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For how long frames wait while control has much to do: a frame at a time, and what each takes,
 * with another process that asks, loads, or does not read; in each round all of them.
 *
 * The wall clock has what else the machine does in it. So the frame thread and the stations get
 * more priority if they may, and the daemon's own longest piece of work of control on the
 * frame thread is printed besides.
 */
#define _GNU_SOURCE /* POLLRDHUP */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "life.h"

#define ROUNDS	  9u
#define SECONDS	  1.0
#define PAUSE_US  200
#define PRIORITY  (-20)
#define FRAMES	  20000u /* of a round, at most */
#define ADDRESSES 100000u
#define GROUPS	  17000u /* about 1 MB */

/* A byte at a time is not what control sends, so this reads to the end of a line */
static void read_line(int fd, char *line, size_t size)
{
	static char buf[65536];
	static size_t at, n;
	size_t len = 0;

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		ssize_t got;

		for (; at < n; at++) {
			if (buf[at] == '\n') {
				at++;
				line[len] = '\0';
				return;
			}
			if (len + 1 < size)
				line[len++] = buf[at];
		}
		poll(&p, 1, 30000);
		got = read(fd, buf, sizeof(buf));
		if (got <= 0)
			stations_die("no answer of the control");
		at = 0;
		n = (size_t)got;
	}
}

static int dial_control(void)
{
	char line[300];
	int fd = stations_dial("control.sock");

	if (fd < 0)
		stations_die("control.sock");
	read_line(fd, line, sizeof(line));
	return fd;
}

/* The beginning of the answer to a request */
static void ask(int fd, const char *text, size_t len, char *answer, size_t size)
{
	while (len) {
		struct pollfd p = { fd, POLLOUT, 0 };
		ssize_t n;

		poll(&p, 1, 30000);
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			stations_die("control.sock");
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	do {
		read_line(fd, answer, size);
	} while (strstr(answer, "\"event\":"));
	if (!strstr(answer, "\"return\":")) {
		errno = 0;
		stations_die(answer);
	}
}

static double number_of(int fd, const char *command, const char *key)
{
	char text[100], answer[2000], *at;

	snprintf(text, sizeof(text), "{\"execute\": \"%s\"}\n", command);
	ask(fd, text, strlen(text), answer, sizeof(answer));
	at = strstr(answer, key);
	if (!at) {
		errno = 0;
		stations_die(key);
	}
	return strtod(at + strlen(key) + 2, NULL); /* behind the quote and the colon */
}

static void nothing(void)
{
	pause();
}

static void table(void)
{
	static const char text[] = "{\"execute\": \"query-fdb\"}\n";
	int fd = dial_control();
	char answer[100];

	for (;;)
		ask(fd, text, sizeof(text) - 1, answer, sizeof(answer));
}

static char *request(unsigned vlan, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	fprintf(f, "{\"execute\": \"config-set\", \"arguments\": {\"config\": ");
	stations_document(f, "\"address-table\":150000,", "\"mac\":{\"limit\":0},", GROUPS, vlan);
	fprintf(f, "}}\n");
	fclose(f);
	return text;
}

static void document(void)
{
	char *text[2], answer[100];
	int fd = dial_control();
	size_t len[2];

	for (unsigned i = 0; i < 2; i++)
		text[i] = request(10 + i, &len[i]);
	for (unsigned i = 0;; i ^= 1)
		ask(fd, text[i], len[i], answer, sizeof(answer));
}

/* Events, of ports that come and go, for somebody who reads none; he is cut off, and comes again */
static void reader(void)
{
	int stuck = dial_control();

	for (;;) {
		struct pollfd p = { stuck, POLLRDHUP, 0 };
		int fd = stations_dial("stream.sock");

		if (fd >= 0)
			close(fd);
		if (poll(&p, 1, 1)) {
			close(stuck);
			stuck = dial_control();
		}
	}
}

/* struct work - of control; by round and of all the longest wait of a frame, s */
static struct work {
	const char *name;
	void (*run)(void);
	double longest[ROUNDS], middle[ROUNDS], most[ROUNDS];
} works[] = {
	{ "nothing", nothing, { 0 }, { 0 }, { 0 } },
	{ "query-fdb of 100,000 addresses", table, { 0 }, { 0 }, { 0 } },
	{ "config-set of 1 MB", document, { 0 }, { 0 }, { 0 } },
	{ "events that nobody reads", reader, { 0 }, { 0 }, { 0 } },
};

#define WORKS (sizeof(works) / sizeof(works[0]))

/* Frames of as many addresses, until the switch has them */
static void teach(struct station *s, int control)
{
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		while (!stations_teach(&s[0], 1, i)) {
			vsw_front_flush(s[0].front);
			stations_hear(&s[1]);
		}
		if (i % 32 == 0)
			stations_hear(&s[1]);
	}
	vsw_front_flush(s[0].front);
	usleep(200000);
	stations_hear(&s[1]);
	printf("%.0f addresses in the table\n", number_of(control, "query-switch", "addresses"));
}

/* The frame thread and the stations before whatever else runs here, if we may */
static void come_first(pid_t daemon)
{
	char path[60], name[32];
	struct dirent *d;
	DIR *tasks;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)daemon);
	tasks = opendir(path);
	while (tasks && (d = readdir(tasks))) {
		snprintf(path, sizeof(path), "/proc/%d/task/%.10s/comm", (int)daemon, d->d_name);
		f = fopen(path, "r");
		if (f && fgets(name, sizeof(name), f) && !strcmp(name, "frames\n"))
			setpriority(PRIO_PROCESS, (id_t)atoi(d->d_name), PRIORITY);
		if (f)
			fclose(f);
	}
	if (tasks)
		closedir(tasks);
	if (setpriority(PRIO_PROCESS, 0, PRIORITY))
		printf("with the priority of all others: what else runs here counts, too\n");
}

static void measure(struct work *w, struct station *s, unsigned round)
{
	static double took[FRAMES];
	double begin = stations_now();
	unsigned n = 0;

	while (stations_now() < begin + SECONDS && n < FRAMES) {
		took[n] = -stations_now();
		stations_send(&s[0], 1, s[0].sent++);
		vsw_front_flush(s[0].front);
		for (stations_hear(&s[1]); s[1].heard != s[0].sent; stations_hear(&s[1]))
			life_wait(&s[1]);
		took[n++] += stations_now();
		usleep(PAUSE_US);
	}
	w->middle[round] = life_median(took, n);
	w->most[round] = took[n * 99 / 100];
	w->longest[round] = took[n - 1];
}

static void run(struct work *w, struct station *s, unsigned round)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpriority(PRIO_PROCESS, 0, 0);
		w->run();
	}
	usleep(100000);
	measure(w, s, round);
	if (waitpid(pid, NULL, WNOHANG)) {
		errno = 0;
		stations_die("the other process has ended");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void life_control(pid_t daemon, struct station *s)
{
	int control = dial_control();
	double without = 0, before;

	teach(s, control);
	before = number_of(control, "query-daemon", "longest-call-ns") / 1e6;
	close(control); /* a reader who reads no events would be cut off */
	come_first(daemon);
	for (unsigned r = 0; r < ROUNDS; r++)
		for (unsigned i = 0; i < WORKS; i++)
			run(&works[(r + i) % WORKS], s, r);
	for (unsigned i = 0; i < WORKS; i++) {
		struct work *w = &works[i];
		double longest = life_median(w->longest, ROUNDS);

		without = i ? without : longest;
		printf("%-32s median %4.0f us, 99 %% %4.0f us; longest of a round %.2f ms, "
		       "%+.2f ms "
		       "over nothing; of all %.2f ms\n",
		       w->name, life_median(w->middle, ROUNDS) * 1e6,
		       life_median(w->most, ROUNDS) * 1e6, longest * 1e3, (longest - without) * 1e3,
		       w->longest[ROUNDS - 1] * 1e3);
	}
	control = dial_control();
	printf("longest that control held the frame thread up: %.2f ms, before all this %.2f ms\n",
	       number_of(control, "query-daemon", "longest-call-ns") / 1e6, before);
	close(control);
}
