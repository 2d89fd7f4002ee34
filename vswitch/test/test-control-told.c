/* SPDX-License-Identifier: BSD-2-Clause */
/* What an operator is told: files that are none, names that lead nowhere, what is not saved. */
#include "control-rig.h"
#include "main.h"
#include "rig.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vswitch/control.h"

static int load_file(struct ctl *t, const char *path)
{
	return vsw_control_load_file(t->c, path, t->err, sizeof(t->err));
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	fclose(f);
}

/* A FIFO was waited for for ever, a directory was "unable to open", a byte order mark no JSON */
START_TEST(files_that_are_none_are_told)
{
	char dir[] = "/tmp/vsw-files-XXXXXX", path[64];
	struct ctl t = ctl_start();

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(load_file(&t, dir), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is a directory, must be a file"));
	snprintf(path, sizeof(path), "%s/f", dir);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is a FIFO or pipe, must be a file"));
	unlink(path);
	ck_assert_int_eq(load_file(&t, "/dev/zero"), -1);
	ck_assert_str_eq(t.err, "/dev/zero: is no ordinary file");
	write_file(path, "\xef\xbb\xbf{\"mtu\": 1600}", 16);
	ck_assert_int_eq(load_file(&t, path), 0);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600);
	write_file(path, "\xff\xfe{\0}\0", 6);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is in UTF-16 or UTF-32, must be in UTF-8"));
	write_file(path, "", 0);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ":1: "));
	unlink(path);
	rmdir(dir);
	ctl_stop(&t);
}
END_TEST

/* They were shown as ?? */
START_TEST(names_in_utf8_are_shown)
{
	struct ctl t = ctl_start();
	char text[600], name[200];

	ck_assert(!ctl_ok(&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": "
			      "{\"portgroups\": {\"b\u00fcro\": {\"vlan\": 5000}}}}}"));
	ck_assert_str_eq(t.err, "/portgroups/b\u00fcro/vlan: out of range (0 to 4095)");
	ck_assert(!ctl_ok(&t,
			  "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"ports\": "
			  "{\"p\": {\"portgroup\": \"b\\u009b31mro\"}}}}}"));
	ck_assert_str_eq(t.err, "/ports/p/portgroup: no port group 'b??31mro'; there is none");
	for (unsigned n = 100; n < 110; n++) { /* cut at any byte, still valid */
		memset(name, 'x', n);
		strcpy(name + n,
		       "\u00fc\u20ac\U0001f600\u00fc\u20ac\U0001f600\u00fc\u20ac\U0001f600");
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-set\", \"arguments\": {\"config\": "
			 "{\"portgroups\": {\"%s%s\": 5}}}}",
			 name, name);
		ck_assert(!ctl_ok(&t, text));
		ck_assert_int_eq(strncmp(t.err, "/portgroups/x", 13), 0);
	}
	ctl_stop(&t);
}
END_TEST

/* A group was checked only once a port used it, and then told without its path */
START_TEST(groups_are_checked_whether_they_are_used_or_not)
{
	static const char doc[] =
		"{\"portgroups\": {\"g\": {\"shaping\": {\"in\": {\"average\": \"1M\", \"peak\": "
		"1000, \"burst\": 2000}}}}}";
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct ctl t = ctl_start();

	ck_assert_int_eq(ctl_load(&t, doc), -1);
	ck_assert_str_eq(t.err, "/portgroups/g/shaping/in/peak: is less than average");
	ck_assert_int_eq(ctl_load(&t, "{\"portgroups\": {\"g\": {}}}"), 0);
	conf.id = "up";
	conf.uplink = true;
	conf.portgroup = "g";
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	ck_assert_int_eq(ctl_load(&t, doc), -1);
	ck_assert_str_eq(t.err, "/portgroups/g/shaping/in/peak: is less than average");
	ck_assert_int_eq(ctl_load(&t, "{\"portgroups\": {\"g\": {\"rules\": [{}, {\"action\": "
				      "\"limit\"}]}}}"),
			 -1);
	ck_assert_str_eq(t.err, "/portgroups/g/rules/1: limit is missing");
	ctl_stop(&t);
}
END_TEST

/* The warnings of a command's answer, as "PATH KIND" each; or its error */
static void warnings_of(struct ctl *t, const char *text, char *list, size_t room)
{
	json_t *ret = ctl_command(t, text), *w;
	size_t i, n = 0;

	ck_assert_msg(ret != NULL, "%s", t->err);
	ck_assert(json_is_array(json_object_get(ret, "warnings")));
	list[0] = 0;
	json_array_foreach(json_object_get(ret, "warnings"), i, w)
		n += (size_t)snprintf(list + n, n < room ? room - n : 0, "%s %s: %s\n",
				      json_string_value(json_object_get(w, "path")),
				      json_string_value(json_object_get(w, "kind")),
				      json_string_value(json_object_get(w, "text")));
	json_decref(ret);
}

