/* SPDX-License-Identifier: BSD-2-Clause */
/* By which ways a QEMU can have cards (doctor.h has the theory). */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "table.h"

#define PATIENCE 30 /* seconds, for an answer of QEMU */
#define SHARED                                                        \
	"-m 1G -object memory-backend-memfd,id=mem,size=1G,share=on " \
	"-machine memory-backend=mem "

/* struct way - how a card comes to a guest; @command: what QEMU is started with */
struct way {
	const char *name, *cards, *command;
	char *(*why_not)(const char *qemu, const char *version); /* NULL: it is possible */
};

const struct ctl_column doctor_ways[] = { { "WAY", "way" },
					  { "POSSIBLE", "possible" },
					  { "CARDS", "cards" },
					  { "WHY NOT", "why-not" },
					  { 0 } };

/* A program that hangs must not hang this one. A timer outlives exec */
static void limit(gpointer opaque)
{
	alarm(PATIENCE);
}

/* What a QEMU prints; NULL: it cannot be run. Which status it ends with does not matter */
static char *say(const char *qemu, const char *option, const char *value)
{
	char *argv[] = { (char *)qemu, (char *)option, (char *)value, NULL }, *out = NULL;
	int status;

	if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, limit, NULL, &out, NULL,
			  &status, NULL))
		return NULL;
	if (!g_utf8_validate(out, -1, NULL) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM))
		g_clear_pointer(&out, g_free);
	return out;
}

/* Has it the device? */
static bool has_device(const char *qemu, const char *device)
{
	g_autofree char *arg = g_strconcat(device, ",help", NULL);
	g_autofree char *text = say(qemu, "-device", arg);
	g_autofree char *found = g_strconcat(device, " options", NULL);

	return text && strstr(text, found);
}

/* Has it the back end of netdevs? */
static bool has_netdev(const char *qemu, const char *netdev)
{
	g_autofree char *text = say(qemu, "-netdev", "help");
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);

	return g_strv_contains((const char *const *)lines, netdev);
}

static char *no_plugin(const char *qemu, const char *version)
{
	struct doctor_elf elf;

	doctor_elf_read(qemu, &elf);
	return g_strdup(elf.why_not);
}

static char *no_vfio_user(const char *qemu, const char *version)
{
	unsigned major = 0, minor = 0;
	const char *number = strstr(version, "version ");

	if (has_device(qemu, "vfio-user-pci"))
		return NULL;
	if (number && sscanf(number, "version %u.%u", &major, &minor) == 2 &&
	    (major < 10 || (major == 10 && minor < 1)))
		return g_strdup_printf("QEMU %u.%u: it is in QEMU from 10.1 on", major, minor);
	return g_strdup("this build has no vfio-user-pci");
}

static char *no_vhost_user(const char *qemu, const char *version)
{
	if (!has_netdev(qemu, "vhost-user"))
		return g_strdup("this build has no -netdev vhost-user");
	return has_device(qemu, "virtio-net-pci") ? NULL :
						    g_strdup("this build has no virtio-net-pci");
}

static char *no_stream(const char *qemu, const char *version)
{
	return has_netdev(qemu, "stream") ?
		       NULL :
		       g_strdup("this build has no -netdev stream: it is in QEMU from 7.2 on");
}

