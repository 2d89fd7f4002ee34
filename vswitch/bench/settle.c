/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock, the core and the output of programs that measure switches. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "peers.h"

/**
 * peers_now() - The time
 *
 * Return: it, ns.
 */
int64_t peers_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/**
 * peers_fail() - End: something that always works did not
 * @what: What
 */
void peers_fail(const char *what)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	perror(what);
	exit(1);
}

static pid_t ksoftirqd;

/**
 * peers_ksoftirqd() - The kernel's thread that works for our core when there is much to do
 *
 * Return: it, or 0 if we can't see it.
 */
pid_t peers_ksoftirqd(void)
{
	return ksoftirqd;
}

static pid_t find_ksoftirqd(int cpu)
{
	DIR *proc = opendir("/proc");
	char name[32], file[300], comm[32];
	pid_t found = 0;
	FILE *f;

	snprintf(name, sizeof(name), "ksoftirqd/%d\n", cpu);
	for (struct dirent *d; proc && !found && (d = readdir(proc));) {
		snprintf(file, sizeof(file), "/proc/%s/comm", d->d_name);
		f = d->d_name[0] >= '1' && d->d_name[0] <= '9' ? fopen(file, "re") : NULL;
		if (f && fgets(comm, sizeof(comm), f) && !strcmp(comm, name))
			found = atoi(d->d_name);
		if (f)
			fclose(f);
	}
	if (proc)
		closedir(proc);
	return found;
}

/**
 * peers_mute() - Where a child's words go
 *
 * Return: a file.
 */
int peers_mute(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static cpu_set_t may, near;

/**
 * peers_settle() - One core, the last we may use, for us and all our children
 *
 * Return: NULL, or why not.
 */
const char *peers_settle(void)
{
	struct sched_param param = { 0 };
	cpu_set_t one;

	CPU_ZERO(&one);
	if (sched_getaffinity(0, sizeof(may), &may))
		return "processors can't be chosen";
	for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && !CPU_COUNT(&one); cpu--)
		if (CPU_ISSET(cpu, &may)) {
			CPU_SET(cpu, &one);
			ksoftirqd = find_ksoftirqd(cpu);
		}
	near = one;
	if (sched_setaffinity(0, sizeof(one), &one) || sched_setscheduler(0, SCHED_BATCH, &param))
		return "processors and scheduling can't be chosen";
	return NULL;
}

/* Another core than ours, or ours if there is no other */
static cpu_set_t another(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
		if (CPU_ISSET(cpu, &may) && (CPU_COUNT(&may) == 1 || !CPU_ISSET(cpu, &near)))
			CPU_SET(cpu, &one);
	return one;
}

/**
 * peers_move() - Move all threads of a process to another core, or back to ours
 * @pid:  The process, or 0: nobody
 * @away: To another
 */
void peers_move(pid_t pid, bool away)
{
	cpu_set_t to = away ? another() : near;
	char name[40];
	DIR *tasks;

	snprintf(name, sizeof(name), "/proc/%d/task", (int)pid);
	tasks = pid ? opendir(name) : NULL;
	for (struct dirent *d; tasks && (d = readdir(tasks));)
		if (atoi(d->d_name) > 0)
			sched_setaffinity(atoi(d->d_name), sizeof(to), &to);
	if (tasks)
		closedir(tasks);
}
