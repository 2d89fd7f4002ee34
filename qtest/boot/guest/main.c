// SPDX-License-Identifier: GPL-2.0-or-later
/* Applet table of the guest's one program; see vct.h. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vct.h"

static const struct applet {
	const char *name;
	int (*main)(int argc, char **argv);
	int min_args;
	const char *args;
} applets[] = {
	{ "tcp-sink", tcp_sink_main, 1, "PORT [CONNECTIONS]" },
	{ "tcp-source", tcp_source_main, 3, "ADDRESS PORT BYTES [WRITE-SIZE]" },
	{ "udp-sink", udp_sink_main, 3, "PORT COUNT IDLE-MS" },
	{ "udp-source", udp_source_main, 4, "ADDRESS PORT COUNT SIZE [PER-SECOND [FLOWS]]" },
	{ "flows", flows_main, 6, "tcp|udp ADDRESS PORT FIRST FLOWS PER-SECOND" },
	{ "rr-server", rr_server_main, 1, "PORT" },
	{ "rr", rr_main, 4, "ADDRESS PORT COUNT SIZE" },
	{ "sniff", sniff_main, 2, "INTERFACE MILLISECONDS" },
	{ "pty", pty_main, 1, "COMMAND [ARGUMENTS]" },
};

static const size_t n_applets = sizeof(applets) / sizeof(applets[0]);

static int usage(void)
{
	fprintf(stderr, "usage: vct [-n NETNS] APPLET ARGUMENTS\n");
	for (size_t i = 0; i < n_applets; i++)
		fprintf(stderr, "  %-11s %s\n", applets[i].name, applets[i].args);
	return 2;
}

/* iproute2 keeps its named namespaces as bind mounts under /run/netns. */
static void enter_netns(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("no network namespace %s", name);
	close(fd);
}

int main(int argc, char **argv)
{
	if (getpid() == 1)
		return agent_main();
	if (argc > 2 && !strcmp(argv[1], "-n")) {
		enter_netns(argv[2]);
		argc -= 2;
		argv += 2;
	}
	for (size_t i = 0; argc > 1 && i < n_applets; i++)
		if (!strcmp(argv[1], applets[i].name) && argc - 2 >= applets[i].min_args)
			return applets[i].main(argc - 2, argv + 2);
	return usage();
}
