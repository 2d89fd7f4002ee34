/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that hand copies of frames to another process (capture.h has the theory). */
#define _GNU_SOURCE /* memfd_create(), F_ADD_SEALS */
#include "control/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "control/state.h"
#include "vswitch/fail.h"
#include "vswitch/look.h"

/* #syscalls control fallocate fcntl ftruncate memfd_create */

#define SLOTS	  2048u
#define SLOT_SIZE 2048u
#define SIZE	  ((size_t)SLOTS * SLOT_SIZE)
#define NS_PER_S  INT64_C(1000000000)

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/*
 * struct vsw_capture - a reader
 * @by:     It ends then, on the host's clock
 * @since:  When it began, of the switch's time
 * @memory: The slots
 */
struct vsw_capture {
	struct vsw_capture *next;
	json_int_t id;
	int64_t by, since;
	struct vsw_tap *tap;
	uint8_t *memory;
};

/* struct tapping - arguments of what is done where the switch is called */
struct tapping {
	struct vsw *sw;
	struct vsw_tap *tap;
	const char *port;
	bool found;
	int ret;
	int64_t now;
};

static bool start_there(void *arg)
{
	struct tapping *t = arg;

	t->found = !t->port || vsw_port_find(t->sw, t->port);
	if (t->found)
		t->ret = vsw_tap_start(t->sw, t->tap, &t->now);
	return false;
}

static bool stop_there(void *arg)
{
	struct tapping *t = arg;

	vsw_tap_stop(t->sw, t->tap);
	return false;
}

static void capture_free(struct vsw_capture *c)
{
	vsw_tap_free(c->tap);
	if (c->memory)
		munmap(c->memory, SIZE);
	free(c);
}

/* The capture that a link leads to ends */
static void end(struct vsw_control *ctl, struct vsw_capture **link)
{
	struct vsw_capture *c = *link;
	struct tapping t = { .sw = ctl->sw, .tap = c->tap };

	vsw_control_at_switch(ctl, stop_there, &t);
	*link = c->next;
	capture_free(c);
}

/* When the first of them ends */
static void set_deadline(struct vsw_control *ctl)
{
	ctl->capture_by = VSW_NEVER;
	for (const struct vsw_capture *c = ctl->captures; c; c = c->next)
		if (c->by < ctl->capture_by)
			ctl->capture_by = c->by;
	vsw_control_wish(ctl);
}

/**
 * vsw_captures_expire() - End those that were not renewed
 * @ctl: The control
 * @now: The time, on the host's clock
 */
void vsw_captures_expire(struct vsw_control *ctl, int64_t now)
{
	struct vsw_capture **link = &ctl->captures;

	if (now < ctl->capture_by)
		return;
	while (*link)
		if (now >= (*link)->by)
			end(ctl, link);
		else
			link = &(*link)->next;
	set_deadline(ctl);
}

/**
 * vsw_captures_end() - End all of them
 * @ctl: The control
 */
void vsw_captures_end(struct vsw_control *ctl)
{
	while (ctl->captures)
		end(ctl, &ctl->captures);
}

/* Memory that the other side can only read: the file, mapped here. -1: there is none */
static int share(uint8_t **memory)
{
	int fd = memfd_create("vchassis-capture", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*memory = MAP_FAILED;
	if (fd >= 0 && ftruncate(fd, SIZE) == 0 && fallocate(fd, 0, 0, SIZE) == 0)
		*memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (*memory != MAP_FAILED &&
	    fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0)
		return fd;
	if (*memory != MAP_FAILED)
		munmap(*memory, SIZE);
	*memory = NULL;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A capture that does not run yet; its file is that of the call */
static struct vsw_capture *capture_new(struct vsw_call *call, const char *port)
{
	struct vsw_capture *c = calloc(1, sizeof(*c));
	struct vsw_tap_conf conf = { .slots = SLOTS, .slot_size = SLOT_SIZE };

	if (!c) {
		vsw_fail(call->err, call->errlen, "out of memory");
		return NULL;
	}
	call->fd = share(&c->memory);
	conf.memory = c->memory;
	snprintf(conf.port, sizeof(conf.port), "%s", port ? port : "");
	c->tap = call->fd >= 0 ? vsw_tap_new(&conf) : NULL;
	if (c->tap)
		return c;
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
	vsw_fail(call->err, call->errlen, "no memory to share: %s", strerror(errno));
	capture_free(c);
	return NULL;
}

static int start(struct vsw_call *call, struct vsw_capture *c, const char *port)
{
	struct tapping t = { .sw = call->ctl->sw, .tap = c->tap, .port = port };

	vsw_control_at_switch(call->ctl, start_there, &t);
	if (!t.found)
		return vsw_fail(call->err, call->errlen, "no port '%.60s'", port);
	c->since = t.now;
	return t.ret < 0 ? vsw_fail(call->err, call->errlen, "there are %u captures already",
				    VSW_TAPS) :
			   0;
}

static void renew(struct vsw_control *ctl, struct vsw_capture *c)
{
	c->by = ctl->host->now(ctl->host_opaque) + CAPTURE_SECONDS * NS_PER_S;
	set_deadline(ctl);
}

static json_t *told(const struct vsw_capture *c)
{
	return json_pack("{s:I,s:I,s:i,s:i,s:i}", "id", c->id, "now-ns", (json_int_t)c->since,
			 "slots", (int)SLOTS, "slot-size", (int)SLOT_SIZE, "seconds",
			 CAPTURE_SECONDS);
}

static json_t *capture_start(struct vsw_call *call)
{
	struct vsw_control *ctl = call->ctl;
	const json_t *arg = json_object_get(call->args, "port");
	const char *port = arg && !json_is_string(arg) ? "" : json_string_value(arg);
	struct vsw_capture *c;

	if (!ctl->host) {
		vsw_fail(call->err, call->errlen, "this program gives the control no clock");
		return NULL;
	}
	c = capture_new(call, port);
	if (!c)
		return NULL;
	if (start(call, c, port) < 0) {
		close(call->fd);
		call->fd = -1;
		capture_free(c);
		return NULL;
	}
	c->id = ++ctl->captured;
	c->next = ctl->captures;
	ctl->captures = c;
	renew(ctl, c);
	return told(c);
}

/* Where the capture is that a command names; NULL: there is none, and the error is told */
static struct vsw_capture **find(struct vsw_call *call)
{
	json_int_t id = json_integer_value(json_object_get(call->args, "id"));
	struct vsw_capture **link = &call->ctl->captures;

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	if (*link)
		return link;
	vsw_fail(call->err, call->errlen, "no such capture, or it was not renewed in time");
	return NULL;
}

static json_t *capture_renew(struct vsw_call *call)
{
	struct vsw_capture **link = find(call);

	if (!link)
		return NULL;
	renew(call->ctl, *link);
	return json_object();
}

static json_t *capture_stop(struct vsw_call *call)
{
	struct vsw_capture **link = find(call);

	if (!link)
		return NULL;
	end(call->ctl, link);
	set_deadline(call->ctl);
	return json_object();
}

const struct vsw_command vsw_capture_commands[] = {
	{ "capture-start", capture_start, "port?",
	  "copy the frames of a port, or of all, into memory that comes with the answer" },
	{ "capture-renew", capture_renew, "id", "go on for another ten seconds" },
	{ "capture-stop", capture_stop, "id", "copy no more" },
	{ 0 }
};
