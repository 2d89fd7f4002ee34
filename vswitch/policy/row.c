/* SPDX-License-Identifier: BSD-2-Clause */
/* All policies, by number. */
#include "policy/row.h"

const struct vsw_policy_row *const vsw_policies[VSW_POLICIES] = {
#define ROW(number, name) &vsw_policy_##name,
	VSW_POLICY_LIST(ROW)
#undef ROW
};
