// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of a switch in a daemon, as the port calls it; see remote.h. */
#include "remote-side.h"
#include "remote-frames.h"
#include "remote-life.h"
#include "remote-move.h"

#define TOKEN_MAX 4096u

/* The first line of a file. Return: false and @errp is set */
static bool read_token(struct vc_remote *r, const char *file, Error **errp)
{
	g_autoptr(GError) err = NULL;
	gsize len;

	if (!file)
		return true;
	if (!g_file_get_contents(file, &r->token, &len, &err)) {
		error_setg(errp, "token-file=%s: %s", file, err->message);
		return false;
	}
	r->token[strcspn(r->token, "\r\n")] = '\0';
	if (*r->token && len <= TOKEN_MAX && g_utf8_validate(r->token, -1, NULL))
		return true;
	error_setg(errp, "token-file=%s: its first line is to be a token, in UTF-8", file);
	return false;
}

/* Where vswitchd's control socket is if nothing else was said (docs/vswitchd.md) */
static char *usual_path(void)
{
	const char *dir = g_getenv("XDG_RUNTIME_DIR");
	g_autofree char *own = dir && *dir ? g_build_filename(dir, "vchassis", NULL) : NULL;
	const char *at = own && !access(own, F_OK) ? own : "/run/vchassis";

	if (own && access(at, F_OK))
		at = own; /* neither is there yet */
	return g_build_filename(at, "control.sock", NULL);
}

/* connect=PATH, or the name of a switch of the daemon at the usual place */
static void find_path(struct vc_remote *r, const char *connect)
{
	r->wanted = g_strdup(r->p->switch_id);
	if (strchr(connect, '/')) {
		r->path = g_strdup(connect);
		return;
	}
	r->path = usual_path();
	g_free(r->wanted);
	r->wanted = g_strdup(connect);
}

static void free_remote(struct vc_remote *r)
{
	g_free(r->path);
	g_free(r->wanted);
	g_free(r->token);
	g_free(r);
}

static bool begin(struct vc_port *p, Error **errp)
{
	struct vc_remote *r = g_new0(struct vc_remote, 1);

	r->p = p;
	find_path(r, p->connect);
	p->life = &p->own_life;
	vc_life_init(p->life);
	p->away = true;
	if (!read_token(r, p->token_file, errp) || !vc_remote_open(r, errp)) {
		free_remote(r);
		return false;
	}
	p->remote = r;
	return true;
}

static void end(struct vc_port *p)
{
	vc_remote_close(p->remote);
	free_remote(p->remote);
	p->remote = NULL;
}

static const char *name(const struct vc_port *p)
{
	const struct vc_remote *r = p->remote;

	if (r->name[0])
		return r->name;
	return r->wanted ? r->wanted : "";
}

static void set_addrs(struct vc_port *p, const struct vsw_addrs *addrs)
{
	struct vc_remote *r = p->remote;

	r->has_addrs = true;
	r->addrs = *addrs;
	r->addrs.addrs = (const void *)r->more;
	if (addrs->n > VSW_MAX_ADDRS) {
		r->addrs.n = VSW_MAX_ADDRS;
		r->addrs.allmulti = true;
	}
	if (r->addrs.n)
		memcpy(r->more, addrs->addrs, r->addrs.n * sizeof(r->more[0]));
	vc_remote_tell_card(r);
}

static void set_state(struct vc_port *p, bool cable, uint32_t caps)
{
	p->remote->cable = cable;
	p->remote->caps = caps;
	vc_remote_tell_card(p->remote);
}

/* What is counted here, and what the daemon alone sees: as it said last, and is asked for now */
static void counters(struct vc_port *p, struct vsw_counters *c)
{
	const struct vc_remote *r = p->remote;

	*c = r->told;
	c->in = r->count.in;
	c->out = r->count.out;
	c->segmented += r->count.segmented;
	c->held += r->count.held;
	for (unsigned i = 0; i < VSW_DROP_COUNT; i++)
		c->drops[i] += r->count.drops[i];
	vsw_front_ask(r->front);
}

static unsigned input(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	if (unlikely(p->away) && runstate_check(RUN_STATE_INMIGRATE))
		vc_remote_begin(p->remote); /* QEMU announces a machine that is about to run */
	return vc_remote_input(p, pkts, n);
}

const struct vc_side vc_side_remote = {
	.begin = begin,
	.end = end,
	.name = name,
	.input = input,
	.ready = vc_remote_ready,
	.set_addrs = set_addrs,
	.set_state = set_state,
	.counters = counters,
};
