/* SPDX-License-Identifier: BSD-2-Clause */
/* Switches and port groups of a host (host.h has the theory). */
#include "host.h"

#include <string.h>

#include "report.h"

static void netpolicy_clear(struct netpolicy *p)
{
	g_clear_pointer(&p->active, g_ptr_array_unref);
	g_clear_pointer(&p->standby, g_ptr_array_unref);
}

void netpolicy_init(struct netpolicy *p)
{
	*p = (struct netpolicy) { UNTOLD, UNTOLD, UNTOLD, UNTOLD, UNTOLD };
	p->in.enabled = p->out.enabled = UNTOLD;
	p->notify = p->failback = p->beacon = UNTOLD;
}

static void free_group(gpointer p)
{
	struct group *g = p;

	netpolicy_clear(&g->policy);
	g_free(g->name);
	g_free(g->switch_name);
	g_free(g->key);
	g_free(g->trunk);
	g_free(g);
}

static void free_switch(gpointer p)
{
	struct vswitch *s = p;

	netpolicy_clear(&s->policy);
	g_ptr_array_unref(s->uplinks);
	g_free(s->name);
	g_free(s);
}

struct host *host_new(struct notes *notes)
{
	struct host *h = g_new(struct host, 1);

	h->switches = g_ptr_array_new_with_free_func(free_switch);
	h->groups = g_ptr_array_new_with_free_func(free_group);
	h->notes = notes;
	return h;
}

void host_free(struct host *h)
{
	if (!h)
		return;
	g_ptr_array_unref(h->switches);
	g_ptr_array_unref(h->groups);
	g_free(h);
}

struct vswitch *host_switch(struct host *h, const char *name, const char *file, unsigned line)
{
	struct vswitch *s;

	for (unsigned i = 0; i < h->switches->len; i++) {
		s = h->switches->pdata[i];
		if (!strcmp(s->name, name))
			return s;
	}
	s = g_new0(struct vswitch, 1);
	s->name = g_strdup(name);
	s->mtu = 1500;
	s->uplinks = g_ptr_array_new_with_free_func(g_free);
	s->file = file;
	s->line = line;
	netpolicy_init(&s->policy);
	g_ptr_array_add(h->switches, s);
	return s;
}

struct group *host_find_group(const struct host *h, const char *name)
{
	for (unsigned i = 0; i < h->groups->len; i++) {
		struct group *g = h->groups->pdata[i];

		if (!strcmp(g->name, name) || !g_strcmp0(g->key, name))
			return g;
	}
	return NULL;
}

struct group *host_group(struct host *h, const char *name, const char *file, unsigned line)
{
	struct group *g = host_find_group(h, name);

	if (g)
		return g;
	g = g_new0(struct group, 1);
	g->name = g_strdup(name);
	g->file = file;
	g->line = line;
	g->private_vlan = UNTOLD;
	netpolicy_init(&g->policy);
	g_ptr_array_add(h->groups, g);
	return g;
}

static bool read_switch(struct host *h, const struct record *r, struct trouble *bad)
{
	const char *name = record_need(r, "name", "Name", bad);
	const struct field *cdp = record_find(r, "cdpstatus");
	struct vswitch *s = name ? host_switch(h, name, r->file, r->line) : NULL;
	gint64 mtu = 1500;

	if (!s)
		return false;
	if (s->described && s->file == r->file)
		return trouble_at(bad, r->file, r->line, "switch '%s' is there twice", name);
	if (record_find(r, "mtu") && !record_number(r, "mtu", "MTU", 68, 65535, &mtu, bad))
		return false;
	s->described = true;
	s->file = r->file;
	s->mtu = (int)mtu;
	g_ptr_array_unref(s->uplinks);
	s->uplinks = record_list(record_find(r, "uplinks"));
	if (cdp && (!strcmp(cdp->text, "both") || !strcmp(cdp->text, "advertise")))
		notes_left(h->notes, r->file, cdp->line,
			   "switch '%s': CDP (%s); the switch sends and reads none", name,
			   cdp->text);
	return true;
}

