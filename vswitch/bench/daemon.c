/* SPDX-License-Identifier: BSD-2-Clause */
/* A vswitchd between sockets of the load. It has a directory of its own, removed at the end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "peers.h"

#define DAEMONS	 8u
#define PATIENCE INT64_C(10000000000)

static struct place {
	char dir[40];
} place[DAEMONS];

static unsigned n_places;

static void remove_places(void)
{
	static const char *const file[] = { "config.json", "control.sock", "log", "wires.sock" };
	char path[80];

	for (unsigned k = 0; k < n_places; k++) {
		for (unsigned i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
			snprintf(path, sizeof(path), "%s/%s", place[k].dir, file[i]);
			unlink(path);
		}
		for (unsigned i = 0; i < 2 * PEER_PORTS; i++) {
			snprintf(path, sizeof(path), "%s/%c%u", place[k].dir, "io"[i % 2], i / 2);
			unlink(path);
		}
		snprintf(path, sizeof(path), "%s/vchassis", place[k].dir);
		rmdir(path); /* the daemon's */
		rmdir(place[k].dir);
	}
}

/* Interfaces between which the switch is; NULL: it has sockets */
static const char *interfaces(const char *transport)
{
	static const char *const of[][2] = { { "packet", "ours" },
					     { "past", "past" },
					     { "tap", "tap" } };

	for (unsigned i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (!strcmp(transport, of[i][0]))
			return of[i][1];
	return NULL;
}

/* Ports of one transport */
static void say_ports(FILE *f, const char *dir, const char *transport)
{
	bool past = !strcmp(transport, "past");

	for (unsigned i = 0; i < PEER_PORTS; i++) {
		fprintf(f, "%s\"p%u\": {\"connect\": {\"transport\": \"%s\", ", i ? ", " : "", i,
			past ? "packet" : transport);
		if (!strcmp(transport, "dgram"))
			fprintf(f, "\"local\": \"%s/i%u\", \"remote\": \"%s/o%u\"}}", dir, i, dir,
				i);
		else
			fprintf(f, "\"ifname\": \"%s%c%u\"%s}}", interfaces(transport),
				*transport == 't' ? 'o' : 'i', i, past ? ", \"qdisc\": false" : "");
	}
}

/* Do ports come as they are plugged in? */
static bool listens(const char *transport)
{
	return !strcmp(transport, "stream") || !strcmp(transport, "vhost-user");
}

static bool configure(const char *dir, const char *transport)
{
	char path[80];
	FILE *f;

	snprintf(path, sizeof(path), "%s/config.json", dir);
	f = fopen(path, "we");
	if (!f)
		return false;
	fprintf(f, "{\"switches\": {\"s\": {");
	if (listens(transport)) {
		fprintf(f,
			"\"portgroups\": {\"g\": {\"listen\": [{\"transport\": \"%s\", "
			"\"address\": \"%s/wires.sock\", \"ports\": \"p%%\"}]}}",
			transport, dir);
	} else {
		fprintf(f, "\"ports\": {");
		say_ports(f, dir, transport);
		fprintf(f, "}");
	}
	fprintf(f, "}}}");
	return !fclose(f);
}

static const char *program(void)
{
	static char path[300];
	const char *build = getenv("VCHASSIS_BUILD");

	snprintf(path, sizeof(path), "%s/vswitch/daemon/vswitchd", build ? build : "build");
	return path;
}

static pid_t spawn(const char *dir)
{
	char config[80], control[80], log[80];
	pid_t pid;
	int fd;

	snprintf(config, sizeof(config), "%s/config.json", dir);
	snprintf(control, sizeof(control), "%s/control.sock", dir);
	snprintf(log, sizeof(log), "%s/log", dir);
	pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	dup2(peers_mute(), 0);
	dup2(fd, 1);
	dup2(fd, 2);
	setenv("XDG_RUNTIME_DIR", dir, 1);
	execl(program(), "vswitchd", "--config", config, "--socket", control, NULL);
	_exit(127);
}

static void name_it(struct sockaddr_un *un, const char *dir, const char *what, unsigned i)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	snprintf(un->sun_path, sizeof(un->sun_path), "%s/", dir);
	snprintf(un->sun_path + strlen(un->sun_path), 32, what, i);
}

