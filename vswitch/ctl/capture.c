/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames as they pass (capture.h has the theory). */
#include "capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "pcapng.h"
#include "slots.h"
#include "table.h"

#define CAPTURE_US 5000u
#define RENEW_US   2000000

/*
 * struct capture - a capture that runs
 * @id:     The switch's name for it
 * @renew:  When it is to be renewed, us
 * @offset: From the switch's time to that since 1970, ns
 * @filter: Of what is wanted, if @filtered
 * @out: @file: where frames are written, or NULL: lines are printed
 * @n:      Frames that were wanted
 */
struct capture {
	struct ctl *c;
	struct slots slots;
	json_int_t id;
	gint64 renew, offset;
	struct bpf_program filter;
	bool filtered;
	FILE *out;
	struct pcapng *file;
	unsigned n;
};

static volatile sig_atomic_t ended;

static void on_signal(int number)
{
	ended = 1;
}

/* All words behind PORT are one filter */
static int compile(struct capture *cap)
{
	g_autoptr(GString) text = g_string_new(NULL);
	pcap_t *dead;
	int status = EX_OK;

	for (guint i = 1; i < cap->c->arg->len; i++)
		g_string_append_printf(text, "%s ", (char *)g_ptr_array_index(cap->c->arg, i));
	if (!text->len)
		return EX_OK;
	dead = pcap_open_dead(DLT_EN10MB, FRAME_BYTES_MAX);
	if (pcap_compile(dead, &cap->filter, text->str, 1, PCAP_NETMASK_UNKNOWN) == 0)
		cap->filtered = true;
	else
		status = ctl_fail(EX_DATAERR, "filter '%s': %s", g_strchomp(text->str),
				  pcap_geterr(dead));
	pcap_close(dead);
	return status;
}

static int open_out(struct capture *cap)
{
	const char *path = cap->c->file;

	if (!path)
		return EX_OK;
	cap->out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!cap->out)
		return ctl_fail(EX_CANTCREAT, "%s: %s", path, g_strerror(errno));
	cap->file = pcapng_new(cap->out);
	return EX_OK;
}

static gint64 clock_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return t.tv_sec * G_GINT64_CONSTANT(1000000000) + t.tv_nsec;
}

static int start(struct capture *cap)
{
	const char *port = ctl_arg(cap->c, "PORT");
	json_t *args = json_object(), *answer;
	int status;

	if (strcmp(port, "all"))
		json_object_set_new(args, "port", json_string(port));
	answer = ctl_ask(cap->c, "capture-start", args, &status);
	if (!answer)
		return status;
	cap->id = json_integer_value(json_object_get(answer, "id"));
	cap->offset =
		clock_ns(CLOCK_REALTIME) - json_integer_value(json_object_get(answer, "now-ns"));
	status = slots_map(&cap->slots, wire_fd(cap->c->wire),
			   json_integer_value(json_object_get(answer, "slots")),
			   json_integer_value(json_object_get(answer, "slot-size"))) ?
			 EX_OK :
			 ctl_fail(EX_PROTOCOL, "the switch shares no memory for frames");
	cap->renew = g_get_monotonic_time() + RENEW_US;
	json_decref(answer);
	return status;
}

static bool is_wanted(const struct capture *cap, const struct vsw_tap_frame *f)
{
	struct pcap_pkthdr h = { .caplen = f->n, .len = f->len };

	return !cap->filtered || pcap_offline_filter(&cap->filter, &h, f->bytes);
}

static void put_line(const struct capture *cap, const struct vsw_tap_frame *f, const char *comment)
{
	g_autoptr(GString) out = g_string_new(NULL);

	g_string_append(out, f->stage == VSW_TAP_IN ? "from " : "to ");
	if (f->stage == VSW_TAP_DROP)
		g_string_assign(out, "at ");
	table_clean(out, f->port);
	g_string_append(out, ": ");
	frame_tell(out, f->bytes, f->n, f->len);
	if (comment)
		g_string_append_printf(out, "; %s", comment);
	puts(out->str);
}

