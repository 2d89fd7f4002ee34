// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters, and what a guest's driver has made of its card, as QOM properties, to be asked for by
 * QMP:
 * {"execute": "qom-get", "arguments": {"path": "/machine/peripheral/p0", "property": "stats"}}
 */
#include "nic.h"
#include "port.h"
#include "qapi/visitor.h"

typedef QObject *make_fn(Object *obj);

static void get_dict(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	make_fn *make = (make_fn *)opaque;
	QObject *value = make(obj);

	visit_type_any(v, name, &value, errp);
	qobject_unref(value);
}

void vc_add_dict_property(Object *obj, const char *name, QObject *(*make)(Object *obj))
{
	object_property_add(obj, name, "any", get_dict, NULL, NULL, (void *)make);
}

QObject *vc_nic_stats(Object *obj)
{
	struct vc_nic *s = VC_NIC(obj);
	const struct hwnet_counters *c = hwnet_counters(s->core);
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "tx-frames", c->tx_frames },	   { "tx-bytes", c->tx_bytes },
		{ "tx-gso", c->tx_gso },	   { "rx-frames", c->rx_frames },
		{ "rx-bytes", c->rx_bytes },	   { "rx-gso", c->rx_gso },
		{ "rx-filtered", c->rx_filtered }, { "rx-dropped", c->rx_dropped },
		{ "rx-held", c->rx_held },	   { "interrupts", c->interrupts },
		{ "doorbells", c->doorbells },	   { "guest-errors", c->guest_errors },
	};
	QDict *d = qdict_new();
	struct hwnet_link link;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		qdict_put_int(d, rows[i].name, rows[i].value);
	hwnet_link(s->core, &link);
	qdict_put_bool(d, "cable", s->carrier);
	qdict_put_bool(d, "link-up", link.up);
	qdict_put_bool(d, "full-duplex", link.full);
	qdict_put_int(d, "speed-mbps", link.speed_mbps);
	return QOBJECT(d);
}

static QList *numbers(const struct hwnet_fact *fact)
{
	QList *list = qlist_new();

	for (unsigned i = 0; i < fact->n; i++)
		qlist_append_int(list, fact->list[i]);
	return list;
}

static void put_fact(void *opaque, const struct hwnet_fact *fact)
{
	QDict *d = opaque;

	switch (fact->kind) {
	case HWNET_FACT_NUMBER:
		qdict_put_int(d, fact->name, fact->number);
		break;
	case HWNET_FACT_YES_NO:
		qdict_put_bool(d, fact->name, fact->number);
		break;
	case HWNET_FACT_TEXT:
		qdict_put_str(d, fact->name, fact->text);
		break;
	case HWNET_FACT_LIST:
		qdict_put(d, fact->name, numbers(fact));
		break;
	}
}

QObject *vc_nic_setup(Object *obj)
{
	QDict *d = qdict_new();

	hwnet_describe(VC_NIC(obj)->core, put_fact, d);
	return QOBJECT(d);
}

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

QObject *vc_port_stats(Object *obj)
{
	struct vc_port *p = VC_PORT(obj);
	NetClientState *peer = p->client->nc.peer;
	QDict *d = qdict_new();
	struct vsw_counters c;

	vsw_port_counters(p->port, &c);
	qdict_put_str(d, "switch", vsw_name(p->sw->sw));
	qdict_put_str(d, "peer", peer ? peer->name : "");
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
	return QOBJECT(d);
}
