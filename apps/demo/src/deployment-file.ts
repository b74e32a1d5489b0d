/** The deployment of the demonstration, as a user would write it. */
export const deploymentFile = (uri: string): string => `quiesce: 1
name: shop
providers:
  hv1: { plugin: libvirt, uri: "${uri}" }
instances:
  db:   { provider: hv1, kind: vm, id: db01, quiesce: required }
  web:  { provider: hv1, kind: vm, id: web01, depends_on: [db] }
  mail: { provider: hv1, kind: vm, id: mail01 }
  lan:  { provider: hv1, kind: network, id: lan0 }
`;
