/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain of libvirt: what it has words for in its own, cards on our ports handed through. */
#include <string.h>

#include "command.h"
#include "network.h"

#define EMULATOR "/usr/bin/qemu-vchassis"
#define IMAGES	 "/var/lib/libvirt/images"
#define SOCKET	 "/run/vchassis/control.sock"
/* libvirt fills the machine's own bus from its beginning */
#define FIRST_ADDR 0x10

static void G_GNUC_PRINTF(2, 3) put(GString *to, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = g_markup_vprintf_escaped(fmt, args);
	va_end(args);
	g_string_append(to, text);
}

static const char *scsi_model(const char *device)
{
	return !strcmp(device, "pvscsi")     ? "vmpvscsi" :
	       !strcmp(device, "mptsas1068") ? "lsisas1068" :
					       "lsilogic";
}

static void put_disk(GString *to, const struct disk *d, unsigned n, unsigned *ahci)
{
	bool scsi = d->bus == BUS_SCSI;

	put(to,
	    "    <disk type='file' device='disk'>\n      <driver name='qemu' type='qcow2'/>\n"
	    "      <source file='" IMAGES "/%s'/>\n",
	    d->image);
	put(to, "      <target dev='sd%.1s%c' bus='%s'/>\n",
	    n < 26 ? "" :
	    n < 52 ? "a" :
		     "b",
	    'a' + (int)n % 26, scsi ? "scsi" : "sata");
	put(to, "      <address type='drive' controller='%u' bus='0' target='%u' unit='%u'/>\n",
	    scsi ? d->controller : 0, scsi ? d->unit : 0, scsi ? 0 : (*ahci)++);
	put(to, "    </disk>\n");
}

static void put_arg(GString *to, const char *value)
{
	put(to, "    <qemu:arg value='%s'/>\n", value);
}

/* Older ones of libvirt have no such disks */
static void put_nvme(GString *to, const struct disk *d, unsigned n, unsigned addr)
{
	g_autofree char *drive =
		g_strdup_printf("if=none,id=disk%u,format=qcow2,file=" IMAGES "/%s", n, d->image);
	g_autofree char *device =
		g_strdup_printf("nvme,serial=disk%u,drive=disk%u,bus=pcie.0,addr=0x%x", n, n, addr);

	put_arg(to, "-drive");
	put_arg(to, drive);
	put_arg(to, "-device");
	put_arg(to, device);
}

static void put_devices(GString *to, const struct machine *m)
{
	unsigned ahci = 0;

	put(to, "  <devices>\n    <emulator>" EMULATOR "</emulator>\n");
	for (unsigned i = 0; i < G_N_ELEMENTS(m->scsi); i++)
		if (m->scsi[i])
			put(to, "    <controller type='scsi' index='%u' model='%s'/>\n", i,
			    scsi_model(m->scsi[i]));
	for (unsigned i = 0; i < m->disks->len; i++)
		if (((struct disk *)m->disks->pdata[i])->bus != BUS_NVME)
			put_disk(to, m->disks->pdata[i], i, &ahci);
	put(to, "    <serial type='pty'/>\n    <video><model type='vga'/></video>\n"
		"    <graphics type='vnc'/>\n  </devices>\n");
}

static void put_commandline(GString *to, const struct machine *m)
{
	g_autoptr(GPtrArray) options = network_options(m, SOCKET, FIRST_ADDR);
	unsigned addr = FIRST_ADDR;

	put(to, "  <qemu:commandline>\n");
	for (unsigned i = 0; i < m->disks->len; i++)
		if (((struct disk *)m->disks->pdata[i])->bus == BUS_NVME)
			put_nvme(to, m->disks->pdata[i], i, --addr);
	for (unsigned i = 0; i < options->len; i++)
		put_arg(to, options->pdata[i]);
	put(to, "  </qemu:commandline>\n");
}

char *command_xml(const struct machine *m)
{
	GString *to = g_string_new("<!-- Made by vchassis-import. -->\n");

	put(to,
	    "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
	    "  <name>%s</name>\n",
	    m->safe_name);
	if (m->uuid)
		put(to, "  <uuid>%s</uuid>\n", m->uuid);
	put(to,
	    "  <title>%s</title>\n  <memory unit='MiB'>%" G_GINT64_FORMAT "</memory>\n"
	    "  <vcpu>%" G_GINT64_FORMAT "</vcpu>\n",
	    m->name, m->memory, m->cpus);
	g_string_append(to, m->efi ? "  <os firmware='efi'>\n" : "  <os>\n");
	put(to, "    <type arch='x86_64' machine='q35'>hvm</type>\n    <boot dev='hd'/>\n  </os>\n"
		"  <features><acpi/><apic/></features>\n  <cpu mode='host-passthrough'/>\n");
	put_devices(to, m);
	put_commandline(to, m);
	g_string_append(to, "</domain>\n");
	return g_string_free(to, FALSE);
}
