/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The networks of a host as it had them: switches, port groups, policies.
 *
 * DOC: Theory of Operation
 *
 * Inputs may come in any order and name things before they are described, so objects are made when
 * they are first named, and host_check() asks at the end for what must have been told.
 *
 * A policy of a port group is what esxcli prints: its values in force, and for each whether it is
 * the group's own ("Override Vswitch ..."). Values that are inherited are not kept: the switch's
 * own stand in "defaults" of the document, as they do on the host. An older esxcli does not print
 * which are overridden; then those are that differ from the switch's.
 */
#ifndef IMPORT_HOST_H
#define IMPORT_HOST_H

#include "record.h"
#include "section.h"

#define UNTOLD (-1)

/** HOST_SWITCHES_MAX - Most switches of all inputs; a host has 127 at most. */
#define HOST_SWITCHES_MAX 256u

/** HOST_GROUPS_MAX - Most port groups of all inputs. */
#define HOST_GROUPS_MAX 2048u

/** HOST_UPLINKS_MAX - Most uplinks of a switch, or of a team. */
#define HOST_UPLINKS_MAX 64u

/* struct shape - bits a second, bytes; @enabled: 0, 1 or UNTOLD */
struct shape {
	int enabled;
	gint64 average, peak, burst;
};

/*
 * struct netpolicy - what a switch or a port group has of its own; UNTOLD or NULL: nothing
 * @balance: teaming.policy of the document
 * @active: @standby: names of uplinks
 * @loose: it was printed without saying what is overridden
 */
struct netpolicy {
	int promiscuous, mac_changes, forged;
	int learning, flooding;
	struct shape in, out;
	const char *balance;
	int notify, failback, beacon;
	GPtrArray *active, *standby;
	bool loose;
};

/*
 * struct group - a port group
 * @switch_name: The switch that it is on
 * @key:   vCenter's name for it, or NULL
 * @vlan:  VMware's number, or -1: @trunk, or a private VLAN of the number @private_vlan
 * @made:  Nothing described it: a machine names it
 * @described: Its VLAN was told; else only a policy
 */
struct group {
	char *name, *switch_name, *key, *trunk;
	int vlan, private_vlan;
	bool blocked, made, described;
	struct netpolicy policy;
	const char *file;
	unsigned line;
};

/* struct vswitch - a standard or distributed switch; @described: more than its name was told */
struct vswitch {
	char *name;
	bool distributed, described;
	int mtu;
	GPtrArray *uplinks;
	struct netpolicy policy;
	const char *file;
	unsigned line;
};

/* struct host - @notes: struct notes of report.h */
struct host {
	GPtrArray *switches, *groups;
	struct notes *notes;
};

/**
 * host_new() - A host without anything
 * @notes: Gets what cannot be carried over; outlives the host
 *
 * Return: the host.
 */
struct host *host_new(struct notes *notes);

/**
 * host_free() - Free a host
 * @h: The host or NULL
 */
void host_free(struct host *h);

/**
 * host_read() - Take in what an input says
 * @h:   The host
 * @t:   The input, which outlives the host
 * @bad: Told on failure
 *
 * Return: true, or false.
 */
bool host_read(struct host *h, const struct text *t, struct trouble *bad);

/**
 * host_full() - Has a host more in it than one can have?
 * @h:    The host
 * @file: @line: Where that was found
 * @bad:  Told if it has
 *
 * Return: whether it has.
 */
bool host_full(const struct host *h, const char *file, unsigned line, struct trouble *bad);

/**
 * host_check() - All inputs are in: is each thing described that was named?
 * @h:   The host
 * @bad: Told on failure
 *
 * Return: true, or false.
 */
bool host_check(struct host *h, struct trouble *bad);

/**
 * host_switch() - A switch, made if it is not there
 * @h:    The host
 * @name: Its name
 * @file: @line: Where it is named
 *
 * Return: the switch.
 */
struct vswitch *host_switch(struct host *h, const char *name, const char *file, unsigned line);

/**
 * host_group() - A port group, made if it is not there
 * @h:    The host
 * @name: Its name
 * @file: @line: Where it is named
 *
 * Return: the group.
 */
struct group *host_group(struct host *h, const char *name, const char *file, unsigned line);

/**
 * host_find_group() - A port group that is there
 * @h:    The host
 * @name: Its name, or vCenter's key
 *
 * Return: the group, or NULL.
 */
struct group *host_find_group(const struct host *h, const char *name);

/**
 * netpolicy_init() - A policy that says nothing
 * @p: The policy
 */
void netpolicy_init(struct netpolicy *p);

/**
 * policy_read() - Take in an answer about a policy
 * @h:     The host
 * @s:     What it is and about whom
 * @r:     The answer
 * @bad:   Told on failure
 *
 * Return: true, or false.
 */
bool policy_read(struct host *h, const struct section *s, const struct record *r,
		 struct trouble *bad);

/**
 * esxcfg_read() - Take in what "esxcfg-vswitch -l" prints
 * @h:   The host
 * @t:   The input
 * @s:   Where it is
 * @bad: Told on failure
 *
 * Return: true, or false.
 */
bool esxcfg_read(struct host *h, const struct text *t, const struct section *s,
		 struct trouble *bad);

/**
 * dvgroups_read() - Take in distributed port groups, as vCenter's API gives them
 * @h: @t: @s: @bad: As of esxcfg_read()
 *
 * Return: true, or false.
 */
bool dvgroups_read(struct host *h, const struct text *t, const struct section *s,
		   struct trouble *bad);

#endif
