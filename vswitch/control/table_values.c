/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of the configuration document: private VLANs, classes of network I/O control, mirrors. */
#include <string.h>

#include "schema.h"

#define AT(t, m) offsetof(struct t, m)

static const char *const pvlan_types[] = { "community", "isolated", NULL };

/* struct pvlan_row - as it is read */
struct pvlan_row {
	uint16_t primary, secondary;
	int type;
};

const struct json_field schema_pvlan[] = {
	{ "primary", JF_U16, AT(pvlan_row, primary), 1, 4094,
	  .help = "VLAN of the promiscuous ports" },
	{ "secondary", JF_U16, AT(pvlan_row, secondary), 1, 4094, .help = "its own number" },
	{ "type", JF_WORD, AT(pvlan_row, type), .words = pvlan_types,
	  .help = "may its ports reach each other?" },
	{ 0 }
};

static int one_pvlan(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct vsw_switch_policy *sp = opaque;
	struct pvlan_row row = { 0 };

	if (sp->n_pvlans == VSW_MAX_PVLANS)
		return json_fail(in, "more than %u", VSW_MAX_PVLANS);
	if (json_read(in, v, schema_pvlan, &row) < 0)
		return -1;
	sp->pvlan[sp->n_pvlans++] =
		(struct vsw_pvlan) { row.primary, row.secondary, row.type == 1 };
	return 0;
}

int value_pvlans(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_switch_policy *sp = at;

	sp->n_pvlans = 0;
	return json_each(in, v, one_pvlan, sp);
}

const struct json_field schema_class[] = {
	{ "name", JF_NAME, AT(vsw_class, name), .max = VSW_NAME_MAX,
	  .help = "its name, which ports' `class` gives" },
	{ "shares", JF_U32, AT(vsw_class, shares), 1, 100, .help = "part of a full uplink" },
	{ "limit", JF_U64, AT(vsw_class, limit), 0, UINT64_C(1000000000000),
	  .help = "bits a second at most; 0: no limit" },
	{ "reservation", JF_U64, AT(vsw_class, reservation), 0, UINT64_C(1000000000000),
	  .help = "bits a second before all others" },
	{ 0 }
};

static int one_class(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct vsw_switch_policy *sp = opaque;
	struct vsw_class c = { .shares = 50 };

	if (sp->n_classes == VSW_MAX_CLASSES)
		return json_fail(in, "more than %u", VSW_MAX_CLASSES);
	if (json_read(in, v, schema_class, &c) < 0)
		return -1;
	if (!c.name[0])
		return json_fail(in, "name is missing");
	sp->class[sp->n_classes++] = c;
	return 0;
}

int value_classes(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_switch_policy *sp = at;

	sp->n_classes = 0;
	return json_each(in, v, one_class, sp);
}

static const char *const mirror_kinds[] = { "port", "vlan", "erspan2", "erspan3", NULL };
static const char *const directions[] = { "from-port", "to-port", "both", NULL };

static int one_source(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct vsw_mirror *m = opaque;

	if (!key)
		return json_fail(in, "must be in an object: port to direction");
	if (m->n_ports == VSW_MIRROR_PORTS || strlen(key) >= VSW_NAME_MAX)
		return json_fail(in, "too many sources, or name too long");
	for (unsigned d = 0; directions[d] && json_is_string(v); d++)
		if (!strcmp(json_string_value(v), directions[d])) {
			memcpy(m->port[m->n_ports], key, strlen(key));
			m->direction[m->n_ports++] = (uint8_t)(d + 1);
			return 0;
		}
	return json_fail(in, "must be one of: from-port, to-port, both");
}

static int value_sources(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_mirror *m = at;

	m->n_ports = 0;
	return json_each(in, v, one_source, m);
}

const struct json_field schema_mirror[] = {
	{ "name", JF_NAME, AT(vsw_mirror, name), .max = VSW_NAME_MAX, .help = "its name" },
	{ "type", JF_WORD, AT(vsw_mirror, kind), .words = mirror_kinds,
	  .help = "to a port, to a VLAN of an uplink, or ERSPAN" },
	{ "sources", JF_CUSTOM, 0, .custom = value_sources, .type = "object of string",
	  .help = "port id to `from-port`, `to-port` or `both`" },
	{ "to", JF_NAME, AT(vsw_mirror, to), .max = VSW_NAME_MAX,
	  .help = "port that the copies leave by" },
	{ "vlan", JF_U16, AT(vsw_mirror, vlan), 1, 4094,
	  .help = "VLAN the copies are put in (not for `port`)" },
	{ "strip-vlan", JF_BOOL, AT(vsw_mirror, strip),
	  .help = "copies do not show the VLAN they had" },
	{ "sampling", JF_U32, AT(vsw_mirror, sampling), 1, 1000000,
	  .help = "one of this many frames" },
	{ "truncate", JF_U32, AT(vsw_mirror, truncate), 60, 65535, .help = "bytes of each frame" },
	{ "session", JF_U16, AT(vsw_mirror, session), 0, 1023, .help = "ERSPAN session" },
	{ "source-ip", JF_CUSTOM, AT(vsw_mirror, src_ip), .custom = value_ipv4, .type = "string",
	  .help = "ERSPAN" },
	{ "destination-ip", JF_CUSTOM, AT(vsw_mirror, dst_ip), .custom = value_ipv4,
	  .type = "string", .help = "ERSPAN" },
	{ "source-mac", JF_CUSTOM, AT(vsw_mirror, src_mac), .custom = value_mac, .type = "string",
	  .help = "ERSPAN" },
	{ "destination-mac", JF_CUSTOM, AT(vsw_mirror, dst_mac), .custom = value_mac,
	  .type = "string", .help = "ERSPAN" },
	{ 0 }
};

static int one_mirror(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct vsw_switch_policy *sp = opaque;
	struct vsw_mirror *m = &sp->mirror[sp->n_mirrors];

	if (sp->n_mirrors == VSW_MAX_MIRRORS)
		return json_fail(in, "more than %u", VSW_MAX_MIRRORS);
	memset(m, 0, sizeof(*m));
	if (json_read(in, v, schema_mirror, m) < 0)
		return -1;
	if (!m->name[0] || !m->to[0])
		return json_fail(in, "name or to is missing");
	sp->n_mirrors++;
	return 0;
}

int value_mirrors(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_switch_policy *sp = at;

	sp->n_mirrors = 0;
	return json_each(in, v, one_mirror, sp);
}
