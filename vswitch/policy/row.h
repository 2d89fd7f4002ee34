/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A policy is a row.
 *
 * DOC: Theory of Operation
 *
 * Each policy is one file with one struct vsw_policy_row, and one word in the list of meson.build,
 * from which list.h has its number. What core does for all policies, at a change, at a deadline,
 * when a port comes and goes, it does by the rows, in the order of the list. What its data path
 * asks of a policy while a burst is on its way it calls directly (stages.h), or, for a policy that
 * few ports have, by the stages of its row.
 *
 * A change (struct vsw_txn) goes through a policy in these steps; only the first three may fail:
 *
 * | hook         | once a            |                                                          |
 * |--------------|-------------------|----------------------------------------------------------|
 * | check_*      | port, switch      | is what is asked for sound? Each value is in its range   |
 * | copy         | port              | copy what the policy only borrows                        |
 * | prepare      | change            | all new policies are known: build what they need         |
 * | commit, commit_port | change, port | put that in the place of what is in force             |
 * | compile_*    | switch, port      | from policy and state to what the data path reads        |
 * | discard*     | change, port      | free what was built and is not, or no more, in force     |
 *
 * What copy and prepare build is kept in @made of the change or of the port's item, at the policy's
 * number; commit exchanges it for what is in force.
 *
 * When the switch's policy changes all is compiled: first compile_first of all policies, then
 * compile_port of all for each port, then compile. When one port comes, or its link or policy
 * changes, only it is: compile_first_for, compile_port and compile_for, which must leave the switch
 * as if all had been compiled (test-compile.c compares). What an uplink does concerns all teams, so
 * compile of all policies follows for it in the place of compile_for. When a port goes, gone takes
 * out what of it is in the switch.
 */
#ifndef VSWITCH_ROW_H
#define VSWITCH_ROW_H

#include "core/state.h"
#include "core/txn.h"
#include "policy/list.h"
#include "vswitch/schema.h"

/**
 * struct vsw_policy_row - A policy; every hook may be NULL
 * @name:          For people
 * @port_values: @switch_values: What can be said of it (vswitch/schema.h), or NULL
 * @init_port:     Fill in what a port has untold that the rows of its values do not say
 * @init:          A switch is made; its other members are not yet. Return: 0, or -1 without memory
 * @fini:          It is freed, all ports are gone
 * @check_port:    Return: NULL, or what is wrong with a port's policy: "KEY: WHY"
 * @check_switch:  Return: NULL, or what is wrong with a switch's policy, in the same way
 * @check_on:      Return: NULL, or what is wrong with a port's policy on a switch of policy @on
 * @copy:          Return: 0, or -1 without memory
 * @prepare:       Return: 0, or -1 and the error is told
 * @commit:        The switch's policy in force is still the old one
 * @commit_port:   The port's policy in force is still the old one
 * @discard:       Free what was made for a change, if it is not NULL
 * @discard_port:  Free what was made for a port, if it is not NULL
 * @compile_first: Before the ports
 * @compile_first_for: What it does for one port; NULL: nothing depends on which ports there are
 * @compile_port:  A port; @in_special and @out_special are empty but for what the rows before set
 * @compile:       After the ports
 * @compile_for:   What it does for one port that is no uplink; NULL: nothing
 * @in:            Stage on the way in, for ports that compile_port gave it by policy_in(): drop
 *      what does not pass of a burst by vsw_drop_frame(). Before all other stages
 * @out:           Stage on the way out, for ports that compile_port gave it by policy_out().
 *      Return: -1, or why a frame for the port is dropped
 * @due:           The policy's deadline has come. It sets the next one
 * @forget:        What was learnt from a port does not hold any more: its link is down, or it goes.
 *      Uplinks forget together, when the last one is down
 * @gone:          A port is being removed; what its policy owns is freed, what the switch knows of
 *      it forgotten
 * @port_state: @switch_state: What the policy remembers that nobody said, as parts of a saved state
 *      (core/state.h), NULL at the end of each
 * @no_state:      Or why there is nothing of the kind
 */