static const struct way ways[] = {
	{ "plug-in", "e1000, pcnet, vmxnet3 of vchassis",
	  "./configure --qemu=%s && make && make install\n"
	  "qemu-vchassis -netdev user,id=n0 -device vc-vmxnet3,netdev=n0",
	  no_plugin },
	{ "vfio-user", "the same, of vswitchd; no migration",
	  "vswitchctl nic add vm1 portgroup=blue model=vmxnet3\n"
	  "%s " SHARED "-device '{\"driver\":\"vfio-user-pci\",\"x-no-posted-writes\":true,"
	  "\"socket\":"
	  "{\"type\":\"unix\",\"path\":\"/run/vchassis/vm1.sock\"}}'",
	  no_vfio_user },
	{ "vhost-user", "virtio-net",
	  "vswitchctl portgroup set blue listen='[{\"transport\":\"vhost-user\","
	  "\"address\":\"blue.vhost\",\"ports\":\"blue%%\"}]'\n"
	  "%s " SHARED "-chardev socket,id=c0,path=/run/vchassis/blue.vhost "
	  "-netdev vhost-user,id=n0,chardev=c0 -device virtio-net-pci,netdev=n0",
	  no_vhost_user },
	{ "stream", "all that this QEMU has",
	  "vswitchctl portgroup set blue listen='[{\"transport\":\"stream\","
	  "\"address\":\"blue.sock\",\"ports\":\"blue%%\"}]'\n"
	  "%s -netdev stream,id=n0,addr.type=unix,addr.path=/run/vchassis/blue.sock "
	  "-device vmxnet3,netdev=n0",
	  no_stream },
};

/* @command with the QEMU put into its place */
static char *command_of(const struct way *w, const char *qemu)
{
	g_auto(GStrv) part = g_strsplit(w->command, "%s", 2);
	g_autofree char *quoted = g_shell_quote(qemu);
	bool plain = strspn(qemu, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "/._+-") == strlen(qemu);
	g_autofree char *text = g_strconcat(part[0], plain ? qemu : quoted, part[1], NULL);
	g_auto(GStrv) percent = g_strsplit(text, "%%", -1);

	return g_strjoinv("%", percent);
}

static json_t *probe(const struct way *w, const char *qemu, const char *version)
{
	g_autofree char *why = w->why_not(qemu, version), *command = command_of(w, qemu);
	g_auto(GStrv) lines = g_strsplit(command, "\n", -1);
	json_t *list = json_array();

	for (unsigned i = 0; lines[i] && !why; i++)
		json_array_append_new(list, json_string(lines[i]));
	return json_pack("{s:s,s:b,s:s,s:s*,s:o}", "way", w->name, "possible", !why, "cards",
			 w->cards, "why-not", why, "commands", list);
}

/* For people: the table, then the command lines of what is possible */
static int print(const json_t *report)
{
	const json_t *list = json_object_get(report, "ways"), *v, *line;
	g_autoptr(GString) version = g_string_new(NULL), text = table_rows(doctor_ways, list);
	size_t i, k;

	table_clean(version, json_string_value(json_object_get(report, "version")));
	printf("%s\n\n%s", version->str, text->str);
	json_array_foreach(list, i, v) {
		if (json_is_false(json_object_get(v, "possible")))
			continue;
		printf("\n%s:\n", json_string_value(json_object_get(v, "way")));
		json_array_foreach(json_object_get(v, "commands"), k, line)
			printf("    %s\n", json_string_value(line));
	}
	return ctl_flush();
}

static json_t *examine(const char *qemu, const char *version)
{
	struct doctor_elf elf;
	json_t *list = json_array();

	doctor_elf_read(qemu, &elf);
	for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
		json_array_append_new(list, probe(&ways[i], qemu, version));
	return json_pack("{s:s,s:s,s:s*,s:o}", "qemu", qemu, "version", version, "build-id",
			 *elf.build_id ? elf.build_id : NULL, "ways", list);
}

int doctor_run(struct ctl *c)
{
	const char *name = ctl_arg(c, "QEMU");
	g_autofree char *qemu = g_find_program_in_path(name), *version = NULL;
	json_t *report;
	char *end;
	int status;

	if (!qemu || !g_utf8_validate(qemu, -1, NULL))
		return ctl_fail(EX_NOINPUT, "%s: there is no such program", name);
	version = say(qemu, "--version", NULL);
	if (!version || !strstr(version, "QEMU emulator version "))
		return ctl_fail(EX_DATAERR, "%s: does not say that it is a QEMU system emulator",
				qemu);
	end = strchr(version, '\n');
	if (end)
		*end = 0;
	report = examine(qemu, version);
	status = c->json ? ctl_print(c, report) : print(report);
	json_decref(report);
	return status;
}