static void put_frame(struct capture *cap, const struct vsw_tap_frame *f)
{
	bool dropped = f->stage == VSW_TAP_DROP && f->why < VSW_DROP_COUNT;
	g_autofree char *comment =
		dropped ? g_strdup_printf("dropped: %s", vsw_drop_name((enum vsw_drop)f->why)) :
			  NULL;
	struct pcapng_frame out = { .port = f->port,
				    .comment = comment,
				    .when = f->when + cap->offset,
				    .inbound = f->stage != VSW_TAP_OUT,
				    .bytes = f->bytes,
				    .n = f->n,
				    .len = f->len };

	cap->n++;
	if (cap->file)
		pcapng_put(cap->file, &out);
	else
		put_line(cap, f, comment);
}

/* Is all written? A reader that has gone is no failure */
static int flush(struct capture *cap)
{
	FILE *out = cap->out ? cap->out : stdout;

	errno = 0;
	if (fflush(out) == 0 && !ferror(out))
		return EX_OK;
	ended = 1;
	if (errno == EPIPE)
		return EX_OK;
	clearerr(out);
	return ctl_fail(EX_IOERR, "%s: %s",
			cap->out && out != stdout ? cap->c->file : "standard output",
			g_strerror(errno));
}

static bool is_full(const struct capture *cap)
{
	return cap->c->count && cap->n >= cap->c->count;
}

/* What is there. Return: whether there was anything */
static bool take(struct capture *cap)
{
	const struct vsw_tap_frame *f;
	bool any = false;

	while (!is_full(cap) && (f = slots_next(&cap->slots))) {
		any = true;
		if (is_wanted(cap, f))
			put_frame(cap, f);
	}
	return any;
}

static int renew(struct capture *cap)
{
	gint64 now = g_get_monotonic_time();
	json_t *answer;
	int status;

	if (now < cap->renew)
		return EX_OK;
	cap->renew = now + RENEW_US;
	answer = ctl_ask(cap->c, "capture-renew", json_pack("{s:I}", "id", cap->id), &status);
	json_decref(answer);
	return answer ? EX_OK : status;
}

static int run(struct capture *cap)
{
	int status = flush(cap);

	while (status == EX_OK && !ended && !is_full(cap)) {
		if (!take(cap))
			g_usleep(CAPTURE_US);
		status = flush(cap);
		if (status == EX_OK)
			status = renew(cap);
	}
	return status;
}

static void stop(struct capture *cap)
{
	json_t *answer;
	int status;

	if (!cap->id)
		return;
	answer = ctl_ask(cap->c, "capture-stop", json_pack("{s:I}", "id", cap->id), &status);
	json_decref(answer);
	fprintf(stderr, "vswitchctl: %u frames, %" G_GUINT64_FORMAT " came too fast\n", cap->n,
		cap->slots.missed);
}

static int finish(struct capture *cap, int status)
{
	slots_unmap(&cap->slots);
	if (cap->filtered)
		pcap_freecode(&cap->filter);
	if (cap->file)
		pcapng_free(cap->file);
	if (cap->out && cap->out != stdout && fclose(cap->out) != 0 && status == EX_OK)
		status = ctl_fail(EX_IOERR, "%s: %s", cap->c->file, g_strerror(errno));
	return status;
}

int capture_run(struct ctl *c)
{
	struct capture cap = { .c = c };
	const struct sigaction act = { .sa_handler = on_signal };
	int status;

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	status = compile(&cap);
	if (status == EX_OK)
		status = open_out(&cap);
	if (status == EX_OK)
		status = start(&cap);
	if (status == EX_OK)
		status = run(&cap);
	if (status != EX_OK && status != EX_IOERR)
		cap.id = 0; /* there is nobody to be told */
	stop(&cap);
	return finish(&cap, status);
}
