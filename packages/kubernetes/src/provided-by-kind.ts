/**
 * What the controller of a kind makes of one of its objects. In texts, `{spec/secretName}` stands for the value of a field, and
 * `{spec/target/name|metadata/name}` for the first of several fields that is there; a text with a field that is missing is left out.
 */
export interface ProvidingKind {
  /** The labels of the pods that it makes, without those that a pod template says. */
  readonly pods?: Readonly<Record<string, string>>;
  /** Where the object writes further labels of its pods. */
  readonly podLabels?: string;
  /** A field that names another object with the template of the pods, so that nothing is known of them here. */
  readonly podsElsewhere?: string;
  readonly services?: readonly string[];
  readonly secrets?: readonly string[];
  readonly configMaps?: readonly string[];
  /** Names that end in a dash and a number, such as those of the claims of a StatefulSet's pods. */
  readonly numberedClaims?: readonly string[];
  /** What else it may make, under names or labels that cannot be known from the object. */
  readonly more?: readonly ('pods' | 'services' | 'secrets' | 'configMaps')[];
}

const NOTHING: ProvidingKind = {};

function nothing(group: string, kinds: string): Readonly<Record<string, ProvidingKind>> {
  return Object.fromEntries(kinds.split(' ').map(kind => [`${kind}.${group}`, NOTHING]));
}

const OWN_SECRET: ProvidingKind = { secrets: ['{metadata/name}'] };
const VAULT_SECRET: ProvidingKind = { secrets: ['{spec/destination/name}'] };
const STRIMZI = { 'strimzi.io/cluster': '{metadata/name}' };
const PROMETHEUS_MAKES = ['pods', 'configMaps', 'secrets'] as const;

/**
 * Kinds of other projects by `Kind.group`, each with the page that says what it makes. A kind of another project without a row may
 * make anything.
 */
