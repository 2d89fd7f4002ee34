/* SPDX-License-Identifier: BSD-2-Clause */
/* vswitchd: command line, start, end. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <glib-unix.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command.h"
#include "daemon.h"
#include "dswitch.h"
#include "handover.h"
#include "keep.h"
#include "life.h"
#include "log.h"
#include "nofile.h"
#include "notify.h"
#include "place.h"
#include "sandbox.h"
#include "vswitch/fail.h"

/* #syscalls control signal signalfd umask */

/* struct args - the command line */
struct args {
	const char *config, *socket;
	bool check, takeover;
	enum vd_level level;
};

static const char usage[] =
	"Usage: vswitchd [--config FILE] [--socket PATH] [--log-level LEVEL]\n"
	"                [--check | --takeover]\n"
	"Run software switches that virtual machines plug into.\n"
	"\n"
	"  -c, --config FILE      configuration (JSON); without one: a switch with NAT, DHCP and\n"
	"                         DNS, and sockets for machines in $XDG_RUNTIME_DIR/vchassis\n"
	"  -s, --socket PATH      control socket; default: control.sock in that directory\n"
	"  -l, --log-level LEVEL  error, warning, notice, info (default), debug\n"
	"      --check            only say whether the configuration can be put in force\n"
	"      --takeover         go on in the place of the daemon at the control socket,\n"
	"                         with its configuration, ports and connections\n"
	"      --version\n"
	"      --help\n"
	"\n"
	"vswitchd(8) has more.\n";

static const struct option long_options[] = { { "config", required_argument, NULL, 'c' },
					      { "socket", required_argument, NULL, 's' },
					      { "log-level", required_argument, NULL, 'l' },
					      { "check", no_argument, NULL, 'k' },
					      { "takeover", no_argument, NULL, 't' },
					      { "version", no_argument, NULL, 'V' },
					      { "help", no_argument, NULL, 'h' },
					      { 0 } };

static const struct {
	const char *name;
	enum vd_level level;
} levels[] = {
	{ "error", VD_ERROR }, { "warning", VD_WARNING }, { "notice", VD_NOTICE },
	{ "info", VD_INFO },   { "debug", VD_DEBUG },
};

static bool parse_level(const char *name, enum vd_level *level)
{
	for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
		if (!strcmp(levels[i].name, name)) {
			*level = levels[i].level;
			return true;
		}
	fprintf(stderr, "vswitchd: --log-level: '%s' is none; see --help\n", name);
	return false;
}

/* Return: -1: go on; else the status to exit with */
static int parse_args(int argc, char **argv, struct args *a)
{
	int o;

	*a = (struct args) { .level = VD_INFO };
	while ((o = getopt_long(argc, argv, "c:s:l:h", long_options, NULL)) != -1) {
		if (o == 'c')
			a->config = optarg;
		else if (o == 's')
			a->socket = optarg;
		else if (o == 'k')
			a->check = true;
		else if (o == 't')
			a->takeover = true;
		else if (o == 'l' && parse_level(optarg, &a->level))
			continue;
		else if (o == 'V' || o == 'h')
			return fputs(o == 'h' ? usage : "vswitchd " VD_VERSION "\n", stdout) < 0;
		else
			return EX_USAGE;
	}
	if (a->check && a->takeover) {
		fprintf(stderr,
			"vswitchd: --check and --takeover do not go together; see --help\n");
		return EX_USAGE;
	}
	if (optind == argc)
		return -1;
	fprintf(stderr, "vswitchd: '%s': no such argument; see --help\n", argv[optind]);
	return EX_USAGE;
}

static gboolean on_signal(gint fd, GIOCondition cond, gpointer opaque)
{
	struct daemon *d = opaque;
	struct signalfd_siginfo s;
	char err[600];

	if (read(fd, &s, sizeof(s)) != sizeof(s))
		return G_SOURCE_CONTINUE;
	if (s.ssi_signo != SIGHUP) {
		vd_log(VD_NOTICE, "ending: %s by process %u", strsignal((int)s.ssi_signo),
		       s.ssi_pid);
		g_main_loop_quit(d->loop);
		return G_SOURCE_CONTINUE;
	}
	vd_notify("RELOADING=1\nMONOTONIC_USEC=%lld", (long long)g_get_monotonic_time());
	if (vd_reload(d, err, sizeof(err)) < 0)
		vd_log(VD_ERROR, "not reloaded: %s", err);
	else
		vd_log(VD_NOTICE, "configuration reloaded");
	vd_nofile_check(d);
	vd_notify("READY=1");
	return G_SOURCE_CONTINUE;
}

static void watch(struct daemon *d, GSource *s, GSourceFunc fn)
{
	g_source_set_callback(s, fn, d, NULL);
	g_source_attach(s, d->context);
	g_source_unref(s);
}

static void watch_signals(struct daemon *d)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	watch(d, g_unix_fd_source_new(fd, G_IO_IN), G_SOURCE_FUNC(on_signal));
}

static gboolean on_notes(gint fd, GIOCondition cond, gpointer opaque)
{
	vsw_notes_read(((struct daemon *)opaque)->worker);
	return G_SOURCE_CONTINUE;
}

static bool nothing(void *opaque)
{
	return false;
}

