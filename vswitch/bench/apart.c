/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far two processors are apart: time that a word takes from one to the other, in ns.
 *
 * vswitch-bench-apart A B: two threads hand a word to and fro. The least of some batches counts,
 * which those in which others had a processor do not touch. Under a hypervisor this changes while
 * one looks: it puts processors where there is room, and frames between two that share no cache
 * cost several times as much.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BATCHES 50u
#define BATCH	500u /* exchanges */

static _Alignas(128) atomic_uint word;

static void pin(const char *cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(atoi(cpu), &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		perror("vswitch-bench-apart");
		exit(1);
	}
}

static void hand_over(unsigned from)
{
	while (atomic_load_explicit(&word, memory_order_acquire) != from)
		;
	atomic_store_explicit(&word, from + 1, memory_order_release);
}

static void *other(void *cpu)
{
	pin(cpu);
	for (unsigned i = 0; i < BATCHES * BATCH; i++)
		hand_over(2 * i + 1);
	return NULL;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

int main(int argc, char **argv)
{
	double best = 1e12;
	pthread_t thread;

	if (argc != 3) {
		fprintf(stderr, "usage: vswitch-bench-apart CPU CPU\n");
		return 2;
	}
	pin(argv[1]);
	if (pthread_create(&thread, NULL, other, argv[2]))
		return 1;
	for (unsigned i = 0; i < BATCHES; i++) {
		double start = now(), took;

		for (unsigned k = i * BATCH; k < (i + 1) * BATCH; k++)
			hand_over(2 * k);
		took = (now() - start) / (2 * BATCH);
		if (took < best)
			best = took;
	}
	pthread_join(thread, NULL);
	printf("%.0f\n", best);
	return 0;
}
