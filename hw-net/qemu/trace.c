// SPDX-License-Identifier: GPL-2.0-or-later
/* Trace points; see trace.h. */
#include "compat.h"
#include "qapi/visitor.h"
#include "qemu/log.h"
#include "trace.h"

static const char *const groups[] = { "reg", "dma", "irq", "tx", "rx", "link", "state" };

static bool parse_word(const char *word, uint32_t *bits)
{
	if (!strcmp(word, "all")) {
		*bits = VC_TRACE_ALL;
		return true;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!strcmp(word, groups[i])) {
			*bits |= 1u << i;
			return true;
		}
	}
	return !strcmp(word, "off");
}

bool vc_trace_parse(const char *text, uint32_t *bits)
{
	g_auto(GStrv) words = g_strsplit(text, "+", 0);

	*bits = 0;
	for (char **w = words; *w; w++)
		if (!parse_word(*w, bits))
			return false;
	return true;
}

char *vc_trace_format(uint32_t bits)
{
	GString *s = g_string_new("");

	for (unsigned i = 0; i < ARRAY_SIZE(groups); i++)
		if (bits & 1u << i)
			g_string_append_printf(s, "%s%s", s->len ? "+" : "", groups[i]);
	if (!s->len)
		g_string_append(s, "off");
	return g_string_free(s, FALSE);
}

void vc_trace_line(uint32_t group, const char *name, const char *fmt, ...)
{
	FILE *log = qemu_log_trylock();
	FILE *out = log ? log : stderr;
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	va_list args;

	fprintf(out, "%lld.%09d vc_%s %s: ", now / NANOSECONDS_PER_SECOND,
		(int)(now % NANOSECONDS_PER_SECOND), groups[ctz32(group) % ARRAY_SIZE(groups)],
		name);
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
	fputc('\n', out);
	if (log)
		qemu_log_unlock(log);
}

static uint32_t *bits_of(Object *obj, void *opaque)
{
	return (uint32_t *)((char *)obj + (ptrdiff_t)opaque);
}

static void get_trace(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	g_autofree char *text = vc_trace_format(*bits_of(obj, opaque));

	visit_type_str(v, name, &text, errp);
}

static void set_trace(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	g_autofree char *text = NULL;
	uint32_t bits;

	if (!visit_type_str(v, name, &text, errp))
		return;
	if (!vc_trace_parse(text, &bits)) {
		error_setg(
			errp,
			"trace=%s: groups are reg, dma, irq, tx, rx, link, state, joined by '+'; "
			"or all, or off",
			text);
		return;
	}
	*bits_of(obj, opaque) = bits;
}

void vc_trace_add_property(void *klass, ptrdiff_t offset)
{
	object_class_property_add(klass, "trace", "str", get_trace, set_trace, NULL,
				  (void *)offset);
	object_class_property_set_description(
		klass, "trace",
		"What to log: reg, dma, irq, tx, rx, link, state joined by '+'; all; off "
		"(default)");
}
