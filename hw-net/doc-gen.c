/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reference of a model as Markdown: an introduction written by hand, then its register tables.
 *
 *	doc-gen MODEL INTRODUCTION                 print it
 *	doc-gen --check MODEL INTRODUCTION FILE    TAP: is FILE what would be printed?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const char *const kinds[] = {
	[REG_RW] = "RW", [REG_RO] = "RO", [REG_WO] = "WO", [REG_W1C] = "W1C", [REG_RC] = "RC",
};

static void print_number(FILE *out, const struct hwnet_regspace *space, const struct hwnet_reg *reg)
{
	unsigned count = reg->count ? reg->count : 1;
	unsigned stride = reg->stride ? reg->stride : space->unit;
	int width = space->unit == 1 ? 2 : 5;

	if (count == 1)
		fprintf(out, "0x%0*x", width, reg->num);
	else
		fprintf(out, "0x%0*x + %u*n, n < %u", width, reg->num, stride, count);
}

static void print_row(FILE *out, const struct hwnet_regspace *space, const struct hwnet_reg *reg)
{
	int digits = space->bits / 4;

	fprintf(out, "| ");
	print_number(out, space, reg);
	fprintf(out, " | %s | %s%s | 0x%0*x | ", reg->name, kinds[reg->kind],
		reg->read || reg->write ? "*" : "", digits, reg->reset);
	if (reg->wmask)
		fprintf(out, "0x%0*x", digits, reg->wmask);
	fprintf(out, " | %s | %s |\n", reg->sect, reg->text);
}

static void print_space(FILE *out, const struct hwnet_regspace *space)
{
	fprintf(out, "\n### %s\n\n", space->name);
	fprintf(out, "| %s | Name | Kind | Reset | Writable | Source | What it is for |\n",
		space->unit == 1 ? "Number" : "Offset");
	fprintf(out, "|---|---|---|---|---|---|---|\n");
	for (unsigned i = 0; i < space->n_rows; i++)
		print_row(out, space, &space->rows[i]);
}

static void print_commands(FILE *out, const struct hwnet_model_ops *ops)
{
	if (!ops->n_commands)
		return;
	fprintf(out,
		"\n## Commands\n\n| Number | Name | Since revision | When active only | What it "
		"does |\n"
		"|---|---|---|---|---|\n");
	for (unsigned i = 0; i < ops->n_commands; i++)
		fprintf(out, "| 0x%08x | %s | %u | %s | %s |\n", ops->commands[i].num,
			ops->commands[i].name, ops->commands[i].rev,
			ops->commands[i].active ? "yes" : "", ops->commands[i].text);
}

static void print_state(FILE *out, const struct hwnet_model_ops *ops)
{
	fprintf(out, "\n## Saved state\n\n| Field | Bytes | Elements |\n|---|---|---|\n");
	for (unsigned i = 0; i < ops->n_fields; i++)
		fprintf(out, "| %s | %u | %u |\n", ops->fields[i].name, ops->fields[i].size,
			(unsigned)ops->fields[i].count);
}

static int print_intro(FILE *out, const char *name)
{
	FILE *in = fopen(name, "r");
	char buf[4096];
	size_t n;

	if (!in) {
		perror(name);
		return -1;
	}
	while ((n = fread(buf, 1, sizeof(buf), in)))
		fwrite(buf, 1, n, out);
	fclose(in);
	return 0;
}

static int print_all(FILE *out, const char *name, const char *intro)
{
	const struct hwnet_model *model = hwnet_find_model(name);

	if (!model) {
		fprintf(stderr, "doc-gen: no model \"%s\"\n", name);
		return -1;
	}
	if (print_intro(out, intro))
		return -1;
	fprintf(out,
		"\n## Registers\n\nKinds: RW read and write, RO read only, WO write only, W1C "
		"cleared by writing 1, RC cleared by\nreading; * means that the card does more "
		"than store or return the value.\n");
	for (unsigned i = 0; i < model->ops->n_regs; i++)
		print_space(out, &model->ops->regs[i]);
	print_commands(out, model->ops);
	print_state(out, model->ops);
	return 0;
}

/* Does a file hold exactly these bytes? */
static int same(const char *name, const char *want, size_t len)
{
	FILE *f = fopen(name, "r");
	char *got = malloc(len + 1);
	int equal;

	if (!f || !got)
		return 0;
	equal = fread(got, 1, len + 1, f) == len && !memcmp(got, want, len);
	fclose(f);
	free(got);
	return equal;
}

static int check(const char *model, const char *intro, const char *file)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ok;

	if (!out || print_all(out, model, intro))
		return EXIT_FAILURE;
	fclose(out);
	ok = same(file, text, len);
	free(text);
	printf("1..1\n%sok 1 - reference of %s is up to date\n", ok ? "" : "not ", model);
	if (!ok)
		printf("# run: doc-gen %s %s > %s\n", model, intro, file);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "--check"))
		return check(argv[2], argv[3], argv[4]);
	if (argc == 3)
		return print_all(stdout, argv[1], argv[2]) ? EXIT_FAILURE : EXIT_SUCCESS;
	fprintf(stderr, "usage: doc-gen [--check] MODEL INTRODUCTION [FILE]\n");
	return 2;
}
