/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards of a machine: ethernet0 to ethernet9 (machine.h has the theory). */
#include <string.h>

#include "machine.h"
#include "report.h"

static const struct model models[] = {
	{ "vmxnet3", "vc-vmxnet3" },
	{ "e1000", "vc-e1000-82545em" },
	{ "e1000e", "e1000e", "is QEMU's own e1000e, on a port of this switch" },
	{ "vlance", "vc-pcnet" },
	{ "flexible", "vc-pcnet",
	  "with VMware's tools in the guest it was a vmxnet card, and is an AMD PCnet now: see "
	  "that the "
	  "guest has that driver, or make it vmxnet3" },
	{ "vmxnet", "vc-pcnet",
	  "is an AMD PCnet now, since there is no vmxnet 1 or 2: see that the guest has that "
	  "driver, or "
	  "make it vmxnet3" },
};

static const struct model *find_model(const char *name)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(models); i++)
		if (!g_ascii_strcasecmp(models[i].vmx, name))
			return &models[i];
	return NULL;
}

/* What VMware takes if virtualDev is not there */
static const struct model *untold_model(const struct vmx *v)
{
	const struct vmx_value *os = vmxfile_find(v, "guestOS");

	return find_model(os && g_str_has_suffix(os->text, "-64") ? "e1000" : "flexible");
}

static bool read_model(struct card *c, const struct vmx *v, struct host *h, struct trouble *bad)
{
	const struct vmx_value *dev = vmxfile_find(v, "ethernet%u.virtualDev", c->index);

	c->model = dev ? find_model(dev->text) : untold_model(v);
	if (!c->model)
		return trouble_at(
			bad, v->file, dev->line,
			"no card '%s' here; there are vmxnet3, e1000, e1000e, vlance, flexible, "
			"vmxnet",
			dev->text);
	if (dev)
		c->line = dev->line;
	if (!dev)
		notes_decide(
			h->notes, v->file, c->line,
			"ethernet%u has no virtualDev, and is made '%s': see what the guest had",
			c->index, c->model->vmx);
	if (c->model->note)
		notes_decide(h->notes, v->file, c->line, "ethernet%u %s", c->index, c->model->note);
	return true;
}

