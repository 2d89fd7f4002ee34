/* SPDX-License-Identifier: BSD-2-Clause */
/* Are policies sound? Each value by its row, what goes together by the policies' own checks. */
#include "core/check.h"

#include "core/values.h"
#include "policy/row.h"
#include "vswitch/fail.h"

static int told(const char *wrong, char *err, size_t errlen)
{
	return wrong ? vsw_fail(err, errlen, "%s", wrong) : 0;
}

int vsw_switch_policy_check(const struct vsw_switch_policy *policy, char *err, size_t errlen)
{
	for (unsigned n = 0; n < VSW_POLICIES; n++)
		if (vsw_values_check(vsw_schema_switch(n), policy, err, errlen) < 0)
			return -1;
	EACH_POLICY(n, check_switch)
		if (told(vsw_policies[n]->check_switch(policy), err, errlen) < 0)
			return -1;
	return 0;
}

/**
 * vsw_policy_wrong_on() - Does a port's policy go with the switch's?
 * @policy: The policy, sound by itself
 * @on:     The switch's
 *
 * Return: NULL, or what is wrong: "KEY: WHY".
 */
const char *vsw_policy_wrong_on(const struct vsw_policy *policy, const struct vsw_switch_policy *on)
{
	const char *wrong = NULL;

	EACH_POLICY(n, check_on)
		if (!wrong)
			wrong = vsw_policies[n]->check_on(policy, on);
	return wrong;
}

int vsw_policy_check(const struct vsw_policy *policy, const struct vsw_switch_policy *on, char *err,
		     size_t errlen)
{
	for (unsigned n = 0; n < VSW_POLICIES; n++)
		if (vsw_values_check(vsw_schema_port(n), policy, err, errlen) < 0)
			return -1;
	EACH_POLICY(n, check_port)
		if (told(vsw_policies[n]->check_port(policy), err, errlen) < 0)
			return -1;
	return on ? told(vsw_policy_wrong_on(policy, on), err, errlen) : 0;
}
