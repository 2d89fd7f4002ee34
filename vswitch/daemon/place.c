/* SPDX-License-Identifier: BSD-2-Clause */
/* Where sockets are. */
#include "place.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vswitch/fail.h"

/* #syscalls control access mkdir */

#define SYSTEM_PLACE "/run/vchassis"

char *vd_place(bool make, char *err, size_t errlen)
{
	const char *given = g_getenv("RUNTIME_DIRECTORY"), *user = g_getenv("XDG_RUNTIME_DIR");
	char *place;

	if (given && *given) /* by systemd, which has made it */
		return g_strndup(given, strcspn(given, ":"));
	place = user && *user ? g_build_filename(user, "vchassis", NULL) : g_strdup(SYSTEM_PLACE);
	if (!make || mkdir(place, 0700) == 0 ||
	    (errno == EEXIST && access(place, W_OK | X_OK) == 0))
		return place;
	vsw_fail(err, errlen, "%s: %s%s", place, g_strerror(errno),
		 user && *user ? "" :
				 "; XDG_RUNTIME_DIR is not set: say with --socket where the "
				 "control socket is to be");
	g_free(place);
	return NULL;
}

int vd_place_parse(const char *place, const char *text, struct vsw_endpoint *e, char *err,
		   size_t errlen)
{
	g_autofree char *path = NULL;

	if (!*text)
		return vsw_fail(err, errlen, "an address is empty");
	if (!strpbrk(text, "/:"))
		text = path = g_build_filename(place, text, NULL);
	return vsw_endpoint_parse(text, e, err, errlen);
}
