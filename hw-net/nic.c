/* SPDX-License-Identifier: BSD-2-Clause */
/* The contract's functions: what is common to all models, then the model's own. See hwnet/nic.h and
 * model.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "model.h"

/* Models are one file set each; a build may leave some out. */
static const struct hwnet_model *const models[] = {
#ifdef HWNET_WITH_E1000
	&hwnet_e1000,	&hwnet_e1000_82544gc, &hwnet_e1000_82545em,
#endif
#ifdef HWNET_WITH_PCNET
	&hwnet_pcnet,
#endif
#ifdef HWNET_WITH_VMXNET3
	&hwnet_vmxnet3,
#endif
	NULL,
};

const struct hwnet_model *const *hwnet_models(void)
{
	return models;
}

const struct hwnet_model *hwnet_find_model(const char *name)
{
	for (const struct hwnet_model *const *m = models; *m; m++)
		if (!strcmp((*m)->name, name))
			return *m;
	return NULL;
}

void hwnet_config_init(const struct hwnet_model *model, struct hwnet_config *cfg)
{
	memset(cfg, 0, sizeof(*cfg));
	for (unsigned i = 0; model->props[i].name; i++)
		cfg->values[i] = model->props[i].def;
}

static unsigned choices_count(const struct hwnet_prop *p)
{
	unsigned n = 0;

	while (p->choices[n])
		n++;
	return n;
}

/* NULL, or what is wrong with a property's value. */
static const char *prop_check(const struct hwnet_prop *p, uint64_t v)
{
	switch (p->kind) {
	case HWNET_PROP_BOOL:
		return v <= 1 ? NULL : "must be on or off";
	case HWNET_PROP_ENUM:
		return v < choices_count(p) ? NULL : "is not one of its choices";
	default:
		return v >= p->min && v <= p->max ? NULL : "is out of range";
	}
}

static int config_check(const struct hwnet_model *model, const struct hwnet_config *cfg, char *err,
			size_t errlen)
{
	if (cfg->mac[0] & 1) {
		snprintf(err, errlen, "mac: a group address cannot be a card's own");
		return -1;
	}
	for (unsigned i = 0; model->props[i].name; i++) {
		const struct hwnet_prop *p = &model->props[i];
		const char *why = prop_check(p, cfg->values[i]);

		if (!why)
			continue;
		if (p->kind == HWNET_PROP_UINT)
			snprintf(err, errlen, "%s=%llu %s: %llu to %llu", p->name,
				 (unsigned long long)cfg->values[i], why,
				 (unsigned long long)p->min, (unsigned long long)p->max);
		else
			snprintf(err, errlen, "%s %s", p->name, why);
		return -1;
	}
	return 0;
}

struct hwnet_nic *hwnet_new(const struct hwnet_model *model, const struct hwnet_config *cfg,
			    const struct hwnet_host *host, void *opaque, char *err, size_t errlen)
{
	const struct hwnet_model_ops *ops = model->ops;
	struct hwnet_nic *nic;

	if (config_check(model, cfg, err, errlen))
		return NULL;
	nic = calloc(1, ops->nic_size);
	if (nic)
		nic->state = calloc(2, ops->state_size);
	if (!nic || !nic->state) {
		free(nic);
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	nic->shadow = (char *)nic->state + ops->state_size;
	nic->model = model;
	nic->host = host;
	nic->opaque = opaque;
	nic->cfg = *cfg;
	nic->carrier = true;
	nic->armed = HWNET_NEVER;
	ops->state_reset(nic, nic->state);
	if (ops->init(nic, err, errlen)) {
		free(nic->state);
		free(nic);
		return NULL;
	}
	return nic;
}

void hwnet_free(struct hwnet_nic *nic)
{
	if (!nic)
		return;
	hwnet_intx(nic, false);
	hwnet_arm(nic, HWNET_NEVER);
	free(nic->state);
	free(nic);
}

void hwnet_pci(const struct hwnet_nic *nic, struct hwnet_pci *pci)
{
	memset(pci, 0, sizeof(*pci));
	nic->model->ops->pci(nic, pci);
}

void hwnet_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind)
{
	nic->model->ops->reset(nic, kind);
}

void hwnet_set_carrier(struct hwnet_nic *nic, bool up)
{
	if (up == nic->carrier)
		return;
	nic->carrier = up;
	nic->model->ops->set_carrier(nic, up);
}

