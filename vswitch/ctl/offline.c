/* SPDX-License-Identifier: BSD-2-Clause */
/* Checking a configuration where no switch runs: by the code that a switch itself would use. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "vswitch/control.h"

static int64_t no_time(void *opaque)
{
	return 0;
}

static void no_timer(void *opaque, int64_t deadline)
{
}

/* A document of one switch. What a daemon would take besides is refused: it is not told for whom
 * the document is */
static int check_switch(const char *path, const json_t *doc)
{
	static const struct vsw_host host = { no_time, no_timer, NULL };
	const struct vsw_conf conf = { .name = "check", .host = &host };
	char err[400] = "out of memory", *text = json_dumps(doc, JSON_COMPACT);
	struct vsw *sw = vsw_new(&conf, err, sizeof(err));
	struct vsw_control *ctl = sw ? vsw_control_new(sw, NULL, NULL) : NULL;
	int ret = ctl && text ? vsw_control_load(ctl, text, strlen(text), err, sizeof(err)) : -1;

	vsw_control_free(ctl);
	vsw_free(sw);
	free(text);
	return ret == 0 ? EX_OK : ctl_fail(EX_CONFIG, "%s: %s", path, err);
}

/* Ours, if it is beside this program; else the one in PATH */
static char *find_daemon(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = g_path_get_dirname(self ? self : "/usr/local/bin/vswitchctl");
	static const char *const places[] = { "vswitchd", "../sbin/vswitchd",
					      "../daemon/vswitchd" };

	for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(dir, places[i], NULL);

		if (access(path, X_OK) == 0)
			return g_steal_pointer(&path);
	}
	return g_find_program_in_path("vswitchd");
}

/* A daemon's document: the daemon knows its keys */
static int check_daemon(const char *path)
{
	g_autofree char *program = find_daemon(), *said = NULL;
	char *argv[] = { program, (char *)"--check", (char *)"--config", (char *)path, NULL };
	g_autoptr(GError) e = NULL;
	int status;

	if (!program)
		return ctl_fail(EX_UNAVAILABLE,
				"%s: is of a daemon, and there is no vswitchd here to check it",
				path);
	if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &said, &status, &e))
		return ctl_fail(EX_OSERR, "%s", e->message);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return EX_OK;
	g_strchomp(said);
	return ctl_fail(WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE, "%s", said);
}

int config_check_offline(const char *path, const json_t *doc)
{
	return json_object_get(doc, "switches") ? check_daemon(path) : check_switch(path, doc);
}
