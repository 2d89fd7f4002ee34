// SPDX-License-Identifier: GPL-2.0-or-later
/* A card as a QEMU device: types, creation, reset, removal. See nic.h. */
#include "nic-call.h"
#include "nic-client.h"
#include "nic-config.h"
#include "nic-doorbell.h"
#include "nic-filter.h"
#include "nic-host.h"
#include "nic-power.h"
#include "nic-props.h"
#include "nic-stats.h"
#include "nic-vmstate.h"

static const struct hwnet_model *model_of(struct vc_nic *s)
{
	return VC_NIC_GET_CLASS(s)->model;
}

/* What is done when the core has returned; see nic-call.h. */
static const struct vc_nic_action actions[] = {
	{ VC_RESET, vc_nic_reset_core },
	{ VC_CABLE, vc_nic_plug_cable },
	{ VC_POWER, vc_nic_update_may_run },
	{ VC_TIMER, vc_nic_rearm },
	{ VC_RUN, vc_nic_run },
	{ VC_TX_READY, vc_nic_tx_ready },
	{ VC_LINK, vc_nic_update_link },
	{ VC_FILTER, vc_nic_update_filter },
	{ VC_FLUSH, vc_nic_flush },
	{},
};

static bool make_core(struct vc_nic *s, Error **errp)
{
	char why[160];

	qemu_macaddr_default_if_unset(&s->conf.macaddr);
	memcpy(s->cfg.mac, s->conf.macaddr.a, sizeof(s->cfg.mac));
	s->busy = true; /* what the core asks for while it is being made waits */
	s->core = hwnet_new(model_of(s), &s->cfg, &vc_nic_host, s, why, sizeof(why));
	s->busy = false;
	if (!s->core) {
		error_setg(errp, "%s", why);
		return false;
	}
	hwnet_pci(s->core, &s->ids);
	return true;
}

/* What QEMU has of the card, and what the card has of QEMU. */
static void disconnect(struct vc_nic *s)
{
	s->gone = s->asleep = true;
	s->may_run = false;
	vc_nic_fini_power(s);
	vc_nic_fini_config(s);
	vc_dma_fini(&s->dma);
}

/* What may be on the stack. */
static void finish(Object *obj)
{
	struct vc_nic *s = VC_NIC(obj);

	if (s->client)
		vc_nic_fini_client(s);
	hwnet_free(s->core);
	s->core = NULL;
	vc_nic_fini_calls(s);
	vc_nic_fini_timer(s);
	vc_dma_free(&s->dma);
	g_free(s->flat);
	s->flat = NULL;
}

/* One net client per card: a back end with several queues would be read by nobody but the first. */
static bool check_peer(struct vc_nic *s, Error **errp)
{
	if (s->conf.peers.queues <= 1)
		return true;
	error_setg(errp, "netdev=%s has %d queues; it must have one", s->conf.peers.ncs[0]->name,
		   s->conf.peers.queues);
	return false;
}

static void nic_realize(PCIDevice *pci, Error **errp)
{
	struct vc_nic *s = VC_NIC(pci);

	s->name = DEVICE(s)->id ? DEVICE(s)->id : object_get_typename(OBJECT(s));
	if (!check_peer(s, errp))
		return;
	s->gone = s->asleep = false;
	vc_life_init(&s->life);
	vc_dma_init(&s->dma, pci, s->name, &s->trace);
	vc_nic_init_timer(s);
	vc_nic_init_calls(s, actions);
	vc_nic_init_power(s);
	if (!make_core(s, errp) || !vc_nic_init_config(s, errp)) {
		disconnect(s);
		finish(OBJECT(s));
		return;
	}
	vc_nic_init_client(s);
	vc_nic_later(s, VC_FILTER);
	vc_nic_add_stats(s);
}

static void nic_exit(PCIDevice *pci)
{
	struct vc_nic *s = VC_NIC(pci);

	/* Never at once: QEMU's net layer may be walking over its clients. */
	vc_life_hold(&s->life);
	vc_nic_del_stats(s);
	disconnect(s);
	vc_life_end(&s->life, OBJECT(s), finish);
	vc_life_put(&s->life);
}

/* Express must be known before config space is made, whose size depends on it. */
static void nic_pre_realize(DeviceState *dev, Error **errp)
{
	const struct vc_nic_class *klass = VC_NIC_GET_CLASS(dev);

	if (object_class_dynamic_cast(OBJECT_CLASS(klass), INTERFACE_PCIE_DEVICE))
		PCI_DEVICE(dev)->cap_present |= QEMU_PCI_CAP_EXPRESS;
	klass->pci_realize(dev, errp);
}

