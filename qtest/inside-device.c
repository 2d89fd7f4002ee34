/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device whose register acts on other devices, from inside whatever call writes it.
 *
 * DOC: Theory of Operation
 *
 * A guest can have a card's message or a stock card's DMA end in any register, a bridge's among
 * them, and so unplug or reset a card whose frame is on the way. What it cannot bring about, an
 * event loop inside some device's register could: set_link, netdev_del, a saved state. The device
 * "vc-inside" stands for all of them: a byte written anywhere into its BAR is the number of an act
 * of its property `acts`, which is carried out before the write returns. This file is preloaded
 * into the QEMU under test and is no part of the plug-in.
 *
 * `acts` is a list of lines, one for each number from 1, of words that may be joined by " & ":
 *
 *   unplug ID                 as a slot's ejector does it
 *   reset ID                  as the bridge above does it
 *   config ID OFFSET BYTE     one byte into its config space
 *   register ID BAR OFFSET VALUE  four bytes into its memory BAR
 *   link CLIENT on|off        set_link
 *   device_del ID, netdev_del ID
 *   port_add ID SWITCH
 *   save ID, load ID          its state; what was saved last
 *   request_stop              as devices do, who may be in a timer
 *   stop, cont, system_reset, query ID (its properties stats and setup)
 *   loop                      an event loop: bottom halves run
 *
 * `log` tells what became of them: a line each, "ok" or the error. A byte written while an act is
 * carried out is not obeyed.
 */
#include "../hw-net/qemu/compat.h"
#include "block/aio-wait.h"
#include "block/block.h"
#include "io/channel-buffer.h"
#include "migration/qemu-file-types.h"
#include "../migration/qemu-file.h"
#include "monitor/qdev.h"
#include "qapi/qapi-commands-net.h"
#include "qapi/qapi-commands-qdev.h"
#include "qom/qom-qobject.h"
#include <dlfcn.h>

#define TYPE_INSIDE "vc-inside"
DECLARE_INSTANCE_CHECKER(struct inside, INSIDE, TYPE_INSIDE)

/**
 * struct inside - The device
 * @acts: @log: the properties
 * @busy: An act is being carried out
 */
struct inside {
	PCIDevice pci;
	MemoryRegion bar;
	char *acts;
	GString *log;
	bool busy;
};

/* The one there is. */
static PCIDevice *inside;

static DeviceState *device(const char *id, Error **errp)
{
	DeviceState *dev = id ? qdev_find_recursive(sysbus_get_default(), id) : NULL;

	if (!dev)
		error_setg(errp, "no device %s", id ? id : "");
	return dev;
}

static void unplug(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);

	if (dev)
		object_unparent(OBJECT(dev));
}

static void reset(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);

	if (dev)
		device_cold_reset(dev);
}

static void config(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);

	if (dev)
		PCI_DEVICE_GET_CLASS(dev)->config_write(PCI_DEVICE(dev), strtoul(w[2], NULL, 0),
							strtoul(w[3], NULL, 0), 1);
}

static void write_register(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);
	uint32_t val = cpu_to_le32(strtoul(w[4], NULL, 0));
	pcibus_t bar;

	if (!dev)
		return;
	bar = PCI_DEVICE(dev)->io_regions[strtoul(w[2], NULL, 0)].addr;
	if (bar == PCI_BAR_UNMAPPED)
		error_setg(errp, "%s: not mapped", w[1]);
	else
		address_space_write(pci_get_address_space(inside), bar + strtoul(w[3], NULL, 0),
				    MEMTXATTRS_UNSPECIFIED, &val, sizeof(val));
}

static void set_link(char **w, Error **errp)
{
	qmp_set_link(w[1], !strcmp(w[2], "on"), errp);
}

static void device_del(char **w, Error **errp)
{
	qmp_device_del(w[1], errp);
}

static void netdev_del(char **w, Error **errp)
{
	qmp_netdev_del(w[1], errp);
}

static void port_add(char **w, Error **errp)
{
	DeviceState *dev = qdev_new("vc-port");

	qdev_set_id(dev, g_strdup(w[1]), errp);
	qdev_prop_set_string(dev, "switch", w[2]);
	if (!qdev_realize(dev, NULL, errp))
		object_unparent(OBJECT(dev));
	object_unref(OBJECT(dev));
}

/*
 * A saved state of one device. Its line is down in it, and when it is loaded: how many lines are up
 * is state of the bus, which is not loaded with it.
 */
static GByteArray *saved;

static void save(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);
	QIOChannelBuffer *to;
	QEMUFile *f;

	if (!dev)
		return;
	if (PCI_DEVICE(dev)->irq_state) {
		error_setg(errp, "%s: its line is up", w[1]);
		return;
	}
	to = qio_channel_buffer_new(1 << 16);
	f = qemu_file_new_output(QIO_CHANNEL(to));
	if (vmstate_save_state(f, qdev_get_vmsd(dev), dev, NULL))
		error_setg(errp, "not saved");
	qemu_fflush(f);
	g_clear_pointer(&saved, g_byte_array_unref);
	saved = g_byte_array_append(g_byte_array_new(), to->data, to->usage);
	qemu_fclose(f);
	object_unref(OBJECT(to));
}

