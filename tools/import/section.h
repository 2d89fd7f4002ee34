/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record of a session on an ESXi host, in parts: each a command and what it printed.
 *
 * DOC: Theory of Operation
 *
 * Most answers do not say what they are about: "policy security get" prints three truth values, and
 * whose they are stands in the command only. So an input has the command before each answer, as a
 * shell shows it: alone, behind a prompt that ends in #, $, ] or >, or behind the + of "sh -x".
 * Options may be written as esxcli takes them: -v X, --vswitch-name X, --vswitch-name=X.
 *
 * An answer that says itself what it is needs no command: a list, or the port groups of vCenter.
 */
#ifndef IMPORT_SECTION_H
#define IMPORT_SECTION_H

#include "text.h"

/* enum section_kind - what an answer is */
enum section_kind {
	SECTION_OTHER, /* of a command that has nothing for us */
	SECTION_SWITCHES,
	SECTION_GROUPS,
	SECTION_SECURITY,
	SECTION_SHAPING,
	SECTION_FAILOVER,
	SECTION_ESXCFG,
	SECTION_DVPORTGROUPS,
};

/*
 * struct section - a command and its answer
 * @line:  The command's line, or the first of the answer
 * @from: @to: The answer's lines: the first, and the one behind the last
 * @group: The object is a port group, not a switch
 * @object: Its name, of policies; or NULL
 */
struct section {
	enum section_kind kind;
	unsigned line, from, to;
	bool group;
	char *object;
};

/**
 * sections_read() - Take an input apart
 * @t:   The input
 * @bad: Told on failure
 *
 * Return: array of struct section, which frees them; or NULL.
 */
GPtrArray *sections_read(const struct text *t, struct trouble *bad);

#endif