/* Documents that are sound, and what of them has no effect. All of these were silent */
static const struct {
	const char *doc, *warnings;
} slips[] = {
	{ "{}", "" },
	{ "{\"ports\": {\"p0\": {\"teaming\": {\"active\": [\"up\"]}}}}", "" },
	{ "{\"ports\": {\"P0\": {}}}", "/ports/P0 absent: no port 'P0' now; there are: p0, up\n" },
	{ "{\"portgroups\": {\"g\": {\"teaming\": {\"active\": [\"up\", \"up1\"], \"standby\": "
	  "[\"p0\"]}}}}",
	  "/portgroups/g/teaming/active/1 absent: no uplink 'up1' now; there are: up\n"
	  "/portgroups/g/teaming/standby/0 absent: port 'p0' is no uplink; uplinks: up\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"ids\", \"sources\": "
	  "{\"p0\": \"both\", \"p1\": "
	  "\"both\"}}]}",
	  "/mirrors/0/to absent: no port 'ids' now; there are: p0, up\n"
	  "/mirrors/0/sources/p1 absent: no port 'p1' now; there are: p0, up\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"up\"}, {\"name\": \"m\", \"to\": \"p0\"}]}",
	  "/mirrors/1 duplicate: has the name of entry 0, which is found by it\n" },
	{ "{\"classes\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
	  "/classes/1 duplicate: has the name of entry 0, which is found by it\n" },
	{ "{\"defaults\": {\"rules\": [{\"action\": \"mirror\", \"mirror\": \"m\"}]}}",
	  "/defaults/rules/0/mirror absent: no mirror session 'm' now; there is none\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"up\", \"session\": 5}]}",
	  "/mirrors/0/session unused: is used only with type erspan2, erspan3; type is port\n" },
	{ "{\"defaults\": {\"rules\": [{\"action\": \"drop\", \"limit\": 5}]}}",
	  "/defaults/rules/0/limit unused: is used only with action limit; action is drop\n" },
	{ "{\"ports\": {\"p0\": {\"vlan\": {\"id\": 5, \"trunk\": \"1-9\"}}}}",
	  "/ports/p0/vlan/trunk unused: is used only with mode trunk; mode is access\n" },
	{ "{\"defaults\": {\"mac\": {\"bpdu-recovery\": 5}}, \"portgroups\": {\"g\": {\"mac\": "
	  "{\"bpdu\": \"guard\"}}}}",
	  "/defaults/mac/bpdu-recovery unused: is used only with bpdu guard; bpdu is forward\n" },
};

START_TEST(names_that_lead_nowhere_are_told)
{
	struct ctl t = ctl_start();
	char text[600], list[800];

	rig_port(t.r, "p0", 0);
	rig_uplink(t.r, "up");
	for (unsigned i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-check\", \"arguments\": {\"config\": %s}}",
			 slips[i].doc);
		warnings_of(&t, text, list, sizeof(list));
		ck_assert_str_eq(list, slips[i].warnings);
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-set\", \"arguments\": {\"config\": %s}}",
			 slips[i].doc);
		warnings_of(&t, text, list, sizeof(list));
		ck_assert_str_eq(list, slips[i].warnings);
	}
	ctl_stop(&t);
}
END_TEST

START_TEST(warnings_have_an_end)
{
	struct ctl t = ctl_start();
	char text[6000] =
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"ports\": {";
	json_t *ret, *list, *last;

	for (unsigned i = 0; i < 200; i++)
		sprintf(text + strlen(text), "%s\"q%u\": {}", i ? "," : "", i);
	strcat(text, "}}}}");
	ret = ctl_command(&t, text);
	list = json_object_get(ret, "warnings");
	ck_assert_uint_eq(json_array_size(list), 65);
	last = json_array_get(list, 64);
	ck_assert_str_eq(json_string_value(json_object_get(last, "text")), "136 more");
	json_decref(ret);
	ctl_stop(&t);
}
END_TEST

/* Nothing is saved, and nothing said so */
START_TEST(answers_say_that_changes_are_not_saved)
{
	static const char *const commands[] = {
		"{\"execute\": \"config-set\", \"arguments\": {\"config\": {}}}",
		"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {}, "
		"\"confirm-timeout\": 5}}",
		"{\"execute\": \"config-confirm\"}",
	};
	struct ctl t = ctl_start();

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		json_t *ret = ctl_command(&t, commands[i]);

		ck_assert(json_is_false(json_object_get(ret, "saved")));
		json_decref(ret);
	}
	ctl_stop(&t);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		files_that_are_none_are_told,
		names_in_utf8_are_shown,
		groups_are_checked_whether_they_are_used_or_not,
		names_that_lead_nowhere_are_told,
		warnings_have_an_end,
		answers_say_that_changes_are_not_saved,
		NULL,
	};

	return run_tests("control-told", tests);
}