/* An address of one station, as XX:XX:XX:XX:XX:XX */
static bool sound_mac(const char *text)
{
	for (unsigned i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
			return false;
	return !text[17] && !(g_ascii_xdigit_value(text[1]) & 1) &&
	       strcmp(text, "00:00:00:00:00:00");
}

static bool read_mac(struct card *c, const struct vmx *v, struct host *h, struct trouble *bad)
{
	const struct vmx_value *type = vmxfile_find(v, "ethernet%u.addressType", c->index);
	bool given = type && !g_ascii_strcasecmp(type->text, "static");
	const struct vmx_value *mac = vmxfile_find(
		v, given ? "ethernet%u.address" : "ethernet%u.generatedAddress", c->index);

	if (type && !given && g_ascii_strcasecmp(type->text, "generated") &&
	    g_ascii_strcasecmp(type->text, "vpx"))
		return trouble_at(bad, v->file, type->line,
				  "no addressType '%s'; there are generated, static, vpx",
				  type->text);
	if (!mac && !type)
		mac = vmxfile_find(v, "ethernet%u.address", c->index);
	if (mac && !sound_mac(mac->text))
		return trouble_at(bad, v->file, mac->line, "'%s' is no address of a station",
				  mac->text);
	if (!mac && given)
		return trouble_at(bad, v->file, type->line, "ethernet%u.address is missing",
				  c->index);
	if (!mac)
		notes_decide(h->notes, v->file, c->line,
			     "ethernet%u has no address yet, as a machine that never ran; QEMU "
			     "numbers its "
			     "cards from the same one in each process: give it one with mac=",
			     c->index);
	c->mac = mac ? g_ascii_strdown(mac->text, -1) : NULL;
	return true;
}

static bool taken(const struct machine *m, int slot)
{
	for (unsigned i = 0; i < m->n_cards; i++)
		if (m->card[i].slot == slot)
			return true;
	return false;
}

/* Slots of VMware's root ports, in its order: 160, 192, 224, 256, 161, 193, ... */
static int free_slot(const struct machine *m)
{
	int slot;

	for (unsigned i = 0; taken(m, slot = 160 + 32 * (int)(i % 4) + (int)i / 4); i++)
		;
	return slot;
}

static bool read_slot(struct machine *m, struct card *c, const struct vmx *v, struct host *h,
		      struct trouble *bad)
{
	const struct vmx_value *at = vmxfile_find(v, "ethernet%u.pciSlotNumber", c->index);
	gint64 n;

	if (!vmxfile_number(v, -1, -1, MACHINE_SLOT_MAX, &n, bad, "ethernet%u.pciSlotNumber",
			    c->index))
		return false;
	c->slot = n > 0 ? (int)(n % 1024 + n / 1024) : 0;
	if (c->slot && taken(m, c->slot))
		return trouble_at(bad, v->file, at->line,
				  "another card has pciSlotNumber %s already", at->text);
	if (!c->slot) {
		c->slot = free_slot(m);
		notes_decide(
			h->notes, v->file, at ? at->line : c->line,
			"ethernet%u has no pciSlotNumber, and gets %d: see how the guest called "
			"its "
			"interface",
			c->index, c->slot);
	}
	return true;
}

/* A group that no input describes: nothing passes until somebody has said what it is */
static struct group *unknown_group(struct host *h, const struct vmx *v, unsigned line,
				   const char *name)
{
	struct group *g = host_group(h, name, v->file, line);

	if (g->made)
		return g;
	g->made = g->blocked = true;
	if (!h->switches->len)
		host_switch(h, "vSwitch0", v->file, line)->described = true;
	g_free(g->switch_name);
	g->switch_name = g_strdup(((struct vswitch *)h->switches->pdata[0])->name);
	notes_decide(h->notes, v->file, line,
		     "no input describes port group '%s': its VLAN is not known, so it is blocked",
		     name);
	return g;
}

static void read_group(struct card *c, const struct vmx *v, struct host *h)
{
	const struct vmx_value *dvs = vmxfile_find(v, "ethernet%u.dvs.portgroupId", c->index);
	const struct vmx_value *name = vmxfile_find(v, "ethernet%u.networkName", c->index);
	const struct vmx_value *type = vmxfile_find(v, "ethernet%u.connectionType", c->index);
	const struct vmx_value *at = dvs && *dvs->text	 ? dvs :
				     name && *name->text ? name :
				     type && *type->text ? type :
							   NULL;
	const char *group = at ? at->text : "unconnected";

	c->group = host_find_group(h, group);
	if (!c->group || !c->group->described)
		c->group = unknown_group(h, v, at ? at->line : c->line, group);
}

static void drops(const struct card *c, const struct vmx *v, struct host *h)
{
	const struct vmx_value *filter = vmxfile_find(v, "ethernet%u.filter0.name", c->index);

	if (filter)
		notes_left(h->notes, v->file, filter->line, "filter '%s' of ethernet%u",
			   filter->text, c->index);
}

static bool read_card(struct machine *m, unsigned index, unsigned line, const struct vmx *v,
		      struct host *h, struct trouble *bad)
{
	struct card c = { .index = index, .line = line };

	if (!read_model(&c, v, h, bad) || !read_mac(&c, v, h, bad) ||
	    !read_slot(m, &c, v, h, bad) ||
	    !vmxfile_bool(v, true, &c.start, bad, "ethernet%u.startConnected", index)) {
		g_free(c.mac);
		return false;
	}
	read_group(&c, v, h);
	drops(&c, v, h);
	if (!c.start)
		notes_decide(h->notes, v->file,
			     vmxfile_find(v, "ethernet%u.startConnected", index)->line,
			     "ethernet%u starts with its cable out: its port is blocked in the "
			     "document; "
			     "'set_link ethernet%u off' in QEMU's monitor shows the guest no "
			     "carrier, too",
			     index, index);
	m->card[m->n_cards++] = c;
	return true;
}

bool machine_cards(struct machine *m, const struct vmx *v, struct host *h, struct trouble *bad)
{
	for (unsigned i = 0; i < MACHINE_CARDS; i++) {
		const struct vmx_value *present = vmxfile_find(v, "ethernet%u.present", i);
		bool there;

		if (!vmxfile_bool(v, false, &there, bad, "ethernet%u.present", i))
			return false;
		if (there && !read_card(m, i, present->line, v, h, bad))
			return false;
		if (host_full(h, v->file, 1, bad))
			return false;
	}
	return true;
}