static void load(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);
	QIOChannelBuffer *from;
	QEMUFile *f;

	if (!dev || !saved || !saved->len)
		return;
	pci_irq_deassert(PCI_DEVICE(dev));
	from = qio_channel_buffer_new(saved->len);
	memcpy(from->data, saved->data, saved->len);
	from->usage = saved->len;
	f = qemu_file_new_input(QIO_CHANNEL(from));
	if (vmstate_load_state(f, qdev_get_vmsd(dev), dev, qdev_get_vmsd(dev)->version_id))
		error_setg(errp, "not loaded");
	qemu_fclose(f);
	object_unref(OBJECT(from));
}

static void stop(char **w, Error **errp)
{
	vm_stop(RUN_STATE_PAUSED);
}

static void request_stop(char **w, Error **errp)
{
	qemu_system_vmstop_request_prepare();
	qemu_system_vmstop_request(RUN_STATE_PAUSED);
}

static void cont(char **w, Error **errp)
{
	vm_start();
}

static void system_reset(char **w, Error **errp)
{
	qemu_system_reset(SHUTDOWN_CAUSE_GUEST_RESET);
}

static void query(char **w, Error **errp)
{
	DeviceState *dev = device(w[1], errp);

	if (!dev)
		return;
	qobject_unref(object_property_get_qobject(OBJECT(dev), "stats", errp));
	if (object_property_find(OBJECT(dev), "setup"))
		qobject_unref(object_property_get_qobject(OBJECT(dev), "setup", NULL));
}

static void loop(char **w, Error **errp)
{
	for (unsigned i = 0; i < 4; i++)
		aio_poll(qemu_get_aio_context(), false);
}

static const struct {
	const char *word;
	unsigned args;
	void (*act)(char **w, Error **errp);
} rows[] = {
	{ "unplug", 1, unplug },
	{ "reset", 1, reset },
	{ "config", 3, config },
	{ "register", 4, write_register },
	{ "link", 2, set_link },
	{ "device_del", 1, device_del },
	{ "netdev_del", 1, netdev_del },
	{ "port_add", 2, port_add },

	{ "save", 1, save },
	{ "load", 1, load },
	{ "stop", 0, stop },
	{ "request_stop", 0, request_stop },
	{ "cont", 0, cont },
	{ "query", 1, query },
	{ "system_reset", 0, system_reset },
	{ "loop", 0, loop },
};

static void act(struct inside *s, const char *line)
{
	g_auto(GStrv) w = g_strsplit(line, " ", 0);
	Error *err = NULL;
	unsigned i = 0;

	while (i < ARRAY_SIZE(rows) && g_strcmp0(rows[i].word, w[0]))
		i++;
	if (i == ARRAY_SIZE(rows) || g_strv_length(w) != rows[i].args + 1)
		error_setg(&err, "no such act: %s", line);
	else
		rows[i].act(w, &err);
	g_string_append_printf(s->log, "%s\n", err ? error_get_pretty(err) : "ok");
	error_free(err);
}

static void obey(struct inside *s, unsigned number)
{
	g_auto(GStrv) lines = g_strsplit(s->acts ? s->acts : "", "\n", 0);
	g_auto(GStrv) parts = NULL;

	if (!number || number > g_strv_length(lines) || s->busy)
		return;
	s->busy = true;
	parts = g_strsplit(lines[number - 1], " & ", 0);
	for (unsigned i = 0; parts[i]; i++)
		act(s, parts[i]);
	s->busy = false;
}

static uint64_t read_bar(void *opaque, hwaddr addr, unsigned size)
{
	return 0;
}

static void write_bar(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
	obey(opaque, (uint8_t)val);
}

static const MemoryRegionOps ops = {
	.read = read_bar,
	.write = write_bar,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
	.impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

static char *get_log(Object *obj, Error **errp)
{
	return g_strdup(INSIDE(obj)->log->str);
}

static char *get_acts(Object *obj, Error **errp)
{
	return g_strdup(INSIDE(obj)->acts);
}

static void set_acts(Object *obj, const char *text, Error **errp)
{
	struct inside *s = INSIDE(obj);

	g_free(s->acts);
	s->acts = g_strdup(text);
	g_string_truncate(s->log, 0);
}

static void inside_realize(PCIDevice *pci, Error **errp)
{
	struct inside *s = INSIDE(pci);

	inside = pci;
	s->log = g_string_new("");
	memory_region_init_io(&s->bar, OBJECT(s), &ops, s, TYPE_INSIDE, 4096);
	pci_register_bar(pci, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->bar);
}

static void inside_class_init(ObjectClass *klass, vc_class_data *data)
{
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

	pc->realize = inside_realize;
	pc->vendor_id = PCI_VENDOR_ID_REDHAT_QUMRANET;
	pc->device_id = 0x10f0;
	pc->class_id = PCI_CLASS_OTHERS;
	DEVICE_CLASS(klass)->user_creatable = true;
	object_class_property_add_str(klass, "acts", get_acts, set_acts);
	object_class_property_add_str(klass, "log", get_log, NULL);
}

static vc_interfaces interfaces[] = { { INTERFACE_CONVENTIONAL_PCI_DEVICE }, {} };

static const TypeInfo type = {
	.name = TYPE_INSIDE,
	.parent = TYPE_PCI_DEVICE,
	.instance_size = sizeof(struct inside),
	.class_init = inside_class_init,
	.interfaces = interfaces,
};

static void register_types(void)
{
	type_register_static(&type);
}

/* The shell that starts QEMU has this file preloaded, too, and is to live with it. */
__attribute__((constructor)) static void register_with_qemu(void)
{
	if (dlsym(RTLD_DEFAULT, "register_module_init"))
		register_module_init(register_types, MODULE_INIT_QOM);
}
