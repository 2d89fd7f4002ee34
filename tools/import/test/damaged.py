# SPDX-License-Identifier: BSD-2-Clause
"""Damaged inputs: name of the file, what is in it, the line that is wrong, words that tell it."""

VMX = 'displayName = "a"\nethernet0.present = "TRUE"\nethernet0.virtualDev = "vmxnet3"\n'
LIST = '# esxcli network vswitch standard list\n'
GROUPS = '# esxcli network vswitch standard portgroup list\n'
TABLE = 'Name  Virtual Switch  Active Clients  VLAN ID\n----  --------------  --------------  -------\n'
SECURITY = '# esxcli network vswitch standard policy security get -v vSwitch0\n'
SHAPING = '# esxcli network vswitch standard policy shaping get -v vSwitch0\n'
FAILOVER = '# esxcli network vswitch standard policy failover get -v vSwitch0\n'
ESXCFG = '# esxcfg-vswitch -l\nSwitch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n'

DAMAGED = [
    ('quote.vmx', 'displayName = "a\n', 1, 'no quote at its end'),
    ('inner.vmx', '# a\ndisplayName = "the "old" one"\n', 2, 'written |22'),
    ('escape.vmx', 'displayName = "a|2"\n', 1, 'two hexadecimal digits'),
    ('zero-escape.vmx', 'displayName = "a|00"\n', 1, 'not 00'),
    ('no-value.vmx', 'displayName = "a"\nmemSize\n', 2, 'KEY = "VALUE"'),
    ('twice.vmx', 'displayName = "a"\nmemsize = "4"\nMEMSIZE = "8"\n', 3, 'in line 2'),
    ('empty.vmx', '# nothing\n', 1, 'at all'),
    ('no-name.vmx', 'memSize = "256"\n', 1, 'displayName is missing'),
    ('encoding.vmx', b'.encoding = "UTF-8"\ndisplayName = "a\xe4"\n', 2, 'not UTF-8'),
    ('unknown-encoding.vmx', '.encoding = "no-such"\ndisplayName = "a"\n', 1, "'no-such' is not known"),
    ('other-encoding.vmx', b'.encoding = "windows-1252"\ndisplayName = "a\x81"\n', 2, 'in the encoding that it claims'),
    ('no-encoding.vmx', '.encoding = "../x"\ndisplayName = "a"\n', 1, 'is no encoding'),
    ('zero.vmx', b'displayName = "a"\nmemSize = "\x00"\n', 2, 'zero byte'),
    ('bool.vmx', 'displayName = "a"\nethernet0.present = "MAYBE"\n', 2, 'neither TRUE nor FALSE'),
    ('memory.vmx', 'displayName = "a"\nmemSize = "4 GB"\n', 2, 'no number from 4'),
    ('uuid.vmx', 'displayName = "a"\nuuid.bios = "56 4d"\n', 2, 'no UUID'),
    ('card.vmx', 'displayName = "a"\nethernet0.present = "TRUE"\nethernet0.virtualDev = "ne2000"\n', 3, 'there are vmxnet3'),
    ('group-mac.vmx', VMX + 'ethernet0.addressType = "static"\nethernet0.address = "01:00:5e:00:00:01"\n', 5,
     'no address of a station'),
    ('short-mac.vmx', VMX + 'ethernet0.generatedAddress = "00:50:56"\n', 4, 'no address of a station'),
    ('no-mac.vmx', VMX + 'ethernet0.addressType = "static"\n', 4, 'ethernet0.address is missing'),
    ('address-type.vmx', VMX + 'ethernet0.addressType = "random"\n', 4, 'there are generated'),
    ('slot.vmx', VMX + 'ethernet0.pciSlotNumber = "x"\n', 4, 'no number from -1'),
    ('same-slot.vmx', VMX + 'ethernet0.pciSlotNumber = "160"\nethernet1.present = "TRUE"\n'
     'ethernet1.virtualDev = "e1000"\nethernet1.pciSlotNumber = "160"\n', 7, 'another card'),
    ('no-file.vmx', 'displayName = "a"\nscsi0:0.present = "TRUE"\n', 2, 'fileName is missing'),
    ('controller.vmx', 'displayName = "a"\nscsi0:0.present = "TRUE"\nscsi0:0.fileName = "a.vmdk"\n'
     'scsi0.virtualDev = "x"\n', 4, 'there are pvscsi'),
    ('stranger.txt', 'hello\n', 1, '--script'),
    ('other.txt', '# esxcli system version get\n   Product: VMware ESXi\n', 1, 'no command whose answer'),
    ('uplinks.txt', LIST + 'a\n   Name: a\n   Uplinks: ' + ', '.join(f'vmnic{i}' for i in range(65)) + '\n', 2,
     'more than 64 uplinks'),
    ('cut-list.txt', LIST + 'vSwitch0\n   Class: cswitch\n', 2, "'Name' is missing"),
    ('mtu.txt', LIST + 'vSwitch0\n   Name: vSwitch0\n   MTU: many\n', 4, 'MTU'),
    ('colon.txt', LIST + 'vSwitch0\n   Name: vSwitch0\n   MTU 1500\n', 4, 'not KEY: VALUE'),
    ('same-key.txt', LIST + 'vSwitch0\n   Name: vSwitch0\n   Name: vSwitch1\n', 4, 'twice'),
    ('vlan.txt', GROUPS + TABLE + 'Web   vSwitch0                     1     4096\n', 4, '0 to 4095'),
    ('column.txt', GROUPS + TABLE + 'A longer one  vSwitch0               1        0\n', 4, 'between two columns'),
    ('no-switch.txt', GROUPS + TABLE + 'Web   vSwitch0                     1        0\n', 4, "describes switch 'vSwitch0'"),
    ('no-group.txt', SECURITY.replace('policy', 'portgroup policy').replace('-v vSwitch0', '-p Web') +
     '   Allow Promiscuous: false\n   Allow MAC Address Change: true\n   Allow Forged Transmits: true\n', 1,
     "describes port group 'Web'"),
    ('whose.txt', SECURITY.replace(' -v vSwitch0', ''), 1, '-v VSWITCH is missing'),
    ('no-answer.txt', SECURITY, 1, 'no answer'),
    ('security.txt', SECURITY + '   Allow Promiscuous: no\n', 2, 'neither true nor false'),
    ('cut-security.txt', SECURITY + '   Allow Promiscuous: true\n', 2, "'Allow MAC Address Change' is missing"),
    ('unit.txt', SHAPING + '   Enabled: true\n   Average Bandwidth: 10 furlongs\n', 3, 'may be Kbps'),
    ('minus.txt', SHAPING + '   Enabled: true\n   Average Bandwidth: -1 Kbps\n', 3, 'no amount'),
    ('balance.txt', FAILOVER + '   Load Balancing: luck\n', 2, 'there are srcport'),
    ('detection.txt', FAILOVER + '   Load Balancing: srcport\n   Network Failure Detection: ping\n', 3,
     'there are link'),
    ('quotes.txt', '# esxcli network vswitch standard policy security get -v "vSwitch0\n', 1, 'quot'),
    ('csv-row.txt', GROUPS + 'ActiveClients,Name,VLANID,VirtualSwitch,\n1,Web,10,\n', 3, '3 values for 4 columns'),
    ('csv-quote.txt', GROUPS + 'ActiveClients,Name,VLANID,VirtualSwitch,\n1,"Web,10,vSwitch0,\n', 3, 'not closed'),
    ('json-cut.txt', LIST + '[\n{"Name": "vSwitch0",\n', 3, ''),
    ('json-twice.txt', LIST + '[{"Name": "a",\n"Name": "b"}]\n', 3, 'duplicate'),
    ('json-kind.txt', LIST + '[{"Name": {"a": 1}}]\n', 2, 'no plain value'),
    ('esxcfg.txt', ESXCFG + 'vSwitch0         6690        5           x               1500    vmnic0\n', 3, '4 numbers'),
    ('esxcfg-vlan.txt', ESXCFG + 'vSwitch0         6690        5           128             1500    vmnic0\n\n'
     '  PortGroup Name        VLAN ID  Used Ports  Uplinks\n  Web                   5000     0           vmnic0\n', 6,
     '0 to 4095'),
    ('esxcfg-early.txt', ESXCFG + '  PortGroup Name        VLAN ID  Used Ports  Uplinks\n  Web    5     0    vmnic0\n', 4,
     'before'),
    ('dv-vlan.json', '[{"name": "a", "defaultPortConfig": {"vlan": {"vlanId": "ten"}}}]\n', 1, 'vlanId: a number'),
    ('dv-name.json', '\n{"defaultPortConfig": {}}\n', 2, "no 'name'"),
    ('too-long.txt', LIST + 'vSwitch0\n   Name: vSwitch0\n' + GROUPS + 'ActiveClients,Name,VLANID,VirtualSwitch,\n'
     '1,' + 'g' * 64 + ',10,vSwitch0,\n', 6, 'more than 63 bytes'),
]