struct vsw_policy_row {
	const char *name;
	const struct vsw_value_row *port_values, *switch_values;
	void (*init_port)(struct vsw_policy *policy, bool uplink);
	int (*init)(struct vsw *sw);
	void (*fini)(struct vsw *sw);
	const char *(*check_port)(const struct vsw_policy *policy);
	const char *(*check_switch)(const struct vsw_switch_policy *policy);
	const char *(*check_on)(const struct vsw_policy *policy,
				const struct vsw_switch_policy *on);
	int (*copy)(struct vsw_txn_item *it);
	int (*prepare)(struct vsw_txn *txn, char *err, size_t errlen);
	void (*commit)(struct vsw_txn *txn);
	void (*commit_port)(struct vsw_txn_item *it);
	void (*discard)(void *made);
	void (*discard_port)(void *made);
	void (*compile_first)(struct vsw *sw);
	void (*compile_first_for)(struct vsw_port *p);
	void (*compile_port)(struct vsw_port *p);
	void (*compile)(struct vsw *sw);
	void (*compile_for)(struct vsw_port *p);
	void (*in)(struct vsw_burst *b, int64_t now);
	int (*out)(struct vsw_port *p, const struct vsw_burst *b, unsigned i);
	void (*due)(struct vsw *sw, int64_t now);
	void (*forget)(struct vsw_port *p);
	void (*gone)(struct vsw_port *p);
	const struct vsw_state_part *const *port_state, *const *switch_state;
	const char *no_state;
};

/* vsw_policies[] - All rows, by enum vsw_policy_number */
extern const struct vsw_policy_row *const vsw_policies[VSW_POLICIES];

#define ROW(number, name) extern const struct vsw_policy_row vsw_policy_##name;
VSW_POLICY_LIST(ROW)
#undef ROW

_Static_assert(VSW_POLICIES <= 64, "a bit for each policy in @in_rows and @out_rows");

/* policy_in(), policy_out() - Let a policy's stage see what comes from a port, what goes there */
static inline void policy_in(struct vsw_port *p, enum vsw_policy_number n)
{
	p->in_special |= IN_ROWS;
	p->in_rows |= UINT64_C(1) << n;
}

static inline void policy_out(struct vsw_port *p, enum vsw_policy_number n)
{
	p->out_special |= OUT_ROWS;
	p->out_rows |= UINT64_C(1) << n;
}

/* VALUE_IN() - Place and size of a member; the members of a port's policy, and of a switch's */
#define VALUE_IN(type, member) \
	.at = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define PORT_VALUE(member)   VALUE_IN(vsw_policy, member)
#define SWITCH_VALUE(member) VALUE_IN(vsw_switch_policy, member)

/* LIST_IN() - An array, and the number of its entries */
#define LIST_IN(type, member, n)                                                            \
	.at = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member[0]), \
	.max = sizeof(((struct type *)0)->member) / sizeof(((struct type *)0)->member[0]),  \
	.count = offsetof(struct type, n)
#define PORT_LIST(member, n)   LIST_IN(vsw_policy, member, n)
#define SWITCH_LIST(member, n) LIST_IN(vsw_switch_policy, member, n)

/* VALUE_RATE_MAX - Fastest rate there is, bits a second */
#define VALUE_RATE_MAX UINT64_C(1000000000000)
/* VALUE_VLAN_MAX - Highest VLAN there is (802.1Q-2018 table 9-2) */
#define VALUE_VLAN_MAX 4094u

/* EACH_POLICY() - For each policy that has a hook, as @n its number */
#define EACH_POLICY(n, hook)                        \
	for (unsigned n = 0; n < VSW_POLICIES; n++) \
		if (vsw_policies[n]->hook)

#endif
