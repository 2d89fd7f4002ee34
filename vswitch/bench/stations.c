/* SPDX-License-Identifier: BSD-2-Clause */
/* Stations at a vswitchd (stations.h). */
#include "stations.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hwnet/frame.h"

#define FRAME 60u

static char place[] = "/tmp/vswitchd-bench-XXXXXX", file[100];
static pid_t owner;

/* stations_die() - End: @what went wrong, by errno if it is not 0 */
void stations_die(const char *what)
{
	fprintf(stderr, "%s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
	exit(1);
}

/* stations_now() - The time, s */
double stations_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void remove_place(void)
{
	char path[140];

	if (getpid() != owner)
		return;
	unlink(file);
	snprintf(path, sizeof(path), "%s/vchassis", place);
	rmdir(path);
	rmdir(place);
}

/* stations_document() - That of the switch: a port group with all stations and more keys, each with
 * a comma at its end; and so many other groups */
void stations_document(FILE *f, const char *of_switch, const char *of_group, unsigned groups,
		       unsigned vlan)
{
	fprintf(f,
		"{%s\"portgroups\":{\"g\":{%s\"listen\":[{\"transport\":\"vhost-user\","
		"\"address\":\"vhost.sock\",\"ports\":\"p%%\",\"max\":4096},{\"transport\":"
		"\"stream\",\"address\":\"stream.sock\",\"ports\":\"s%%\"}]}",
		of_switch, of_group);
	for (unsigned i = 0; i < groups; i++)
		fprintf(f, ",\"group-%u\":{\"vlan\":%u,\"security\":{\"promiscuous\":true}}", i,
			vlan);
	fprintf(f, "}}");
}

/* stations_configure() - A directory, and a file with such a document */
void stations_configure(const char *of_switch, const char *of_group)
{
	FILE *f;

	if (!mkdtemp(place))
		stations_die(place);
	owner = getpid();
	atexit(remove_place);
	setenv("XDG_RUNTIME_DIR", place, 1);
	snprintf(file, sizeof(file), "%s/config.json", place);
	f = fopen(file, "w");
	if (!f)
		stations_die(file);
	fprintf(f, "{\"switches\":{\"sw\":");
	stations_document(f, of_switch, of_group, 0, 0);
	fprintf(f, "}}");
	fclose(f);
}

/* stations_daemon() - Start a daemon. Return: its log */
FILE *stations_daemon(const char *program, const char *argument, const char *value, pid_t *pid)
{
	int fd[2];

	if (pipe(fd) < 0)
		stations_die("pipe");
	*pid = fork();
	if (*pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd[1], 2);
		close(fd[0]);
		close(fd[1]);
		/* nobody reads the log of a thousand ports while they plug in */
		execl(program, program, "--log-level", "notice", argument, value, NULL);
		stations_die(program);
	}
	close(fd[1]);
	return fdopen(fd[0], "r");
}

/* stations_start() - The first one, until it is ready. Return: its process */
pid_t stations_start(const char *program, FILE **log)
{
	char line[300];
	pid_t pid;

	*log = stations_daemon(program, "--config", file, &pid);
	while (fgets(line, sizeof(line), *log))
		if (strstr(line, "ready"))
			return pid;
	errno = 0;
	stations_die("the daemon did not start");
}

/* stations_end() - The last one */
void stations_end(pid_t pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

/* stations_dial() - Connect to a socket of the daemon. Return: it; -1: nobody is there */
int stations_dial(const char *name)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		stations_die("socket");
	snprintf(un.sun_path, sizeof(un.sun_path), "%s/vchassis/%s", place, name);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void mac_of(uint8_t *mac, unsigned i)
{
	const uint8_t bytes[6] = { 2, 0, 0, 0, (uint8_t)(i >> 8), (uint8_t)i };

	if (i == STATION_ALL)
		memset(mac, 255, 6);
	else
		memcpy(mac, bytes, sizeof(bytes));
}

/* stations_plug_in() - Make one, and wait until frames can pass; its @opaque is itself */
void stations_plug_in(struct station *s, unsigned number, const struct vsw_front_ops *ops)
{
	const struct vsw_front_conf conf = { .entries = 128 };
	struct vsw_addrs addrs = { .n = 0 };
	char err[200];

	s->number = number;
	s->front = vsw_front_new(&conf, ops, s, err, sizeof(err));
	if (!s->front) {
		errno = 0;
		stations_die(err);
	}
	mac_of(addrs.mac, number); /* known: nothing is flooded */
	vsw_front_set_card(s->front, true, &addrs);
	s->fd = stations_dial("vhost.sock");
	if (s->fd < 0)
		stations_die("vhost.sock");
	vsw_front_attach(s->front, s->fd);
	while (!vsw_front_is_up(s->front)) {
		struct pollfd p = { s->fd, POLLIN, 0 };

		poll(&p, 1, 10000);
		vsw_front_readable(s->front);
	}
}

static bool put(struct station *s, uint8_t *bytes)
{
	const struct pkt *one;
	struct iovec iov;
	struct pkt pkt;

	frame_put_be16(bytes + 12, 0x88b5);
	pkt_flat(&pkt, &iov, bytes, FRAME);
	one = &pkt;
	return vsw_front_put(s->front, &one, 1);
}

/* stations_send() - A frame to another one; its number stands behind the type. Return: whether
 * there was room */
bool stations_send(struct station *s, unsigned to, uint32_t number)
{
	uint8_t bytes[FRAME] = { 0 };

	mac_of(bytes, to);
	mac_of(bytes + 6, s->number);
	memcpy(bytes + 14, &number, sizeof(number));
	return put(s, bytes);
}

/* stations_teach() - A frame to another one, who ignores it, from some address of so many. Return:
 * as above */
bool stations_teach(struct station *s, unsigned to, uint32_t address)
{
	const uint8_t from[6] = {
		6, 0, 0, (uint8_t)(address >> 16), (uint8_t)(address >> 8), (uint8_t)address
	};
	uint8_t bytes[FRAME] = { 0 };

	mac_of(bytes, to);
	memcpy(bytes + 6, from, sizeof(from));
	return put(s, bytes);
}

static void heard(struct station *s, uint32_t number)
{
	if (number != s->heard && !s->counts) {
		fprintf(stderr, "station %u: frame %u instead of %u\n", s->number, number,
			s->heard);
		exit(1);
	}
	if (number < s->heard) {
		s->twice++;
		return;
	}
	s->lost += number - s->heard;
	s->heard = number + 1;
}

/* stations_hear() - Take what has come; each number is to come once, in order */
void stations_hear(struct station *s)
{
	const struct pkt *const *pkts;
	uint32_t number;
	unsigned n;

	while ((n = vsw_front_get(s->front, &pkts))) {
		for (unsigned k = 0; k < n; k++) {
			const uint8_t *head = pkt_head(pkts[k]);

			if (head[0] != 2 || head[4] != (uint8_t)(s->number >> 8) ||
			    head[5] != (uint8_t)s->number)
				continue; /* flooded: to another one */
			if (head[6] != 2)
				continue; /* only teaches */
			memcpy(&number, head + 14, sizeof(number));
			heard(s, number);
		}
		vsw_front_got(s->front, n);
	}
	vsw_front_flush(s->front);
}

/* stations_settle() - Until the switch knows all cards: what is flooded would be too much for a
 * ring */
void stations_settle(struct station *s, unsigned n)
{
	for (double end = stations_now() + 0.5; stations_now() < end;)
		for (unsigned i = 0; i < n; i++) {
			vsw_front_readable(s[i].front);
			stations_hear(&s[i]);
		}
}