static void nic_reset(DeviceState *dev)
{
	struct vc_nic *s = VC_NIC(dev);

	vc_trace(s, VC_TRACE_STATE, "reset");
	vc_nic_reset_power(s);
	vc_nic_update_may_run(s);
	vc_nic_do(s, VC_RESET);
	vc_nic_later(s, VC_POWER); /* the bus may reset the command register after us */
}

static void nic_instance_init(Object *obj)
{
	struct vc_nic *s = VC_NIC(obj);

	hwnet_config_init(model_of(s), &s->cfg);
	device_add_bootindex_property(obj, &s->conf.bootindex, "bootindex", "/ethernet-phy@0",
				      DEVICE(obj));
}

/* A host for cards that are made only to be asked for their config space. */
static void quiet_timer(void *opaque, int64_t deadline)
{
}

static void quiet(void *opaque)
{
}

static void quiet_intx(void *opaque, bool level)
{
}

static int64_t quiet_now(void *opaque)
{
	return 0;
}

/* What a model shows with default properties. */
static void default_ids(const struct hwnet_model *model, struct hwnet_pci *ids)
{
	static const struct hwnet_host host = {
		.now = quiet_now,
		.timer = quiet_timer,
		.intx = quiet_intx,
		.kick = quiet,
		.rx_ready = quiet,
		.rx_filter_changed = quiet,
		.link_changed = quiet,
	};
	struct hwnet_config cfg;
	struct hwnet_nic *nic;
	char why[160];

	hwnet_config_init(model, &cfg);
	nic = hwnet_new(model, &cfg, &host, NULL, why, sizeof(why));
	assert(nic); /* defaults are good */
	hwnet_pci(nic, ids);
	hwnet_free(nic);
}

static void base_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

	pc->realize = nic_realize;
	pc->exit = nic_exit;
	pc->config_write = vc_nic_write_config;
	dc->vmsd = &vc_nic_vmstate;
	set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
	vc_set_reset(dc, nic_reset);
	device_class_set_parent_realize(dc, nic_pre_realize, &VC_NIC_CLASS(klass)->pci_realize);
	vc_nic_class_props(klass, NULL);
}

static void model_class_init(ObjectClass *klass, vc_class_data *data)
{
	const struct hwnet_model *model = (const struct hwnet_model *)data;
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);
	struct hwnet_pci ids;

	default_ids(model, &ids);
	VC_NIC_CLASS(klass)->model = model;
	DEVICE_CLASS(klass)->desc = model->desc;
	pc->vendor_id = ids.vendor;
	pc->device_id = ids.device;
	pc->revision = ids.revision;
	pc->class_id = ids.class_code >> 8;
	pc->subsystem_vendor_id = ids.subsys_vendor;
	pc->subsystem_id = ids.subsys_device;
	pc->romfile = (char *)ids.rom;
	vc_nic_class_props(klass, model);
}

static const TypeInfo base_type = {
	.name = TYPE_VC_NIC,
	.parent = TYPE_PCI_DEVICE,
	.abstract = true,
	.instance_size = sizeof(struct vc_nic),
	.class_size = sizeof(struct vc_nic_class),
	.class_init = base_class_init,
};

static void register_model(const struct hwnet_model *model)
{
	static vc_interfaces plain[] = { { INTERFACE_CONVENTIONAL_PCI_DEVICE }, {} };
	static vc_interfaces hybrid[] = { { INTERFACE_PCIE_DEVICE },
					  { INTERFACE_CONVENTIONAL_PCI_DEVICE },
					  {} };
	g_autofree char *name = g_strconcat("vc-", model->name, NULL);
	struct hwnet_pci ids;
	TypeInfo type = {
		.name = name,
		.parent = TYPE_VC_NIC,
		.instance_init = nic_instance_init,
		.class_init = model_class_init,
		.class_data = (void *)model,
	};

	default_ids(model, &ids);
	type.interfaces = ids.pcie_off ? hybrid : plain;
	type_register_static(&type); /* copies what is static here and what is not */
}

static void register_types(void)
{
	type_register_static(&base_type);
	for (const struct hwnet_model *const *m = hwnet_models(); *m; m++)
		register_model(*m);
}
type_init(register_types)
