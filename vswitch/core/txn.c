/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing policies, all or nothing: what can fail is done in vsw_txn_port(), vsw_txn_switch() and
 * vsw_txn_prepare(); vsw_txn_commit() only moves pointers and recompiles ports.
 */
#include <stdlib.h>

#include "policy/mirror.h"
#include "queue.h"
#include "policy/rules.h"
#include "txn.h"

struct vsw_txn *vsw_txn_new(struct vsw *sw)
{
	struct vsw_txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return NULL;
	txn->sw = sw;
	txn->sw_policy = sw->policy;
	return txn;
}

/**
 * vsw_txn_policy() - Policy that a port will have
 * @txn: The transaction
 * @p:   The port
 *
 * Return: the new policy, or the one in force.
 */
const struct vsw_policy *vsw_txn_policy(const struct vsw_txn *txn, const struct vsw_port *p)
{
	for (const struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (it->port == p)
			return &it->policy;
	return &p->policy;
}

static const char *queue_check(const struct vsw_queue_policy *q)
{
	if (q->frames < 16 || q->frames > 65536)
		return "queue: frames out of range (16 to 65536)";
	if (q->bytes < 65536 || q->bytes > 256u << 20)
		return "queue: bytes out of range (65536 to 268435456)";
	if ((q->target && q->target < 1000) || q->target > NS_PER_S)
		return "queue: target out of range (0, or 1 us to 1 s)";
	if (q->interval < 1000 || q->interval > 10 * NS_PER_S)
		return "queue: interval out of range (1 us to 10 s)";
	return q->interval < q->target ? "queue: interval is shorter than target" : NULL;
}

static const char *shape_check(const struct vsw_shape_policy *s)
{
	if (!s->average)
		return NULL;
	if (s->average < 1000 || s->peak > UINT64_C(1000000000000))
		return "shaping: rate out of range (1 kb/s to 1 Tb/s)";
	if (s->peak < s->average)
		return "shaping: peak is less than average";
	if (s->burst < 1514 || s->burst > 1u << 30)
		return "shaping: burst out of range (1514 bytes to 1 GiB)";
	return NULL;
}

static const char *mac_check(const struct vsw_mac_policy *m)
{
	if (m->n_addresses > VSW_MAX_STATIC)
		return "too many static addresses";
	for (unsigned i = 0; i < m->n_addresses; i++)
		if (m->address[i][0] & 1)
			return "a static address is a group address";
	return NULL;
}

static const char *policy_check(const struct vsw_policy *policy)
{
	const char *wrong = vsw_vlan_check(&policy->vlan);

	if (!wrong)
		wrong = mac_check(&policy->mac);
	if (!wrong)
		wrong = queue_check(&policy->queue);
	if (!wrong)
		wrong = shape_check(&policy->shape_in);
	if (!wrong)
		wrong = shape_check(&policy->shape_out);
	if (!wrong)
		wrong = vsw_team_check(&policy->team);
	return wrong ? wrong : vsw_rules_check(policy->rules, policy->n_rules);
}

int vsw_txn_port(struct vsw_txn *txn, struct vsw_port *port, const struct vsw_policy *policy,
		 char *err, size_t errlen)
{
	const char *wrong = policy_check(policy);
	struct vsw_txn_item *it;

	if (wrong)
		return vsw_fail(err, errlen, "port '%s': %s", port->id, wrong);
	it = calloc(1, sizeof(*it));
	if (!it)
		return vsw_fail(err, errlen, "out of memory");
	it->port = port;
	it->policy = *policy;
	it->next = txn->items;
	txn->items = it;
	it->new_rules = !vsw_rules_same(port->rules, policy->rules, policy->n_rules);
	if (it->new_rules && policy->n_rules) {
		it->rules = vsw_rules_new(policy->rules, policy->n_rules);
		if (!it->rules)
			return vsw_fail(err, errlen, "out of memory");
	}
	return 0;
}

/* Queues of another size, and on uplinks with another number of classes */
static int prepare_queue(struct vsw_txn *txn, struct vsw_txn_item *it)
{
	unsigned classes = it->port->is_uplink ? txn->sw_policy.n_classes : 0;

	if (vsw_queue_fits(it->port->queue, &it->policy.queue, classes))
		return 0;
	it->queue = vsw_queue_new(&it->policy.queue, classes);
	return it->queue ? 0 : -1;
}

/* An uplink whose policy does not change may need another queue all the same */
static int include_uplinks(struct vsw_txn *txn, char *err, size_t errlen)
{
	for (unsigned i = 1; i <= txn->sw->last_port; i++) {
		struct vsw_port *p = txn->sw->port[i];

		if (p && p->is_uplink && vsw_txn_policy(txn, p) == &p->policy &&
		    vsw_txn_port(txn, p, &p->policy, err, errlen) < 0)
			return -1;
	}
	return 0;
}

static const char *pvlan_check(const struct vsw_switch_policy *sp)
{
	if (sp->n_pvlans > VSW_MAX_PVLANS)
		return "too many private VLANs";
	for (unsigned i = 0; i < sp->n_pvlans; i++) {
		const struct vsw_pvlan *a = &sp->pvlan[i];

		if (a->primary < 1 || a->primary > 4094 || a->secondary < 1 || a->secondary > 4094)
			return "private VLAN out of range (1 to 4094)";
		for (unsigned j = 0; j < sp->n_pvlans; j++) {
			if (i != j && sp->pvlan[j].secondary == a->secondary)
				return "secondary VLAN given twice";
			if (sp->pvlan[j].primary == a->secondary)
				return "VLAN is both primary and secondary";
		}
	}
	return NULL;
}

static const char *classes_check(const struct vsw_switch_policy *sp)
{
	if (sp->n_classes > VSW_MAX_CLASSES)
		return "too many classes";
	for (unsigned i = 0; i < sp->n_classes; i++)
		if (sp->class[i].shares < 1 || sp->class[i].shares > 100)
			return "shares out of range (1 to 100)";
	return NULL;
}

int vsw_txn_switch(struct vsw_txn *txn, const struct vsw_switch_policy *policy, char *err,
		   size_t errlen)
{
	const char *wrong = pvlan_check(policy);

	if (wrong)
		return vsw_fail(err, errlen, "switch: %s", wrong);
	if (policy->mtu < 68 || policy->mtu > 65535)
		return vsw_fail(err, errlen, "switch: MTU out of range (68 to 65535)");
	if (policy->ageing < 10 || policy->ageing > 1000000)
		return vsw_fail(err, errlen, "switch: ageing out of range (10 to 1000000 s)");
	wrong = classes_check(policy);
	if (!wrong)
		wrong = vsw_mirrors_check(policy);
	if (wrong)
		return vsw_fail(err, errlen, "switch: %s", wrong);
	if (policy->beacon < 100 || policy->beacon > 60000)
		return vsw_fail(err, errlen,
				"switch: beacon interval out of range (100 to 60000 ms)");
	if (policy->querier.interval < 1 || policy->querier.interval > 3600 ||
	    policy->querier.vlan > 4094)
		return vsw_fail(err, errlen, "switch: querier interval or VLAN out of range");
	txn->sw_policy = *policy;
	return 0;
}

/* A port in private mode must be in the table of private VLANs */
static bool private_known(const struct vsw_switch_policy *sp, uint16_t vid)
{
	for (unsigned i = 0; i < sp->n_pvlans; i++)
		if (sp->pvlan[i].primary == vid || sp->pvlan[i].secondary == vid)
			return true;
	return false;
}

int vsw_txn_prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	for (unsigned i = 1; i <= txn->sw->last_port; i++) {
		struct vsw_port *p = txn->sw->port[i];
		const struct vsw_vlan_policy *v;

		if (!p)
			continue;
		v = &vsw_txn_policy(txn, p)->vlan;
		if (v->mode == VSW_VLAN_PRIVATE && !private_known(&txn->sw_policy, v->vid))
			return vsw_fail(err, errlen,
					"port '%s': VLAN %u is no private VLAN of the switch",
					p->id, v->vid);
	}
	if (include_uplinks(txn, err, errlen) < 0)
		return -1;
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (prepare_queue(txn, it) < 0)
			return vsw_fail(err, errlen, "out of memory");
	txn->vlans = vsw_vlans_build(txn);
	txn->mirrors = vsw_mirrors_new(&txn->sw_policy);
	return txn->vlans && txn->mirrors ? 0 : vsw_fail(err, errlen, "out of memory");
}

