/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies, as "esxcli network vswitch standard [portgroup] policy ... get" prints them. */
#include <string.h>

#include "host.h"
#include "report.h"

/* Is a value one of the object's own? @key: as printed behind "Override Vswitch" */
static bool own(const struct section *s, const struct record *r, const char *key,
		struct netpolicy *p, struct trouble *bad)
{
	g_autofree char *name = g_strconcat("overridevswitch", key, NULL);
	int overrides = UNTOLD;

	if (!s->group)
		return true;
	if (!record_bool(r, name, &overrides, bad))
		return false;
	p->loose |= overrides == UNTOLD;
	return overrides;
}

static bool truth(const struct section *s, const struct record *r, const char *key, const char *as,
		  int *value, struct netpolicy *p, struct trouble *bad)
{
	if (!record_need(r, key, as, bad) || !record_bool(r, key, value, bad))
		return false;
	if (!own(s, r, key, p, bad))
		*value = UNTOLD;
	return !bad->text;
}

static bool read_security(const struct section *s, const struct record *r, struct netpolicy *p,
			  struct trouble *bad)
{
	return truth(s, r, "allowpromiscuous", "Allow Promiscuous", &p->promiscuous, p, bad) &&
	       truth(s, r, "allowmacaddresschange", "Allow MAC Address Change", &p->mac_changes, p,
		     bad) &&
	       truth(s, r, "allowforgedtransmits", "Allow Forged Transmits", &p->forged, p, bad);
}

/* struct unit - @times/@by of what a value counts: bits a second, or bytes */
struct unit {
	const char *name;
	gint64 times, by;
};

/* The first is the one of a number without a unit: --formatter=json and csv print none. esxcli's
 * own help says that its Kbps are 1,000 bits a second and its Kib are 1,024 bits */
static const struct unit rates[] = {
	{ "Kbps", 1000, 1 }, { "bps", 1, 1 }, { "Mbps", 1000000, 1 }, { "Gbps", 1000000000, 1 }
};
static const struct unit sizes[] = { { "Kib", 1024, 8 },    { "Kb", 1000, 8 },
				     { "KB", 1024, 1 },	    { "KiB", 1024, 1 },
				     { "B", 1, 1 },	    { "b", 1, 8 },
				     { "Mib", 1 << 20, 8 }, { "MB", 1 << 20, 1 },
				     { "MiB", 1 << 20, 1 } };

static bool amount(const struct record *r, const char *key, const char *as,
		   const struct unit *units, unsigned n, gint64 *value, struct trouble *bad)
{
	const char *text = record_need(r, key, as, bad);
	char *end = NULL;
	gint64 number = text ? g_ascii_strtoll(text, &end, 10) : 0;
	const struct unit *u = NULL;

	if (!text)
		return false;
	end += strspn(end, " ");
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(end, units[i].name) || (!*end && !i))
			u = &units[i];
	if (!g_ascii_isdigit(*text) || !u || number > G_GINT64_CONSTANT(1000000000000) / u->times)
		return trouble_at(bad, r->file, record_find(r, key)->line,
				  "%s: '%s' is no amount; its unit may be %s, ...", as, text,
				  units[0].name);
	*value = number * u->times / u->by;
	return true;
}

static bool read_shaping(const struct section *s, const struct record *r, struct netpolicy *p,
			 struct trouble *bad)
{
	struct shape *shape = &p->in;

	if (!record_need(r, "enabled", "Enabled", bad) ||
	    !record_bool(r, "enabled", &shape->enabled, bad))
		return false;
	if (shape->enabled &&
	    (!amount(r, "averagebandwidth", "Average Bandwidth", rates, G_N_ELEMENTS(rates),
		     &shape->average, bad) ||
	     !amount(r, "peakbandwidth", "Peak Bandwidth", rates, G_N_ELEMENTS(rates), &shape->peak,
		     bad) ||
	     !amount(r, "burstsize", "Burst Size", sizes, G_N_ELEMENTS(sizes), &shape->burst, bad)))
		return false;
	if (!own(s, r, record_find(r, "overridevswitchshaping") ? "shaping" : "shapingpolicy", p,
		 bad))
		shape->enabled = UNTOLD;
	return !bad->text;
}

static bool read_balance(const struct section *s, const struct record *r, struct netpolicy *p,
			 struct trouble *bad)
{
	static const char *const names[][2] = { { "srcport", "port" }, { "portid", "port" },
						{ "srcmac", "mac" },   { "mac", "mac" },
						{ "iphash", "ip" },    { "explicit", "explicit" } };
	const char *text = record_need(r, "loadbalancing", "Load Balancing", bad);

	for (unsigned i = 0; text && i < G_N_ELEMENTS(names); i++)
		if (!g_ascii_strcasecmp(text, names[i][0]))
			p->balance = names[i][1];
	if (text && !p->balance)
		return trouble_at(
			bad, r->file, record_find(r, "loadbalancing")->line,
			"no load balancing '%s'; there are srcport, srcmac, iphash, explicit",
			text);
	if (!own(s, r, "loadbalancing", p, bad))
		p->balance = NULL;
	return text && !bad->text;
}

static bool read_detection(const struct section *s, const struct record *r, struct netpolicy *p,
			   struct trouble *bad)
{
	const char *text =
		record_need(r, "networkfailuredetection", "Network Failure Detection", bad);

	if (!text)
		return false;
	if (strcmp(text, "link") && strcmp(text, "beacon"))
		return trouble_at(bad, r->file, record_find(r, "networkfailuredetection")->line,
				  "no failure detection '%s'; there are link, beacon", text);
	p->beacon = !strcmp(text, "beacon");
	if (!own(s, r, "networkfailuredetection", p, bad))
		p->beacon = UNTOLD;
	return !bad->text;
}

static bool read_order(struct host *h, const struct section *s, const struct record *r,
		       struct netpolicy *p, struct trouble *bad)
{
	const struct field *f = record_find(r, "activeadapters");

	if (!f)
		return trouble_at(bad, r->file, r->line, "'Active Adapters' is missing");
	if (!own(s, r, "uplinks", p, bad))
		return !bad->text;
	p->active = record_list(f);
	p->standby = record_list(record_find(r, "standbyadapters"));
	if (!p->active->len && !p->standby->len)
		notes_decide(
			h->notes, r->file, f->line,
			"'%s' has no uplink in use, and a team without names uses all of them: "
			"give it a switch without uplinks if nothing of it may leave",
			s->object);
	return true;
}

static bool read_failover(struct host *h, const struct section *s, const struct record *r,
			  struct netpolicy *p, struct trouble *bad)
{
	g_clear_pointer(&p->active, g_ptr_array_unref);
	g_clear_pointer(&p->standby, g_ptr_array_unref);
	return read_balance(s, r, p, bad) && read_detection(s, r, p, bad) &&
	       truth(s, r, "notifyswitches", "Notify Switches", &p->notify, p, bad) &&
	       truth(s, r, "failback", "Failback", &p->failback, p, bad) &&
	       read_order(h, s, r, p, bad);
}

bool policy_read(struct host *h, const struct section *s, const struct record *r,
		 struct trouble *bad)
{
	struct netpolicy *p = s->group ? &host_group(h, s->object, r->file, s->line)->policy :
					 &host_switch(h, s->object, r->file, s->line)->policy;

	if (s->kind == SECTION_SECURITY)
		return read_security(s, r, p, bad);
	if (s->kind == SECTION_SHAPING)
		return read_shaping(s, r, p, bad);
	return read_failover(h, s, r, p, bad);
}
