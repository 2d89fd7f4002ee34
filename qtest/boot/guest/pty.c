// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command on a terminal of its own: a program that talks to one writes out each line at once, and
 * shows its prompt after what it printed. What it would read from the terminal is our input.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "vct.h"

static void become_command(int master, char **argv)
{
	int fd;

	setsid();
	fd = open(ptsname(master), O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0))
		die("terminal");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	close(fd);
	close(master);
	execvp(argv[0], argv);
	die("%s", argv[0]);
}

/* Return: 1 while there may be more. The master's end of a closed terminal reads as an error. */
static int copy(int from, int to)
{
	char data[4096];
	ssize_t n = read(from, data, sizeof(data));

	return n > 0 && !write_exact(to, data, n);
}

/** pty_main() - the applet "pty". Return: the command's exit status, as a shell would report it. */
int pty_main(int argc, char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), status;
	struct pollfd p[] = { { .fd = master, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	pid_t pid;

	(void)argc;
	if (master < 0 || grantpt(master) || unlockpt(master))
		die("no terminal");
	pid = fork();
	if (!pid)
		become_command(master, argv);
	for (;;) {
		poll(p, 2, -1);
		if (p[0].revents && !copy(master, 1))
			break;
		if (p[1].revents && !copy(0, master))
			p[1].fd = -1;
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
