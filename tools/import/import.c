/* SPDX-License-Identifier: BSD-2-Clause */
/* From inputs to files (import.h). Hosts are read before machines, whatever order they come in. */
#include "import.h"

#include <string.h>

#include "command.h"
#include "document.h"

static bool is_machine(const struct text *t)
{
	const char *dot = strrchr(t->file, '.');

	return dot && !g_ascii_strcasecmp(dot, ".vmx");
}

static bool add_machine(GPtrArray *machines, const struct text *t, struct host *h,
			struct trouble *bad)
{
	struct machine *m;
	struct vmx v;
	bool ok = vmxfile_read(&v, t, bad);
	const struct vmx_value *name = ok ? vmxfile_find(&v, "displayName") : NULL;

	m = ok ? machine_new(&v, h, bad) : NULL;
	for (unsigned i = 0; m && i < machines->len; i++) {
		const struct machine *other = machines->pdata[i];

		if (!strcmp(other->safe_name, m->safe_name))
			trouble_at(bad, t->file, name->line, "%s has the name '%s', too",
				   other->file, m->safe_name);
	}
	if (m)
		g_ptr_array_add(machines, m);
	vmxfile_clear(&v);
	return !bad->text;
}

static void same_addresses(const GPtrArray *machines, struct notes *notes)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned i = 0; i < machines->len; i++) {
		const struct machine *m = machines->pdata[i];

		for (unsigned n = 0; n < m->n_cards; n++) {
			const struct card *c = &m->card[n];
			const char *other = c->mac ? g_hash_table_lookup(seen, c->mac) : NULL;

			if (other)
				notes_decide(notes, m->file, c->line, "%s has the address %s, too",
					     other, c->mac);
			else if (c->mac)
				g_hash_table_insert(seen, c->mac, m->safe_name);
		}
	}
}

static bool read_all(const GPtrArray *texts, struct host *h, GPtrArray *machines,
		     struct trouble *bad)
{
	for (unsigned i = 0; i < texts->len; i++)
		if (!is_machine(texts->pdata[i]) && !host_read(h, texts->pdata[i], bad))
			return false;
	if (!host_check(h, bad))
		return false;
	for (unsigned i = 0; i < texts->len; i++)
		if (is_machine(texts->pdata[i]) && !add_machine(machines, texts->pdata[i], h, bad))
			return false;
	same_addresses(machines, h->notes);
	return true;
}

static void add_files(struct output *out, const GPtrArray *machines)
{
	for (unsigned i = 0; i < machines->len; i++) {
		const struct machine *m = machines->pdata[i];

		output_add(out, g_strconcat(m->safe_name, ".sh", NULL), command_shell(m));
		output_add(out, g_strconcat(m->safe_name, ".xml", NULL), command_xml(m));
	}
	if (machines->len)
		output_add(out, g_strdup("convert.sh"), command_convert(machines));
}

char *import_run(const GPtrArray *texts, GHashTable *uplinks, struct output *out,
		 struct trouble *bad)
{
	g_autoptr(GPtrArray) machines = g_ptr_array_new_with_free_func(machine_free);
	g_autoptr(GPtrArray) files = g_ptr_array_new();
	struct notes *notes = notes_new(files);
	struct host *h = host_new(notes);
	char *document = NULL, *report = NULL;

	for (unsigned i = 0; i < texts->len; i++)
		g_ptr_array_add(files, ((struct text *)texts->pdata[i])->file);
	if (read_all(texts, h, machines, bad))
		document = document_text(h, machines, uplinks, bad);
	if (document) {
		report = notes_text(notes);
		output_add(out, g_strdup("vswitchd.json"), document);
		add_files(out, machines);
		output_add(out, g_strdup("report.txt"), g_strdup(report));
	}
	host_free(h);
	notes_free(notes);
	return report;
}
