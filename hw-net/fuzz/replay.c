/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target without a fuzzer: seeds, known inputs, and a fixed number of damaged ones. See
 * fuzz.h.
 *
 * Usage: TARGET [--runs=N] [--write-seeds=DIR] [--model=NAME] [FILE | DIR ...]
 *
 * Speaks TAP: one case each for seeds, files, damaged inputs, and seeds again, which must come to
 * the same end as in the beginning, whatever ran since. When the target aborts, the input that did
 * it is left in a file named on standard error; given as FILE, it is run alone.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build-frame.h"
#include "fake-host.h"
#include "fuzz.h"

#define MAX_SEEDS 64u

static struct {
	uint8_t bytes[FUZZ_MAX_INPUT];
	size_t len;
	uint64_t digest;
} seeds[MAX_SEEDS], now;
static unsigned n_seeds, cases;
static char crash_file[128];

/* The target has failed: keep the input. Only functions that may be called from a signal
 * handler. */
static void keep_input(int sig)
{
	int fd = open(crash_file, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd >= 0 && write(fd, now.bytes, now.len) == (ssize_t)now.len &&
	    write(2, crash_file, strlen(crash_file)) > 0 && write(2, " has the input\n", 15) > 0)
		close(fd);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void run(const uint8_t *bytes, size_t len)
{
	uint8_t *own = malloc(len ? len : 1);

	if (!own)
		abort();
	memcpy(now.bytes, bytes, len);
	now.len = len;
	memcpy(own, bytes, len);
	LLVMFuzzerTestOneInput(own, len);
	free(own);
}

static void done(const char *what, unsigned n)
{
	printf("ok %u - %s: %u\n", ++cases, what, n);
	fflush(stdout);
}

static void load_seeds(void)
{
	while (n_seeds < MAX_SEEDS) {
		seeds[n_seeds].len = fuzz_seed(n_seeds, seeds[n_seeds].bytes);
		if (!seeds[n_seeds].len)
			break;
		n_seeds++;
	}
}

static void run_seeds(void)
{
	for (unsigned i = 0; i < n_seeds; i++) {
		run(seeds[i].bytes, seeds[i].len);
		seeds[i].digest = fake_reuse.digest;
	}
	done("seeds", n_seeds);
}

static void run_seeds_again(void)
{
	for (unsigned i = n_seeds; i-- > 0;) {
		run(seeds[i].bytes, seeds[i].len);
		if (fake_reuse.digest == seeds[i].digest)
			continue;
		fprintf(stderr, "seed %u does not end as it did before other inputs\n", i);
		abort();
	}
	done("seeds again", n_seeds);
}

/* Seeds as files, for libFuzzer. */
static int write_seeds(const char *dir)
{
	mkdir(dir, 0777);
	for (unsigned i = 0; i < n_seeds; i++) {
		char name[512];
		FILE *f;

		snprintf(name, sizeof(name), "%s/seed-%02u", dir, i);
		f = fopen(name, "wb");
		if (!f || fwrite(seeds[i].bytes, 1, seeds[i].len, f) != seeds[i].len || fclose(f)) {
			perror(name);
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}

static unsigned run_file(const char *name)
{
	uint8_t bytes[FUZZ_MAX_INPUT];
	FILE *f = fopen(name, "rb");
	size_t len;

	if (!f) {
		perror(name);
		exit(EXIT_FAILURE);
	}
	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	run(bytes, len);
	return 1;
}

static struct {
	char *name;
	uint64_t digest;
} * files;
static unsigned n_files;

static void add_file(const char *dir, const char *name)
{
	size_t room = strlen(dir) + strlen(name) + 2;
	char *all = malloc(room);

	files = realloc(files, (n_files + 1) * sizeof(*files));
	if (!all || !files)
		abort();
	snprintf(all, room, "%s/%s", dir, name);
	files[n_files++].name = all;
}

/* Forwards and backwards: a file comes to the same end, whatever ran before it. */
static void run_files(void)
{
	for (unsigned i = 0; i < n_files; i++) {
		run_file(files[i].name);
		files[i].digest = fake_reuse.digest;
	}
	for (unsigned i = n_files; i-- > 0;) {
		run_file(files[i].name);
		if (fake_reuse.digest != files[i].digest) {
			fprintf(stderr, "%s ends otherwise in another order\n", files[i].name);
			abort();
		}
		free(files[i].name);
	}
	free(files);
	files = NULL;
}

static unsigned run_path(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	unsigned n;

	if (!dir)
		return run_file(path);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			add_file(path, entry->d_name);
	closedir(dir);
	n = n_files;
	run_files();
	n_files = 0;
	return n;
}

/* Damage: bytes changed, pieces copied about or taken from another seed, the end cut off or drawn
 * out. */
static size_t damage(uint8_t *p, size_t len, uint64_t *random)
{
	for (unsigned n = 1 + test_random(random) % 8; n; n--) {
		size_t at = test_random(random) % len, run_len = 1 + test_random(random) % 16;
		unsigned from = test_random(random) % n_seeds;

		run_len = run_len < len - at ? run_len : len - at;
		switch (test_random(random) % 6) {
		case 0:
			p[at] = (uint8_t)test_random(random);
			break;
		case 1:
			p[at] ^= (uint8_t)(1u << test_random(random) % 8);
			break;
		case 2:
			memmove(p + test_random(random) % (len - run_len + 1), p + at, run_len);
			break;
		case 3:
			if (at + run_len <= seeds[from].len)
				memcpy(p + at, seeds[from].bytes + at, run_len);
			break;
		case 4:
			for (size_t i = 0; i < run_len; i++)
				p[at + i] = (uint8_t)test_random(random);
			break;
		default:
			for (run_len = 0; run_len < 64 && len < FUZZ_MAX_INPUT; run_len++)
				p[len++] = (uint8_t)test_random(random);
		}
	}
	return test_random(random) % 4 ? len : 1 + test_random(random) % len;
}

static void run_damaged(unsigned runs)
{
	uint64_t random = 0x5eed;

	for (unsigned i = 0; i < runs; i++) {
		static uint8_t bytes[FUZZ_MAX_INPUT];
		unsigned seed = test_random(&random) % n_seeds;
		size_t len = seeds[seed].len;

		memcpy(bytes, seeds[seed].bytes, len);
		len = damage(bytes, len, &random);
		run(bytes, len);
	}
	done("damaged seeds", runs);
}

int main(int argc, char **argv)
{
	unsigned runs = 0, files = 0;
	const char *dir = NULL;

	LLVMFuzzerInitialize(&argc, &argv);
	fake_reuse.check = true;
	load_seeds();
	snprintf(crash_file, sizeof(crash_file), "crash-%u", (unsigned)getpid());
	signal(SIGABRT, keep_input);
	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--runs=", 7))
			runs = (unsigned)atoi(argv[i] + 7);
		else if (!strncmp(argv[i], "--write-seeds=", 14))
			dir = argv[i] + 14;
		else if (strncmp(argv[i], "--", 2))
			files += run_path(argv[i]);
	}
	if (dir)
		return write_seeds(dir);
	if (files)
		done("files", files);
	if (runs) {
		run_seeds();
		run_damaged(runs);
		run_seeds_again();
	}
	printf("1..%u\n", cases);
	return EXIT_SUCCESS;
}
