// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters, and what a guest's driver has made of its card:
 * {"execute": "qom-get", "arguments": {"path": "/machine/peripheral/n0", "property": "stats"}}
 */
#include "dict.h"
#include "nic-stats.h"

/* Frames that were lost on the way to the core are the card's losses, too */
static void put_counters(QDict *d, struct vc_nic *s)
{
	struct hwnet_counters c = *hwnet_counters(s->core);
	const char *name;
	uint64_t value;

	c.rx_no_buffer += s->rx_lost.no_buffer;
	for (unsigned i = 0; (name = hwnet_counter(&c, i, &value)); i++)
		qdict_put_int(d, name, value);
	qdict_put_int(d, "rx-not-ready", s->rx_lost.not_ready);
	qdict_put_int(d, "rx-malformed", s->rx_lost.malformed);
	qdict_put_int(d, "tx-wrong-fcs", s->wrong_fcs);
}

static QObject *make_stats(Object *obj)
{
	struct vc_nic *s = VC_NIC(obj);
	QDict *d = qdict_new();
	struct hwnet_link link;

	put_counters(d, s);
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

static QObject *make_setup(Object *obj)
{
	struct vc_nic *s = VC_NIC(obj);
	QDict *d = qdict_new();

	if (!s->busy)
		hwnet_describe(s->core, put_fact, d);
	return QOBJECT(d);
}

void vc_nic_add_stats(struct vc_nic *s)
{
	vc_add_dict_property(OBJECT(s), "stats", make_stats);
	vc_add_dict_property(OBJECT(s), "setup", make_setup);
}

void vc_nic_del_stats(struct vc_nic *s)
{
	object_property_del(OBJECT(s), "stats");
	object_property_del(OBJECT(s), "setup");
}