static bool read_group(struct host *h, const struct record *r, struct trouble *bad)
{
	const char *name = record_need(r, "name", "Name", bad);
	const char *on = name ? record_need(r, "virtualswitch", "Virtual Switch", bad) : NULL;
	struct group *g = on ? host_group(h, name, r->file, r->line) : NULL;
	gint64 vlan;

	if (!g || !record_number(r, "vlanid", "VLAN ID", 0, 4095, &vlan, bad))
		return false;
	if (g->described && g->file == r->file && g->switch_name)
		return trouble_at(bad, r->file, r->line, "port group '%s' is there twice", name);
	g->described = true;
	g->file = r->file;
	g->vlan = (int)vlan;
	g_free(g->switch_name);
	g->switch_name = g_strdup(on);
	host_switch(h, on, r->file, r->line);
	return true;
}

static bool read_record(struct host *h, const struct section *s, const struct record *r,
			struct trouble *bad)
{
	if (s->kind == SECTION_SWITCHES)
		return read_switch(h, r, bad);
	if (s->kind == SECTION_GROUPS)
		return read_group(h, r, bad);
	return policy_read(h, s, r, bad);
}

static bool read_section(struct host *h, const struct text *t, const struct section *s,
			 struct trouble *bad)
{
	g_autoptr(GPtrArray) all = NULL;

	if (s->kind == SECTION_OTHER)
		return true;
	if (s->kind == SECTION_ESXCFG)
		return esxcfg_read(h, t, s, bad);
	if (s->kind == SECTION_DVPORTGROUPS)
		return dvgroups_read(h, t, s, bad);
	all = records_read(t, s->from, s->to, bad);
	if (!all)
		return false;
	if (s->object ? all->len != 1 : !all->len)
		return trouble_at(bad, t->file, s->line, "the command has %s",
				  all->len ? "more than one answer" : "no answer");
	for (unsigned i = 0; i < all->len; i++)
		if (!read_record(h, s, all->pdata[i], bad) || host_full(h, t->file, s->line, bad))
			return false;
	return true;
}

bool host_full(const struct host *h, const char *file, unsigned line, struct trouble *bad)
{
	if (h->switches->len > HOST_SWITCHES_MAX)
		return !trouble_at(bad, file, line, "more than %u switches", HOST_SWITCHES_MAX);
	return h->groups->len > HOST_GROUPS_MAX &&
	       !trouble_at(bad, file, line, "more than %u port groups", HOST_GROUPS_MAX);
}

bool host_read(struct host *h, const struct text *t, struct trouble *bad)
{
	g_autoptr(GPtrArray) all = sections_read(t, bad);
	bool any = false;

	for (unsigned i = 0; all && i < all->len; i++) {
		const struct section *s = all->pdata[i];

		any |= s->kind != SECTION_OTHER;
		if (!read_section(h, t, s, bad))
			return false;
	}
	return !all || any ? !!all :
			     trouble_at(bad, t->file, 1,
					"has no command whose answer is read; "
					"'vchassis-import --script' has those");
}

static bool many(const GPtrArray *uplinks, const char *file, unsigned line, struct trouble *bad)
{
	return uplinks && uplinks->len > HOST_UPLINKS_MAX &&
	       !trouble_at(bad, file, line, "more than %u uplinks", HOST_UPLINKS_MAX);
}

bool host_check(struct host *h, struct trouble *bad)
{
	for (unsigned i = 0; i < h->switches->len; i++) {
		const struct vswitch *s = h->switches->pdata[i];

		if (many(s->uplinks, s->file, s->line, bad) ||
		    many(s->policy.active, s->file, s->line, bad) ||
		    many(s->policy.standby, s->file, s->line, bad))
			return false;
		if (!s->described)
			return trouble_at(bad, s->file, s->line,
					  "nothing describes switch '%s': 'esxcli network vswitch "
					  "standard list' or 'esxcfg-vswitch -l' would",
					  s->name);
	}
	for (unsigned i = 0; i < h->groups->len; i++) {
		const struct group *g = h->groups->pdata[i];

		if (many(g->policy.active, g->file, g->line, bad) ||
		    many(g->policy.standby, g->file, g->line, bad))
			return false;
		if (!g->described && !g->made)
			return trouble_at(
				bad, g->file, g->line,
				"nothing describes port group '%s': 'esxcli network vswitch "
				"standard portgroup list' or 'esxcfg-vswitch -l' would",
				g->name);
	}
	return true;
}
