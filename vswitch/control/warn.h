/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a document has no effect.
 *
 * DOC: Theory of Operation
 *
 * A document may name ports that are not there yet, so a name that leads nowhere is no error; but
 * it may be a slip of the pen, and then an uplink is not in its team, and nobody knows. So whoever
 * puts a document in force is told of
 *
 *  - "absent": a name of which there is nothing now: of a port, an uplink, a mirror session;
 *  - "duplicate": an object in a list that has the name of one before it, and is not found by it;
 *  - "unused": a value that is used with another word beside it only (@of of its row).
 *
 * Which values are names, and of what, is in the rows (vswitch/schema.h). The work is that of
 * reading the document once more (resolve.h), and the list has an end.
 */
#ifndef VSWITCH_CONTROL_WARN_H
#define VSWITCH_CONTROL_WARN_H

#include <jansson.h>

#include "vswitch/control.h"

/* WARNINGS_MAX - Most warnings that are told; then comes one of kind "more" */
#define WARNINGS_MAX 64u

json_t *vsw_warnings(struct vsw_control *ctl, const json_t *doc);

#endif