export const PROVIDING_KINDS: Readonly<Record<string, ProvidingKind>> = {
  // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates
  'StatefulSet.apps': { numberedClaims: ['{spec/volumeClaimTemplates/*/metadata/name}-{metadata/name}'] },
  'StatefulSet.apps.kruise.io': {
    numberedClaims: ['{spec/volumeClaimTemplates/*/metadata/name}-{metadata/name}'],
  },
  // https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/security_and_compliance/configuring-certificates
  Service: {
    secrets: [
      '{metadata/annotations/service.beta.openshift.io~1serving-cert-secret-name}',
      '{metadata/annotations/service.alpha.openshift.io~1serving-cert-secret-name}',
    ],
  },
  // https://cert-manager.io/docs/usage/ingress/ and https://cert-manager.io/docs/usage/gateway/
  'Ingress.networking.k8s.io': { secrets: ['{spec/tls/*/secretName}'] },
  'Gateway.gateway.networking.k8s.io': {
    secrets: ['{spec/listeners/*/tls/certificateRefs/*/name}'],
    more: ['pods', 'services'],
  },
  // https://cert-manager.io/docs/usage/certificate/
  'Certificate.cert-manager.io': { secrets: ['{spec/secretName}'] },
  'Issuer.cert-manager.io': { secrets: ['{spec/acme/privateKeySecretRef/name}'] },
  'ClusterIssuer.cert-manager.io': { secrets: ['{spec/acme/privateKeySecretRef/name}'] },
  // https://cert-manager.io/docs/trust/trust-manager/
  'Bundle.trust.cert-manager.io': { configMaps: ['{metadata/name}'], secrets: ['{metadata/name}'] },
  // https://github.com/bitnami-labs/sealed-secrets#overview
  'SealedSecret.bitnami.com': OWN_SECRET,
  // https://external-secrets.io/latest/api/externalsecret/
  'ExternalSecret.external-secrets.io': { secrets: ['{spec/target/name|metadata/name}'] },
  'ClusterExternalSecret.external-secrets.io': {
    secrets: ['{spec/externalSecretSpec/target/name|spec/externalSecretName|metadata/name}'],
  },
  ...nothing('external-secrets.io', 'SecretStore ClusterSecretStore PushSecret'),
  // https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference
  'VaultStaticSecret.secrets.hashicorp.com': VAULT_SECRET,
  'VaultDynamicSecret.secrets.hashicorp.com': VAULT_SECRET,
  'VaultPKISecret.secrets.hashicorp.com': VAULT_SECRET,
  'HCPVaultSecretsApp.secrets.hashicorp.com': VAULT_SECRET,
  ...nothing('secrets.hashicorp.com', 'VaultAuth VaultAuthGlobal VaultConnection SecretTransformation'),
  // https://secrets-store-csi-driver.sigs.k8s.io/topics/sync-as-kubernetes-secret
  'SecretProviderClass.secrets-store.csi.x-k8s.io': { secrets: ['{spec/secretObjects/*/secretName}'] },
  // https://developer.1password.com/docs/k8s/operator/
  'OnePasswordItem.onepassword.com': OWN_SECRET,
  // https://bitwarden.com/help/secrets-manager-kubernetes-operator/
  'BitwardenSecret.k8s.bitwarden.com': { secrets: ['{spec/secretName}'] },
  // https://infisical.com/docs/integrations/platforms/kubernetes/infisical-secret-crd
  'InfisicalSecret.secrets.infisical.com': { secrets: ['{spec/managedSecretReference/secretName}'] },
  // https://docs.doppler.com/docs/kubernetes-operator
  'DopplerSecret.secrets.doppler.com': { secrets: ['{spec/managedSecret/name}'] },
  // https://github.com/isindir/sops-secrets-operator
  'SopsSecret.isindir.github.com': { secrets: ['{spec/secretTemplates/*/name}'] },
  // https://github.com/kube-object-storage/lib-bucket-provisioner/blob/master/doc/design/object-bucket-lib.md
  'ObjectBucketClaim.objectbucket.io': { secrets: ['{metadata/name}'], configMaps: ['{metadata/name}'] },
  // https://knative.dev/docs/serving/reference/serving-api/
  'Service.serving.knative.dev': {
    pods: { 'serving.knative.dev/service': '{metadata/name}' },
    podLabels: 'spec/template/metadata/labels',
    services: ['{metadata/name}'],
    more: ['pods', 'services'],
  },
  // https://prometheus-operator.dev/docs/api-reference/api/
  'Prometheus.monitoring.coreos.com': {
    pods: { 'app.kubernetes.io/name': 'prometheus', prometheus: '{metadata/name}' },
    podLabels: 'spec/podMetadata/labels',
    services: ['prometheus-operated'],
    secrets: ['prometheus-{metadata/name}'],
    more: PROMETHEUS_MAKES,
  },
  'Alertmanager.monitoring.coreos.com': {
    pods: { 'app.kubernetes.io/name': 'alertmanager', alertmanager: '{metadata/name}' },
    podLabels: 'spec/podMetadata/labels',
    services: ['alertmanager-operated'],
    more: PROMETHEUS_MAKES,
  },
  'ThanosRuler.monitoring.coreos.com': {
    pods: { 'app.kubernetes.io/name': 'thanos-ruler', 'thanos-ruler': '{metadata/name}' },
    podLabels: 'spec/podMetadata/labels',
    services: ['thanos-ruler-operated'],
    more: PROMETHEUS_MAKES,
  },
  ...nothing(
    'monitoring.coreos.com',
    'ServiceMonitor PodMonitor Probe PrometheusRule ScrapeConfig AlertmanagerConfig',
  ),
  // https://strimzi.io/docs/operators/latest/deploying
  'Kafka.kafka.strimzi.io': {
    pods: STRIMZI,
    services: ['{metadata/name}-kafka-bootstrap', '{metadata/name}-kafka-brokers'],
    secrets: ['{metadata/name}-cluster-ca-cert', '{metadata/name}-clients-ca-cert'],
    more: ['pods', 'services', 'secrets', 'configMaps'],
  },
  'KafkaConnect.kafka.strimzi.io': {
    pods: STRIMZI,
    services: ['{metadata/name}-connect-api'],
    more: ['pods', 'secrets', 'configMaps'],
  },
  'KafkaUser.kafka.strimzi.io': OWN_SECRET,
  ...nothing('kafka.strimzi.io', 'KafkaTopic KafkaConnector KafkaRebalance'),
  // https://cloudnative-pg.io/documentation/current/labels_annotations/ and applications/
  'Cluster.postgresql.cnpg.io': {
    pods: { 'cnpg.io/cluster': '{metadata/name}' },
    services: ['{metadata/name}-rw', '{metadata/name}-ro', '{metadata/name}-r'],
    secrets: [
      '{metadata/name}-app',
      '{metadata/name}-superuser',
      '{metadata/name}-ca',
      '{metadata/name}-server',
    ],
    more: ['pods', 'secrets', 'configMaps'],
  },
  'Pooler.postgresql.cnpg.io': {
    pods: { 'cnpg.io/poolerName': '{metadata/name}' },
    services: ['{metadata/name}'],
    more: ['pods'],
  },
  ...nothing('postgresql.cnpg.io', 'Backup ScheduledBackup Database ImageCatalog ClusterImageCatalog'),
  // https://www.rabbitmq.com/kubernetes/operator/using-operator
  'RabbitmqCluster.rabbitmq.com': {
    pods: { 'app.kubernetes.io/name': '{metadata/name}' },
    services: ['{metadata/name}', '{metadata/name}-nodes'],
    secrets: ['{metadata/name}-default-user', '{metadata/name}-erlang-cookie'],
    more: ['pods', 'configMaps'],
  },
  // https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s
  'Elasticsearch.elasticsearch.k8s.elastic.co': {
    pods: { 'elasticsearch.k8s.elastic.co/cluster-name': '{metadata/name}' },
    services: ['{metadata/name}-es-http', '{metadata/name}-es-internal-http', '{metadata/name}-es-transport'],
    secrets: ['{metadata/name}-es-elastic-user', '{metadata/name}-es-http-certs-public'],
    more: ['pods', 'services', 'secrets', 'configMaps'],
  },
  // https://keda.sh/docs/2.18/reference/scaledjob-spec/
  'ScaledJob.keda.sh': { podLabels: 'spec/jobTargetRef/template/metadata/labels', pods: {}, more: ['pods'] },
  ...nothing('keda.sh', 'ScaledObject TriggerAuthentication ClusterTriggerAuthentication'),
  // https://argo-rollouts.readthedocs.io/en/stable/features/specification/
  'Rollout.argoproj.io': {
    podLabels: 'spec/template/metadata/labels',
    pods: {},
    podsElsewhere: 'spec/workloadRef',
  },
  ...nothing('argoproj.io', 'AnalysisTemplate ClusterAnalysisTemplate AppProject'),
  // https://openkruise.io/docs/user-manuals/cloneset
  'CloneSet.apps.kruise.io': { podLabels: 'spec/template/metadata/labels', pods: {} },
  'DaemonSet.apps.kruise.io': NOTHING,
  // https://gateway-api.sigs.k8s.io/reference/spec/
  ...nothing(
    'gateway.networking.k8s.io',
    'GatewayClass HTTPRoute GRPCRoute TLSRoute TCPRoute UDPRoute ReferenceGrant BackendTLSPolicy',
  ),
  // https://istio.io/latest/docs/reference/config/
  ...nothing(
    'networking.istio.io',
    'VirtualService DestinationRule ServiceEntry Sidecar EnvoyFilter WorkloadEntry',
  ),
  ...nothing('security.istio.io', 'AuthorizationPolicy PeerAuthentication RequestAuthentication'),
  ...nothing('telemetry.istio.io', 'Telemetry'),
  // https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/
  ...nothing(
    'traefik.io',
    'IngressRoute IngressRouteTCP IngressRouteUDP Middleware MiddlewareTCP TLSOption TLSStore TraefikService ServersTransport',
  ),
  ...nothing('cilium.io', 'CiliumNetworkPolicy CiliumClusterwideNetworkPolicy'),
  ...nothing('projectcalico.org', 'NetworkPolicy GlobalNetworkPolicy'),
  ...nothing('crd.projectcalico.org', 'NetworkPolicy GlobalNetworkPolicy'),
  // https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler
  ...nothing('autoscaling.k8s.io', 'VerticalPodAutoscaler VerticalPodAutoscalerCheckpoint'),
  ...nothing('snapshot.storage.k8s.io', 'VolumeSnapshot VolumeSnapshotClass VolumeSnapshotContent'),
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/
  ...nothing('elbv2.k8s.aws', 'TargetGroupBinding IngressClassParams'),
  ...nothing('cloud.google.com', 'BackendConfig'),
  ...nothing('networking.gke.io', 'FrontendConfig'),
};
