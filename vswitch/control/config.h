/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration document: from JSON to the policies of a switch and all its ports. */
#ifndef VSWITCH_CONTROL_CONFIG_H
#define VSWITCH_CONTROL_CONFIG_H

#include <jansson.h>
#include <stdbool.h>

#include "vswitch/control.h"
#include "vswitch/policy.h"

int vsw_config_apply(struct vsw_control *ctl, json_t *doc, bool commit, char *err, size_t errlen);
int vsw_config_resolve(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		       char *err, size_t errlen);

#endif
