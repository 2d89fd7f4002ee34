// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Theory: the plug-in gets into QEMU by LD_PRELOAD, which the launcher sets. QEMU starts programs
 * of its own (network scripts, helpers, migration "exec:" commands), and these would inherit the
 * variable and fail to load a library full of references to QEMU. So the first thing the plug-in
 * does in a process is to take itself, and nothing else, out of the variable.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The dynamic linker takes blanks as well as colons between names (ld.so(8)). */
static const char separators[] = " :";

static void append(char *list, const char *name, size_t len)
{
	if (*list)
		strcat(list, ":");
	strncat(list, name, len);
}

/* Copy @from to @to without the entries that equal @name. */
static void copy_without(char *to, const char *from, const char *name)
{
	*to = '\0';
	while (*from) {
		size_t len = strcspn(from, separators);
		bool ours = len == strlen(name) && !memcmp(from, name, len);

		if (len && !ours)
			append(to, from, len);
		from += len;
		from += strspn(from, separators);
	}
}

__attribute__((constructor)) static void leave_no_trace(void)
{
	const char *preload = getenv("LD_PRELOAD");
	char *rest;
	Dl_info self;

	if (!preload || !dladdr((void *)leave_no_trace, &self))
		return;
	rest = malloc(strlen(preload) + 1);
	if (!rest)
		return;
	copy_without(rest, preload, self.dli_fname);
	if (*rest)
		setenv("LD_PRELOAD", rest, 1);
	else
		unsetenv("LD_PRELOAD");
	free(rest);
}