/* A socket that is connected to a path, which may be there soon; -1: it is not */
static int dial(const char *dir, const char *what, unsigned i, int type)
{
	int64_t end = peers_now() + PATIENCE;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	struct sockaddr_un un;

	name_it(&un, dir, what, i);
	while (connect(fd, (struct sockaddr *)&un, sizeof(un))) {
		if (peers_now() > end) {
			close(fd);
			return -1;
		}
		usleep(1000);
	}
	return fd;
}

static bool join_stream(struct path *p, const char *dir)
{
	p->is_stream = true;
	for (unsigned i = 0; i < PEER_PORTS; i++)
		p->fd[i] = p->out_fd[i] = dial(dir, "wires.sock", 0, SOCK_STREAM);
	return p->fd[PEER_PORTS - 1] >= 0;
}

/* Two, for front ends */
static bool join_fronts(struct path *p, const char *dir)
{
	for (unsigned i = 0; i < 2; i++) {
		p->fd[i] = dial(dir, "wires.sock", 0, SOCK_STREAM);
		if (p->fd[i] < 0 || fcntl(p->fd[i], F_SETFL, O_NONBLOCK))
			return false;
	}
	return true;
}

/* Ours first: then the daemon need not look for them */
static bool bind_dgram(struct path *p, const char *dir)
{
	for (unsigned i = 0; i < PEER_PORTS; i++) {
		struct sockaddr_un un;

		name_it(&un, dir, "o%u", i);
		p->out_fd[i] = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (bind(p->out_fd[i], (struct sockaddr *)&un, sizeof(un)))
			return false;
	}
	return true;
}

static bool join_dgram(struct path *p, const char *dir)
{
	for (unsigned i = 0; i < PEER_PORTS; i++)
		p->fd[i] = dial(dir, "i%u", i, SOCK_DGRAM);
	return p->fd[PEER_PORTS - 1] >= 0;
}

/* Wait until it serves, and plug in. @outer: interfaces of the load */
static const char *join(struct path *p, const char *dir, const char *transport)
{
	const char *missing;
	int fd = dial(dir, "control.sock", 0, SOCK_STREAM);

	if (fd < 0)
		return "vswitchd does not serve";
	close(fd);
	if (!strcmp(transport, "stream"))
		return join_stream(p, dir) ? NULL : "no stream sockets";
	if (!strcmp(transport, "vhost-user"))
		return join_fronts(p, dir) ? NULL : "no sockets of vhost-user";
	if (!strcmp(transport, "dgram"))
		return join_dgram(p, dir) ? NULL : "no datagram sockets";
	missing = veth_sockets(p->fd, interfaces(transport), 'o');
	memcpy(p->out_fd, p->fd, sizeof(p->fd));
	return missing;
}

/**
 * daemon_start() - A vswitchd between sockets
 * @p:         Filled
 * @transport: "stream", "dgram", "packet" (on the pairs "ours"), "past" (the same past the
 *             queueing discipline, on the pairs "past"), "tap" (the taps "tap"), or "vhost-user",
 *             where only two sockets are connected
 *
 * Return: NULL, or why there is none.
 */
const char *daemon_start(struct path *p, const char *transport)
{
	char *dir = place[n_places].dir;

	if (access(program(), X_OK))
		return "no vswitchd in $VCHASSIS_BUILD";
	strcpy(dir, "/tmp/vswitch-bench-XXXXXX");
	if (!mkdtemp(dir))
		return "no directory in /tmp";
	if (!n_places++)
		atexit(remove_places);
	if (!configure(dir, transport) || (!strcmp(transport, "dgram") && !bind_dgram(p, dir)))
		return "no configuration";
	p->pid = spawn(dir);
	return p->pid < 0 ? "no process" : join(p, dir, transport);
}
