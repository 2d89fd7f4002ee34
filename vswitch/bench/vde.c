/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vde_switch, and ports of it. A port is a Unix datagram socket that libvdeplug connects; frames go
 * to it straight, as QEMU's -netdev vde does. QEMU depends on the library, so it is loaded, not
 * linked; its interface 1 is what QEMU uses.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peers.h"

static char dir[] = "/tmp/vswitch-bench-XXXXXX", sock[64];
static void *(*vde_open)(char *url, char *descr, int version, void *args);
static int (*vde_data)(void *conn);

static const char *load_library(void)
{
	void *lib;

	if (BENCH_SANITIZED)
		return "libvdeplug's RTLD_DEEPBIND ends a sanitized build; take a plain one";
	lib = dlopen("libvdeplug.so.2", RTLD_NOW);
	if (!lib)
		return "no libvdeplug.so.2 (Debian: libvdeplug2)";
	*(void **)&vde_open = dlsym(lib, "vde_open_real");
	*(void **)&vde_data = dlsym(lib, "vde_datafd");
	return vde_open && vde_data ? NULL : "libvdeplug.so.2 is of another kind";
}

/* It ends when its standard input does */
static pid_t start(int *hold)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		peers_fail("pipe");
	pid = fork();
	if (pid < 0)
		peers_fail("fork");
	if (!pid) {
		dup2(ends[0], 0);
		dup2(peers_mute(), 1);
		dup2(peers_mute(), 2);
		execlp("vde_switch", "vde_switch", "-s", sock, "-n", "32", "--hashsize", "4096",
		       NULL);
		_exit(127);
	}
	close(ends[0]);
	*hold = ends[1];
	return pid;
}

static bool ready(void)
{
	char ctl[80];
	struct stat st;

	snprintf(ctl, sizeof(ctl), "%s/ctl", sock);
	for (int ms = 0; ms < 2000; ms++) {
		if (!stat(ctl, &st))
			return true;
		usleep(1000);
	}
	return false;
}

static bool on_path(const char *program)
{
	char *path = strdup(getenv("PATH") ? getenv("PATH") : ""), *save = NULL;
	bool found = false;

	for (char *d = strtok_r(path, ":", &save); d && !found; d = strtok_r(NULL, ":", &save)) {
		char file[PATH_MAX];

		snprintf(file, sizeof(file), "%s/%s", d, program);
		found = !access(file, X_OK);
	}
	free(path);
	return found;
}

static void remove_dir(void)
{
	rmdir(sock); /* vde_switch leaves nothing in it when it ends by itself */
	rmdir(dir);
}

/**
 * vde_path() - vde_switch between sockets
 * @p: Filled
 *
 * Return: NULL, or why there is none.
 */
const char *vde_path(struct path *p)
{
	const char *wrong = load_library();
	char url[80];

	if (wrong)
		return wrong;
	if (!on_path("vde_switch"))
		return "no vde_switch (Debian: vde-switch; ./configure --with=bench)";
	if (!mkdtemp(dir))
		return "no directory in /tmp";
	atexit(remove_dir);
	snprintf(sock, sizeof(sock), "%s/s", dir);
	p->pid = start(&p->hold);
	if (!ready())
		return "vde_switch does not start";
	snprintf(url, sizeof(url), "vde://%s", sock);
	for (unsigned i = 0; i < PEER_PORTS; i++) {
		void *conn = vde_open(url, (char *)"vswitch-bench", 1, NULL);

		if (!conn)
			return "vde_switch refuses a port";
		p->fd[i] = vde_data(conn);
	}
	return NULL;
}
