/* SPDX-License-Identifier: BSD-2-Clause */
/* Print docs/man/vchassis-import.1, or with "completion" what bash completes by, from the rows of
 * options.c. */
#include <stdio.h>
#include <string.h>

#include "options.h"

/* Text of a manual page: what would be a command or a hyphen is not */
static void put_roff(const char *text)
{
	for (; *text; text++)
		if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
}

static void put_options(void)
{
	for (const struct import_option *o = import_options; o->name; o++) {
		printf(".TP\n.B \\-%c, \\-\\-%s%s%s\n", o->letter, o->name, o->value ? " " : "",
		       o->value ? o->value : "");
		put_roff(o->help);
		fputs(".\n", stdout);
	}
}

static void put_inputs(void)
{
	for (const struct import_input *i = import_inputs; i->command; i++) {
		printf(".TP\n.B ");
		put_roff(i->command);
		putchar('\n');
		put_roff(*i->gives ? i->gives : "the same");
		fputs(".\n", stdout);
	}
}

static void put_files(void)
{
	for (const struct import_file *f = import_files; f->name; f++) {
		printf(".TP\n.I %s\n", f->name);
		put_roff(f->what);
		fputs(".\n", stdout);
	}
}

static int man(void)
{
	fputs(".\\\" SPDX-License-Identifier: BSD-2-Clause\n"
	      ".\\\" Made by tools/import/doc.c from the rows of options.c: do not edit.\n"
	      ".TH VCHASSIS\\-IMPORT 1 \"\" \"vchassis\" \"User Commands\"\n"
	      ".SH NAME\nvchassis\\-import \\- networks and machines of an ESXi host, for QEMU\n"
	      ".SH SYNOPSIS\n.B vchassis\\-import\n.RI [ OPTION \"]... \" INPUT ...\n"
	      ".SH DESCRIPTION\n.B vchassis\\-import\n"
	      "reads what an ESXi host prints of its networks, and the\n.I .vmx\nfiles of its "
	      "machines. It "
	      "makes the configuration of\n.BR vswitchd (8),\n"
	      "a command of\n.BR qemu\\-vchassis (1)\n"
	      "and a domain of libvirt for each machine, and says what it could not carry over "
	      "and what is "
	      "to be decided.\n.PP\n"
	      "Cards keep their kind, their address, their port group, and the slot by which "
	      "Linux names "
	      "its interface (ens160).\n"
	      "A port group that no input describes is blocked until somebody has said what it "
	      "is.\n.PP\n"
	      "An input that is damaged is refused in one line with its file and line, and "
	      "nothing is "
	      "written.\n"
	      ".SH OPTIONS\n",
	      stdout);
	put_options();
	fputs(".SH INPUTS\nFiles whose names end in\n.I .vmx\nare machines. All others have the "
	      "answers "
	      "of these commands, as text or with\n.B \\-\\-formatter=json\nor\n.BR csv ,\n"
	      "each behind a line with the command, as a shell shows it:\n",
	      stdout);
	put_inputs();
	fputs(".PP\nOr they are JSON: DVPortgroupConfigInfo of vCenter's API, one or an array, "
	      "for port "
	      "groups of a distributed switch.\n"
	      ".SH \"FILES OF THE FOLDER\"\n",
	      stdout);
	put_files();
	fputs(".SH \"EXIT STATUS\"\n0 if all went well; 64 for the command line, 65 for an "
	      "input, 73 if "
	      "the folder cannot be made.\n"
	      ".SH EXAMPLE\n.nf\n"
	      "vchassis\\-import \\-\\-script | ssh root@esxi sh >esxi.txt\n"
	      "vchassis\\-import esxi.txt web1/web1.vmx \\-\\-uplink vmnic0=eth0 \\-\\-output new\n"
	      ".fi\n"
	      ".SH \"SEE ALSO\"\n.BR vswitchd (8),\n.BR vswitchctl (8),\n.BR qemu\\-vchassis (1),\n"
	      ".BR vswitchd.json (5)\n",
	      stdout);
	return 0;
}

static int completion(void)
{
	printf("# bash completion of vchassis-import\n_vchassis_import()\n{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n\tCOMPREPLY=()\n"
	       "\t[[ $word == -* ]] && mapfile -t COMPREPLY < <(compgen -W '");
	for (const struct import_option *o = import_options; o->name; o++)
		printf("%s--%s", o == import_options ? "" : " ", o->name);
	printf("' -- \"$word\")\n}\ncomplete -o default -F _vchassis_import vchassis-import\n");
	return 0;
}

int main(int argc, char **argv)
{
	return argc > 1 && !strcmp(argv[1], "completion") ? completion() : man();
}
