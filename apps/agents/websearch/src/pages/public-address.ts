import ipaddr from 'ipaddr.js';

/** All that is handed out for the public IPv6 internet so far. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** Answers with the secrets of a virtual machine on Azure, and looks public. */
const AZURE_METADATA = '168.63.129.16';

/**
 * Whether an IP address is one of the public internet: not private, loopback, link-local, shared,
 * multicast, reserved or for metadata, and none that carries such an IPv4 address inside.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast' || address.toString() === AZURE_METADATA) return false;
  return !(address instanceof ipaddr.IPv6) || address.match(GLOBAL_UNICAST);
}
