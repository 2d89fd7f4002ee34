/* SPDX-License-Identifier: BSD-2-Clause */
/* What a switch says to documents: each line of the standard input is one; the answer to
 * config-check is a line of the standard output. The switch has a port p0. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vswitch/control.h"

static int64_t now(void *opaque)
{
	return 0;
}

static void timer(void *opaque, int64_t deadline)
{
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static const struct vsw_host host = { now, timer, NULL };
static const struct vsw_port_ops ops = { take, NULL, NULL };

static void check(struct vsw_control *ctl, const char *doc)
{
	size_t room = strlen(doc) + 80;
	char *command = malloc(room), *answer;

	snprintf(command, room, "{\"execute\": \"config-check\", \"arguments\": {\"config\": %s}}",
		 doc);
	answer = vsw_control_execute(ctl, command, strlen(command));
	printf("%s\n", answer ? answer : "nothing");
	free(answer);
	free(command);
}

int main(void)
{
	struct vsw_conf conf = { .name = "sw0", .host = &host };
	struct vsw_port_conf port = VSW_PORT_CONF_INIT;
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	struct vsw_control *ctl = sw ? vsw_control_new(sw, NULL, NULL) : NULL;
	char *line = NULL;
	size_t room = 0;

	port.id = "p0";
	if (!ctl || !vsw_port_add(sw, &port, &ops, NULL, NULL, 0))
		return EXIT_FAILURE;
	while (getline(&line, &room, stdin) > 0) {
		line[strcspn(line, "\n")] = 0;
		check(ctl, line);
	}
	free(line);
	vsw_control_free(ctl);
	vsw_free(sw);
	return EXIT_SUCCESS;
}
