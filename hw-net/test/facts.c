/* SPDX-License-Identifier: BSD-2-Clause */
/* See facts.h. */
#include "facts.h"

#include <stdio.h>
#include <string.h>

static void check_name(const struct facts *f, const char *name)
{
	if (!*name || strlen(name) >= sizeof(f->fact[0].name) ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(name))
		fake_fail("a fact is named '%s'", name);
	for (unsigned i = 0; i < f->n; i++)
		if (!strcmp(f->fact[i].name, name))
			fake_fail("the fact '%s' is told twice", name);
}

static void hear(void *opaque, const struct hwnet_fact *told)
{
	struct facts *f = opaque;
	struct fact *kept = &f->fact[f->n];

	check_name(f, told->name);
	if (f->n == FACTS_MAX)
		fake_fail("more than %u facts", FACTS_MAX);
	memset(kept, 0, sizeof(*kept));
	snprintf(kept->name, sizeof(kept->name), "%s", told->name);
	kept->kind = told->kind;
	kept->number = told->number;
	if (told->kind == HWNET_FACT_TEXT)
		snprintf(kept->text, sizeof(kept->text), "%s", told->text);
	kept->n = told->n;
	for (unsigned i = 0; i < told->n && i < FACTS_LIST_MAX; i++)
		kept->list[i] = told->list[i];
	f->n++;
}

void facts_ask(struct facts *f, struct fake_host *h)
{
	f->n = 0;
	fake_describe(h, hear, f);
}

const struct fact *facts_find(const struct facts *f, const char *name, enum hwnet_fact_kind kind)
{
	for (unsigned i = 0; i < f->n; i++)
		if (!strcmp(f->fact[i].name, name) && f->fact[i].kind == kind)
			return &f->fact[i];
	return NULL;
}

static const struct fact *must(const struct facts *f, const char *name, enum hwnet_fact_kind kind)
{
	const struct fact *fact = facts_find(f, name, kind);

	if (!fact)
		fake_fail("the card does not tell '%s'", name);
	return fact;
}

uint64_t facts_number(const struct facts *f, const char *name)
{
	return must(f, name, HWNET_FACT_NUMBER)->number;
}

bool facts_yes(const struct facts *f, const char *name)
{
	return must(f, name, HWNET_FACT_YES_NO)->number;
}

const char *facts_text(const struct facts *f, const char *name)
{
	return must(f, name, HWNET_FACT_TEXT)->text;
}

const struct fact *facts_list(const struct facts *f, const char *name)
{
	return must(f, name, HWNET_FACT_LIST);
}
