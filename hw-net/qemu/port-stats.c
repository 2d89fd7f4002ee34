// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of a port. */
#include "dict.h"
#include "port-stats.h"

static void put_count(QDict *d, const char *name, const struct vsw_count *c)
{
	QDict *count = qdict_new();

	qdict_put_int(count, "frames", c->frames);
	qdict_put_int(count, "bytes", c->bytes);
	qdict_put(d, name, count);
}

static void put_traffic(QDict *d, const char *name, const struct vsw_traffic *t)
{
	QDict *traffic = qdict_new();

	put_count(traffic, "unicast", &t->unicast);
	put_count(traffic, "multicast", &t->multicast);
	put_count(traffic, "broadcast", &t->broadcast);
	qdict_put_int(traffic, "gso", t->gso);
	qdict_put(d, name, traffic);
}

static void put_drops(QDict *d, const struct vsw_counters *c)
{
	QDict *drops = qdict_new();

	for (unsigned i = 0; i < VSW_DROP_COUNT; i++)
		qdict_put_int(drops, vsw_drop_name(i), c->drops[i]);
	qdict_put(d, "drops", drops);
}

static QObject *make_stats(Object *obj)
{
	struct vc_port *p = VC_PORT(obj);
	NetClientState *peer = p->client->nc.peer;
	QDict *d = qdict_new();
	struct vsw_counters c;

	p->side->counters(p, &c);
	qdict_put_str(d, "switch", p->side->name(p));
	qdict_put_str(d, "peer", peer ? peer->name : "");
	qdict_put_bool(d, "link-up", vc_port_link(p));
	put_traffic(d, "in", &c.in);
	put_traffic(d, "out", &c.out);
	put_drops(d, &c);
	qdict_put_int(d, "segmented", c.segmented);
	qdict_put_int(d, "csummed", c.csummed);
	qdict_put_int(d, "queued", c.queued);
	qdict_put_int(d, "queue-frames", c.queue_frames);
	qdict_put_int(d, "queue-bytes", c.queue_bytes);
	qdict_put_int(d, "queue-delay-max-ns", c.delay_max);
	qdict_put_int(d, "ecn-marked", c.ecn_marked);
	qdict_put_int(d, "held", c.held);
	qdict_put_int(d, "addresses", c.addresses);
	qdict_put_int(d, "moves", c.moves);
	qdict_put_int(d, "malformed", p->malformed);
	qdict_put_int(d, "wrong-fcs", p->wrong_fcs);
	return QOBJECT(d);
}

void vc_port_add_stats(struct vc_port *p)
{
	vc_add_dict_property(OBJECT(p), "stats", make_stats);
}

void vc_port_del_stats(struct vc_port *p)
{
	object_property_del(OBJECT(p), "stats");
}
