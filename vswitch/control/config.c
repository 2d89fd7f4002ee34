/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting a document in force. */
#include "control/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/resolve.h"
#include "control/state.h"
#include "vswitch/fail.h"

static bool put_there(void *arg)
{
	vsw_txn_put(arg);
	return false;
}

static void put(struct vsw_control *ctl, struct vsw_txn *txn, json_t *doc)
{
	vsw_control_at_switch(ctl, put_there, txn);
	json_incref(doc);
	json_decref(ctl->doc);
	ctl->doc = doc;
}

static int host_prepare(struct vsw_control *ctl, const json_t *doc, bool commit, char *err,
			size_t errlen)
{
	return ctl->host && ctl->host->prepare ?
		       ctl->host->prepare(ctl->host_opaque, doc, commit, err, errlen) :
		       0;
}

static void host_finish(struct vsw_control *ctl, bool commit)
{
	if (ctl->host && ctl->host->finish)
		ctl->host->finish(ctl->host_opaque, commit);
}

/* struct applying - a document on its way into force */
struct applying {
	struct resolving w;
	struct vsw_txn *txn;
	struct known_ports *ports;
};

static int add_port(void *opaque, const struct known *k, const struct vsw_policy *policy)
{
	struct applying *a = opaque;

	return vsw_txn_port(a->txn, k->port, policy, a->w.in.err, a->w.in.errlen);
}

static int prepare(struct applying *a, struct vsw_control *ctl, const json_t *doc, char *err,
		   size_t errlen)
{
	static const struct resolve_ops ops = { .port = add_port };

	return vsw_resolve_begin(&a->w, ctl, doc, err, errlen) < 0 ||
			       vsw_txn_switch(a->txn, &a->w.sp, err, errlen) < 0 ||
			       vsw_resolve_all(&a->w, a->ports, &ops, a) < 0 ||
			       vsw_txn_prepare(a->txn, err, errlen) < 0 ?
		       -1 :
		       0;
}

/**
 * vsw_config_apply() - Put a document in force, or see whether it could be
 * @ctl:    The control
 * @doc:    The document; with @commit it is kept
 * @commit: False: dry run
 * @err:    On failure, one line with the path of what was wrong
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_config_apply(struct vsw_control *ctl, json_t *doc, bool commit, char *err, size_t errlen)
{
	struct applying *a = calloc(1, sizeof(*a));
	int ret = -1;

	if (!a)
		return vsw_fail(err, errlen, "out of memory");
	if (json_dumpb(doc, NULL, 0, JSON_COMPACT) > VSW_DOCUMENT_MAX) {
		free(a);
		return vsw_fail(err, errlen, "/: is larger than %u bytes", VSW_DOCUMENT_MAX);
	}
	a->txn = vsw_txn_new(ctl->sw);
	a->ports = vsw_known_ports(ctl);
	if (!a->txn || !a->ports)
		vsw_fail(err, errlen, "out of memory");
	else if (prepare(a, ctl, doc, err, errlen) == 0)
		ret = host_prepare(ctl, doc, commit, err, errlen);
	if (ret == 0 && commit)
		put(ctl, a->txn, doc);
	if (ret == 0)
		host_finish(ctl, commit);
	vsw_txn_abort(a->txn);
	vsw_known_free(a->ports);
	vsw_resolve_end(&a->w);
	free(a);
	return ret;
}

/* A port to be. False: its group's name is too long for one */
static bool known_of(struct known *k, const struct vsw_port_conf *conf)
{
	*k = (struct known) { .uplink = conf->uplink, .vlan = conf->vlan };
	if (conf->portgroup && strlen(conf->portgroup) >= sizeof(k->portgroup))
		return false;
	snprintf(k->id, sizeof(k->id), "%s", conf->id);
	snprintf(k->portgroup, sizeof(k->portgroup), "%s", conf->portgroup ? conf->portgroup : "");
	return true;
}

int vsw_control_prepare_port(struct vsw_control *ctl, const struct vsw_port_conf *conf, char *err,
			     size_t errlen)
{
	struct resolving *w = calloc(1, sizeof(*w));
	struct known k;
	int ret = -1;

	vsw_json_heap_free(ctl->resolved);
	ctl->resolved = NULL;
	ctl->resolved_for[0] = 0;
	if (!w)
		return vsw_fail(err, errlen, "out of memory");
	if (!known_of(&k, conf))
		vsw_fail(err, errlen,
			 "port '%s': the name of its port group has %u characters or more",
			 conf->id, VSW_NAME_MAX);
	else if (vsw_resolve_begin(w, ctl, ctl->doc, err, errlen) == 0)
		ret = vsw_resolve_port(w, &k, &ctl->policy);
	ctl->resolved = w->in.heap;
	free(w);
	if (ret == 0)
		snprintf(ctl->resolved_for, sizeof(ctl->resolved_for), "%s", conf->id);
	return ret;
}

/**
 * vsw_config_resolve() - Policy of a port that is being connected
 * @opaque: The control
 * @conf:   The port
 * @policy: Filled; its rules are borrowed until the next call
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_config_resolve(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		       char *err, size_t errlen)
{
	struct vsw_control *ctl = opaque;

	if (strcmp(ctl->resolved_for, conf->id) &&
	    vsw_control_prepare_port(ctl, conf, err, errlen) < 0)
		return -1;
	ctl->resolved_for[0] = 0;
	*policy = ctl->policy;
	return 0;
}
