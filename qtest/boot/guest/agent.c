// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DOC: init, and the runner's hands in the guest
 *
 * PID 1 of the initramfs. It mounts what tools expect, then speaks with the runner over the second
 * serial port: built into Debian's kernels, so it needs no module, and it keeps working across
 * suspend, savevm, migration and whatever a test does to PCI.
 *
 * Messages are lines. From the runner: "run ID HEX" starts a shell command, "kill ID" ends its
 * process group, "hello" asks for a sign of life. To the runner, each line begins with a tilde:
 * "~out ID HEX", "~end ID STATUS" (as a shell would report it), "~hello". Commands run side by
 * side. Bytes travel in hex, so a line break or a tilde is always what it seems: a runner that
 * joins in the middle of a line (it took over a migrated guest) is back in step at the next one.
 *
 * A command is over when its shell is; what it left running in the background keeps running, but
 * its output has nowhere to go from then on and must have been redirected.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "vct.h"

#define PORT "/dev/ttyS1"

enum { MAX_JOBS = 32, MAX_LINE = 128 << 10, OUT_PIECE = 1024, CANNOT_RUN = 126 };

struct job {
	unsigned long id;
	pid_t pid; /* 0: the slot is free */
	int out;   /* read end of its output; -1: the command closed the other one */
};

static struct job jobs[MAX_JOBS];
static int port;
static char line[MAX_LINE];
static size_t line_len;

static void send_line(const char *text)
{
	write_exact(port, text, strlen(text));
}

static void send_output(const struct job *j, const unsigned char *data, size_t n)
{
	static char text[64 + 2 * OUT_PIECE];
	int at = sprintf(text, "~out %lu ", j->id);

	for (size_t i = 0; i < n; i++)
		at += sprintf(text + at, "%02x", data[i]);
	strcpy(text + at, "\n");
	send_line(text);
}

static void send_end(unsigned long id, int status)
{
	char text[64];

	sprintf(text, "~end %lu %d\n", id, status);
	send_line(text);
}

static void close_output(struct job *j)
{
	if (j->out >= 0)
		close(j->out);
	j->out = -1;
}

/* Return: 1 while there may be more. */
static int pump(struct job *j)
{
	unsigned char data[OUT_PIECE];
	ssize_t n = read(j->out, data, sizeof(data));

	if (n > 0)
		send_output(j, data, n);
	else if (!n)
		close_output(j);
	return n > 0;
}

static void end_job(struct job *j, int status)
{
	while (j->out >= 0 && pump(j))
		;
	close_output(j);
	j->pid = 0;
	send_end(j->id, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Orphans end here too: PID 1 inherits them. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < MAX_JOBS; i++)
			if (jobs[i].pid == pid)
				end_job(&jobs[i], status);
}

static void become_shell(const char *script, int out)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(out, 1);
	dup2(out, 2);
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(127);
}

static struct job *free_job(void)
{
	for (int i = 0; i < MAX_JOBS; i++)
		if (!jobs[i].pid)
			return &jobs[i];
	return NULL;
}

static void start_job(unsigned long id, const char *script)
{
	struct job *j = free_job();
	int pipes[2];
	pid_t pid;

	if (!j || pipe2(pipes, O_CLOEXEC)) {
		send_end(id, CANNOT_RUN);
		return;
	}
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	pid = fork();
	if (!pid)
		become_shell(script, pipes[1]);
	close(pipes[1]);
	*j = (struct job) { .id = id, .pid = pid > 0 ? pid : 0, .out = pipes[0] };
	if (pid < 0) {
		close_output(j);
		send_end(id, CANNOT_RUN);
	}
}

static int nibble(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static void unhex(char *text)
{
	char *to = text;

	for (; text[0] && text[1]; text += 2)
		*to++ = nibble(text[0]) << 4 | nibble(text[1]);
	*to = 0;
}

static void obey(char *text)
{
	unsigned long id;
	int script = 0;

	if (!strcmp(text, "hello")) {
		send_line("~hello\n");
	} else if (sscanf(text, "run %lu %n", &id, &script) == 1 && script) {
		unhex(text + script);
		start_job(id, text + script);
	} else if (sscanf(text, "kill %lu", &id) == 1) {
		for (int i = 0; i < MAX_JOBS; i++)
			if (jobs[i].pid && jobs[i].id == id)
				kill(-jobs[i].pid, SIGKILL);
	}
}

static void hear(void)
{
	ssize_t n = read(port, line + line_len, sizeof(line) - line_len);
	char *start = line, *end;

	if (n <= 0)
		return;
	line_len += n;
	while ((end = memchr(start, '\n', line + line_len - start))) {
		*end = 0;
		obey(start);
		start = end + 1;
	}
	line_len -= start - line;
	memmove(line, start, line_len);
	if (line_len == sizeof(line))
		line_len = 0;
}

static void mount_all(void)
{
	static const struct {
		const char *type, *at;
	} mounts[] = {
		{ "proc", "/proc" }, { "sysfs", "/sys" }, { "devtmpfs", "/dev" },
		{ "tmpfs", "/run" }, { "tmpfs", "/tmp" }, { "debugfs", "/sys/kernel/debug" },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].at, 0755);
		if (mount(mounts[i].type, mounts[i].at, mounts[i].type, 0, NULL))
			fprintf(stderr, "agent: mount %s: %s\n", mounts[i].at, strerror(errno));
	}
}

static void open_port(void)
{
	struct termios raw;

	port = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (port < 0 || tcgetattr(port, &raw))
		die("agent: " PORT);
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL | CREAD;
	cfsetspeed(&raw, B115200);
	tcsetattr(port, TCSANOW, &raw);
}

static int child_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void turn(struct pollfd *p)
{
	struct job *of[MAX_JOBS];
	struct signalfd_siginfo info;
	int n = 2;

	for (int i = 0; i < MAX_JOBS; i++) {
		if (!jobs[i].pid || jobs[i].out < 0)
			continue;
		of[n - 2] = &jobs[i];
		p[n++] = (struct pollfd) { .fd = jobs[i].out, .events = POLLIN };
	}
	if (poll(p, n, -1) < 0)
		return;
	if (p[0].revents)
		hear();
	for (int i = 2; i < n; i++)
		if (p[i].revents)
			pump(of[i - 2]);
	if (p[1].revents) {
		while (read(p[1].fd, &info, sizeof(info)) > 0)
			;
		reap();
	}
}

/** agent_main() - be PID 1; never returns. */
int agent_main(void)
{
	static struct pollfd p[2 + MAX_JOBS];

	mount_all();
	setenv("PATH", "/bin", 1);
	setenv("HOME", "/", 1);
	open_port();
	p[0] = (struct pollfd) { .fd = port, .events = POLLIN };
	p[1] = (struct pollfd) { .fd = child_signals(), .events = POLLIN };
	send_line("~hello\n");
	for (;;)
		turn(p);
}
