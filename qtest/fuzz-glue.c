/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzzer of what joins cards, ports, switch and QEMU (hw-net/qemu): random programs in a real
 * QEMU, see glue-step.h and glue-world.h.
 *
 *   fuzz-glue [OPTION...] [PROGRAM...]  replay the programs, then run random ones
 *
 *   --programs=N           so many random ones (0)
 *   --cpu=SECONDS          until QEMU has worked that long; -max_total_time= likewise
 *   --seed=N               of the first random one (1); the next one's is the next number
 *   --steps=N              of each (120)
 *   --bound=SECONDS        CPU time that a step may take (0: any)
 *   --first                end with the first that fails
 *   --save=DIRECTORY       where programs that fail go, with what was said (.)
 *   --print                print the program of the seed
 *   --reduce               shorten the programs while they fail
 *
 * Each program runs in a process and a QEMU of its own. A program fails if QEMU dies, a sanitizer
 * speaks, an answer does not come, a step takes too long, or glue_judge() finds something.
 *
 * The distribution's QEMU knows no sanitizer, but a plug-in that was built with ASan and UBSan can
 * be loaded into it if ASan's library is preloaded, too: that replaces malloc() for all of QEMU. So
 * "make fuzz" uses such a plug-in; in the ordinary build the C library poisons what is freed.
 */
#include "glue-life.h"
#include "glue-step.h"

#include <sys/resource.h>
#include <sys/wait.h>

/* Wall-clock seconds after which a program hangs. */
#define HANGS_AFTER 300u

static struct {
	unsigned programs, seed, steps, cpu;
	double bound;
	const char *save;
	bool first, print, reduce;
} option = { .seed = 1, .steps = 120, .save = "." };

/* ---- one program ---- */

static void run_here(const char *text)
{
	static struct glue g;

	alarm(HANGS_AFTER);
	g.bound = option.bound;
	glue_start(&g, g_str_has_prefix(text, "machine native"));
	glue_run(&g, text);
	glue_judge(&g);
	glue_stop(&g);
	exit(0);
}

/* Return: what became of it, 0: well; what was said is in @log. */
static int run(const char *text, const char *log)
{
	pid_t pid = fork();
	int status;

	g_assert_cmpint(pid, >=, 0);
	if (!pid) {
		int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0666);

		g_assert_cmpint(fd, >=, 0);
		dup2(fd, 1);
		dup2(fd, 2);
		run_here(text);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return status;
}

