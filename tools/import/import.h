/* SPDX-License-Identifier: BSD-2-Clause */
/* From inputs to files, without a file system: what the program and its fuzz target call. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "machine.h"
#include "output.h"
#include "report.h"

/** IMPORT_INPUTS_MAX - Most inputs at a time. */
#define IMPORT_INPUTS_MAX 256u

/**
 * import_run() - Make files of inputs
 * @texts:   struct text: inputs, in the order they were named; dictionaries are those whose name
 *      ends in .vmx
 * @uplinks: Interface of this host by name of an uplink
 * @out:     Gets the files
 * @bad:     Told on failure
 *
 * Return: the report, to be freed; or NULL.
 */
char *import_run(const GPtrArray *texts, GHashTable *uplinks, struct output *out,
		 struct trouble *bad);

#endif
