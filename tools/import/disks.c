/* SPDX-License-Identifier: BSD-2-Clause */
/* Disks of a machine, and what they are on. */
#include <string.h>

#include "machine.h"
#include "report.h"

/* struct controller - a kind of SCSI controller; @note: what is to be known, or NULL */
struct controller {
	const char *vmx, *device, *note;
};

static const struct controller controllers[] = {
	{ "lsilogic", "lsi53c895a",
	  "was an LSI Logic, which is a 53c1030, and is a 53c895a now: the guest needs that "
	  "driver" },
	{ "pvscsi", "pvscsi" },
	{ "lsisas1068", "mptsas1068" },
	{ "buslogic", "lsi53c895a",
	  "was a BusLogic, which QEMU does not have, and is a 53c895a now: the guest needs that "
	  "driver" },
};

static const struct {
	const char *name;
	unsigned controllers, units;
} buses[BUSES] = {
	[BUS_SCSI] = { "scsi", 4, 16 },
	[BUS_SATA] = { "sata", 4, 30 },
	[BUS_IDE] = { "ide", 2, 2 },
	[BUS_NVME] = { "nvme", 4, 15 },
};

static bool read_controller(struct machine *m, unsigned n, const struct vmx *v, struct host *h,
			    struct trouble *bad)
{
	const struct vmx_value *dev = vmxfile_find(v, "scsi%u.virtualDev", n);
	const char *name = dev ? dev->text : "lsilogic";
	const struct controller *c = NULL;

	for (unsigned i = 0; i < G_N_ELEMENTS(controllers); i++)
		if (!g_ascii_strcasecmp(controllers[i].vmx, name))
			c = &controllers[i];
	if (!c)
		return trouble_at(
			bad, v->file, dev->line,
			"no controller '%s'; there are pvscsi, lsilogic, lsisas1068, buslogic",
			name);
	m->scsi[n] = c->device;
	if (c->note)
		notes_decide(h->notes, v->file, dev ? dev->line : 1, "scsi%u %s", n, c->note);
	return true;
}

/* Does a name end as that of a snapshot's delta does: -000001.vmdk? */
static bool is_delta(const char *file)
{
	size_t n = strlen(file);
	const char *end = n > 12 ? file + n - 12 : NULL;

	return end && *end == '-' && strspn(end + 1, G_CSET_DIGITS) == 6 &&
	       !g_ascii_strcasecmp(end + 7, ".vmdk");
}

static void disk_notes(const struct disk *d, const struct vmx *v, struct host *h)
{
	if (is_delta(d->file))
		notes_decide(
			h->notes, v->file, d->line,
			"'%s' has what changed since a snapshot: all files of the chain must stand "
			"beside it to be converted, and the snapshots end; or consolidate on "
			"ESXi first",
			d->file);
	if (d->bus == BUS_IDE)
		notes_decide(
			h->notes, v->file, d->line,
			"'%s' was on IDE and is on AHCI now: see that the guest has that driver "
			"before "
			"it moves",
			d->file);
}

static bool add_disk(struct machine *m, struct disk *d, const char *name, const struct vmx *v,
		     struct host *h, struct trouble *bad)
{
	d->image = g_strdup_printf("%s-%s%u-%u.qcow2", m->safe_name, name, d->controller, d->unit);
	g_ptr_array_add(m->disks, d);
	disk_notes(d, v, h);
	return d->bus != BUS_SCSI || m->scsi[d->controller] ?
		       true :
		       read_controller(m, d->controller, v, h, bad);
}

static bool read_disk(struct machine *m, enum bus bus, unsigned c, unsigned u, const struct vmx *v,
		      struct host *h, struct trouble *bad)
{
	const char *name = buses[bus].name;
	const struct vmx_value *file = vmxfile_find(v, "%s%u:%u.fileName", name, c, u);
	const struct vmx_value *type = vmxfile_find(v, "%s%u:%u.deviceType", name, c, u);
	struct disk *d;
	bool there;

	if (!vmxfile_bool(v, false, &there, bad, "%s%u:%u.present", name, c, u))
		return false;
	if (!there)
		return true;
	if (type && !strstr(type->text, "isk")) {
		notes_left(h->notes, v->file, type->line, "%s%u:%u, which is '%s', with '%s' in it",
			   name, c, u, type->text, file ? file->text : "nothing");
		return true;
	}
	if (!file || !*file->text)
		return trouble_at(bad, v->file,
				  vmxfile_find(v, "%s%u:%u.present", name, c, u)->line,
				  "%s%u:%u.fileName is missing", name, c, u);
	if (m->disks->len == MACHINE_DISKS)
		return trouble_at(bad, v->file, file->line, "more than %u disks", MACHINE_DISKS);
	if ((bus == BUS_SATA || bus == BUS_IDE) && m->n_ahci++ == MACHINE_AHCI)
		return trouble_at(
			bad, v->file, file->line,
			"more than %u disks on SATA and IDE, which is what the machine has",
			MACHINE_AHCI);
	if (bus == BUS_NVME && m->n_nvme++ == MACHINE_NVME)
		return trouble_at(bad, v->file, file->line, "more than %u disks on NVMe",
				  MACHINE_NVME);
	d = g_new0(struct disk, 1);
	*d = (struct disk) { bus, c, u, file->line, g_strdup(file->text) };
	return add_disk(m, d, name, v, h, bad);
}

bool machine_disks(struct machine *m, const struct vmx *v, struct host *h, struct trouble *bad)
{
	for (unsigned b = 0; b < BUSES; b++)
		for (unsigned c = 0; c < buses[b].controllers; c++)
			for (unsigned u = 0; u < buses[b].units; u++)
				if (!read_disk(m, b, c, u, v, h, bad))
					return false;
	return true;
}