void hwnet_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	nic->model->ops->link(nic, link);
}

uint64_t hwnet_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size)
{
	return nic->model->ops->read(nic, bar, off, size);
}

void hwnet_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	nic->model->ops->write(nic, bar, off, val, size);
}

bool hwnet_run(struct hwnet_nic *nic, unsigned budget)
{
	return nic->model->ops->run(nic, budget);
}

void hwnet_timer(struct hwnet_nic *nic)
{
	nic->armed = HWNET_NEVER; /* the host's wish is used up; the model arms again */
	nic->model->ops->timer(nic);
}

unsigned hwnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = nic->model->ops->rx(nic, pkts, n);

	nic->counters.rx_held += taken < n;
	return taken;
}

uint32_t hwnet_rx_caps(const struct hwnet_nic *nic)
{
	return nic->model->ops->rx_caps(nic);
}

void hwnet_tx_ready(struct hwnet_nic *nic)
{
	nic->model->ops->tx_ready(nic);
}

void hwnet_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f)
{
	memset(f, 0, sizeof(*f));
	nic->model->ops->rx_filter(nic, f);
}

const struct hwnet_counters *hwnet_counters(const struct hwnet_nic *nic)
{
	return &nic->counters;
}

const char *hwnet_counter(const struct hwnet_counters *counters, unsigned i, uint64_t *value)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "tx-frames", counters->tx_frames },
		{ "tx-bytes", counters->tx_bytes },
		{ "tx-gso", counters->tx_gso },
		{ "rx-frames", counters->rx_frames },
		{ "rx-bytes", counters->rx_bytes },
		{ "rx-gso", counters->rx_gso },
		{ "rx-filtered", counters->rx_filtered },
		{ "rx-dropped", counters->rx_dropped },
		{ "rx-no-buffer", counters->rx_no_buffer },
		{ "rx-held", counters->rx_held },
		{ "interrupts", counters->interrupts },
		{ "doorbells", counters->doorbells },
		{ "guest-errors", counters->guest_errors },
	};

	_Static_assert(sizeof(*counters) == HWNET_COUNT(rows) * sizeof(uint64_t), "a name each");
	if (i >= HWNET_COUNT(rows))
		return NULL;
	*value = rows[i].value;
	return rows[i].name;
}

void hwnet_set_counters(struct hwnet_nic *nic, const struct hwnet_counters *counters)
{
	nic->counters = *counters;
}

bool hwnet_wake(struct hwnet_nic *nic, const struct pkt *pkt)
{
	return nic->model->ops->wake && nic->model->ops->wake(nic, pkt);
}

size_t hwnet_state_max(const struct hwnet_nic *nic)
{
	const struct hwnet_model_ops *ops = nic->model->ops;

	return hwnet_state_size(nic->model->name, ops->fields, ops->n_fields) +
	       hwnet_config_size(nic->model);
}

size_t hwnet_save(struct hwnet_nic *nic, void *buf, size_t cap)
{
	const struct hwnet_model_ops *ops = nic->model->ops;
	size_t len;

	if (cap < hwnet_state_max(nic))
		return 0;
	len = hwnet_state_save(nic->model->name, ops->fields, ops->n_fields, nic->state, buf);
	return len + hwnet_config_save(nic->model, &nic->cfg, (uint8_t *)buf + len);
}

int hwnet_check(struct hwnet_nic *nic, const void *buf, size_t len, char *err, size_t errlen)
{
	const struct hwnet_model_ops *ops = nic->model->ops;
	const char *why;

	if (hwnet_config_check(nic->model, &nic->cfg, buf, len, err, errlen))
		return -1;
	memset(nic->shadow, 0, ops->state_size);
	ops->state_reset(nic, nic->shadow);
	if (hwnet_state_load(nic->model->name, ops->fields, ops->n_fields, nic->shadow, buf, len,
			     err, errlen))
		return -1;
	why = ops->state_check(nic, nic->shadow);
	if (why)
		snprintf(err, errlen, "saved state: %s", why);
	return why ? -1 : 0;
}

int hwnet_load(struct hwnet_nic *nic, const void *buf, size_t len, char *err, size_t errlen)
{
	const struct hwnet_model_ops *ops = nic->model->ops;

	if (hwnet_check(nic, buf, len, err, errlen))
		return -1;
	memcpy(nic->state, nic->shadow, ops->state_size);
	ops->loaded(nic);
	return 0;
}
