/* SPDX-License-Identifier: BSD-2-Clause */
/* Are policies sound? */
#ifndef VSWITCH_CORE_CHECK_H
#define VSWITCH_CORE_CHECK_H

#include "vswitch/policy.h"

const char *vsw_policy_wrong_on(const struct vsw_policy *policy,
				const struct vsw_switch_policy *on);

#endif
