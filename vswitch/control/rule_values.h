/* SPDX-License-Identifier: BSD-2-Clause */
/* What traffic rules match, in the configuration document. */
#ifndef VSWITCH_RULE_VALUES_H
#define VSWITCH_RULE_VALUES_H

#include "control/json.h"
#include "vswitch/schema.h"

int vsw_read_rule_match(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			void *base);

#endif