static double cpu_time(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* ---- shorter ones ---- */

static char *without(char **lines, unsigned from, unsigned n)
{
	GString *s = g_string_new("");

	for (unsigned i = 0; lines[i]; i++)
		if (*lines[i] && (i < from || i >= from + n))
			g_string_append_printf(s, "%s\n", lines[i]);
	return g_string_free(s, false);
}

/* Leave out @n lines wherever it fails still. Return: the program, to be freed. */
static char *leave_out(char *text, unsigned n, const char *log)
{
	for (unsigned at = 1;;) {
		g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
		char *shorter;

		if (at + 1 >= g_strv_length(lines))
			return text;
		shorter = without(lines, at, n);
		if (run(shorter, log)) {
			g_free(text);
			text = shorter;
		} else {
			g_free(shorter);
			at += n;
		}
	}
}

static void reduce(const char *name)
{
	g_autofree char *to = g_strconcat(name, ".short", NULL),
			*log = g_strconcat(to, ".log", NULL);
	char *text;

	g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
	for (unsigned n = 64; n; n /= 2) {
		text = leave_out(text, n, log);
		g_assert_true(g_file_set_contents(to, text, -1, NULL));
	}
	run(text, log);
	printf("%s\n%s", to, text);
	g_free(text);
}

/* ---- many ---- */

static unsigned tests, failures;

static void report(const char *name, int status, const char *log)
{
	g_autofree char *said = NULL;
	g_auto(GStrv) lines = NULL;

	printf("%sok %u - %s\n", status ? "not " : "", ++tests, name);
	if (status) {
		failures++;
		g_file_get_contents(log, &said, NULL, NULL);
		lines = g_strsplit(said ? said : "", "\n", 0);
		for (unsigned i = 0; lines[i]; i++)
			if (*lines[i] && !g_str_has_prefix(lines[i], "# starting QEMU"))
				printf("# %s\n", lines[i]);
	}
	fflush(stdout);
}

static void replay(const char *name)
{
	g_autofree char *log = g_strdup_printf("%s/fuzz-glue-%d.log", g_get_tmp_dir(), getpid());
	char *text;

	g_assert_true(g_file_get_contents(name, &text, NULL, NULL));
	report(name, run(text, log), log);
	unlink(log);
	g_free(text);
}

static void run_seed(unsigned seed)
{
	g_autofree char *text = glue_make(seed, option.steps);
	g_autofree char *name = g_strdup_printf("%s/glue-%u", option.save, seed);
	g_autofree char *log = g_strconcat(name, ".log", NULL);
	int status = run(text, log);

	if (status)
		g_file_set_contents(name, text, -1, NULL);
	report(name, status, log);
	if (!status)
		unlink(log);
}

static void run_seeds(void)
{
	unsigned n = 0;

	while ((n < option.programs || cpu_time() < option.cpu) && !(option.first && failures)) {
		run_seed(option.seed + n++);
		if (!(n % 20))
			printf("# %u programs, %.0f s of CPU\n", n, cpu_time());
	}
	printf("# %u programs, %u failed, %.0f s of CPU\n", tests, failures, cpu_time());
}

/* ---- arguments ---- */

static bool number(const char *arg, const char *name, unsigned *out)
{
	if (!g_str_has_prefix(arg, name))
		return false;
	*out = (unsigned)strtoul(arg + strlen(name), NULL, 0);
	return true;
}

static bool take_option(const char *arg)
{
	unsigned bound;

	if (number(arg, "--bound=", &bound))
		option.bound = bound;
	else if (g_str_has_prefix(arg, "--save="))
		option.save = arg + 7;
	else if (!strcmp(arg, "--first"))
		option.first = true;
	else if (!strcmp(arg, "--print"))
		option.print = true;
	else if (!strcmp(arg, "--reduce"))
		option.reduce = true;
	else
		return number(arg, "--programs=", &option.programs) ||
		       number(arg, "--seed=", &option.seed) || number(arg, "--cpu=", &option.cpu) ||
		       number(arg, "-max_total_time=", &option.cpu) ||
		       number(arg, "--steps=", &option.steps);
	return true;
}

/* What QEMU gets: the device that acts, and where it is built so a sanitizer's library. */
static void prepare(void)
{
	setenv("LD_PRELOAD", QTEST_INSIDE QTEST_SANITIZER, 1);
	setenv("ASAN_OPTIONS",
	       "verify_asan_link_order=0:detect_leaks=0:abort_on_error=1:"
	       "detect_stack_use_after_return=0",
	       0);
	setenv("UBSAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_stacktrace=1", 0);
	setenv("MALLOC_PERTURB_", "165", 0);
	setenv("G_DEBUG", "fatal-criticals", 0);
}

int main(int argc, char **argv)
{
	int files = 1;

	for (int i = 1; i < argc; i++)
		if (*argv[i] != '-' || !take_option(argv[i]))
			argv[files++] = argv[i];
	if (option.print) {
		g_autofree char *text = glue_make(option.seed, option.steps);

		printf("%s", text);
		return 0;
	}
	prepare();
	for (int i = 1; i < files; i++) {
		if (option.reduce)
			reduce(argv[i]);
		else
			replay(argv[i]);
	}
	if (option.reduce)
		return 0;
	run_seeds();
	printf("1..%u\n", tests);
	return failures != 0;
}
