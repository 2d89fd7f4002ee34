/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of sockets: text, access. */
#include "vswitch/endpoint.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "vswitch/fail.h"

/* #syscalls control getgrnam getpwnam */

static int parse_path(const char *text, struct vsw_endpoint *a, char *err, size_t errlen)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&a->sa;

	if (strlen(text) >= sizeof(un->sun_path))
		return vsw_fail(err, errlen, "%s: path is too long for a socket (107 bytes)", text);
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, text);
	a->len = sizeof(*un);
	return 0;
}

/* A number of at most @max, all of the text */
static bool number(const char *text, unsigned base, unsigned long max, unsigned long *n)
{
	char *end;

	if (!isdigit((unsigned char)*text) || strlen(text) > 10)
		return false;
	*n = strtoul(text, &end, (int)base);
	return !*end && *n <= max;
}

/* HOST:PORT or [HOST]:PORT cut in two */
static bool cut(const char *text, char *host, size_t room, unsigned long *port)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;

	if (!len || !number(colon + 1, 10, 65535, port))
		return false;
	if (text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= room)
		return false;
	memcpy(host, text, len);
	host[len] = 0;
	return true;
}

int vsw_endpoint_parse(const char *text, struct vsw_endpoint *a, char *err, size_t errlen)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&a->sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a->sa;
	char host[INET6_ADDRSTRLEN];
	unsigned long port;

	memset(a, 0, sizeof(*a));
	a->file = -1;
	if (strchr(text, '/'))
		return parse_path(text, a, err, errlen);
	if (!cut(text, host, sizeof(host), &port))
		return vsw_fail(err, errlen, "%s: must be a path, HOST:PORT, or [HOST]:PORT", text);
	if (text[0] != '[' && inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		a->len = sizeof(*v4);
	} else if (text[0] == '[' && inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		a->len = sizeof(*v6);
	} else {
		return vsw_fail(err, errlen, "%s: host must be the number of an address", text);
	}
	return 0;
}

const char *vsw_endpoint_path(const struct vsw_endpoint *a)
{
	const struct sockaddr_un *un = (const struct sockaddr_un *)&a->sa;

	return a->sa.ss_family == AF_UNIX && un->sun_path[0] ? un->sun_path : NULL;
}

void vsw_endpoint_print(const struct vsw_endpoint *a, char *text, size_t size)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&a->sa;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&a->sa;
	const char *path = vsw_endpoint_path(a);
	char host[INET6_ADDRSTRLEN] = "";

	if (a->sa.ss_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
		snprintf(text, size, "%s:%u", host, ntohs(v4->sin_port));
	} else if (a->sa.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
		snprintf(text, size, "[%s]:%u", host, ntohs(v6->sin6_port));
	} else {
		snprintf(text, size, "%s", path ? path : "(unnamed)");
	}
}

static bool find_user(const char *name, uid_t *id)
{
	struct passwd *pw = getpwnam(name);
	unsigned long n;

	if (pw)
		*id = pw->pw_uid;
	else if (number(name, 10, (uid_t)-2, &n))
		*id = (uid_t)n;
	else
		return false;
	return true;
}

static bool find_group(const char *name, gid_t *id)
{
	struct group *gr = getgrnam(name);
	unsigned long n;

	if (gr)
		*id = gr->gr_gid;
	else if (number(name, 10, (gid_t)-2, &n))
		*id = (gid_t)n;
	else
		return false;
	return true;
}

int vsw_access_parse(const char *mode, const char *owner, struct vsw_access *access, char *err,
		     size_t errlen)
{
	const char *colon = owner ? strchr(owner, ':') : NULL;
	char user[64] = "";
	unsigned long n;

	*access = VSW_ACCESS_OWN;
	if (mode) {
		if (!number(mode, 8, 0777, &n))
			return vsw_fail(err, errlen, "%s: must be a mode such as 0660", mode);
		access->mode = (mode_t)n;
	}
	if (owner)
		snprintf(user, sizeof(user), "%.*s", colon ? (int)(colon - owner) : 63, owner);
	if (user[0] && !find_user(user, &access->owner))
		return vsw_fail(err, errlen, "%s: no such user", user);
	if (colon && !find_group(colon + 1, &access->group))
		return vsw_fail(err, errlen, "%s: no such group", colon + 1);
	return 0;
}
