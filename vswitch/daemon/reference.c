/* SPDX-License-Identifier: BSD-2-Clause */
/* Print docs/vswitchd-reference.md from the rows of transports, listeners,
 * connections, commands. */
#include <stdio.h>

#include "command.h"
#include "document.h"
#include "life.h"
#include "listen.h"

static const char *type_of(const struct vsw_option *o)
{
	static char text[200];
	size_t n = 0;

	switch (o->kind) {
	case VSW_OPTION_BOOL:
		return "true, false";
	case VSW_OPTION_NUMBER:
		snprintf(text, sizeof(text), "%u to %u", o->min, o->max);
		return text;
	case VSW_OPTION_WORD:
		for (unsigned i = 0; o->words[i]; i++)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s`%s`", i ? ", " : "",
					      o->words[i]);
		return text;
	case VSW_OPTION_LIST:
		return "array of string";
	default:
		return "string";
	}
}

static const char *untold(const struct vsw_option *o)
{
	static char text[80];

	if (o->required)
		return "must be given";
	if (!o->def)
		return o->kind == VSW_OPTION_BOOL ? "false" : "";
	if (o->kind == VSW_OPTION_BOOL)
		return o->def[1] == 'n' ? "true" : "false";
	snprintf(text, sizeof(text), "%s%s%s", o->kind == VSW_OPTION_NUMBER ? "" : "`", o->def,
		 o->kind == VSW_OPTION_NUMBER ? "" : "`");
	return text;
}

static void print(const struct vsw_option *o)
{
	if (!o || !o->key) {
		printf("It has no options.\n");
		return;
	}
	printf("| key | value | untold | meaning |\n|---|---|---|---|\n");
	for (; o->key; o++)
		printf("| `%s` | %s | %s | %s |\n", o->key, type_of(o), untold(o), o->help);
}

static void print_transports(void)
{
	for (const struct vsw_transport *const *t = vsw_transports; *t; t++) {
		printf("\n### `%s`\n\n%s%s.%s\n\n", (*t)->name,
		       (*t)->kind == VSW_TRANSPORT_SOCKET ? "On sockets: " : "", (*t)->help,
		       (*t)->kind == VSW_TRANSPORT_SOCKET ?
			       " In `listen` and `connect`, and with the command `plug`." :
			       " In `connect`.");
		print((*t)->options);
	}
}

int main(void)
{
	printf("# Reference of vswitchd\n\n"
	       "Printed from the rows that read the configuration: do not edit. "
	       "[vswitchd.md](vswitchd.md) explains, and\n"
	       "[switch-schema.md](switch-schema.md) has the switch's own keys.\n\n"
	       "## The document\n\n"
	       "Besides `switches`, an object of the documents of switches by name:\n\n");
	print(vd_daemon_rows);
	printf("\n## `ports.ID.connect`\n\nAnd the options of the transport.\n\n");
	print(vd_connect_rows);
	printf("\n## `portgroups.NAME.listen`\n\n"
	       "An array of objects, in each also the options of the transport. "
	       "`portgroups.NAME.token` is a string that a client\n"
	       "of the command `plug` must know.\n\n");
	print(vd_listen_rows);
	printf("\n## Transports\n");
	print_transports();
	printf("\n## Commands\n\nOf the daemon; those of a switch are in "
	       "[switch-schema.md](switch-schema.md#commands), and take `switch` besides.\n"
	       "`?` marks arguments that may be left out; what changes something is for the "
	       "daemon's own user and root.\n\n"
	       "| command | arguments | for | what it does |\n|---|---|---|---|\n");
	for (const struct vd_command *c = vd_commands; c->name; c++)
		printf("| `%s` | %s | %s | %s |\n", c->name, c->args, c->owner ? "owner" : "all",
		       c->help);
	return 0;
}
