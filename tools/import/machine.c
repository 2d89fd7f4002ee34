/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine as a whole: name, memory, processors, firmware, and what else is in it (machine.h). */
#include "machine.h"

#include <string.h>

#include "report.h"
#include "vswitch/vswitch.h"

static void free_disk(gpointer p)
{
	struct disk *d = p;

	g_free(d->file);
	g_free(d->image);
	g_free(d);
}

void machine_free(gpointer machine)
{
	struct machine *m = machine;

	if (!m)
		return;
	for (unsigned i = 0; i < MACHINE_CARDS; i++)
		g_free(m->card[i].mac);
	g_ptr_array_unref(m->disks);
	g_free(m->name);
	g_free(m->safe_name);
	g_free(m->uuid);
	g_free(m->file);
	g_free(m);
}

/* A name that can be that of a file and of a port */
static char *safe(const char *name)
{
	char *s = g_strdup(name);

	for (char *p = s; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("-_.", *p))
			*p = '_';
	if (*s == '.' || *s == '-')
		*s = '_';
	return s;
}

static bool read_name(struct machine *m, const struct vmx *v, struct trouble *bad)
{
	const struct vmx_value *name = vmxfile_find(v, "displayName");

	if (!name || text_blank(name->text))
		return trouble_at(bad, v->file, name ? name->line : 1, "displayName is missing");
	m->name = g_strdup(name->text);
	m->safe_name = safe(name->text);
	/* the ports are called NAME.ethernetN */
	if (strlen(m->safe_name) > VSW_NAME_MAX - sizeof(".ethernet0"))
		return trouble_at(
			bad, v->file, name->line,
			"displayName has more than %zu bytes, of which names of ports are made",
			VSW_NAME_MAX - sizeof(".ethernet0"));
	return true;
}

/* uuid.bios: 16 bytes in hexadecimal digits, blanks and a dash between them */
static bool read_uuid(struct machine *m, const struct vmx *v, struct trouble *bad)
{
	const struct vmx_value *u = vmxfile_find(v, "uuid.bios");
	GString *hex = g_string_new(NULL);

	for (const char *p = u ? u->text : ""; *p; p++)
		if (*p != ' ' && *p != '-')
			g_string_append_c(hex, g_ascii_tolower(*p));
	if (u && (hex->len != 32 || strspn(hex->str, "0123456789abcdef") != 32)) {
		g_string_free(hex, TRUE);
		return trouble_at(bad, v->file, u->line, "uuid.bios: '%s' is no UUID", u->text);
	}
	if (u)
		m->uuid = g_strdup_printf("%.8s-%.4s-%.4s-%.4s-%.12s", hex->str, hex->str + 8,
					  hex->str + 12, hex->str + 16, hex->str + 20);
	g_string_free(hex, TRUE);
	return true;
}

static bool read_firmware(struct machine *m, const struct vmx *v, struct trouble *bad)
{
	const struct vmx_value *f = vmxfile_find(v, "firmware");

	m->efi = f && !g_ascii_strcasecmp(f->text, "efi");
	return !f || m->efi || !g_ascii_strcasecmp(f->text, "bios") ?
		       true :
		       trouble_at(bad, v->file, f->line, "no firmware '%s'; there are bios, efi",
				  f->text);
}

/* struct thing - @key.present: what is not carried over */
struct thing {
	const char *key, *what;
	unsigned count;
};

static const struct thing things[] = {
	{ "floppy", "floppy drive", 2 },
	{ "serial", "serial port", 4 },
	{ "parallel", "parallel port", 3 },
	{ "sound", "sound card", 0 },
	{ "pciPassthru", "device of the host that is passed through", 16 },
	{ "vtpm",
	  "TPM; its secrets cannot leave ESXi: see that disks in the guest open without them", 0 },
	{ "uefi.secureBoot", "Secure Boot", 0 },
};

static bool is_there(const struct vmx *v, const struct thing *t, unsigned i, bool *there,
		     const struct vmx_value **value, struct trouble *bad)
{
	g_autofree char *key = !strcmp(t->key, "uefi.secureBoot") ?
				       g_strdup("uefi.secureBoot.enabled") :
			       t->count ? g_strdup_printf("%s%u.present", t->key, i) :
					  g_strdup_printf("%s.present", t->key);

	*value = vmxfile_find(v, "%s", key);
	return vmxfile_bool(v, false, there, bad, "%s", key);
}

static bool other_things(const struct vmx *v, struct host *h, struct trouble *bad)
{
	for (unsigned n = 0; n < G_N_ELEMENTS(things); n++) {
		for (unsigned i = 0; i < MAX(things[n].count, 1); i++) {
			const struct vmx_value *value;
			bool there;

			if (!is_there(v, &things[n], i, &there, &value, bad))
				return false;
			if (there)
				notes_left(h->notes, v->file, value->line, "%s", things[n].what);
		}
	}
	return true;
}

static void whole_notes(const struct machine *m, const struct vmx *v, struct host *h)
{
	const struct vmx_value *name = vmxfile_find(v, "displayName");
	const struct vmx_value *nvram = vmxfile_find(v, "nvram");

	if (strcmp(m->name, m->safe_name))
		notes_left(h->notes, v->file, name->line,
			   "the name '%s', which is '%s' here: ports and files "
			   "are called by it",
			   m->name, m->safe_name);
	if (m->efi && nvram)
		notes_left(h->notes, v->file, nvram->line,
			   "boot entries in %s: the firmware looks for \\EFI\\BOOT on the disks, "
			   "or give it "
			   "an entry in its menu",
			   nvram->text);
}

struct machine *machine_new(const struct vmx *v, struct host *h, struct trouble *bad)
{
	struct machine *m = g_new0(struct machine, 1);

	m->disks = g_ptr_array_new_with_free_func(free_disk);
	m->file = g_strdup(v->file);
	if (read_name(m, v, bad) && read_uuid(m, v, bad) && read_firmware(m, v, bad) &&
	    vmxfile_number(v, 256, 4, 24 << 20, &m->memory, bad, "memSize") &&
	    vmxfile_number(v, 1, 1, 1024, &m->cpus, bad, "numvcpus") &&
	    machine_cards(m, v, h, bad) && machine_disks(m, v, h, bad) && other_things(v, h, bad)) {
		whole_notes(m, v, h);
		return m;
	}
	machine_free(m);
	return NULL;
}