/* Both threads live if this comes through */
static gboolean on_watchdog(gpointer opaque)
{
	vsw_worker_call(((struct daemon *)opaque)->worker, nothing, NULL);
	vd_notify("WATCHDOG=1");
	return G_SOURCE_CONTINUE;
}

static int fail(int status, const char *err)
{
	vd_log(VD_ERROR, "%s", err);
	return status;
}

/* The control socket: who has it is the daemon of this place */
static int open_socket(struct daemon *d, const char *path, struct vsw_endpoint *at)
{
	struct vsw_access access = VSW_ACCESS_OWN;
	char err[300];
	int fd;

	if (vd_place_parse(d->place, path ? path : VD_SOCKET_NAME, at, err, sizeof(err)) < 0)
		return fail(-1, err);
	fd = vsw_endpoint_bind(at, SOCK_STREAM, &access, err, sizeof(err));
	return fd < 0 ? fail(-1, err) : fd;
}

static void run(struct daemon *d)
{
	if (vd_notify_watchdog())
		watch(d, g_timeout_source_new((guint)(vd_notify_watchdog() / 2000)), on_watchdog);
	vd_notify("READY=1\nSTATUS=%u switches", g_hash_table_size(d->switches));
	vd_log(VD_NOTICE, "ready: sockets are in %s", d->place);
	g_main_loop_run(d->loop);
	vd_notify("STOPPING=1");
}

static int serve(struct daemon *d, int fd)
{
	char err[600];

	if (!d->takeover)
		vd_keep_open(d);
	if (vd_begin(d, err, sizeof(err)) < 0 ||
	    (d->takeover && vd_takeover_ports(d, err, sizeof(err)) < 0))
		return fail(EX_CONFIG, err);
	if (vsw_worker_start(d->worker, err, sizeof(err)) < 0)
		return fail(EX_OSERR, err);
	if (vd_sandbox(d->worker, err, sizeof(err)) < 0)
		vd_log(VD_WARNING, "%s", err);
	if (d->takeover && vd_takeover_finish(d, err, sizeof(err)) < 0)
		return fail(EX_UNAVAILABLE, err);
	d->server = vsw_server_on(fd, &vd_service, d, d->context);
	if (d->takeover)
		vd_takeover_clients(d);
	vd_keep_begin(d);
	vd_nofile_check(d);
	run(d);
	vd_keep_end(d);
	vd_handover_forget(d);
	vsw_server_free(d->server);
	d->server = NULL;
	return EX_OK;
}

static int with_socket(struct daemon *d, const struct args *a)
{
	struct vsw_endpoint at;
	int fd, status;

	fd = d->takeover ? vd_takeover_socket(d, &at) : open_socket(d, a->socket, &at);
	if (fd < 0 && d->takeover)
		_exit(fail(EX_UNAVAILABLE, "no control socket was handed over"));
	if (fd < 0) {
		vd_end(d);
		return EX_UNAVAILABLE;
	}
	d->socket = fd;
	d->at = &at;
	status = serve(d, fd);
	if (d->takeover)
		_exit(status); /* all that is here is the other daemon's, which goes on */
	vd_end(d);
	vsw_endpoint_unlink(&at);
	close(fd);
	return status;
}

/* Only look: nothing is opened, bound or connected */
static int check(struct daemon *d)
{
	char err[600];
	int ret;

	d->dry = true;
	ret = vd_begin(d, err, sizeof(err));
	vd_end(d);
	return ret < 0 ? fail(EX_CONFIG, err) : EX_OK;
}

static int with_daemon(struct daemon *d, const struct args *a)
{
	char err[600];

	if (!a->takeover && vd_load(d, err, sizeof(err)) < 0)
		return fail(EX_CONFIG, err);
	d->place = vd_place(!a->check && !a->takeover, err, sizeof(err));
	if (!d->place)
		return fail(EX_CANTCREAT, err);
	if (a->takeover && vd_takeover_ask(d, a->socket, err, sizeof(err)) < 0)
		_exit(fail(EX_UNAVAILABLE, err));
	d->worker = vsw_worker_new(NULL, err, sizeof(err));
	if (!d->worker)
		return fail(EX_OSERR, err);
	watch(d, g_unix_fd_source_new(vsw_note_fd(d->worker), G_IO_IN), G_SOURCE_FUNC(on_notes));
	watch_signals(d);
	return a->check ? check(d) : with_socket(d, a);
}

int main(int argc, char **argv)
{
	struct daemon d = { .loading = false };
	struct args a;
	int status = parse_args(argc, argv, &a);

	if (status >= 0)
		return status;
	umask(077);
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1); /* to shrink another arena takes a look at a file: sandbox.h */
#endif
	vd_log_init(a.level);
	vd_notify_init();
	vd_nofile_raise();
	d.file = a.config;
	d.context = g_main_context_default();
	d.loop = g_main_loop_new(d.context, FALSE);
	d.switches = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					   (GDestroyNotify)vd_switch_free);
	status = with_daemon(&d, &a);
	vsw_worker_free(d.worker);
	g_hash_table_destroy(d.switches);
	g_main_loop_unref(d.loop);
	g_free((char *)d.place);
	return status;
}
