/* SPDX-License-Identifier: BSD-2-Clause */
/* The script that starts a machine, and the one that converts disks. */
#include "command.h"

#include <string.h>

#include "network.h"

/* Where distributions have the firmware, of which the second is copied for each machine */
#define OVMF_CODE "/usr/share/OVMF/OVMF_CODE_4M.fd"
#define OVMF_VARS "/usr/share/OVMF/OVMF_VARS_4M.fd"

/* A word for the shell; as it is if it needs no quotes */
static void put_word(GString *to, const char *word)
{
	g_autofree char *quoted = g_shell_quote(word);

	if (*word && word[strspn(word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_=,.:/+@%")] == 0)
		g_string_append(to, word);
	else
		g_string_append(to, quoted);
}

static void put_option(GString *to, const char *option, const char *value)
{
	g_string_append_printf(to, " \\\n    %s ", option);
	put_word(to, value);
}

static void G_GNUC_PRINTF(3, 4) put_format(GString *to, const char *option, const char *fmt, ...)
{
	g_autofree char *value = NULL;
	va_list args;

	va_start(args, fmt);
	value = g_strdup_vprintf(fmt, args);
	va_end(args);
	put_option(to, option, value);
}

static void put_firmware(GString *to, const struct machine *m)
{
	if (!m->efi)
		return;
	put_option(to, "-drive", "if=pflash,format=raw,readonly=on,file=" OVMF_CODE);
	put_format(to, "-drive", "if=pflash,format=raw,file=%s-vars.fd", m->safe_name);
}

/* Device that a disk is, and where it is plugged in */
static char *disk_device(const struct disk *d, unsigned n, unsigned *ahci)
{
	if (d->bus == BUS_SCSI)
		return g_strdup_printf("scsi-hd,bus=scsi%u.0,scsi-id=%u", d->controller, d->unit);
	if (d->bus == BUS_NVME)
		return g_strdup_printf("nvme,serial=disk%u", n);
	return g_strdup_printf("ide-hd,bus=ide.%u", (*ahci)++);
}

static void put_disks(GString *to, const struct machine *m)
{
	unsigned ahci = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(m->scsi); i++)
		if (m->scsi[i])
			put_format(to, "-device", "%s,id=scsi%u", m->scsi[i], i);
	for (unsigned i = 0; i < m->disks->len; i++) {
		const struct disk *d = m->disks->pdata[i];
		g_autofree char *device = disk_device(d, i, &ahci);

		put_format(to, "-drive", "if=none,id=disk%u,format=qcow2,file=%s", i, d->image);
		put_format(to, "-device", "%s,drive=disk%u%s", device, i, i ? "" : ",bootindex=1");
	}
}

char *command_shell(const struct machine *m)
{
	GString *to = g_string_new("#!/bin/sh\n# Made by vchassis-import. More options of QEMU may "
				   "follow: ./NAME.sh -accel kvm\nexec qemu-vchassis");
	g_autoptr(GPtrArray) options = network_options(m, NULL, 0);

	put_option(to, "-name", m->safe_name);
	put_option(to, "-M", "q35");
	put_option(to, "-cpu", "max");
	put_format(to, "-m", "%" G_GINT64_FORMAT, m->memory);
	put_format(to, "-smp", "%" G_GINT64_FORMAT, m->cpus);
	if (m->uuid)
		put_option(to, "-uuid", m->uuid);
	put_firmware(to, m);
	put_disks(to, m);
	for (unsigned i = 0; i < options->len; i += 2)
		put_option(to, options->pdata[i], options->pdata[i + 1]);
	g_string_append(to, " \"$@\"\n");
	return g_string_free(to, FALSE);
}

/* Where a disk is: beside its .vmx file, unless its name is a whole path */
static char *disk_source(const struct machine *m, const struct disk *d)
{
	g_autofree char *dir = g_path_get_dirname(m->file);
	g_autofree char *whole = g_canonicalize_filename(dir, NULL);

	return *d->file == '/' ? g_strdup(d->file) : g_build_filename(whole, d->file, NULL);
}

char *command_convert(const GPtrArray *machines)
{
	GString *to = g_string_new(
		"#!/bin/sh\n# Made by vchassis-import: disks of the machines, into this "
		"folder.\nset -eu\n");

	for (unsigned i = 0; i < machines->len; i++) {
		const struct machine *m = machines->pdata[i];

		for (unsigned n = 0; n < m->disks->len; n++) {
			const struct disk *d = m->disks->pdata[n];
			g_autofree char *source = disk_source(m, d);

			g_string_append(to, "qemu-img convert -p -f vmdk -O qcow2 ");
			put_word(to, source);
			g_string_append_c(to, ' ');
			put_word(to, d->image);
			g_string_append_c(to, '\n');
		}
		if (m->efi)
			g_string_append_printf(to, "cp " OVMF_VARS " '%s-vars.fd'\n", m->safe_name);
	}
	return g_string_free(to, FALSE);
}