static void commit_port(struct vsw_txn_item *it)
{
	struct vsw_port *p = it->port;

	if (it->queue) {
		vsw_queue_flush(p, VSW_DROP_QUEUE_FULL);
		vsw_queue_free(p->queue);
		p->queue = it->queue;
		it->queue = NULL;
	}
	if (it->new_rules) {
		vsw_rules_free(p->rules);
		p->rules = it->rules;
		it->rules = NULL;
	}
	if (memcmp(&p->policy.vlan, &it->policy.vlan, sizeof(p->policy.vlan)) && !p->is_uplink)
		fdb_flush_port(&p->sw->fdb, p->fdb_port,
			       false); /* learnt in VLANs it may not have any more */
	p->policy = it->policy;
	p->policy.rules = p->rules ? p->rules->rule : NULL;
	vsw_queue_set(p->queue, &p->policy.queue);
}

/* Sessions that stay the same go on counting */
static void keep_mirrors(const struct vsw_mirrors *was, struct vsw_mirrors *now)
{
	for (unsigned i = 0; was && i < now->n; i++)
		if (i < was->n && !memcmp(&was->session[i].conf, &now->session[i].conf,
					  sizeof(now->session[i].conf))) {
			now->session[i].sequence = was->session[i].sequence;
			now->session[i].count = was->session[i].count;
			now->session[i].copied = was->session[i].copied;
			now->session[i].missed = was->session[i].missed;
		}
}

void vsw_txn_commit(struct vsw_txn *txn)
{
	struct vsw *sw = txn->sw;

	vsw_vlans_free(sw->vlans);
	sw->vlans = txn->vlans;
	txn->vlans = NULL;
	keep_mirrors(sw->mirrors, txn->mirrors);
	free(sw->mirrors);
	sw->mirrors = txn->mirrors;
	txn->mirrors = NULL;
	sw->policy = txn->sw_policy;
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		commit_port(it);
	vsw_switch_recompile(sw);
	vsw_txn_abort(txn);
}

void vsw_txn_abort(struct vsw_txn *txn)
{
	if (!txn)
		return;
	while (txn->items) {
		struct vsw_txn_item *it = txn->items;

		txn->items = it->next;
		vsw_queue_free(it->queue);
		vsw_rules_free(it->rules);
		free(it);
	}
	vsw_vlans_free(txn->vlans);
	free(txn->mirrors);
	free(txn);
}
